"""Colour boxes with a dashed outline: two dashed lines of one rhythm above one another, or one that lies on one that stands.

A dashed line tells its ends to a period only, and less where dashes lie over bright tissue: so each way of laying the shorter
line on the longer one is tried, and the sides between them are looked for near those ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.flow._colour import Floats
from imaging.flow._dashes import Dashes, lying_dashes
from imaging.flow._lines import sampled

Points = npt.NDArray[np.float64]

_SAME: Final = 0.06  #: difference of two periods, as a part of them, of one outline's lines
_MOST: Final = 40  #: lines each way that are tried
_STEEP: Final = 0.66  #: columns a row: 33 degrees from the vertical
_SIDE: Final = 0.16  #: part of a side that must be drawn beyond chance; a dashed line draws half
_EDGE: Final = 10  #: columns from the edge of the picture in which a side may be cut off
_HIDDEN: Final = 0.2  #: what a side counts that the picture's edge hides
_HALF: Final = 0.4  #: the same of a side with nothing hidden
_SHORTER: Final = 0.5  #: a line may be hidden down to this part of the one that it lies under
_BESIDE: Final = (-13, -9, 9, 13)  #: columns beside a side, for comparison
_CORNER: Final = 0.8  #: what a box of a corner counts against one of two lines that agree: a side may be cut short
_FLAT: Final = 24  #: least rows of a box


def dashed_boxes(lying: Floats, standing: Floats, shortest: int) -> list[tuple[Points, float]]:
    """Boxes with a dashed outline: corners from the upper left, clockwise, and how much of their marks is seen (0 to 1)."""
    rows = lying_dashes(lying, shortest)[:_MOST]
    columns = lying_dashes(np.ascontiguousarray(standing.T), min(shortest, _FLAT))[:_MOST]
    found: list[tuple[Points, float]] = []
    for one in rows:
        for other in rows:
            if other.row - one.row >= _FLAT and _one_rhythm(one, other):
                found += _between(one, other, standing)
        for side in columns:
            if _one_rhythm(one, side):
                found += _cornered(one, side, lying, standing)
    return found


def _one_rhythm(one: Dashes, other: Dashes) -> bool:
    return abs(one.period - other.period) <= max(0.45, _SAME * min(one.period, other.period))


def _between(top: Dashes, bottom: Dashes, standing: Floats) -> Iterator[tuple[Points, float]]:
    """The likeliest box with these two lines as its top and bottom."""
    if min(top.length, bottom.length) < _SHORTER * max(top.length, bottom.length):
        return
    tall = bottom.row - top.row
    best: tuple[float, Points] | None = None
    for wide in {top.length, bottom.length}:
        for above, below in _laid(top, bottom, wide):
            lean = (below - above) / tall
            if abs(lean) > _STEEP or not _covers(above, wide, top) or not _covers(below, wide, bottom):
                continue
            left, right = (_side(standing, at, lean, top.row, bottom.row, top.period) for at in (above, above + wide))
            drawn = left[1] + right[1]
            if min(left[1], right[1]) >= 0.5 * _SIDE and drawn >= 2 * _SIDE and (best is None or drawn > best[0]):
                x0, x1 = left[0], right[0]
                corners = [
                    (x0, top.row),
                    (x1, top.row),
                    (x1 + lean * tall, bottom.row),
                    (x0 + lean * tall, bottom.row),
                ]
                best = drawn, np.array(corners, float)
    if best is not None:
        yield best[1], 0.5 * (top.seen + bottom.seen) * min(1.0, best[0] / (2 * _HALF))


def _laid(top: Dashes, bottom: Dashes, wide: int) -> set[tuple[int, int]]:
    """The first columns that both lines may have if they are `wide`: by their left ends, by their right ends, or upright."""
    above, below = (top.start, top.end - wide), (bottom.start, bottom.end - wide)
    return {(a, b) for a in above for b in (*below, a)}


def _covers(start: int, wide: int, line: Dashes) -> bool:
    return start <= line.start + line.period and line.end <= start + wide + line.period


def _side(standing: Floats, at: float, lean: float, top: int, bottom: int, period: float) -> tuple[float, float]:
    """The column at the top, within a period of `at`, from which a side is best seen, and how much of it beyond chance."""
    if not _EDGE < at < standing.shape[1] - _EDGE:
        return at, _HIDDEN  # the picture's own edge lies there
    most = round(period)
    reach = max(most, *_BESIDE) + 1
    rows = np.arange(top, bottom + 1)
    columns = at + lean * (rows - top)
    seen = sampled(standing, rows, columns + np.arange(-reach, reach + 1)[:, None]) > 0
    # A line counts one pixel to either side of where it is looked for.
    presence = (seen[:-2] | seen[1:-1] | seen[2:]).mean(axis=1)
    shifts = np.arange(-most, most + 1)
    drawn = presence[shifts + reach - 1]
    chance = float(presence[np.array(_BESIDE) + reach - 1].mean())
    # Of equals the nearest.
    best = int(np.argmax(drawn - 0.002 * np.abs(shifts)))
    return at + float(shifts[best]), float(drawn[best]) - chance


def _cornered(line: Dashes, side: Dashes, lying: Floats, standing: Floats) -> Iterator[tuple[Points, float]]:
    """The upright box of a line that lies and one that stands (row and column changed) where they meet in a corner."""
    near = line.period + 3
    meets_left, meets_right = abs(side.row - line.start) <= near, abs(side.row - line.end) <= near
    is_top, is_bottom = abs(line.row - side.start) <= near, abs(line.row - side.end) <= near
    if meets_left == meets_right or is_top == is_bottom or side.length < _FLAT:
        return
    across = float(line.end if meets_left else line.start)
    down = float(side.end if is_top else side.start)
    first, last = (line.row, round(down)) if is_top else (round(down), line.row)
    column, seen = _side(standing, across, 0.0, first, last, line.period)
    left, right = sorted((float(side.row), column))
    # The line opposite, by the same measure, rows and columns changed.
    row, there = _side(np.ascontiguousarray(lying.T), down, 0.0, round(left), round(right), line.period)
    if min(seen, there) < 0.5 * _SIDE or seen + there < 2 * _SIDE:
        return
    top, bottom = sorted((float(line.row), row))
    score = _CORNER * 0.5 * (line.seen + side.seen) * min(1.0, (seen + there) / (2 * _HALF))
    yield np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), score
