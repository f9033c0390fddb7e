"""How near a planned path comes to what was mapped, with its uncertainty (N11).

The answer is a distance, never a verdict: a vessel that nobody mapped is not in it (S26, S27, X5). What was not scanned and
not seen is told beside it (`procedure.gaps`).
Distances are taken in one picture, between the path as drawn, as thick as the instrument, and a vessel's lumen as drawn.
What lies before or behind the image plane is not in them.

The uncertainty (half the 95 % interval) joins, as independent parts, the scale's own and the placing of path and outline
(`annotation.measure.PLACING_PX`, each good to a pixel).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from annotation import Ellipse, Finding, Polyline
from annotation.measure import PLACING_PX
from imaging.scale import Scale
from procedure.answers import Estimate
from procedure.plan import Plan

OUTLINE_STEPS: Final = 180  # sides of the polygon that stands for an ellipse: off by less than 0.02 % of its radius

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Margin:
    """The way from the path to one mapped vessel's lumen: `distance_mm` is 0 where the path runs through it (`crosses`).

    `why_not` says why there is no distance; `distance_mm` is then None. `crosses` False is no promise (see the module).
    """

    tracking_uid: str
    name: str
    distance_mm: Estimate | None
    crosses: bool = False
    why_not: str = ""


def margins(plan: Plan, findings: Iterable[Finding], scale: Scale | None) -> tuple[Margin, ...]:
    """The margin to each confirmed vessel of the plan's picture, nearest first; vessels without a distance come last.

    `scale` is the scale of that picture. A plan without a drawn path has no margins.
    """
    if plan.path is None:
        return ()
    on_picture = [
        finding
        for finding in findings
        if finding.kind == "vessel"
        and finding.status == "confirmed"
        and (finding.image, finding.frame) == (plan.path.image.image_uid, plan.path.image.frame)
    ]
    found = [_margin(plan, vessel, scale) for vessel in on_picture]
    return tuple(sorted(found, key=lambda m: math.inf if m.distance_mm is None else m.distance_mm.value))


def _margin(plan: Plan, vessel: Finding, scale: Scale | None) -> Margin:
    assert plan.path is not None
    ends = [(place.column, place.row) for place in (plan.path.entry, plan.path.target)]
    outline, closed = _outline(vessel)
    name = vessel.name or "vessel without a name"
    if scale is None:
        return Margin(vessel.tracking_uid, name, None, why_not="the scale of this picture is not known")
    if not scale.contains([*ends, *outline]):
        return Margin(vessel.tracking_uid, name, None, why_not="path or vessel reaches out of the calibrated area")
    instrument = plan.instrument
    if instrument is None or instrument.outer_diameter_mm is None:
        return Margin(vessel.tracking_uid, name, None, why_not="the instrument's outer diameter is not said")
    per = scale.mm_per_pixel_x, scale.mm_per_pixel_y
    path = [_scaled(end, per) for end in ends]
    drawn = [_scaled(point, per) for point in outline]
    sides = list(pairwise([*drawn, drawn[0]] if closed else drawn))
    inside = closed and any(_inside(end, sides) for end in path)
    apart = 0.0 if inside else min(_between(path[0], path[1], a, b) for a, b in sides)
    distance = max(0.0, apart - instrument.outer_diameter_mm / 2)
    if not closed:
        why = "the vessel is drawn as a line along its course, without its lumen"
        return Margin(vessel.tracking_uid, name, None, crosses=distance == 0, why_not=why)
    placing = PLACING_PX * max(per) * math.sqrt(2)  # one end of the distance on the path, one on the outline
    uncertainty = math.hypot(placing, apart * scale.relative_uncertainty)
    estimate = Estimate(round(distance, 3), round(uncertainty, 3))
    return Margin(vessel.tracking_uid, name, estimate, crosses=distance == 0)


def _outline(vessel: Finding) -> tuple[list[Point], bool]:
    """The lumen's outline, or the line along a vessel that was drawn lengthwise (closed False)."""
    shape = vessel.shape
    if isinstance(shape, Ellipse):
        (x, y), (a, b), turn = shape.centre, shape.semi_axes, math.radians(shape.angle_deg)
        cos, sin = math.cos(turn), math.sin(turn)
        steps = [2 * math.pi * step / OUTLINE_STEPS for step in range(OUTLINE_STEPS)]
        return [
            (
                x + a * math.cos(t) * cos - b * math.sin(t) * sin,
                y + a * math.cos(t) * sin + b * math.sin(t) * cos,
            )
            for t in steps
        ], True
    return list(shape.points), isinstance(shape, Polyline) and shape.closed


def _scaled(point: Point, per: Point) -> Point:
    return point[0] * per[0], point[1] * per[1]


def _inside(point: Point, sides: Sequence[tuple[Point, Point]]) -> bool:
    """Whether a point lies inside an outline: a ray to the right crosses its sides an odd number of times."""
    x, y = point
    crossings = 0
    for (ax, ay), (bx, by) in sides:
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossings += 1
    return crossings % 2 == 1


def _between(a: Point, b: Point, c: Point, d: Point) -> float:
    """The distance between two straight lines with ends; 0 where they cross."""
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return 0.0
    return min(_to_line(a, c, d), _to_line(b, c, d), _to_line(c, a, b), _to_line(d, a, b))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _to_line(point: Point, a: Point, b: Point) -> float:
    """The distance from a point to a straight line with ends."""
    length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    along = 0.0
    if length2 > 0:
        along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length2
    along = min(1.0, max(0.0, along))
    return math.dist(point, (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])))
