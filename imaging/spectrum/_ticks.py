"""Rows of evenly spaced marks: the ticks of an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

_FEWEST: Final = 4  #: marks that make an axis on their own: three fall evenly by chance
_SHORTEST_PX: Final = 3  #: of one mark across the axis: a line of single dots is a frame
_THICKEST_PX: Final = 4  #: of one mark along the axis, up to an axis of 900 pixels; more is a letter or a peak


@dataclass(frozen=True, slots=True)
class Ticks:
    """Marks along one axis. `pitch_px` from mark to mark; `places` where they stand (pixel centres), in order;
    `lengths_px` of each mark across the axis; `line` the column (or row) on which all stand."""

    pitch_px: float
    places: tuple[float, ...]
    lengths_px: tuple[int, ...]
    line: int

    def offset(self, place: float) -> float:
        """How far `place` is from the nearest point of the lattice, as a part of the pitch: 0 to 0.5."""
        turns = (place - self.places[0]) / self.pitch_px
        return abs(turns - round(turns))


def find_ticks(
    strip: npt.NDArray[np.float32], longest: float, within: tuple[int, int] | None = None, *, fewest: int = _FEWEST
) -> Ticks | None:
    """The best row of marks down a strip (rows along the axis, columns across it); None: no even row of at least `fewest`.

    The strip is searched column by column: each column is a pattern of bright runs on the dark; short runs at even
    distances are ticks. For an axis from left to right give the strip turned round (`.T`), for dark marks the negative. At
    most 2 of 10 places of the lattice may be empty (a label covers a tick, a trace hides it). `longest` is the
    greatest length across the axis, in pixels; `within` (first, one past the last row) is where they are looked for; then
    they are followed as far as the strip goes.
    """
    length, width = strip.shape
    first, last = within or (0, length)
    if last - first < 24 or width < 1:
        return None
    kernel = max(9, (last - first) // 24) | 1
    ground = cv2.morphologyEx(strip, cv2.MORPH_OPEN, np.ones((kernel, 1), np.uint8))
    everywhere = (strip - ground) > 45
    bright = everywhere[first:last]
    best: Ticks | None = None
    counts = bright.sum(axis=0)
    before: list[tuple[int, int]] = []
    for column in np.flatnonzero((counts >= fewest) & (counts < 0.4 * (last - first))):
        marks = runs(bright[:, column])
        if marks == before:
            continue
        before = marks
        found = _even(bright, int(column), marks, fewest)
        if found is None or not _SHORTEST_PX <= float(np.median(found.lengths_px)) <= longest:
            continue
        if best is None or _weight(found) > _weight(best):
            best = found
    return None if best is None else _followed(everywhere, best, first)


def _followed(bright: npt.NDArray[np.bool_], ticks: Ticks, first: int) -> Ticks:
    """The same ticks, counted from the strip's begin, and those that go on at either end; one may be missing in a row."""
    places = [place + first for place in ticks.places]
    column = bright[:, ticks.line]
    for way in (-1, 1):
        at, missing = places[0 if way < 0 else -1], 0
        while missing < 2:
            at += way * ticks.pitch_px
            low, high = round(at) - 2, round(at) + 3
            if low < 0 or high > column.size:
                break
            found = np.flatnonzero(column[low:high])
            if not found.size or found.size == high - low:
                missing += 1
                continue
            missing = 0
            at = low + float(found.mean())
            places.insert(0, at) if way < 0 else places.append(at)
    turns = np.round((np.array(places) - places[0]) / ticks.pitch_px)
    fit = np.polyfit(turns, places, 1)
    # A frame's corner near the last tick is not on the lattice: those that are off by much do not count.
    off = np.abs(places - np.polyval(fit, turns))
    good = off <= max(0.75, 2 * float(np.median(off)))
    if good.sum() >= _FEWEST:
        fit = np.polyfit(turns[good], np.array(places)[good], 1)
        places = [place for place, kept in zip(places, good, strict=True) if kept]
    pitch = float(fit[0])
    lengths = tuple(_length(bright, round(place), ticks.line) for place in places)
    return Ticks(pitch, tuple(places), lengths, ticks.line)


def _weight(ticks: Ticks) -> float:
    lengths = np.asarray(ticks.lengths_px, float)
    places = np.asarray(ticks.places)
    turns = np.round((places - places[0]) / ticks.pitch_px)
    off = float(np.std(places - np.polyval(np.polyfit(turns, places, 1), turns)))
    # Digits stand in even rows too, but not as alike and not as exactly.
    return places.size + 0.02 * float(lengths.mean()) - 2.0 * float(lengths.std() / lengths.mean()) - 2.0 * off


def runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where `flags` is true without a break: [first, one past the last]."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _even(bright: npt.NDArray[np.bool_], column: int, marks: list[tuple[int, int]], fewest: int) -> Ticks | None:
    """The even marks of one column; None: they are not even, or not marks."""
    length = bright.shape[0]
    thickest = max(_THICKEST_PX, round(_THICKEST_PX * length / 900))
    found = [(a, b) for a, b in marks if b - a <= thickest]
    if not fewest <= len(found) <= 60:
        return None
    places = np.array([(a + b - 1) / 2 for a, b in found])
    gaps = np.diff(places)
    best: tuple[int, float, npt.NDArray[np.intp]] | None = None
    for pitch in np.unique(np.round(gaps, 1)):
        if pitch < 6:
            continue
        turns = np.round((places - places[len(places) // 2]) / pitch)
        # One more look with the pitch that all marks together give: a single gap is right to a pixel only.
        near = np.abs((places - places[len(places) // 2]) / pitch - turns) <= 0.15
        if np.unique(turns[near]).size < fewest - 1:
            continue
        fit = np.polyfit(turns[near], places[near], 1)
        if fit[0] < 6:
            continue
        off = np.abs(places - np.polyval(fit, turns))
        kept = np.flatnonzero(off <= max(1.0, 0.02 * fit[0]))
        slots = int(turns[kept].max() - turns[kept].min()) + 1 if kept.size else 0
        alone = np.unique(turns[kept]).size
        if alone < fewest or alone < 0.8 * slots or kept.size < 0.7 * len(found):
            continue
        if best is None or alone > best[0]:
            best = (alone, float(fit[0]), kept)
    if best is None:
        return None
    lengths = tuple(_length(bright, round(places[i]), column) for i in best[2])
    return Ticks(best[1], tuple(float(places[i]) for i in best[2]), lengths, column)


def _length(bright: npt.NDArray[np.bool_], row: int, column: int) -> int:
    """How far the mark at [column, row] reaches across the axis, in pixels."""
    line = np.asarray(bright[max(0, row - 1) : row + 2].any(axis=0))
    left = column
    while left > 0 and line[left - 1]:
        left -= 1
    right = column
    while right + 1 < line.size and line[right + 1]:
        right += 1
    return right - left + 1
