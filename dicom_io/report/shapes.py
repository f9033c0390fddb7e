"""Shapes of labels as a report's regions (SCOORD): the same curve, in the graphic types that viewers draw where they are.

The standard has a graphic type for each of our shapes. dwv 0.36.4, the viewer that draws such reports, puts an ELLIPSE that
does not lie flat at another place, draws no open POLYLINE of more than three points, and breaks off at a POINT (its
`getShapeFromScoord` and arrow factory). A vessel drawn beside where it was labelled is worse than none, so a region is
written as what it draws right, and a coded item `codes.DRAWN_AS` tells what the person drew; reading it gives that back to
the last bit. Older reports have the standard's own types and no such item; they are read too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from annotation import Ellipse, Point, Polyline
from annotation.canvas.hit import outline
from annotation.shapes import PlainPlace
from dicom_io.drawing.graphics import AnyShape, graphic_of, shape_of

DrawnAs = Literal["point", "ellipse", "open line"]
DRAWN_AS: Final[tuple[DrawnAs, ...]] = get_args(DrawnAs)
#: How far around a point its circle lies, pixels: to be seen, and nearer than a hand can point.
POINT_RADIUS_PX: Final = 2.0
#: An ellipse's vertices in a quarter. Between two of 48 the chord is at most 0.22 % of the longer half axis off the curve.
_QUARTER: Final = 12


def region_of(shape: AnyShape) -> tuple[str, list[PlainPlace], DrawnAs | None]:
    """The graphic type, its points (column, row), and what was drawn where the type is another's."""
    match shape:
        case Point(at=(column, row)):
            beside = column - POINT_RADIUS_PX if column >= POINT_RADIUS_PX else column + POINT_RADIUS_PX
            return "CIRCLE", [(column, row), (beside, row)], "point"
        case Ellipse():
            return "POLYLINE", _outline(shape), "ellipse"
        case Polyline(closed=False, vertices=vertices) if len(vertices) > 2:
            # The last point stands twice: a figure of an odd number of points could pass for a rectangle.
            return "POLYLINE", [*vertices, *reversed(vertices)], "open line"
        case _:
            graphic, points = graphic_of(shape)
            return graphic, list(points), None


def shape_of_region(graphic_type: str, data: Sequence[float], drawn_as: DrawnAs | None, *, distance: bool) -> AnyShape:
    """The shape that was drawn. Raises ValueError where the points are not those of such a shape."""
    if drawn_as is None:
        return shape_of(graphic_type, data, distance=distance)
    flat = [float(value) for value in data]
    points = list(zip(flat[0::2], flat[1::2], strict=True))
    match drawn_as:
        case "point":
            return Point(at=points[0])
        case "ellipse":
            if len(points) != 4 * _QUARTER + 1:
                raise ValueError(f"an ellipse's outline of {len(points)} points")
            b, d, a, c, _ = points[::_QUARTER]
            return Ellipse(major=(a, b), minor=(c, d))
        case "open line":
            half = points[: len(points) // 2]
            if points[len(half) :] != half[::-1]:
                raise ValueError("an open line whose way back is another")
            return Polyline(vertices=tuple(half), closed=False)


def _outline(ellipse: Ellipse) -> list[PlainPlace]:
    """The outline's vertices, back to the first: its four axis ends as they are, and between them on the curve."""
    found = [(max(column, 0.0), max(row, 0.0)) for column, row in outline(ellipse, 4 * _QUARTER)]
    (a, b), (c, d) = ellipse.major, ellipse.minor
    found[::_QUARTER] = [b, d, a, c, b]
    return found
