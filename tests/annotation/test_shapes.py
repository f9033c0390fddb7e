"""Shapes keep what 32 bit floats can hold, and refuse what a report could not tell apart."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from annotation import Ellipse, Line, Point, Polyline
from annotation.shapes import Shape, as_float32
from tests.annotation.strategies import ellipses, lines, open_lines, outlines, points

adapter: TypeAdapter[Polyline | Ellipse | Point | Line] = TypeAdapter(Shape)
shapes = points | lines | open_lines | outlines | ellipses


@given(shapes)
def test_every_coordinate_survives_32_bits(shape: Polyline | Ellipse | Point | Line) -> None:
    flat = [v for place in shape.points for v in place]
    stored = struct.unpack(f"<{len(flat)}f", struct.pack(f"<{len(flat)}f", *flat))
    assert list(stored) == flat
    places = tuple(zip(stored[::2], stored[1::2], strict=True))
    assert shape.with_points(places) == shape


@given(shapes)
def test_json_gives_the_same_shape(shape: Polyline | Ellipse | Point | Line) -> None:
    assert adapter.validate_json(adapter.dump_json(shape), strict=True) == shape


@given(ellipses, st.floats(-50, 50), st.floats(-50, 50))
def test_a_moved_ellipse_is_the_same_elsewhere(ellipse: Ellipse, columns: float, rows: float) -> None:
    moved = ellipse.moved(columns, rows)
    assert moved.semi_axes == pytest.approx(ellipse.semi_axes, abs=1e-2)
    assert moved.centre == pytest.approx((ellipse.centre[0] + columns, ellipse.centre[1] + rows), abs=1e-2)


def test_an_ellipse_knows_its_centre_axes_and_direction() -> None:
    ellipse = Ellipse.around((100, 50), (10, 30), 20)
    assert ellipse.centre == pytest.approx((100, 50))
    assert ellipse.semi_axes == pytest.approx((30, 10), abs=1e-4)
    assert ellipse.angle_deg == pytest.approx(110, abs=1e-3)


def test_the_box_of_an_ellipse_is_that_of_its_curve() -> None:
    ellipse = Ellipse.around((100, 100), (50, 20), 45)
    curve = [
        (
            100 + 50 * math.cos(t) * math.cos(math.pi / 4) - 20 * math.sin(t) * math.sin(math.pi / 4),
            100 + 50 * math.cos(t) * math.sin(math.pi / 4) + 20 * math.sin(t) * math.cos(math.pi / 4),
        )
        for t in (2 * math.pi * k / 3600 for k in range(3600))
    ]
    x0, y0, x1, y1 = ellipse.box
    assert (x0, x1) == pytest.approx((min(x for x, _ in curve), max(x for x, _ in curve)), abs=1e-3)
    assert (y0, y1) == pytest.approx((min(y for _, y in curve), max(y for _, y in curve)), abs=1e-3)


def test_minus_zero_is_zero() -> None:
    assert str(as_float32(-0.0)) == "0.0"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Point(at=(-1, 0)),
        lambda: Point(at=(math.nan, 0)),
        lambda: Point(at=(1e9, 0)),
        lambda: Line(start=(1, 1), end=(1, 1)),
        lambda: Polyline(vertices=((1, 1),)),
        lambda: Polyline(vertices=((1, 1), (2, 2)), closed=True),
        lambda: Polyline(vertices=((1, 1), (2, 2), (1, 1))),
        lambda: Ellipse.around((100, 100), (20, 0.1)),
        lambda: Ellipse(major=((0, 10), (20, 10)), minor=((10, 0), (12, 20))),
        lambda: Ellipse(major=((0, 10), (20, 10)), minor=((14, 5), (14, 15))),
        lambda: Ellipse(major=((5, 10), (15, 10)), minor=((10, 0), (10, 20))),
        lambda: adapter.validate_python({"type": "point", "at": (1, 1), "colour": "red"}),
    ],
)
def test_what_is_no_shape_is_refused(make: object) -> None:
    with pytest.raises(ValidationError):
        make()  # type: ignore[operator]
