"""What lies under the pointer, and what a shape becomes when one of its points is taken elsewhere. No Qt.

All places and distances are in picture pixels (column, row).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from annotation.finding import Finding
from annotation.shapes import Ellipse, Line, Point, Polyline

Place = tuple[float, float]
AnyShape = Polyline | Ellipse | Point | Line


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding that was met; `handle` is the index of its point, None where the shape itself was met."""

    tracking_uid: str
    handle: int | None = None


def distance_to_segment(at: Place, start: Place, end: Place) -> float:
    """From a place to the nearest place of a straight line between two ends."""
    (ax, ay), (bx, by) = start, end
    along = (bx - ax) ** 2 + (by - ay) ** 2
    part = 0.0 if along == 0 else ((at[0] - ax) * (bx - ax) + (at[1] - ay) * (by - ay)) / along
    part = min(max(part, 0.0), 1.0)
    return math.dist(at, (ax + part * (bx - ax), ay + part * (by - ay)))


def outline(shape: AnyShape, steps: int = 72) -> list[Place]:
    """The drawn line as places; closed shapes come back to their first. An ellipse in `steps` straight pieces."""
    if isinstance(shape, Ellipse):
        (x, y), (ax, ay), (bx, by) = shape.centre, shape.major[1], shape.minor[1]
        turns = (2 * math.pi * k / steps for k in range(steps + 1))
        return [
            (x + math.cos(t) * (ax - x) + math.sin(t) * (bx - x), y + math.cos(t) * (ay - y) + math.sin(t) * (by - y))
            for t in turns
        ]
    points: list[Place] = list(shape.points)
    return [*points, points[0]] if isinstance(shape, Polyline) and shape.closed else points


def contains(shape: AnyShape, at: Place) -> bool:
    """Whether a place lies inside a closed shape (even-odd rule); False for open ones."""
    if not (isinstance(shape, Ellipse) or (isinstance(shape, Polyline) and shape.closed)):
        return False
    inside = False
    for (ax, ay), (bx, by) in pairwise(outline(shape)):
        if (ay > at[1]) != (by > at[1]) and at[0] < (bx - ax) * (at[1] - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def distance_to(shape: AnyShape, at: Place) -> float:
    """From a place to the shape's drawn line; to the place itself for a point."""
    places = outline(shape)
    if len(places) == 1:
        return math.dist(places[0], at)
    return min(distance_to_segment(at, a, b) for a, b in pairwise(places))


def find_hit(findings: Iterable[Finding], at: Place, reach: float, selected: str | None = None) -> Hit | None:
    """The finding under a place, within `reach`.

    The points of the selected finding come first, then the nearest drawn line, then the smallest shape around the place:
    so a vessel inside a larger outline can be taken hold of.
    """
    met: list[tuple[int, float, Hit]] = []
    for finding in findings:
        shape, uid = finding.shape, finding.tracking_uid
        if uid == selected:
            away, handle = min((math.dist(place, at), index) for index, place in enumerate(shape.points))
            if away <= reach:
                return Hit(uid, handle)
        away = distance_to(shape, at)
        if away <= reach:
            met.append((0, away, Hit(uid)))
        elif contains(shape, at):
            x0, y0, x1, y1 = shape.box
            met.append((1, (x1 - x0) * (y1 - y0), Hit(uid)))
    return min(met, key=lambda entry: entry[:2])[2] if met else None


def with_handle(shape: AnyShape, handle: int, place: Place) -> AnyShape:
    """The shape with its point `handle` at `place`; ValueError where that is no shape.

    An ellipse keeps its centre: the axis that is held turns and stretches, the other one stays upright on it.
    """
    if isinstance(shape, Ellipse):
        (x, y), (long, short) = shape.centre, shape.semi_axes
        held, other = math.dist((x, y), place), short if handle < 2 else long
        angle = math.degrees(math.atan2(place[1] - y, place[0] - x))
        return Ellipse.around((x, y), (held, other), angle)
    points: list[Place] = list(shape.points)
    points[handle] = place
    return shape.with_points(tuple(points))


def moved_inside(shape: AnyShape, columns: float, rows: float, size: tuple[int, int]) -> AnyShape:
    """The shape shifted by so many pixels, but not past the edges of a picture of `size` (width, height)."""
    xs, ys = [c for c, _ in shape.points], [r for _, r in shape.points]
    columns = min(max(columns, -min(xs)), size[0] - max(xs))
    rows = min(max(rows, -min(ys)), size[1] - max(ys))
    return shape.moved(columns, rows)


def kept_inside(place: Place, size: tuple[int, int]) -> Place:
    """The nearest place of a picture of `size` (width, height)."""
    return min(max(place[0], 0.0), float(size[0])), min(max(place[1], 0.0), float(size[1]))
