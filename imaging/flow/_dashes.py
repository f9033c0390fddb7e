"""Dashed lines that lie or stand: marks of one length at one distance along a row, which speckle and tissue do not make.

A row of the ridge picture is cut into runs. A chain of runs goes on where the next begins one period further, and may leave
out two (a bright wall hides dashes). What is printed in such a rhythm is drawn by a machine: outlines, and rulers, which
the caller tells apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.flow._colour import Floats
from imaging.flow._lines import best_stretch

_SHORTEST: Final = 2  #: pixels of a mark
_LONGEST: Final = 46
_PERIODS: Final = (5.0, 70.0)  #: pixels from mark to mark
_OFF: Final = 1.7  #: pixels that a mark may be off its rhythm
_FEWEST: Final = 5  #: marks of a line
_MISSING: Final = 2  #: marks that may be hidden in a row
_SEEN: Final = 0.6  #: part of a line's marks that must be seen
_INKED: Final = (0.22, 0.88)  #: part of a line that is drawn
_STROKE: Final = 3  #: rows of one stroke
_ECHO: Final = 10  #: rows within which a codec's blocks repeat a stroke
_LIKE: Final = 0.3  #: difference of two marks' lengths, as a part of the period


@dataclass(frozen=True, slots=True)
class Dashes:
    """A dashed line in row `row`, from column `start` to `end` (exclusive), a mark each `period` pixels.

    `seen`: part of its marks that are seen; `plain`: how plainly they stand out, 0 to 1.
    """

    row: int
    start: int
    end: int
    period: float
    seen: float
    plain: float

    @property
    def length(self) -> int:
        """Columns from its first mark's begin to its last one's end."""
        return self.end - self.start


def lying_dashes(ridge: Floats, shortest: int) -> list[Dashes]:
    """The dashed lines along the rows of a ridge picture (transpose it for those that stand), of at least `shortest`
    columns; one for the rows of one stroke, the longest first."""
    on = ridge > 0
    # A stroke of two rows is half in either.
    thick = on.copy()
    thick[:-1] |= on[1:]
    padded = np.zeros((on.shape[0], on.shape[1] + 2), np.int8)
    padded[:, 1:-1] = thick
    steps = np.diff(padded, axis=1)
    found: list[Dashes] = []
    for row, runs, seeds in _rhythms(steps):
        found += _in_row(row, ridge[row], runs, seeds, shortest)
    found.sort(key=lambda line: -line.length * line.seen * line.plain)
    kept: list[Dashes] = []
    for line in found:
        for place, other in enumerate(kept):
            if _ghost(line, other):
                if abs(line.row - other.row) <= _STROKE and abs(line.period - other.period) < 1:
                    # One row of a stroke shows marks that another lost to a bright layer.
                    most = _MISSING * other.period
                    start = line.start if 0 < other.start - line.start <= most else other.start
                    end = line.end if 0 < line.end - other.end <= most else other.end
                    kept[place] = replace(other, start=start, end=end)
                break
        else:
            kept.append(line)
    return kept


def _ghost(line: Dashes, plainer: Dashes) -> bool:
    """Whether a line is a codec's echo of another, or another row of its stroke."""
    over = min(line.end, plainer.end) - max(line.start, plainer.start)
    near = abs(line.row - plainer.row) <= (_ECHO if abs(line.period - plainer.period) < 1 else _STROKE)
    return near and over > 0.5 * line.length


@dataclass(frozen=True, slots=True)
class _Runs:
    """The marks of one row: where each begins and ends (exclusive)."""

    starts: list[int]
    ends: list[int]

    def size(self, mark: int) -> int:
        """Columns of a mark."""
        return self.ends[mark] - self.starts[mark]


