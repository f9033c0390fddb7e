"""Colour boxes with an outline drawn through: two steep lines, and what lies between them.

Where the lines are parallel, top and bottom lie level between them (a linear probe's box, or a steered one); where they meet
above, top and bottom are arcs round that point (convex and sector probes), or level (virtual convex). Each pair of lines is
tried with each pair of ends, and judged by how much of the outline is drawn and by whether its lines end at its corners. One
end may be cut off by the picture's edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask
from imaging.flow._lines import Side, find_sides, sampled

Points = npt.NDArray[np.float64]
"""(n, 2): column and row of each corner, in turn."""
Found = tuple[Points, float, float]
"""Corners, the part of the outline that was seen (0 to 1), and a score."""

_ACROSS: Final = 96  #: samples along a top or bottom
_BEYOND: Final = 12  #: pixels past a corner where the line should have ended
_CORNER: Final = 24  #: rows within a corner where the sides should be drawn as they are elsewhere
_CORNERED: Final = 0.6  #: what lines that end at the corners count
_REACHES: Final = 0.4  #: what sides that do not reach their corners cost
_BESIDE: Final = (-0.09, -0.05, 0.05, 0.09)  #: lines beside a side, in widths of the box, for comparison
_POOREST: Final = 0.42  #: part of each side that must be drawn
_SMALLEST: Final = 0.008  #: part of the picture below which a rectangle is a letter's
_NARROW: Final = 0.25  #: least width at the top as a part of the width at the bottom
_PAIRS: Final = 140  #: tried
_LEAST: Final = 0.62  #: part of the outline that must be drawn
_CUT: Final = 0.55  #: what an end beyond the picture's edge counts


@dataclass(frozen=True, slots=True)
class Scene:
    """Lines that stand and that lie, and of `widened` what is told of them."""

    standing: Floats
    lying: Floats
    told_standing: Mask
    told_lying: Mask


def sided_boxes(scene: Scene) -> Iterator[Found]:
    """For each likely pair of sides the best box between them."""
    height, width = scene.lying.shape
    sides = find_sides(scene.standing, max(16, int(0.06 * height)))
    for left, right in _pairs(sides, width):
        for frame in _frames(left, right, height):
            found = _ends(frame, scene)
            if found is not None:
                yield found


def _pairs(sides: list[Side], width: int) -> list[tuple[Side, Side]]:
    """The pairs that may be a left and a right side, the likeliest first: both drawn, and over the same rows."""
    pairs: list[tuple[float, Side, Side]] = []
    for left in sides:
        for right in sides:
            top, bottom = max(left.top, right.top), min(left.bottom, right.bottom)
            if bottom - top < 12 or right.lean - left.lean < -0.03:
                continue
            apart = right.at((top + bottom) / 2) - left.at((top + bottom) / 2)
            if apart < max(12, 0.04 * width) or apart > 0.95 * width:
                continue
            together = (bottom - top) / (max(left.bottom, right.bottom) - min(left.top, right.top))
            pairs.append((together + 0.5 * (left.drawn + right.drawn), left, right))
    pairs.sort(key=lambda pair: -pair[0])
    return [(left, right) for _, left, right in pairs[:_PAIRS]]


class _Frame:
    """Coordinates of a box between two sides: `across` 0 (left side) to 1 (right side), `down` in pixels."""

    def __init__(self, left: Side, right: Side, round_: bool, height: int) -> None:
        self.left, self.right, self.round = left, right, round_
        margin = 0.15 * (min(left.bottom, right.bottom) - max(left.top, right.top)) + 8
        low, high = min(left.top, right.top) - margin, max(left.bottom, right.bottom) + margin
        if round_:
            self.apex_row = (left.foot - right.foot) / (right.lean - left.lean)
            self.apex_column = left.at(self.apex_row)
            self.angles = np.arctan([left.lean, right.lean])
            steepest = float(np.cos(np.abs(self.angles)).min())
            self.first, self.last = max(1.0, low - self.apex_row), (high - self.apex_row) / steepest
        else:
            self.first, self.last = max(0.0, low), min(float(height - 1), high)

    def place(self, across: npt.ArrayLike, down: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Columns and rows in the picture of box coordinates, to be broadcast against each other."""
        part: Floats = np.asarray(across, np.float32)
        row: Floats = np.asarray(down, np.float32)
        if self.round:
            first, last = np.asarray(self.angles, np.float32)
            angle = first + part * (last - first)
            columns, rows = (
                np.float32(self.apex_column) + row * np.sin(angle),
                np.float32(self.apex_row) + row * np.cos(angle),
            )
            return np.asarray(columns, np.float32), np.asarray(rows, np.float32)
        left: Floats = np.float32(self.left.foot) + np.float32(self.left.lean) * row
        right: Floats = np.float32(self.right.foot) + np.float32(self.right.lean) * row
        return np.asarray(left + part * (right - left), np.float32), row

    def points(self, across: npt.NDArray[np.float64], down: float) -> Points:
        """Picture points (n, 2) along one top or bottom."""
        columns, rows = np.broadcast_arrays(*self.place(across, np.array(down)))
        return np.stack([columns, rows], axis=-1).astype(np.float64)


