"""What the pointer does: select and move, or draw one kind of finding. Plain classes; the widget brings them the places.

Each tool gets `press`, `drag` (also while hovering), `release`, `finish` (Enter, double click) and `cancel` (Escape), with
places in picture pixels already kept inside the picture. `draft` is what it is about to make.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from annotation.canvas.board import Board
from annotation.canvas.hit import AnyShape, Hit, find_hit, moved_inside, with_handle
from annotation.finding import Kind
from annotation.shapes import Ellipse, Line, Point, Polyline

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Draft:
    """A shape in the making: `shape` where there is one yet, the points so far, and the finding that it would replace."""

    kind: Kind
    shape: AnyShape | None
    points: tuple[Place, ...]
    replaces: str | None = None


def _shape(make: Callable[[], AnyShape]) -> AnyShape | None:
    """The shape, or None while the points do not make one (too small, crossed)."""
    try:
        return make()
    except ValueError:
        return None


class Tool:
    """The base: does nothing. `id` and `key` (the letter that chooses the tool) name it, `label` says it to a person."""

    id = ""
    key = ""
    label = ""
    hint = ""

    def __init__(self, board: Board) -> None:
        self.board = board

    @property
    def draft(self) -> Draft | None:
        """What would be made now."""
        return None

    def press(self, place: Place, reach: float) -> None:
        """The button went down at `place`; `reach` is how near counts as on it, picture pixels."""

    def drag(self, place: Place) -> None:
        """The pointer is at `place`, button down or not."""

    def release(self, place: Place) -> None:
        """The button went up."""

    def finish(self) -> None:
        """Enter or a double click: what is drawn is done."""

    def cancel(self) -> None:
        """Escape: what was begun is forgotten."""


class SelectTool(Tool):
    """Takes hold of a finding or of one of its points, and moves it."""

    id, key, label = "select", "V", "Select"
    hint = "Press a shape to select it; drag it or its points. Arrow keys nudge. Ctrl+Delete deletes."

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._hit: Hit | None = None
        self._start: Place = (0.0, 0.0)
        self._moved: AnyShape | None = None
        self._slack = 0.0

    @property
    def draft(self) -> Draft | None:
        finding = self.board.selected
        if self._hit is None or self._moved is None or finding is None:
            return None
        return Draft(finding.kind, self._moved, self._moved.points, finding.tracking_uid)

    def press(self, place: Place, reach: float) -> None:
        selected = self.board.selected
        self._hit = find_hit(self.board.findings, place, reach, selected.tracking_uid if selected else None)
        self._start, self._moved, self._slack = place, None, reach / 3
        self.board.select(self._hit.tracking_uid if self._hit else None)

    def drag(self, place: Place) -> None:
        finding = self.board.selected
        if self._hit is None or finding is None:
            return
        # A hand that presses trembles: a move begins with a small distance, so that selecting moves nothing.
        if self._moved is None and math.dist(place, self._start) < self._slack:
            return
        shape, handle = finding.shape, self._hit.handle
        if handle is None:
            by = place[0] - self._start[0], place[1] - self._start[1]
            self._moved = moved_inside(shape, *by, self.board.size)
        else:
            self._moved = _shape(lambda: with_handle(shape, handle, place)) or self._moved

    def release(self, place: Place) -> None:  # noqa: ARG002
        if self._hit is not None and self._moved is not None:
            self.board.reshape(self._hit.tracking_uid, self._moved)
        self.cancel()

    def cancel(self) -> None:
        self._hit = self._moved = None


class PathTool(Tool):
    """Point by point along a line; finished by Enter or a double click. A vessel's outline closes on its first point."""

    kind: Kind = "vessel"
    closes = True

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._points: list[Place] = []
        self._hover: Place | None = None
        self._reach = 0.0

    @property
    def draft(self) -> Draft | None:
        if not self._points:
            return None
        points = (*self._points, self._hover) if self._hover else tuple(self._points)
        return Draft(self.kind, _shape(lambda: Polyline(vertices=points)), points)

    def press(self, place: Place, reach: float) -> None:
        self._reach = reach
        if self._points and math.dist(self._points[-1], place) < reach / 3:
            return  # the second press of a double click
        if self.closes and len(self._points) >= 3 and math.dist(self._points[0], place) <= reach:
            self._end(closed=True)
            return
        self._points.append(place)

    def drag(self, place: Place) -> None:
        self._hover = place if self._points else None

    def finish(self) -> None:
        self._end(closed=False)

    def cancel(self) -> None:
        self._points, self._hover = [], None

    def _end(self, *, closed: bool) -> None:
        points = tuple(self._points)
        shape = _shape(lambda: Polyline(vertices=points, closed=closed))
        if shape is not None:
            self.cancel()
            self.board.add(self.kind, shape)


