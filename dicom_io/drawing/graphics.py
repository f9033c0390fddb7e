"""Shapes of labels as the standard's graphics, in reports and presentation states alike, and back.

An outline is a POLYLINE that repeats its first point; a distance is a POLYLINE of two points.
"""

from __future__ import annotations

from collections.abc import Iterable

from annotation import Ellipse, Line, Point, Polyline
from annotation.shapes import Place

AnyShape = Polyline | Ellipse | Point | Line


def graphic_of(shape: AnyShape) -> tuple[str, list[Place]]:
    """The graphic type and the points (column, row)."""
    points = list(shape.points)
    match shape:
        case Point():
            return "POINT", points
        case Ellipse():
            return "ELLIPSE", points
        case Polyline(closed=True):
            return "POLYLINE", [*points, points[0]]
        case _:
            return "POLYLINE", points


def shape_of(graphic_type: str, data: Iterable[float], *, distance: bool) -> AnyShape:
    """The shape of a graphic; `distance`: a line of two points is one. Raises ValueError for what labels have not."""
    flat = [float(value) for value in data]
    points = list(zip(flat[0::2], flat[1::2], strict=True))
    match graphic_type:
        case "POINT":
            return Point(at=points[0])
        case "ELLIPSE":
            a, b, c, d = points
            return Ellipse(major=(a, b), minor=(c, d))
        case "POLYLINE" if distance:
            start, end = points
            return Line(start=start, end=end)
        case "POLYLINE":
            closed = points[0] == points[-1]
            return Polyline(vertices=tuple(points[:-1] if closed else points), closed=closed)
        case other:
            raise ValueError(f"a shape of type {other}")