def _frames(left: Side, right: Side, height: int) -> Iterator[_Frame]:
    diverging = right.lean - left.lean
    if diverging > 0.03:
        yield _Frame(left, right, True, height)
    if diverging < 0.9:
        yield _Frame(left, right, False, height)


def _ends(frame: _Frame, scene: Scene) -> Found | None:
    """The best top and bottom for two sides, or None where the outline is not there."""
    down = np.arange(np.floor(frame.first), np.ceil(frame.last) + 1)
    if not 12 <= len(down) <= 4000:
        return None
    shape = scene.lying.shape
    profile, shown = _level(frame, scene, down)
    along = [_standing(frame, scene, down, edge) for edge in (0.0, 1.0)]
    cut = _cut_rows(shown)
    peaks = _crests(profile) + cut
    outside = dict(zip(peaks, _outside(frame, scene.told_lying, down[peaks]).tolist(), strict=True))
    best: tuple[float, float, int, int] | None = None
    for top in peaks:
        for bottom in peaks:
            if bottom - top < 12 or (top in cut and bottom in cut):
                continue
            ends = [_CUT if end in cut else float(profile[end]) for end in (top, bottom)]
            lines = [*ends, *(line.drawn(top, bottom + 1) for line in along)]
            mean, tall = sum(lines) / 4, bottom - top
            drawn = (_ACROSS * (lines[0] + lines[1]) + tall * (lines[2] + lines[3])) / (2 * (_ACROSS + tall))
            if min(lines) < _POOREST or min(drawn, mean) < _LEAST:
                continue
            score = mean + 0.25 * min(lines)
            if best is not None and score + 1.5 * _CORNERED <= best[0]:
                continue  # even if its lines ended at its corners as none does
            over = [line.drawn(top - 2 - _BEYOND, top - 2) for line in along if top not in cut]
            over += [line.drawn(bottom + 3, bottom + 3 + _BEYOND) for line in along if bottom not in cut]
            over += [outside[end] for end in (top, bottom) if end not in cut]
            short = [
                line.missing(top + 2, top + 2 + _CORNER, part) for line, part in zip(along, lines[2:], strict=True)
            ]
            short += [
                line.missing(bottom - 1 - _CORNER, bottom - 1, part)
                for line, part in zip(along, lines[2:], strict=True)
            ]
            score += _CORNERED * (1 - sum(over) / len(over))
            score -= _REACHES * sum(short) / len(short)
            if best is None or score > best[0]:
                best = (score, drawn, top, bottom)
    if best is None:
        return None
    score, drawn, top, bottom = best
    first, last = (np.ptp(frame.points(np.array([0.0, 1.0]), float(down[end]))[:, 0]) for end in (top, bottom))
    if min(first, last) < max(10.0, _NARROW * max(first, last)):
        return None
    polygon = _polygon(frame, float(down[top]), float(down[bottom]), shape)
    if float(cv2.contourArea(polygon.astype(np.float32))) < _SMALLEST * shape[0] * shape[1]:
        return None
    return polygon, drawn, score


def _level(frame: _Frame, scene: Scene, down: npt.NDArray[np.float64]) -> tuple[Floats, Floats]:
    """For each step down: how much of a line lies across there, beyond chance, and how much of it the picture shows."""
    across = (np.arange(_ACROSS) + 0.5) / _ACROSS
    columns, rows = frame.place(across[None, :], down[:, None])
    told = _told(scene.told_lying, columns, rows)
    height, width = scene.lying.shape
    within = (columns >= 0) & (columns <= width - 1) & (rows >= 0) & (rows <= height - 1)
    shown = _counted(within) / np.float32(_ACROSS)
    open_to_see = within & (told[..., 1] == 0)
    counted = _counted(open_to_see)
    seen = _counted(open_to_see & (told[..., 0] > 0))
    profile = np.where(counted > 0.35 * _ACROSS, seen / np.maximum(counted, 1), 0)
    return _beyond_chance(profile.astype(np.float32), float(np.median(profile))), shown


