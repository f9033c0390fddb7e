"""Rulers on a screen: marks in line and equally spaced, beside the ultrasound picture.

What the spacing means in millimetres is not asked here: that takes numbers beside the ticks (`labels`) or other evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.region import UltrasoundRegion
from imaging.scale.combs import Comb, find_comb, fit_spacing, whole_pixel_spacing
from imaging.scale.marks import LEAST_CONTRAST, Contrast, Direction, Marks, Values, marks_of, refined

_ALIGNED: Final = 2.0  #: pixels across the ruler within which ticks stand in line
_MOST_GROUPS: Final = 400
_INNER: Final = 0.12  #: of the picture's width: rulers over tissue stand no deeper inside than this
_LEVELS: Final = (LEAST_CONTRAST, 90.0)  #: contrasts of ink: on an even theme, and over tissue
_OVER_TISSUE: Final = 55.0  #: contrast of 255 that a tick over tissue has at least
_BESIDE_FAN: Final = 0.3  #: of a fan's width: how far from its side a slanted ruler may stand
_LEAST_SPAN: Final = 0.22  #: of the picture's side along the ruler


@dataclass(frozen=True, slots=True)
class Ruler:
    """Equally spaced marks in line. Positions along it are t = column * way[0] + row * way[1], pixels.

    `spacing` and `half_width` (half the 95 % interval) are pixels along the ruler. `places` are the index of each tick,
    `ticks` its centre [column, row], `lengths` its length across the ruler in pixels. `light`: light ink on dark; `peak`
    is the ticks' usual contrast of 255; `over_tissue`: most of them stand in the picture.
    """

    direction: Direction
    way: tuple[float, float]
    origin: float
    spacing: float
    half_width: float
    rms: float
    places: tuple[int, ...]
    ticks: tuple[tuple[float, float], ...]
    lengths: tuple[float, ...]
    across: tuple[float, float]
    coverage: float
    purity: float
    light: bool
    over_tissue: bool
    peak: float
    contrast: Contrast = field(repr=False, compare=False)

    @property
    def first(self) -> float:
        return self.origin + self.spacing * self.places[0]

    @property
    def last(self) -> float:
        return self.origin + self.spacing * self.places[-1]

    @property
    def worth(self) -> float:
        """Orders candidates: ticks that belong, less the places without a tick and the marks that do not belong."""
        return len(self.places) * self.coverage * self.purity

    def along(self, point: tuple[float, float]) -> float:
        """Position of [column, row] along the ruler, pixels."""
        return point[0] * self.way[0] + point[1] * self.way[1]

    def beside(self, point: tuple[float, float]) -> float:
        """Position of [column, row] across the ruler, pixels, on the axis of `across`."""
        return point[0] * self.way[1] - point[1] * self.way[0]

    @property
    def major_every(self) -> int | None:
        """Every how manyth tick is longer than its neighbours; None where all are alike or no pattern holds."""
        lengths = np.array(self.lengths)
        usual = float(np.median(lengths))
        long = lengths > usual + max(1.5, 0.25 * usual)
        places = np.array(self.places)[long]
        if len(places) < 2 or long.mean() > 0.6:
            return None
        steps = np.diff(places)
        every = int(np.gcd.reduce(steps))
        return every if every > 1 and (steps == every).mean() > 0.6 else None


def find_rulers(contrast: Contrast, region: UltrasoundRegion, light: bool) -> list[Ruler]:
    """Every ruler that can belong to the picture in `region`, the best first: down its sides, across above or below it,
    and along the slanted sides of a fan."""
    found: list[Ruler] = []
    straight: tuple[tuple[Direction, tuple[float, float]], ...] = (("down", (0.0, 1.0)), ("across", (1.0, 0.0)))
    for direction, way in straight:
        sets = [
            _near(marks_of(contrast, direction, least), region, direction, light, _OVER_TISSUE + least / 2)
            for least in _LEVELS
        ]
        rulers = [r for marks in sets for r in _in_direction(contrast, marks, region, direction, way, light)]
        found += _distinct(rulers)
    if region.kind != "linear":
        marks = _near(marks_of(contrast, "slanted"), region, "slanted", light, 0.0)
        slanted = [
            ruler
            for way, own in _slanted_ways(marks, region)
            for ruler in _in_direction(contrast, own, region, "slanted", way, light)
        ]
        found += _distinct([_straightened(ruler) for ruler in slanted])
    found = [replace(ruler, over_tissue=_inside(ruler, region)) for ruler in found]
    return sorted(found, key=lambda ruler: -ruler.worth)


def _inside(ruler: Ruler, region: UltrasoundRegion) -> bool:
    return sum(region.contains(tick) for tick in ruler.ticks) > 0.5 * len(ruler.ticks)


def _slanted_ways(marks: Marks, region: UltrasoundRegion) -> list[tuple[tuple[float, float], Marks]]:
    """The directions along either side of a fan, a few degrees about what its outline says, with the marks on that side."""
    ways = []
    centres = marks.centres
    for slope, offset in (region.left_edge, region.right_edge):
        near = np.abs(centres[:, 0] - slope * centres[:, 1] - offset) < _BESIDE_FAN * region.width
        own = Marks(marks.boxes[near], marks.peak[near])
        angle = math.atan(slope)
        for turn in np.arange(-5.0, 5.01, 0.5):
            towards = angle + math.radians(float(turn))
            ways.append(((math.sin(towards), math.cos(towards)), own))
    return ways


def _straightened(ruler: Ruler) -> Ruler:
    """The ruler with its direction taken from its own ticks."""
    ticks = np.array(ruler.ticks)
    slope = float(np.polyfit(ticks[:, 1], ticks[:, 0], 1)[0])
    norm = math.hypot(slope, 1)
    way = (slope / norm, 1 / norm)
    t = ticks @ np.array(way)
    origin, spacing, half_width, rms = fit_spacing(np.array(ruler.places, float), t)
    u = ticks[:, 0] * way[1] - ticks[:, 1] * way[0]
    reach = float(np.median(ruler.lengths)) / 2
    across = (float(u.min()) - reach, float(u.max()) + reach)
    return replace(ruler, way=way, origin=origin, spacing=spacing, half_width=half_width, rms=rms, across=across)


def _near(marks: Marks, region: UltrasoundRegion, direction: Direction, light: bool, least: float) -> Marks:
    """The marks that stand where this picture's rulers can: not deep inside it, nor beyond its ends."""
    x0, y0, x1, y1 = region.box
    column, row = marks.centres[:, 0], marks.centres[:, 1]
    wide, high = x1 - x0, y1 - y0
    top, bottom = min(region.panel[0], y0), max(region.panel[1], y1)
    at = np.clip(np.rint(marks.centres).astype(int), 0, [region.mask.shape[1] - 1, region.mask.shape[0] - 1])
    inside = region.mask[at[:, 1], at[:, 0]] > 0
    if direction == "across":
        keep = (column > x0 - 0.35 * wide) & (column < x1 + 0.35 * wide)
        keep &= (row > top - 0.15 * high - 6) & (row < bottom + 0.15 * high + 6)
        deep = inside & (row > y0 + _INNER * high) & (row < y1 - _INNER * high)
    else:
        keep = (row > y0 - max(0.12 * high, y0 - top + 6)) & (row < y1 + max(0.3 * high, bottom - y1 + 6))
        if direction == "slanted":
            keep = (row > y0 - 0.2 * high) & (row < y1 + 0.05 * high)
        left = region.left_edge[0] * row + region.left_edge[1]
        right = region.right_edge[0] * row + region.right_edge[1]
        deep = inside & (column > left + _INNER * wide) & (column < right - _INNER * wide)
    if not light:
        keep &= ~inside  # dark ink is for light themes; in the picture it would be speckle
    keep &= ~deep & (~inside | (marks.peak >= (_OVER_TISSUE if direction == "slanted" else least)))
    return Marks(marks.boxes[keep], marks.peak[keep])