class VesselLineTool(PathTool):
    """A vessel as a line along its course, or as an outline."""

    id, key, label = "vessel-line", "L", "Vessel line"
    hint = "Press along the vessel. Enter or double click ends; the first point closes an outline. Esc forgets."


class LayerTool(PathTool):
    """A layer's boundary."""

    id, key, label = "layer", "Y", "Layer"
    hint = "Press along the boundary from one side to the other. Enter or double click ends. Esc forgets."
    kind: Kind = "layer"
    closes = False


class _DragTool(Tool):
    """A shape between the places where the button went down and up."""

    kind: Kind = "distance"

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._start: Place | None = None
        self._end: Place | None = None

    def shape_between(self, start: Place, end: Place) -> AnyShape:
        """The shape from one corner or end to the other; ValueError where it is too small."""
        return Line(start=start, end=end)

    @property
    def draft(self) -> Draft | None:
        if self._start is None or self._end is None:
            return None
        start, end = self._start, self._end
        return Draft(self.kind, _shape(lambda: self.shape_between(start, end)), (start, end))

    def press(self, place: Place, reach: float) -> None:  # noqa: ARG002
        self._start, self._end = place, None

    def drag(self, place: Place) -> None:
        if self._start is not None:
            self._end = place

    def release(self, place: Place) -> None:
        start = self._start
        self.cancel()
        if start is not None:
            shape = _shape(lambda: self.shape_between(start, place))
            if shape is not None:
                self.board.add(self.kind, shape)

    def cancel(self) -> None:
        self._start = self._end = None


class DistanceTool(_DragTool):
    """A caliper."""

    id, key, label = "distance", "D", "Distance"
    hint = "Drag from one end to the other."


class VesselEllipseTool(_DragTool):
    """A vessel cut across: an ellipse in the box that is dragged. Its points turn and stretch it afterwards."""

    id, key, label = "vessel-ellipse", "E", "Vessel ellipse"
    hint = "Drag a box around the vessel. Its points turn and stretch it afterwards (Select)."
    kind: Kind = "vessel"

    def shape_between(self, start: Place, end: Place) -> AnyShape:
        (x0, y0), (x1, y1) = start, end
        return Ellipse.around(((x0 + x1) / 2, (y0 + y1) / 2), (abs(x1 - x0) / 2, abs(y1 - y0) / 2))


class PointTool(Tool):
    """One place."""

    id, key, label = "point", "P", "Point"
    hint = "Press the place."

    kind: Kind = "point"

    def press(self, place: Place, reach: float) -> None:  # noqa: ARG002
        self.board.add(self.kind, Point(at=place))


class TipTool(PointTool):
    """The tip of a needle or cannula (S25)."""

    id, key, label = "tip", "T", "Needle tip"
    hint = "Press the tip as it is seen. A frame in which it is not seen gets no mark."
    kind: Kind = "tip"


class FillerTool(VesselEllipseTool):
    """A deposit of filler: an ellipse in the box that is dragged (S22)."""

    id, key, label = "filler", "F", "Filler"
    hint = (
        "Drag a box around the deposit. Shadow and anisotropy look alike: look in a second plane and at another angle."
    )
    kind: Kind = "filler"


TOOLS: tuple[type[Tool], ...] = (
    SelectTool,
    VesselLineTool,
    VesselEllipseTool,
    LayerTool,
    FillerTool,
    TipTool,
    PointTool,
    DistanceTool,
)