class _Standing:
    """How much of a side is drawn between two rows: sums made once."""

    def __init__(self, seen: Floats, weight: Floats) -> None:
        self._seen = np.concatenate([[0.0], np.cumsum(seen * weight)])
        self._weight = np.concatenate([[0.0], np.cumsum(weight)])

    def drawn(self, start: int, end: int) -> float:
        """The part of the visible rows `start` to `end` (exclusive) that is drawn; 0 where too few are visible."""
        size = len(self._seen) - 1
        start, end = min(max(start, 0), size), min(max(end, 0), size)
        told = float(self._weight[end] - self._weight[start])
        if told <= 0.3 * (end - start):
            return 0.0
        return float(self._seen[end] - self._seen[start]) / told

    def missing(self, start: int, end: int, usual: float) -> float:
        """How much less than `usual` is drawn between two rows, 0 to 1; 0 where too few of them are visible to say."""
        size = len(self._seen) - 1
        start, end = min(max(start, 0), size), min(max(end, 0), size)
        told = float(self._weight[end] - self._weight[start])
        if told <= 0.3 * (end - start) or usual <= 0:
            return 0.0
        return float(np.clip(1 - (self._seen[end] - self._seen[start]) / told / usual, 0, 1))


def _standing(frame: _Frame, scene: Scene, down: npt.NDArray[np.float64], edge: float) -> _Standing:
    columns, rows = frame.place(np.array([edge, *(edge + by for by in _BESIDE)])[:, None], down[None, :])
    told = _told(scene.told_standing, columns, rows)
    # What speckle would give a line anywhere is no evidence.
    chance = float(told[1:, :, 0].mean())
    return _Standing(_beyond_chance(told[0, :, 0].astype(np.float32), chance), 1 - told[0, :, 1].astype(np.float32))


def widened(ridge: Floats, axis: int, hidden: npt.NDArray[np.bool_]) -> Mask:
    """(rows + 2, columns + 2, 2): 1 where a line is drawn or one pixel beside it across its direction, and 1 where flow hides
    whether there is one; a pixel more all round than `ridge`."""
    drawn = cv2.dilate(np.pad((ridge > 0).astype(np.uint8), 1), np.ones((1, 3) if axis == 1 else (3, 1), np.uint8))
    return np.stack([drawn, np.pad(hidden.astype(np.uint8), 1)], axis=-1)


def _told(told: Mask, columns: Floats, rows: Floats) -> Mask:
    """(..., 2): whether a line is drawn at each place, or one pixel beside it, and whether it is hidden there."""
    return np.asarray(sampled(told, rows + 1, columns + 1), np.uint8)


def _counted(places: npt.NDArray[np.bool_]) -> Floats:
    """(rows,): how many of each row are true."""
    return np.asarray(cv2.reduce(places.view(np.uint8), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0], np.float32)


def _beyond_chance(seen: Floats, chance: float) -> Floats:
    """The presence of a line, less what chance gives: 0 there, 1 where all is drawn."""
    return np.asarray((seen - chance) / max(1 - chance, 0.2), np.float32)


def _crests(profile: Floats) -> list[int]:
    """Where lines lie across: the clearest rows, none within three pixels of a clearer one."""
    left = np.where(profile > 0.4, profile, 0)
    found: list[int] = []
    while len(found) < 14 and left.max(initial=0) > 0:
        index = int(left.argmax())
        found.append(index)
        left[max(0, index - 3) : index + 4] = 0
    return found


def _cut_rows(shown: Floats) -> list[int]:
    """Ends that lie outside the picture: the last sample before an arc or level line comes in, the first after."""
    rows = np.flatnonzero(shown > 0.1)
    if len(rows) == 0:
        return []
    cut = []
    if rows[0] > 0:
        cut.append(int(rows[0]) - 1)
    if rows[-1] < len(shown) - 1:
        cut.append(int(rows[-1]) + 1)
    return cut


def _outside(frame: _Frame, told_lying: Mask, down: npt.NDArray[np.float64]) -> Floats:
    """How much of each top or bottom goes on beyond its corners: a ruler's line or a frame of the screen does."""
    (left, left_row), (right, right_row) = (frame.place(np.array(edge), down) for edge in (0.0, 1.0))
    width = np.maximum(np.maximum(np.abs(right - left), np.abs(right_row - left_row)), 1)
    steps = (np.arange(_BEYOND) + 3) / width[:, None]
    places = frame.place(np.concatenate([-steps, 1 + steps], axis=1), down[:, None])
    return np.asarray(_told(told_lying, *places)[..., 0].mean(axis=1), np.float32)


def _polygon(frame: _Frame, top: float, bottom: float, shape: tuple[int, ...]) -> Points:
    across = np.linspace(0, 1, 9 if frame.round else 2)
    ring = np.concatenate([frame.points(across, top), frame.points(across[::-1], bottom)])
    return np.asarray(np.clip(ring, 0, np.array([shape[1] - 1, shape[0] - 1], float)), np.float64)
