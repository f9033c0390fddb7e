"""Lengths, depths, diameters and areas of shapes: in millimetres where the scale is known, in pixels where it is not.

The uncertainty is half the width of a 95 % interval. It joins two independent parts: the scale's own (`Scale.
relative_uncertainty`), and that of placing the points, for which each coordinate is taken to be good to PLACING_PX (our
assumption: a person places a point to about one pixel). Values are rounded to 0.001, far below either part, so that they
read back from a report's decimal strings unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from annotation.shapes import Ellipse, Line, PlainPlace, Point, Polyline
from imaging.scale import Scale

PLACING_PX = 1.0  #: half the 95 % interval of one coordinate of a point that a person places

Quantity = Literal["length", "depth", "diameter", "area"]
Unit = Literal["mm", "mm2", "px", "px2"]
Reason = Literal["no-scale", "outside-scale"]

REASONS: dict[Reason, str] = {
    "no-scale": "In pixels: the scale of this picture is not known.",
    "outside-scale": "In pixels: part of the shape lies outside the calibrated area.",
}


class Measured(BaseModel):
    """One number with its unit and its 95 % uncertainty (same unit); `reason` says why it is not in millimetres."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: Quantity
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Unit
    uncertainty: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    reason: Reason | None = None

    @property
    def in_mm(self) -> bool:
        """Whether the unit is mm or mm2."""
        return self.unit in ("mm", "mm2")

    def __str__(self) -> str:
        digits = 1 if self.in_mm else 0
        sign = {"mm": "mm", "mm2": "mm²", "px": "px", "px2": "px²"}[self.unit]
        return f"{self.value:.{digits}f} ± {max(self.uncertainty, 10**-digits):.{digits}f} {sign}"


def length(shape: Line | Polyline, scale: Scale | None) -> Measured:
    """Length along the line, or around the outline."""
    points = list(shape.points)
    if isinstance(shape, Polyline) and shape.closed:
        points.append(points[0])
    return _measured("length", lambda p: sum(math.dist(a, b) for a, b in pairwise(p)), points, scale, 1)


def depth(at: PlainPlace, scale: Scale | None) -> Measured:
    """Depth of a place (column, row) below the top edge of the calibrated area, which is the probe's face.

    Without a scale that edge is not known either: the answer is then the place's row from the top of the picture.
    """
    top = (at[0], float(scale.box[1]) if scale is not None and scale.contains([at]) else 0.0)
    return _measured("depth", lambda p: p[0][1] - p[1][1], [at, top], scale, 1, placed=1)


def area(shape: Ellipse | Polyline, scale: Scale | None) -> Measured:
    """Area inside an ellipse or an outline; ValueError for an open line."""
    if isinstance(shape, Ellipse):
        return _measured("area", _ellipse_area, _half_axes(shape), scale, 2, inside=shape.box)
    if not shape.closed:
        raise ValueError("an open line has no area")
    return _measured("area", _polygon_area, list(shape.points), scale, 2)


def diameters(shape: Ellipse, scale: Scale | None) -> tuple[Measured, Measured]:
    """The longest and the shortest diameter of an ellipse. The shortest is a vessel's width where the cut is oblique."""
    points = _half_axes(shape)
    long = _measured("diameter", lambda p: 2 * _semi_axes(p)[0], points, scale, 1, inside=shape.box)
    short = _measured("diameter", lambda p: 2 * _semi_axes(p)[1], points, scale, 1, inside=shape.box)
    return long, short


def measurements(shape: Polyline | Ellipse | Point | Line, scale: Scale | None) -> tuple[Measured, ...]:
    """What is worth knowing of a shape, the chief number first.

    A line: its length. An ellipse: its shortest diameter, its area, its centre's depth. An outline: its area. A point:
    its depth. An open line: its length.
    """
    if isinstance(shape, Point):
        return (depth(shape.at, scale),)
    if isinstance(shape, Ellipse):
        return (diameters(shape, scale)[1], area(shape, scale), depth(shape.centre, scale))
    if isinstance(shape, Polyline) and shape.closed:
        return (area(shape, scale),)
    return (length(shape, scale),)


def _measured(
    quantity: Quantity,
    of: Callable[[Sequence[PlainPlace]], float],
    points: Sequence[PlainPlace],
    scale: Scale | None,
    power: Literal[1, 2],
    *,
    placed: int | None = None,
    inside: tuple[float, float, float, float] | None = None,
) -> Measured:
    """`of` the points after they were brought to the unit; `power` is 1 for lengths and 2 for areas.

    The first `placed` points were put by a person (all, where None). `inside` is the box to be held against the
    calibrated area where the points alone do not say it.
    """
    reason: Reason | None = None
    if scale is None:
        reason = "no-scale"
    elif not scale.contains([(inside[0], inside[1]), (inside[2], inside[3])] if inside else points):
        reason = "outside-scale"
    per_x, per_y = (1.0, 1.0) if scale is None or reason else (scale.mm_per_pixel_x, scale.mm_per_pixel_y)
    relative = 0.0 if scale is None or reason else scale.relative_uncertainty
    scaled = [(x * per_x, y * per_y) for x, y in points]
    value = of(scaled)
    # How the value moves when one coordinate does: the first order of error propagation. The larger of both ways, because
    # a value may have its least just here (a flat outline).
    squares = (power * relative * value) ** 2
    for index in range(len(scaled) if placed is None else placed):
        for shift_x, shift_y in ((per_x, 0.0), (0.0, per_y)):
            x, y = scaled[index]
            step = 0.01
            ahead = of([*scaled[:index], (x + step * shift_x, y + step * shift_y), *scaled[index + 1 :]])
            behind = of([*scaled[:index], (x - step * shift_x, y - step * shift_y), *scaled[index + 1 :]])
            squares += (PLACING_PX * max(abs(ahead - value), abs(behind - value)) / step) ** 2
    units: dict[tuple[bool, int], Unit] = {(True, 1): "mm", (True, 2): "mm2", (False, 1): "px", (False, 2): "px2"}
    return Measured(
        quantity=quantity,
        value=round(value, 3),
        unit=units[reason is None, power],
        uncertainty=round(math.sqrt(squares), 3),
        reason=reason,
    )


def _polygon_area(points: Sequence[PlainPlace]) -> float:
    x0, y0 = points[0]  # relative to a vertex: coordinates far from zero would cost digits
    turns = [(x - x0, y - y0) for x, y in points]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(turns, [*turns[1:], turns[0]], strict=True))) / 2


def _half_axes(shape: Ellipse) -> list[PlainPlace]:
    """The two half axes as vectors, pixels."""
    ((ax, ay), (bx, by)), ((cx, cy), (dx, dy)) = shape.major, shape.minor
    return [((bx - ax) / 2, (by - ay) / 2), ((dx - cx) / 2, (dy - cy) / 2)]


def _ellipse_area(halves: Sequence[PlainPlace]) -> float:
    (a, b), (c, d) = halves
    return math.pi * abs(a * d - b * c)


def _semi_axes(halves: Sequence[PlainPlace]) -> tuple[float, float]:
    """Half axes of the ellipse that two conjugate half diameters span (the singular values of their matrix).

    With pixels that are not square the drawn axes stay conjugate, but no longer stand upright on each other.
    """
    (a, b), (c, d) = halves
    total, product = a * a + b * b + c * c + d * d, abs(a * d - b * c)
    together, apart = math.sqrt(total + 2 * product), math.sqrt(max(total - 2 * product, 0.0))
    return (together + apart) / 2, (together - apart) / 2