def _in_direction(
    contrast: Contrast,
    marks: Marks,
    region: UltrasoundRegion,
    direction: Direction,
    way: tuple[float, float],
    light: bool,
) -> list[Ruler]:
    if len(marks) < 3:
        return []
    boxes = marks.boxes.astype(float)
    centres = marks.centres
    t = centres[:, 0] * way[0] + centres[:, 1] * way[1]
    u = centres[:, 0] * way[1] - centres[:, 1] * way[0]
    half = (boxes[:, 2] - boxes[:, 0]) / 2 if direction == "down" else (boxes[:, 3] - boxes[:, 1]) / 2
    if direction == "slanted":
        half = np.hypot(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 2 - 0.5
    keys = (u,) if direction == "slanted" else (u, u - half, u + half)
    x0, y0, x1, y1 = region.box
    side = (x1 - x0) if direction == "across" else (y1 - y0)
    rulers: list[Ruler] = []
    for members in _groups(keys, 3.0 if direction == "slanted" else _ALIGNED):
        order = members[np.argsort(t[members])]
        if t[order[-1]] - t[order[0]] < _LEAST_SPAN * side:
            continue
        order = _one_look(order, half)
        if len(order) < 3:
            continue
        comb = find_comb(t[order])
        if comb is None or comb.coverage < 0.5 or comb.purity < 0.4 or comb.span * comb.spacing < _LEAST_SPAN * side:
            continue
        ruler = _ruler(contrast, marks, order, comb, direction, way, half, light)
        if ruler is not None:
            rulers.append(ruler)
    return _distinct(rulers)


def _groups(keys: tuple[Values, ...], aligned: float) -> list[npt.NDArray[np.intp]]:
    """Indices of marks that stand in line by their middle or by either end, the largest groups first."""
    seen: set[bytes] = set()
    groups = []
    for key in keys:
        order = np.argsort(key)
        ordered = key[order]
        ends = np.searchsorted(ordered, ordered + aligned, "right")
        for i, end in enumerate(ends):
            if end - i < 3 or (i and ends[i - 1] == end):
                continue
            members = np.sort(order[i:end])
            name = members.tobytes()
            if name not in seen:
                seen.add(name)
                groups.append(members)
    groups.sort(key=len, reverse=True)
    return groups[:_MOST_GROUPS]


def _one_look(order: npt.NDArray[np.intp], half: Values) -> npt.NDArray[np.intp]:
    """Without marks far longer than the rest (a dash of text in line with a row of dots)."""
    lengths = 2 * half[order]
    usual = float(np.median(lengths))
    return order[lengths <= max(4 * usual, usual + 8)]


def _ruler(
    contrast: Contrast,
    marks: Marks,
    order: npt.NDArray[np.intp],
    comb: Comb,
    direction: Direction,
    way: tuple[float, float],
    half: Values,
    light: bool,
) -> Ruler | None:
    chosen = order[list(comb.members)]
    ticks = np.array([refined(contrast, marks.boxes[k]) for k in chosen])
    places = np.array(comb.indices, float)
    t = ticks[:, 0] * way[0] + ticks[:, 1] * way[1]
    keep = np.ones(len(t), bool)
    whole = whole_pixel_spacing(places, t)
    for _ in range(3):
        origin, spacing, half_width, rms = fit_spacing(places[keep], t[keep])
        if whole is not None:  # then a tick a pixel off its place is as good as the others
            break
        off = np.abs(t - origin - spacing * places)
        worse = off > max(0.6, 3.2 * float(np.median(off[keep])))
        if (~worse).sum() < 3 or np.array_equal(~worse, keep):
            break
        keep = ~worse
    if rms > 0.95 or spacing < 3:
        return None
    whole = whole or whole_pixel_spacing(places[keep], t[keep])
    if whole is not None:
        spacing, half_width = (whole[0] + whole[1]) / 2, (whole[1] - whole[0]) / 2
        origin = float(t[keep].mean() - spacing * places[keep].mean())
    u = ticks[:, 0] * way[1] - ticks[:, 1] * way[0]
    reach = half[chosen]
    span = places[keep][-1] - places[keep][0]
    return Ruler(
        direction, way, origin, spacing, half_width, rms,
        tuple(int(p) for p in places[keep]),
        tuple((float(c), float(r)) for c, r in ticks[keep]),
        tuple(float(2 * v) for v in reach[keep]),
        (float((u - reach)[keep].min()), float((u + reach)[keep].max())),
        float(keep.sum() / (span + 1)), comb.purity, light, False,
        float(np.median(marks.peak[chosen[keep]])), contrast,
    )  # fmt: skip


def _distinct(rulers: list[Ruler]) -> list[Ruler]:
    """One ruler a line: of those that share ticks the one worth most."""
    kept: list[Ruler] = []
    taken: set[tuple[int, int]] = set()
    for ruler in sorted(rulers, key=lambda r: (-r.worth, r.rms)):
        mine = {(round(c / 3), round(r / 3)) for c, r in ruler.ticks}
        if len(mine & taken) > 0.34 * len(mine):
            continue
        taken |= {(c + i, r + j) for c, r in mine for i in (-1, 0, 1) for j in (-1, 0, 1)}
        kept.append(replace(ruler))
    return kept
