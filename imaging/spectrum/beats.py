"""Beats on an outline: where each begins, how long they are, the fastest flow of each and the flow at its end.

A beat begins with the steepest rise. The period is the first high peak of the outline's autocorrelation; the rises are
then looked for one period apart. The end-diastolic velocity is that just before the rise (not the least of the beat:
an early-diastolic notch is lower than the end). Ratios as in Gosling and King 1974 (PI) and Pourcelot 1974 (RI).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_ALIKE: Final = 0.35  #: autocorrelation from which an outline repeats itself
_SHORTEST_PX: Final = 12  #: a beat of fewer columns cannot be measured
_GAP_PX: Final = 2  #: columns that a drawn line may hide


@dataclass(frozen=True, slots=True)
class Beat:
    """`begin` and `end` in columns from the outline's first; `peak_px` and `end_px`: heights at systole and before the next
    rise, each told by some columns, `peak_at` and `end_at` (first, one past the last); `mean_px` over the beat."""

    begin: float
    end: float
    peak_px: float
    end_px: float
    mean_px: float
    peak_at: tuple[int, int]
    end_at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Whole beats, the period in columns with its standard error, and how alike the beats are (autocorrelation, 0 to 1)."""

    beats: tuple[Beat, ...]
    period_px: float
    period_error_px: float
    alike: float


def bridged(heights: Floats) -> Floats:
    """The outline with its gaps filled in straight lines."""
    known = np.flatnonzero(~np.isnan(heights))
    return np.interp(np.arange(heights.size), known, heights[known]) if known.size else np.zeros(heights.size)


def steady(heights: Floats) -> Floats:
    """The outline without gaps (bridged) and without single columns that stick out (median of five)."""
    padded = np.pad(bridged(heights), 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1), np.float64)


def find_rhythm(heights: Floats) -> Rhythm | None:
    """The beats of an outline (`Envelope.heights_px`); None where it does not repeat itself over at least two rises.

    A wide gap is a bar that sweeps: left and right of it stand two sweeps, of which neither continues the other.
    """
    ranges = [(a, b) for a, b in _parts(heights) if b - a >= 2 * _SHORTEST_PX]
    parts = [(a, steady(heights[a:b])) for a, b in ranges]
    if sum(part.size for _, part in parts) < 3 * _SHORTEST_PX:
        return None
    found = _period([part for _, part in parts])
    if found is None:
        return None
    period, alike = found
    beats: list[Beat] = []
    gaps: list[float] = []
    limit = 0.4 * max(_steepest(part, period) for _, part in parts)
    for first, part in parts:
        rises = _in_step(_rises(part, period, limit), period)
        if len(rises) < 2:
            continue
        turns = np.maximum(np.round(np.diff(rises) / period), 1)
        gaps += [float(gap) for gap in np.diff(rises) / turns]
        seen = ~np.isnan(heights[first : first + part.size])
        for a, b in itertools.pairwise(rises):
            # A gap within a beat hides its peak or its end: it is not counted.
            if seen[max(0, int(a - 0.15 * period)) : int(b)].mean() > 0.97 and abs((b - a) / period - 1) < 0.35:
                beats.append(_beat(part, bridged(heights[first : first + part.size]), a, b, period, first))
    if not beats:
        return None
    period_px = float(np.mean(gaps)) if len(gaps) < 4 else float(np.mean(_usual(np.array(gaps))))
    error = float(np.std(gaps, ddof=1) / np.sqrt(len(gaps))) if len(gaps) > 1 else 0.0
    return Rhythm(tuple(beats), period_px, max(error, 0.5 / len(gaps)), alike)


def _usual(gaps: Floats) -> Floats:
    """The distances without those that are far from the middle one: a rise was missed or one too many was seen."""
    middle = float(np.median(gaps))
    return gaps[np.abs(gaps - middle) <= 0.15 * middle]


def _parts(heights: Floats) -> list[tuple[int, int]]:
    """Stretches of columns between the wide gaps: [first, one past the last]."""
    known = np.flatnonzero(~np.isnan(heights))
    if not known.size:
        return []
    breaks = np.flatnonzero(np.diff(known) > _GAP_PX)
    firsts = [int(known[0]), *(int(known[i + 1]) for i in breaks)]
    lasts = [*(int(known[i]) + 1 for i in breaks), int(known[-1]) + 1]
    return list(zip(firsts, lasts, strict=True))


def _in_step(rises: list[float], period: float) -> list[float]:
    """The rises without one at either end that is out of step: half a rise at the picture's border looks like one."""
    if len(rises) < 4:
        return rises
    usual = float(np.median(np.diff(rises)))
    if abs(rises[1] - rises[0] - usual) > 0.12 * period:
        rises = rises[1:]
    if len(rises) > 2 and abs(rises[-1] - rises[-2] - usual) > 0.12 * period:
        rises = rises[:-1]
    return rises


