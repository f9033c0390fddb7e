"""Rows of a screen that could be the baseline of a Doppler spectrum: drawn lines, and straight lower edges of a trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.spectrum._ticks import runs

Grey = npt.NDArray[np.float32]

_NARROWEST: Final = 0.22  #: part of the screen's width that a baseline spans at least
_STEADY: Final = 10  #: grey levels from pixel to pixel within a drawn line, after JPEG
_STEADY_PART: Final = 0.08  #: and of the line's own grey: the noise of its ground shines through a bright thin one
_DRAWN: Final = 40  #: grey level of the faintest drawn line
_MOST: Final = 48  #: drawn lines that are looked into, the longest first


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row from column `x0` to `x1` (exclusive); `drawn`: a line, not an edge."""

    row: int
    x0: int
    x1: int
    drawn: bool


def candidates(grey: Grey) -> list[Candidate]:
    """Rows that could be a baseline: a drawn line, or the straight lower edge of a trace where none is drawn."""
    height, width = grey.shape
    close = np.ones((1, max(15, width // 60)), np.uint8)
    steady = np.abs(np.diff(grey, axis=1)) <= np.maximum(_STEADY, _STEADY_PART * grey[:, :-1])
    level = np.pad(steady, ((0, 0), (0, 1))) & (grey >= _DRAWN)
    # A narrow close: letters beside a line must not lengthen it.
    drawn = cv2.morphologyEx(level.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    # The baseline is a thin line: the same colour some rows up and down is a surface.
    thick = max(4, height // 200)
    beyond = (np.abs(_moved(grey, thick) - grey) > 8) & (np.abs(_moved(grey, -thick) - grey) > 8)
    smooth = cv2.blur(grey, (max(15, width // 60), 1))
    step = _moved(smooth, -2) - _moved(smooth, 2)
    edges = [cv2.morphologyEx((sign * step > 9).astype(np.uint8), cv2.MORPH_CLOSE, close) for sign in (1, -1)]
    found: list[tuple[int, Candidate]] = []
    pieces: list[tuple[int, int]]
    for mask, is_drawn in ((drawn, True), (edges[0], False), (edges[1], False)):
        for row in np.flatnonzero(mask.sum(axis=1) >= _NARROWEST * width):
            pieces = runs(mask[row].astype(bool))
            if is_drawn:
                lines = [_line_in(level[row], beyond[row], a, b) for a, b in pieces if b - a >= width // 25]
                # A bar that sweeps over the trace interrupts its baseline.
                pieces = _joined([line for line in lines if line is not None], width // 40)
            found += [(b - a, Candidate(int(row), a, b, is_drawn)) for a, b in pieces if b - a >= _NARROWEST * width]
    found.sort(key=lambda one: (not one[1].drawn, -one[0]))
    kept: list[Candidate] = []
    for _, one in found:
        if all(abs(one.row - k.row) > 4 or min(one.x1, k.x1) <= max(one.x0, k.x0) for k in kept):
            kept.append(one)
    drawn_ones = [k for k in kept if k.drawn][:_MOST]
    return drawn_ones + [k for k in kept if not k.drawn][:24]


def _line_in(level: npt.NDArray[np.bool_], beyond: npt.NDArray[np.bool_], a: int, b: int) -> tuple[int, int] | None:
    """The part of a run [a, b) of one row that is a drawn line: level nearly all along, and not of the ground's colour.

    Closed gaps make a line of any texture. None: there is none.
    """
    # Where the line is of the ground's colour it has ended.
    dense = np.flatnonzero(np.convolve(beyond[a:b], np.ones(9), "same") >= 5)
    if not dense.size:
        return None
    a, b = a + int(dense[0]), a + int(dense[-1]) + 1
    return (a, b) if level[a:b].mean() >= 0.85 and beyond[a:b].mean() >= 0.5 else None


def _joined(found: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Runs with those put together that stand no more than `gap` apart."""
    joined: list[tuple[int, int]] = []
    for a, b in found:
        if joined and a - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return joined


def _moved(grey: Grey, rows: int) -> Grey:
    """The picture moved down by `rows`, its edge repeated."""
    height = grey.shape[0]
    return grey[np.clip(np.arange(height) - rows, 0, height - 1)]
