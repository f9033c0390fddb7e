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


@dataclass(frozen=True, slots=True)
class Beat:
    """`begin` and `end` in columns from the outline's first; `peak_px` and `end_px`: heights at systole and before the next
    rise; `mean_px` over the beat."""

    begin: float
    end: float
    peak_px: float
    end_px: float
    mean_px: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Whole beats, the period in columns with its standard error, and how alike the beats are (autocorrelation, 0 to 1)."""

    beats: tuple[Beat, ...]
    period_px: float
    period_error_px: float
    alike: float


def steady(heights: Floats) -> Floats:
    """The outline without gaps (bridged) and without single columns that stick out (median of five)."""
    known = np.flatnonzero(~np.isnan(heights))
    filled = np.interp(np.arange(heights.size), known, heights[known]) if known.size else np.zeros(heights.size)
    padded = np.pad(filled, 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1), np.float64)


def find_rhythm(heights: Floats) -> Rhythm | None:
    """The beats of an outline (`Envelope.heights_px`); None where it does not repeat itself over at least two rises."""
    outline = steady(heights)
    seen = ~np.isnan(heights)
    if outline.size < 3 * _SHORTEST_PX or seen.sum() < 3 * _SHORTEST_PX:
        return None
    found = _period(outline)
    if found is None:
        return None
    period, alike = found
    rises = _rises(outline, period)
    if len(rises) < 2:
        return None
    rises = _in_step(rises, period)
    if len(rises) < 2:
        return None
    turns = np.round((np.array(rises) - rises[0]) / period)
    gaps = np.diff(rises) / np.maximum(np.diff(turns), 1)
    period_px = float((rises[-1] - rises[0]) / turns[-1])
    error = float(np.std(gaps, ddof=1) / np.sqrt(gaps.size)) if gaps.size > 1 else 0.0
    beats = []
    for a, b in itertools.pairwise(rises):
        # A gap (an erase bar) within a beat hides its peak or its end: it is not counted.
        whole = bool(seen[max(0, int(a - 0.15 * period)) : int(b)].mean() > 0.97) and abs((b - a) / period - 1) < 0.35
        if whole:
            beats.append(_beat(outline, a, b, period))
    return Rhythm(tuple(beats), period_px, max(error, 0.5 / float(turns[-1])), alike) if beats else None


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


def _period(outline: Floats) -> tuple[float, float] | None:
    """(columns, likeness) of the first high peak of the autocorrelation; None: there is none."""
    centred = outline - outline.mean()
    spread = float(np.std(outline))
    if spread < 0.5 or spread < 0.03 * float(np.mean(outline)):
        return None
    size = centred.size
    spectrum = np.fft.rfft(centred, 2 * size)
    whole = np.fft.irfft(np.abs(spectrum) ** 2)[:size]
    squares = np.concatenate([[0.0], np.cumsum(centred**2)])
    lags = np.arange(size)
    norm = np.sqrt((squares[size - lags]) * (squares[size] - squares[lags]))
    likeness = whole / np.maximum(norm, 1e-9)
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


def _rises(outline: Floats, period: float) -> list[float]:
    """The columns of the steepest rise of each beat (middle of the upstroke)."""
    width = max(1, round(0.03 * period))
    kernel = np.concatenate([np.ones(width), -np.ones(width)]) / width
    slope = np.convolve(np.pad(outline, width, mode="edge"), kernel, "same")[width:-width]
    slope[: 2 * width] = np.minimum(slope[: 2 * width], slope[2 * width])
    limit = 0.4 * float(np.percentile(slope, 99.5))
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


def _beat(outline: Floats, a: float, b: float, period: float) -> Beat:
    begin, end = int(a), int(b)
    window = max(3, round(0.03 * period) | 1)
    smooth = np.convolve(np.pad(outline, window // 2, mode="edge"), np.ones(window) / window, "valid")
    top = begin + int(np.argmax(smooth[begin : begin + max(2, int(0.6 * period))]))
    peak = _top(outline, top, period)
    return Beat(a, b, peak, _before_rise(outline, end, period), float(outline[begin:end].mean()))


def _top(outline: Floats, top: int, period: float) -> float:
    """The crest near a column: a parabola through it, so that neither noise lifts it nor smoothing cuts it off."""
    reach = max(2, round(0.035 * period))
    a, b = max(0, top - reach), min(outline.size, top + reach + 1)
    if b - a < 5:
        return float(outline[a:b].max())
    x = np.arange(a, b) - top
    fit = np.polyfit(x, outline[a:b], 2)
    if fit[0] >= 0:
        return float(np.median(outline[a:b]))
    crest = float(np.clip(-fit[1] / (2 * fit[0]), x[0], x[-1]))
    return float(np.polyval(fit, crest))


def _before_rise(outline: Floats, rise: int, period: float) -> float:
    """The height just before a rise: from its middle back to its foot, then the median of a short stretch before that."""
    first = max(0, rise - max(4, int(0.3 * period)))
    stretch = outline[first : rise + 1]
    if stretch.size < 4:
        return float(stretch.min())
    low, high = float(np.min(stretch)), float(stretch[-1])
    foot = rise
    while foot > first and outline[foot] > low + 0.12 * max(high - low, 1.0):
        foot -= 1
    length = max(3, round(0.05 * period))
    return float(np.median(outline[max(0, foot - length + 1) : foot + 1]))