def _period(parts: list[Floats]) -> tuple[float, float] | None:
    """(columns, likeness) of the first high peak of the autocorrelation over all parts; None: there is none."""
    every = np.concatenate(parts)
    mean, spread = float(every.mean()), float(np.std(every))
    if spread < 0.5 or spread < 0.03 * mean:
        return None
    size = max(part.size for part in parts)
    whole, ahead, behind = np.zeros(size), np.zeros(size), np.zeros(size)
    for part in parts:
        centred = part - mean
        n = centred.size
        whole[:n] += np.fft.irfft(np.abs(np.fft.rfft(centred, 2 * n)) ** 2)[:n]
        squares = np.concatenate([[0.0], np.cumsum(centred**2)])
        lags = np.arange(n)
        ahead[:n] += squares[n - lags]
        behind[:n] += squares[n] - squares[lags]
    likeness = whole / np.maximum(np.sqrt(ahead * behind), 1e-9)
    last = int(0.75 * size)
    falls = np.flatnonzero(likeness[:last] < 0.2)
    if not falls.size:
        return None
    first = max(int(falls[0]), _SHORTEST_PX)
    peaks = [
        lag
        for lag in range(first + 1, last - 1)
        if likeness[lag] >= likeness[lag - 1] and likeness[lag] > likeness[lag + 1]
    ]
    if not peaks:
        return None
    best = max(float(likeness[lag]) for lag in peaks)
    if best < _ALIKE:
        return None
    # Two beats are as alike as one: the first that is nearly as high. A dicrotic wave is not.
    lag = next(lag for lag in peaks if likeness[lag] >= 0.8 * best)
    return float(lag), float(likeness[lag])


def _slope(outline: Floats, period: float) -> Floats:
    width = max(1, round(0.03 * period))
    kernel = np.concatenate([np.ones(width), -np.ones(width)]) / width
    slope = np.convolve(np.pad(outline, width, mode="edge"), kernel, "same")[width:-width]
    slope[: 2 * width] = np.minimum(slope[: 2 * width], slope[2 * width])
    return np.asarray(slope, np.float64)


def _steepest(outline: Floats, period: float) -> float:
    return float(np.percentile(_slope(outline, period), 99.5))


def _rises(outline: Floats, period: float, limit: float) -> list[float]:
    """The columns of the steepest rise of each beat (middle of the upstroke), of a slope of `limit` at least."""
    slope = _slope(outline, period)
    if limit <= 0:
        return []
    order = np.argsort(-slope, kind="stable")
    taken: list[int] = []
    for column in order:
        if slope[column] < limit:
            break
        if all(abs(int(column) - other) > 0.6 * period for other in taken):
            taken.append(int(column))
    taken.sort()
    return [float(column) for column in taken]


def _beat(outline: Floats, raw: Floats, a: float, b: float, period: float, first: int) -> Beat:
    begin, end = int(a), int(b)
    window = max(3, round(0.03 * period) | 1)
    smooth = np.convolve(np.pad(outline, window // 2, mode="edge"), np.ones(window) / window, "valid")
    top = begin + int(np.argmax(smooth[begin : begin + max(2, int(0.6 * period))]))
    peak = _top(raw, top, period)
    beside = max(1, round(0.012 * period))
    low, stretch = _before_rise(outline, end, period)
    mean = float(outline[begin:end].mean())
    return Beat(
        first + a,
        first + b,
        peak,
        low,
        mean,
        (first + top - beside, first + top + beside + 1),
        (first + stretch[0], first + stretch[1]),
    )


def _top(outline: Floats, top: int, period: float) -> float:
    """The crest near a column: a parabola through it, so that neither noise lifts it nor smoothing cuts it off."""
    reach = max(2, round(0.025 * period))
    a, b = max(0, top - reach), min(outline.size, top + reach + 1)
    if b - a < 5:
        return float(outline[a:b].max())
    x = np.arange(a, b) - top
    fit = np.polyfit(x, outline[a:b], 2)
    if fit[0] >= 0:
        return float(np.median(outline[a:b]))
    crest = float(np.clip(-fit[1] / (2 * fit[0]), x[0], x[-1]))
    return float(np.polyval(fit, crest))


def _before_rise(outline: Floats, rise: int, period: float) -> tuple[float, tuple[int, int]]:
    """The height just before a rise: from its middle back to its foot, then the median of a short stretch before that.

    Also the stretch's columns.
    """
    first = max(0, rise - max(4, int(0.3 * period)))
    stretch = outline[first : rise + 1]
    if stretch.size < 4:
        return float(stretch.min()), (first, rise + 1)
    low, high = float(np.min(stretch)), float(stretch[-1])
    foot = rise
    while foot > first and outline[foot] > low + 0.12 * max(high - low, 1.0):
        foot -= 1
    length = max(3, round(0.05 * period))
    a = max(0, foot - length + 1)
    return float(np.median(outline[a : foot + 1])), (a, foot + 1)
