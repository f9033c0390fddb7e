"""Where on a screen a Doppler spectrum stands: below a B picture, beside it, or alone.

A spectrum is a straight baseline from side to side with a trace of upright, independent columns at it: bright at the
baseline, dark beyond the fastest flow, in each column one change from the one to the other. Its axis has even ticks at a
side, its time even ticks below. A B picture has layers, and its speckle is wider than high. No text is read here, so
that the look costs some tens of milliseconds; `imaging.spectrum.axis` reads what the axis says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.spectrum._ticks import Ticks, find_ticks, runs

Grey = npt.NDArray[np.float32]

_NARROWEST: Final = 0.22  #: part of the screen's width that a baseline spans at least
_LOWEST: Final = 0.1  #: part of the screen's height that the trace's area has at least
_LONGEST: Final = 0.03  #: part of the screen that a tick reaches at most
_STEADY: Final = 10  #: grey levels from pixel to pixel within a drawn line, after JPEG
_DRAWN: Final = 40  #: grey level of the faintest drawn line
_UPRIGHT: Final = 0.88  #: ratio (see `_upright`) from which the texture speaks for a spectrum
_NOTHING: Final = 14  #: grey level up to which JPEG alone makes black


@dataclass(frozen=True, slots=True)
class SpectrumArea:
    """A Doppler spectrum on a screen.

    `box` [x0, y0, x1, y1] in pixels; `baseline_row` the row of zero velocity as far as the picture without its labels
    tells; `velocity_ticks` along a side, `time_ticks` above or below (None: none seen); `evidence` in plain words.
    """

    box: tuple[int, int, int, int]
    baseline_row: float
    velocity_ticks: Ticks | None
    time_ticks: Ticks | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    x0: int
    x1: int
    drawn: bool


def grey_of(bgr: Bgr) -> Grey:
    """The brightest of the three colours: a tinted trace is as bright as a grey one. Shape (rows, columns), 0 to 255."""
    return np.asarray(bgr.max(axis=2), np.float32)


def find_spectrum_area(bgr: Bgr) -> SpectrumArea | None:
    """The Doppler spectrum on the screen; None where there is none. `bgr` (rows, columns, 3), uint8.

    The greatest is given where there are two. Pictures under 120 pixels are too small to tell. An M-mode strip, a B
    picture, a photograph or a page of text is none.
    """
    if bgr.ndim != 3 or min(bgr.shape[:2]) < 120:
        return None
    grey = grey_of(bgr)
    best: tuple[float, SpectrumArea] | None = None
    for candidate in _candidates(grey):
        if best is not None and not candidate.drawn:
            break  # the drawn ones come first, and a drawn baseline is surer than any edge
        judged = _judge(grey, candidate)
        if judged is not None and (best is None or judged[0] > best[0]):
            best = judged
    return best[1] if best is not None else None


def _candidates(grey: Grey) -> list[_Candidate]:
    """Rows that could be a baseline: a drawn line, or the straight lower edge of a trace where none is drawn."""
    height, width = grey.shape
    close = np.ones((1, max(15, width // 60)), np.uint8)
    level = np.pad(np.abs(np.diff(grey, axis=1)) <= _STEADY, ((0, 0), (0, 1))) & (grey >= _DRAWN)
    # A narrow close: letters beside a line must not lengthen it.
    drawn = cv2.morphologyEx(level.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    # The baseline is a thin line: the same colour some rows up and down is a surface.
    thick = max(4, height // 200)
    beyond = (np.abs(_moved(grey, thick) - grey) > 8) & (np.abs(_moved(grey, -thick) - grey) > 8)
    smooth = cv2.blur(grey, (max(15, width // 60), 1))
    step = _moved(smooth, -2) - _moved(smooth, 2)
    edges = [cv2.morphologyEx((sign * step > 9).astype(np.uint8), cv2.MORPH_CLOSE, close) for sign in (1, -1)]
    found: list[tuple[int, _Candidate]] = []
    for mask, is_drawn in ((drawn, True), (edges[0], False), (edges[1], False)):
        for row in np.flatnonzero(mask.sum(axis=1) >= _NARROWEST * width):
            for a, b in runs(mask[row].astype(bool)):
                if b - a < _NARROWEST * width:
                    continue
                # Closed gaps make a line of any texture: a drawn one is level nearly all along.
                if is_drawn:
                    # Where the line is of the ground's colour it has ended.
                    dense = np.flatnonzero(np.convolve(beyond[row, a:b], np.ones(9), "same") >= 5)
                    if not dense.size:
                        continue
                    a, b = a + int(dense[0]), a + int(dense[-1]) + 1
                if not is_drawn or (level[row, a:b].mean() >= 0.85 and beyond[row, a:b].mean() >= 0.5):
                    found.append((b - a, _Candidate(int(row), a, b, is_drawn)))
    found.sort(key=lambda one: (not one[1].drawn, -one[0]))
    kept: list[_Candidate] = []
    for _, one in found:
        if all(abs(one.row - k.row) > 4 or min(one.x1, k.x1) <= max(one.x0, k.x0) for k in kept):
            kept.append(one)
    drawn_ones = [k for k in kept if k.drawn][:24]
    return drawn_ones + [k for k in kept if not k.drawn][:24]


def _moved(grey: Grey, rows: int) -> Grey:
    """The picture moved down by `rows`, its edge repeated."""
    height = grey.shape[0]
    return grey[np.clip(np.arange(height) - rows, 0, height - 1)]


def _judge(grey: Grey, candidate: _Candidate) -> tuple[float, SpectrumArea] | None:
    """The area around a candidate and how much speaks for it; None where it is no spectrum."""
    height = grey.shape[0]
    x0, x1, row = candidate.x0, candidate.x1, candidate.row
    top, bottom = _extent(grey, candidate)
    side = _trace_side(grey, (x0, top, x1, bottom), row)
    if side is None:
        return None
    change, upright = side
    evidence = [
        "a drawn baseline" if candidate.drawn else "a straight lower edge of a trace",
        "columns that are bright at the baseline and dark beyond",
    ]
    score = change + (0.15 if candidate.drawn else 0.0)
    if upright >= _UPRIGHT:
        evidence.append("a texture of upright columns")
        score += 0.3
    vertical = velocity_ticks(grey, (x0, top, x1, bottom), row)
    if vertical is not None:
        evidence.append("even ticks at a side, one of them at the baseline")
        score += 0.4
        # Beyond the trace there may be black; the axis says how far the area goes.
        top = min(top, max(0, int(vertical.places[0]) - 1))
        bottom = max(bottom, min(height, int(vertical.places[-1]) + 2))
    if bottom - top < _LOWEST * height:
        return None
    horizontal = time_ticks(grey, (x0, top, x1, bottom))
    if horizontal is not None:
        evidence.append("even ticks along the time")
        score += 0.3
    witnesses = (upright >= _UPRIGHT) + (vertical is not None) + (horizontal is not None)
    if witnesses < (2 if candidate.drawn else 3) or (not candidate.drawn and upright < 1.05):
        return None
    score *= float(np.sqrt((x1 - x0) * (bottom - top) / grey.size))
    return score, SpectrumArea((x0, top, x1, bottom), float(row), vertical, horizontal, tuple(evidence))


def _trace_side(grey: Grey, box: tuple[int, int, int, int], row: int) -> tuple[float, float] | None:
    """(part told by one change a column, how upright the texture) of the side with the trace; None: neither is one."""
    x0, top, x1, bottom = box
    gap = 3
    found = []
    for side in (grey[top : max(top, row - gap), x0:x1][::-1], grey[row + gap + 1 : bottom, x0:x1]):
        if side.shape[0] >= 12:
            change, upright = _one_change(side), _upright(side)
            if change >= 0.5 and upright >= 0.75:
                found.append((change, upright))
    return max(found) if found else None


def _extent(grey: Grey, candidate: _Candidate) -> tuple[int, int]:
    """First row and one past the last row of what belongs to the trace, going up and down from the baseline.

    It ends where nothing is drawn any more, or where it gets bright again after it had become dark.
    """
    inside = grey[:, candidate.x0 : candidate.x1]
    # The median of seven rows takes out grid lines and the baseline itself.
    means = np.pad(inside.mean(axis=1, dtype=np.float32), 3, mode="edge")
    profile = np.median(np.lib.stride_tricks.sliding_window_view(means, 7), axis=1).astype(np.float32)
    dead = (inside > min(float(np.percentile(inside, 20)), 60.0) + _NOTHING).mean(axis=1) < 0.004
    row = candidate.row
    gap = max(5, grey.shape[0] // 150)
    up = _reach(profile[:row][::-1], dead[:row][::-1], gap)
    down = _reach(profile[row + 1 :], dead[row + 1 :], gap)
    return max(0, row - up), min(grey.shape[0], row + 1 + down)


def _reach(profile: npt.NDArray[np.float32], dead: npt.NDArray[np.bool_], gap: int) -> int:
    """How many rows from the baseline outwards are the trace's (see `_extent`)."""
    end, black = profile.size, 0
    for a, b in runs(dead):
        # The wall filter leaves a dark gap at the baseline itself.
        if b - a >= gap and (a > gap or b - a >= 6 * gap):
            # Some black beyond the trace is the area's too.
            end, black = a, min((b - a) // 2, max(gap, a // 5))
            break
    profile = profile[:end]
    if end < 8:
        return end + black
    # Beyond the gap of the wall filter the trace is at its brightest; from there on it falls.
    begin = int(np.argmax(profile[: max(12, end // 6)]))
    ground = float(np.percentile(profile, 5))
    falling = profile[begin:]
    highest = np.maximum.accumulate(falling)
    fallen = np.flatnonzero(falling - ground < 0.5 * (highest - ground))
    if not fallen.size:
        return end + black
    after = falling[fallen[0] :]
    lowest = np.minimum.accumulate(after)
    beyond = np.flatnonzero(after - lowest > np.maximum(10.0, 0.3 * (highest[fallen[0]] - lowest)))
    if not beyond.size:
        return end + black
    # Back to where it began to rise: that row is the border.
    at = int(beyond[0])
    while at > 0 and after[at] > lowest[at] + 3:
        at -= 1
    return at + int(fallen[0]) + begin


def _one_change(side: Grey) -> float:
    """How much of the picture is told by 'bright up to one row, dark beyond it' in each column: 0 to 1.

    `side` has the baseline as its first row. Least squares with one change point a column (a regression stump), on the
    picture smoothed over its speckle, against the variance around one mean of all.
    """
    rows, columns = side.shape
    small = cv2.resize(
        side, (max(24, min(160, columns // 4)), max(12, min(96, rows // 2))), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (3, 3), 0)
    count = small.shape[0]
    total = float(((small - small.mean()) ** 2).sum())
    if total < small.size * 25:
        return 0.0
    ahead = np.cumsum(small, axis=0, dtype=np.float64)[:-1]
    squares = np.cumsum(small.astype(np.float64) ** 2, axis=0)
    n = np.arange(1, count)[:, None]
    all_sum = ahead[-1] + small[-1]
    behind = all_sum - ahead
    rest = squares[-1] - ahead**2 / n - behind**2 / (count - n)
    falls = ahead / n > behind / (count - n) + 8
    rest = np.where(falls, rest, squares[-1] - all_sum**2 / count)
    return 1.0 - float(rest.min(axis=0).sum()) / total


def _upright(side: Grey) -> float:
    """How much more the bright part of the picture changes from column to column than from row to row: ratio, 1 = alike.

    A spectrum's columns are made one after the other, its rows together: over 1. A B picture's speckle is wider than high.
    """
    soft = cv2.GaussianBlur(side, (0, 0), 1.0)
    bright = soft > max(30.0, 0.5 * float(np.percentile(soft, 95)))
    inner = cv2.erode(bright.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    # Letters are thinner than a trace: little of them is left.
    if inner.sum() < max(200, 0.15 * bright.sum()):
        return 0.0
    across = np.abs(np.diff(side, axis=1))[:-1][inner[:-1, :-1]].mean()
    along = np.abs(np.diff(side, axis=0))[:, :-1][inner[:-1, :-1]].mean()
    return float(across / max(along, 0.5))


def velocity_ticks(grey: Grey, box: tuple[int, int, int, int], baseline: float) -> Ticks | None:
    """Even ticks at the left or right of the box, of which one (or the middle of two) stands at the baseline.

    Places are rows of the whole picture.
    """
    x0, y0, x1, y1 = box
    width = grey.shape[1]
    reach = max(12, width // 14)
    slack = max(4, (y1 - y0) // 20)
    top, bottom = max(0, y0 - slack), min(grey.shape[0], y1 + slack)
    best: Ticks | None = None
    for a, b in ((max(0, x0 - reach), x0 + 3), (x1 - 3, min(width, x1 + reach))):
        found = find_ticks(grey[:, a:b], _LONGEST * width, (top, bottom), fewest=3)
        if found is None:
            continue
        placed = Ticks(found.pitch_px, found.places, found.lengths_px, found.line + a)
        span = placed.places[-1] - placed.places[0]
        off = min(placed.offset(baseline), abs(placed.offset(baseline) - 0.5)) * placed.pitch_px
        if len(placed.places) == 3 and placed.offset(baseline) * placed.pitch_px > 2.5:
            continue  # three marks fall evenly by chance, but not with the baseline at one of them
        if span < 0.4 * (y1 - y0) or off > max(2.5, 0.08 * placed.pitch_px):
            continue
        if best is None or len(placed.places) > len(best.places):
            best = placed
    return best


def time_ticks(grey: Grey, box: tuple[int, int, int, int]) -> Ticks | None:
    """Even ticks along the lower or upper edge of the box, inside or outside it; places are columns of the picture."""
    x0, y0, x1, y1 = box
    height = grey.shape[0]
    reach = max(10, height // 24)
    best: Ticks | None = None
    near, far = max(reach, (y1 - y0) // 6), max(reach, 3 * (y1 - y0) // 5)
    for a, b in ((y1 - near, y1 + far), (y0 - far, y0 + near)):
        first, last = max(0, a), min(height, b)
        left, right = max(0, x0 - 6), min(grey.shape[1], x1 + 6)
        found = find_ticks(np.ascontiguousarray(grey[first:last, left:right].T), _LONGEST * height)
        if found is None or found.places[-1] - found.places[0] < 0.5 * (x1 - x0):
            continue
        placed = Ticks(found.pitch_px, tuple(p + left for p in found.places), found.lengths_px, found.line + first)
        if best is None or len(placed.places) > len(best.places):
            best = placed
    return best
