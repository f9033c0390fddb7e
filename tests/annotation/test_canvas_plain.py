"""The plain half of the canvas: viewport, hit testing, tools and board, without a widget and without Qt."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import Ellipse, History, Line, Point, Polyline
from annotation.canvas import Board
from annotation.canvas.captions import caption
from annotation.canvas.hit import contains, distance_to, find_hit, moved_inside, outline, with_handle
from annotation.canvas.tools import (
    DistanceTool,
    LayerTool,
    PointTool,
    SelectTool,
    Tool,
    VesselEllipseTool,
    VesselLineTool,
)
from annotation.canvas.viewport import Viewport
from annotation.vocabulary import term
from tests.annotation.strategies import SCALE, ellipses

numbers = st.floats(-2000, 2000)


def board() -> Board:
    made = Board(History(), by="AB")
    made.show("1.2.3", 0, (1280, 720), SCALE)
    return made


def test_it_needs_no_qt() -> None:
    program = (
        "import sys, annotation.canvas.board, annotation.canvas.tools, annotation.canvas.hit, annotation.canvas.captions, "
        "annotation.canvas.viewport; sys.exit(any(name.startswith('PyQt5') for name in sys.modules))"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


@given(st.floats(0.05, 40), numbers, numbers, numbers, numbers)
def test_screen_and_picture_are_each_other_s_way_back(zoom: float, left: float, top: float, x: float, y: float) -> None:
    view = Viewport(zoom, left, top)
    assert view.to_screen(view.to_picture((x, y))) == pytest.approx((x, y), abs=1e-6)


@given(st.floats(0.05, 40), st.floats(0.1, 10), numbers, numbers)
def test_zooming_keeps_what_is_under_the_pointer(zoom: float, factor: float, x: float, y: float) -> None:
    view = Viewport(zoom, 10, 20)
    assert view.zoomed(factor, (x, y)).to_picture((x, y)) == pytest.approx(view.to_picture((x, y)), abs=1e-4)


def test_fit_shows_the_whole_picture_in_the_middle() -> None:
    view = Viewport.fitted((1280, 720), (640, 480))
    assert view.to_screen((0, 0)) == (0, 60) and view.to_screen((1280, 720)) == (640, 420)


def test_a_picture_cannot_be_lost() -> None:
    view = Viewport(1, 5000, -5000).kept_in_sight((1280, 720), (800, 600))
    assert view.to_screen((0, 0))[0] < 800 and view.to_screen((1280, 720))[1] > 0


@given(ellipses)
def test_the_drawn_ellipse_goes_through_its_points(ellipse: Ellipse) -> None:
    _, short = ellipse.semi_axes
    for place in ellipse.points:
        assert distance_to(ellipse, place) < 0.02 + short * 0.01
    assert contains(ellipse, ellipse.centre)


@given(ellipses, st.integers(0, 3), st.floats(500, 3500), st.floats(500, 3500))
def test_a_pulled_ellipse_keeps_its_centre_and_its_other_axis(
    ellipse: Ellipse, handle: int, x: float, y: float
) -> None:
    if math.dist((x, y), ellipse.centre) < 5 or math.dist((x, y), ellipse.centre) > 500:
        return
    pulled = with_handle(ellipse, handle, (x, y))
    assert isinstance(pulled, Ellipse)
    assert pulled.centre == pytest.approx(ellipse.centre, abs=0.01)
    other = ellipse.semi_axes[1 if handle < 2 else 0]
    assert any(abs(axis - other) < 0.01 for axis in pulled.semi_axes)
    assert min(math.dist((x, y), place) for place in pulled.points) < 0.01


def test_the_smallest_shape_around_the_pointer_is_met() -> None:
    b = board()
    b.add("vessel", Polyline(vertices=((100, 100), (500, 100), (500, 500), (100, 500)), closed=True))
    small = b.add("vessel", Ellipse.around((300, 300), (40, 30)))
    hit = find_hit(b.findings, (305, 300), 5)
    assert hit is not None and hit.tracking_uid == small.tracking_uid and hit.handle is None
    assert find_hit(b.findings, (50, 50), 5) is None


def test_the_points_of_the_selected_finding_come_first() -> None:
    b = board()
    line = b.add("distance", Line(start=(100, 100), end=(200, 100)))
    b.add("point", Point(at=(200, 100)))
    hit = find_hit(b.findings, (201, 101), 5, selected=line.tracking_uid)
    assert hit is not None and (hit.tracking_uid, hit.handle) == (line.tracking_uid, 1)


@given(ellipses, numbers, numbers)
def test_nothing_is_moved_past_the_edge(ellipse: Ellipse, columns: float, rows: float) -> None:
    moved = moved_inside(ellipse, columns, rows, (4000, 4000))
    assert all(0 <= c <= 4000 and 0 <= r <= 4000 for c, r in moved.points)


def draw(tool: Tool, *places: tuple[float, float]) -> None:
    for place in places:
        tool.drag(place)
        tool.press(place, 8)
        tool.release(place)


def test_a_line_is_drawn_point_by_point() -> None:
    b = board()
    tool = LayerTool(b)
    draw(tool, (10, 300), (600, 310), (1270, 305))
    assert tool.draft is not None and not b.findings
    tool.finish()
    (layer,) = b.findings
    assert (layer.kind, layer.shape.points) == ("layer", ((10, 300), (600, 310), (1270, 305)))
    assert tool.draft is None and b.selected == layer


def test_a_vessel_s_outline_closes_on_its_first_point() -> None:
    b = board()
    draw(VesselLineTool(b), (100, 100), (200, 100), (200, 200), (103, 102))
    shape = b.findings[0].shape
    assert isinstance(shape, Polyline) and shape.closed and len(shape.vertices) == 3
    assert b.findings[0].vessel_kind == "unknown" and b.findings[0].term is None


def test_a_double_click_adds_no_point_twice() -> None:
    b = board()
    tool = LayerTool(b)
    draw(tool, (10, 10), (100, 10), (101, 10))
    tool.finish()
    assert len(b.findings[0].shape.points) == 2


def test_escape_forgets() -> None:
    b = board()
    tool = VesselLineTool(b)
    draw(tool, (10, 10), (100, 10))
    tool.cancel()
    tool.finish()
    assert not b.findings and b.history.undo_label is None


@pytest.mark.parametrize(("kind", "type_"), [(VesselEllipseTool, "ellipse"), (DistanceTool, "line")])
def test_a_shape_is_dragged_out(kind: type[Tool], type_: str) -> None:
    b = board()
    tool = kind(b)
    tool.press((100, 100), 8)
    tool.drag((160, 140))
    assert tool.draft is not None and tool.draft.shape is not None
    tool.release((160, 140))
    assert b.findings[0].shape.type == type_
    assert b.findings[0].measurements[0].in_mm
    tool.press((300, 300), 8)
    tool.release((300, 300))
    assert len(b.findings) == 1, "a press without a drag draws nothing"


def test_selecting_with_a_trembling_hand_moves_nothing() -> None:
    b = board()
    draw(PointTool(b), (400, 300))
    before = b.history.document
    select = SelectTool(b)
    select.press((402, 301), 8)
    select.drag((403, 301))
    select.release((403, 301))
    assert b.history.document == before and b.selected is not None


def test_a_moved_finding_is_measured_anew() -> None:
    b = board()
    line = b.add("distance", Line(start=(100, 100), end=(200, 100)))
    select = SelectTool(b)
    select.press((200, 100), 8)
    select.drag((300, 100))
    assert select.draft is not None and select.draft.replaces == line.tracking_uid
    select.release((300, 100))
    (moved,) = b.findings
    assert moved.tracking_uid == line.tracking_uid
    assert moved.measurements[0].value == pytest.approx(16.0)


def test_naming_a_vessel_tells_its_kind_and_the_kind_can_take_the_name_away() -> None:
    b = board()
    b.add("vessel", Ellipse.around((300, 300), (40, 30)))
    b.name_selected(term("fv"))
    assert b.selected is not None and (b.selected.name, b.selected.vessel_kind) == ("facial vein", "vein")
    b.set_vessel_kind("artery")
    assert b.selected is not None and (b.selected.term, b.selected.vessel_kind) == (None, "artery")


def test_a_layer_cannot_be_named_a_vessel() -> None:
    b = board()
    b.add("layer", Polyline(vertices=((10, 10), (100, 12))))
    before = b.history.document
    with pytest.raises(ValueError, match="does not name"):
        b.name_selected(term("fa"))
    assert b.history.document == before


def test_turning_to_another_frame_drops_the_selection() -> None:
    b = board()
    b.add("point", Point(at=(10, 10)))
    b.show("1.2.3", 1, (1280, 720), SCALE)
    assert b.selected is None and b.findings == ()


def test_captions_say_kind_value_and_suggestion() -> None:
    b = board()
    vessel = b.add("vessel", Ellipse.around((300, 300), (40, 30)))
    assert caption(vessel).startswith("vessel (kind unknown)")
    b.name_selected(term("fa"))
    assert b.selected is not None
    assert caption(b.selected).startswith("facial artery  4.8 ±")
    assert caption(b.selected.changed(status="suggested")).startswith("suggested: ")


def test_an_outline_comes_back_to_its_first_point() -> None:
    square = Polyline(vertices=((0, 0), (1, 0), (1, 1)), closed=True)
    assert outline(square)[-1] == (0, 0) and len(outline(square)) == 4