def _rhythms(steps: npt.NDArray[np.int8]) -> Iterator[tuple[int, _Runs, list[int]]]:
    """The rows that hold four marks in rhythm: the row, its marks, and the places of the first of each four.

    `steps` (rows, columns): 1 where a run begins, -1 where it has ended.
    """
    row_of, starts = np.nonzero(steps > 0)
    ends = np.nonzero(steps < 0)[1]
    size = ends - starts
    good = (size >= _SHORTEST) & (size <= _LONGEST)
    row_of, starts, ends, size = row_of[good], starts[good], ends[good], size[good]
    if len(starts) < _FEWEST:
        return
    # All rows at once; three gaps between four runs of the same row.
    gaps = np.diff(starts)
    rhythm = (np.abs(np.diff(gaps)) <= _OFF) & (gaps[1:] >= _PERIODS[0]) & (gaps[1:] <= _PERIODS[1])
    like = np.maximum(2, _LIKE * gaps)
    differs = np.abs(np.diff(size))
    rhythm &= (differs[:-1] <= like[:-1]) & (differs[1:] <= like[1:])
    rhythm &= row_of[:-2] == row_of[2:]
    seeds = np.flatnonzero(rhythm)
    first = np.searchsorted(row_of, np.arange(steps.shape[0] + 1))
    for row in np.unique(row_of[seeds]).tolist():
        begin, end = int(first[row]), int(first[row + 1])
        if end - begin >= _FEWEST:
            here = seeds[(seeds >= begin) & (seeds < end)] - begin
            yield row, _Runs(starts[begin:end].tolist(), ends[begin:end].tolist()), here.tolist()


def _in_row(row: int, ridge: Floats, runs: _Runs, seeds: list[int], shortest: int) -> list[Dashes]:
    lines: list[Dashes] = []
    reached = -1
    tried: set[tuple[int, int, int]] = set()
    for seed in seeds:
        # The chain of three marks in a row of one that came to nothing is that chain.
        if runs.starts[seed] < reached or (seed, seed + 1, seed + 2) in tried:
            continue
        marks, period = _chain(runs, seed)
        line = _line_of(row, ridge, runs, marks, period) if _long(runs, marks, shortest) else None
        if line is not None and line.length >= shortest:
            lines.append(line)
            reached = line.end
        else:
            tried.update(zip(marks, marks[1:], marks[2:], strict=False))
    return lines


def _chain(runs: _Runs, seed: int) -> tuple[list[int], float]:
    """The marks of the line through three marks in rhythm, on either side as far as it goes, and its period."""
    starts = runs.starts
    period = (starts[seed + 2] - starts[seed]) / 2
    marks = deque([seed, seed + 1, seed + 2])
    like = runs.size(seed + 1)
    slots = 3
    for way in (1, -1):
        here, missed = marks[-1] if way > 0 else marks[0], 0
        while missed <= _MISSING:
            expected = starts[here] + way * period * (missed + 1)
            near = bisect_left(starts, expected - _OFF - 0.5 * missed)
            if (
                near < len(starts)
                and abs(starts[near] - expected) <= _OFF + 0.5 * missed
                and abs(runs.size(near) - like) <= max(2.0, _LIKE * period)
            ):
                slots += missed + 1
                here, missed = near, 0
                (marks.append if way > 0 else marks.appendleft)(near)
                period = (starts[marks[-1]] - starts[marks[0]]) / (slots - 1)
            else:
                missed += 1
    return list(marks), period


def _long(runs: _Runs, marks: list[int], shortest: int) -> bool:
    return len(marks) >= _FEWEST and runs.ends[marks[-1]] - runs.starts[marks[0]] >= shortest


def _line_of(row: int, ridge: Floats, runs: _Runs, marks: list[int], period: float) -> Dashes | None:
    """The dashed line that a chain of marks makes, without what chance added to its ends; None where it is none."""
    starts = runs.starts
    kept, slots = _core(marks, starts, period)
    inked = sum(runs.size(mark) for mark in kept) / (len(kept) * period)
    seen = len(kept) / slots
    if len(kept) < _FEWEST or seen < _SEEN or not _INKED[0] <= inked <= _INKED[1]:
        return None
    plain = float(np.mean([ridge[starts[mark] : runs.ends[mark]].mean() for mark in kept]))
    return Dashes(row, starts[kept[0]], runs.ends[kept[-1]], period, seen, plain)


def _core(marks: list[int], starts: list[int], period: float) -> tuple[list[int], int]:
    """The stretch of a chain that is seen most and longest, and its slots: chance adds a mark beyond an end."""
    slot = [round((starts[mark] - starts[marks[0]]) / period) for mark in marks]
    seen = np.zeros(slot[-1] + 1, bool)
    seen[slot] = True
    stretch = best_stretch(seen, _SEEN)
    if stretch is None:
        return marks, len(seen)
    kept = [mark for mark, place in zip(marks, slot, strict=True) if stretch[0] <= place < stretch[1]]
    return kept, stretch[1] - stretch[0]
