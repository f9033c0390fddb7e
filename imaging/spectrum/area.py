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
from imaging.spectrum._beside import time_ticks, velocity_ticks
from imaging.spectrum._ticks import Ticks, runs

Grey = npt.NDArray[np.float32]

_NARROWEST: Final = 0.22  #: part of the screen's width that a baseline spans at least
_LOWEST: Final = 0.1  #: part of the screen's height that the trace's area has at least
_STEADY: Final = 10  #: grey levels from pixel to pixel within a drawn line, after JPEG
_STEADY_PART: Final = 0.08  #: and of the line's own grey: the noise of its ground shines through a bright thin one
_DRAWN: Final = 40  #: grey level of the faintest drawn line
_UPRIGHT: Final = 0.88  #: ratio (see `_upright`) from which the texture speaks for a spectrum
_TEXTURED: Final = 0.75  #: the same ratio, below which the two axes have to speak for the spectrum
_FAINT: Final = 0.4  #: and below which it is none
_NOTHING: Final = 14  #: grey level up to which JPEG alone makes black
_DARKEST: Final = 120  #: grey level of the lightest ground that counts as dark
_QUIET: Final = 30  #: grey levels that half of a quiet row's columns lie within
_LIGHT: Final = 150  #: grey level of a light ground
_MUCH_LIGHT: Final = 0.04  #: part of the screen from which a light panel may be on it
_ALL: Final = 0.92  #: part of the height up to which a trace reaches in most columns
_MOST: Final = 48  #: drawn lines that are looked into, the longest first
_BORDER: Final = 10  #: grey levels by which the ground beyond the panel differs from the panel's


@dataclass(frozen=True, slots=True)
class SpectrumArea:
    """A Doppler spectrum on a screen.

    `box` [x0, y0, x1, y1] in pixels; `baseline_row` the row of zero velocity as far as the picture without its labels
    tells; `velocity_ticks` along a side, `time_ticks` above or below (None: none seen); `evidence` in plain words;
    `light`: the trace is dark on a light ground; `sure` False: only with numbers beside it is it a spectrum.
    """

    box: tuple[int, int, int, int]
    baseline_row: float
    velocity_ticks: Ticks | None
    time_ticks: Ticks | None
    evidence: tuple[str, ...]
    light: bool = False
    sure: bool = True


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
    return next((area for area in possible_areas(bgr) if area.sure), None)


def possible_areas(bgr: Bgr) -> list[SpectrumArea]:
    """All places that could be a spectrum, the likeliest first, those that are none without numbers (`sure`) last."""
    if bgr.ndim != 3 or min(bgr.shape[:2]) < 120:
        return []
    found: list[tuple[bool, float, SpectrumArea]] = []
    for grey, light in _views(bgr):
        for candidate in _candidates(grey):
            if any(sure for sure, _, _ in found) and not candidate.drawn:
                break  # the drawn ones come first, and a drawn baseline is surer than any edge
            judged = _judge(grey, candidate, light)
            if judged is not None:
                found.append((judged[1].sure, *judged))
    found.sort(key=lambda one: (not one[0], -one[1]))
    return [area for _, _, area in found]


def _views(bgr: Bgr) -> list[tuple[Grey, bool]]:
    """The picture with the trace bright on dark: as it is, and where much of the screen is light also its negative."""
    views = [(grey_of(bgr), False)]
    luma = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.float32)
    if float((luma > _LIGHT).mean()) > _MUCH_LIGHT:
        views.append((255 - luma, True))
    return views


def _candidates(grey: Grey) -> list[_Candidate]:
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
    found: list[tuple[int, _Candidate]] = []
    pieces: list[tuple[int, int]]
    for mask, is_drawn in ((drawn, True), (edges[0], False), (edges[1], False)):
        for row in np.flatnonzero(mask.sum(axis=1) >= _NARROWEST * width):
            pieces = runs(mask[row].astype(bool))
            if is_drawn:
                lines = [_line_in(level[row], beyond[row], a, b) for a, b in pieces if b - a >= width // 25]
                # A bar that sweeps over the trace interrupts its baseline.
                pieces = _joined([line for line in lines if line is not None], width // 40)
            found += [(b - a, _Candidate(int(row), a, b, is_drawn)) for a, b in pieces if b - a >= _NARROWEST * width]
    found.sort(key=lambda one: (not one[1].drawn, -one[0]))
    kept: list[_Candidate] = []
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


def _judge(grey: Grey, candidate: _Candidate, light: bool) -> tuple[float, SpectrumArea] | None:
    """The area around a candidate and how much speaks for it; None where it is no spectrum."""
    height = grey.shape[0]
    x0, x1, row = candidate.x0, candidate.x1, candidate.row
    if light:
        ground = _ground(grey[:, x0:x1], row)
        if ground is None or ground > _DARKEST:
            return None  # the panel is a dark one on a light page
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
    if not candidate.drawn and (witnesses < 3 or upright < 1.05):
        return None
    if upright < _TEXTURED and (vertical is None or horizontal is None):
        return None
    score *= float(np.sqrt((x1 - x0) * (bottom - top) / grey.size))
    sure = witnesses >= 2
    box = (x0, top, x1, bottom)
    return score, SpectrumArea(box, float(row), vertical, horizontal, tuple(evidence), light, sure)


def _trace_side(grey: Grey, box: tuple[int, int, int, int], row: int) -> tuple[float, float] | None:
    """(part told by one change a column, how upright the texture) of the side with the trace; None: neither is one."""
    x0, top, x1, bottom = box
    gap = 3
    found = []
    for side in (grey[top : max(top, row - gap), x0:x1][::-1], grey[row + gap + 1 : bottom, x0:x1]):
        if side.shape[0] >= 12:
            change, upright = _one_change(side), _upright(side)
            if change >= 0.5 and upright >= _FAINT:
                found.append((change, upright))
    # Of a low trace little is left to judge its texture by.
    plain = [one for one in found if one[1] >= _TEXTURED]
    return max(plain) if plain else max(found) if found else None


def _extent(grey: Grey, candidate: _Candidate) -> tuple[int, int]:
    """First row and one past the last row of what belongs to the trace, going up and down from the baseline.

    It ends where nothing is drawn any more, where it gets bright again after it had become dark, or where the ground
    becomes another: a panel ends there.
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
    above, below = _panel(grey, candidate, up, down)
    return max(0, row - above), min(grey.shape[0], row + 1 + below)


def _ground(inside: Grey, row: int) -> float | None:
    """The grey of the quieter side beside the baseline; None: neither is quiet (a trace at both sides)."""
    few = inside[:, :: max(1, inside.shape[1] // 300)]
    best = (np.inf, 0.0)
    for part in (few[max(0, row - 15) : max(0, row - 3)], few[row + 4 : row + 16]):
        if part.shape[0] >= 6:
            low, middle, high = np.median(np.percentile(part, (25, 50, 75), axis=1), axis=1)
            best = min(best, (float(high - low), float(middle)))
    return best[1] if best[0] <= _QUIET else None


def _panel(grey: Grey, candidate: _Candidate, up: int, down: int) -> tuple[int, int]:
    """How many rows above and below the baseline are the panel's, where the trace goes `up` and `down` rows.

    Another ground ends a panel; and where nothing but the panel's ground lies between the trace and that, it is the panel's.
    """
    x0, x1, row = candidate.x0, candidate.x1, candidate.row
    inside = grey[:, x0:x1]
    ground = _ground(inside, row)
    if ground is None:
        return up, down
    low, high = np.percentile(inside[:, :: max(1, inside.shape[1] // 300)], (25, 75), axis=1)
    other = (np.abs(low - ground) > _BORDER) & (high - low < _BORDER)
    # A saturated trace is even too; what lies beyond a panel goes on to its left or right.
    beside = [grey[:, a : a + 8] for a in (x0 - 12, x1 + 4) if a >= 0 and a + 8 <= grey.shape[1]]
    if beside:
        alike = [np.abs(np.median(part, axis=1) - (low + high) / 2) <= _BORDER for part in beside]
        other &= np.any(alike, axis=0)
    quiet = high - ground <= _QUIET
    ends = []
    for reach, side, still in (
        (up, other[: max(0, row - 3)][::-1], quiet[: max(0, row - 3)][::-1]),
        (down, other[row + 4 :], quiet[row + 4 :]),
    ):
        end = next((a for a, b in runs(side) if b - a >= 4), None)
        if end is None:
            ends.append(reach)
        else:
            ends.append(end + 3 if end + 3 <= reach or still[max(0, reach - 3) : end].all() else reach)
    return ends[0], ends[1]


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
    # The border of the panel at the very end is not the trace's.
    falls[int(_ALL * count) :] = False
    # A column without a change tells nothing, however even it is in itself.
    mean = float(small.mean())
    rest = np.where(falls, rest, squares[-1] - 2 * mean * all_sum + count * mean**2)
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
