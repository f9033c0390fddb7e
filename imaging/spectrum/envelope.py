"""The outline of a spectral trace: in each column the row of the fastest flow, above and below the baseline.

Each pixel is asked how much likelier its grey is inside the trace than in the noise beyond it (log likelihood ratio of
two histograms taken from the picture itself); in each column the sum from the baseline outwards is greatest at the
trace's end. The ends of all columns are chosen together, a jump from column to column at a price (dynamic programming),
so that a speck of noise or a hole of speckle does not move the outline; then each end is set to where the grey falls
through the middle between trace and noise. (The idea of a change point from signal to noise is that of Kathpalia et al.,
"Adaptive noise removal for ultrasound Doppler spectra", and of the geometric and signal noise slope intersection methods.)

Limits: the outline of a display is that of the maker's grey map and gain, not of the flow; spectral broadening of wide
apertures makes it 5 to 20 % too fast on a real probe. `imaging.spectrum._edge` takes off what the fading edge tells of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.spectrum._edge import Shift, edge_shift
from imaging.spectrum._ink import ink_of
from imaging.spectrum.area import SpectrumArea

Floats = npt.NDArray[np.float64]

_STEEPEST: Final = 0.06  #: part of the height that the outline may move from one column to the next
_LEVEL: Final = 0.5  #: between noise (0) and trace (1): where the outline is set
_DARK: Final = 14  #: grey that JPEG makes of black
_FULL: Final = 0.93  #: part of a column that is lit where it is a line from end to end


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outline of one side: `first_column` of the picture, and for each column from there the distance of the outline
    from zero velocity in pixels (NaN where there is no trace: an erase bar, the end of the sweep).

    `share` is the part of the trace's light that this side has; `at_edge` the part of the columns in which the outline
    reaches the end of the area (cut off, or aliased); `contrast` of the trace over the noise in grey levels. `ink` (rows
    from the baseline outwards, columns) is what the outline was taken from, its first row `offset_px` from zero velocity.
    """

    above: bool
    first_column: int
    heights_px: Floats
    share: float
    at_edge: float
    contrast: float
    ink: Floats
    offset_px: float
    noise: float

    def shift(self, columns: Sequence[int], fall_db: float, *, height_px: float | None = None) -> Shift | None:
        """How far the fastest flow of some columns (counted from the first) lies inside of the outline.

        `height_px`: they all have this height, and the outline's raggedness there is noise.
        """
        heights = self.heights_px if height_px is None else np.where(np.isnan(self.heights_px), np.nan, height_px)
        return edge_shift(self.ink, heights - self.offset_px, columns, self.noise, fall_db)

    def moved(self, heights_px: Floats) -> Envelope:
        """The same with another outline."""
        return replace(self, heights_px=heights_px)


def envelopes(bgr: Bgr, area: SpectrumArea, zero_row: float) -> list[Envelope]:
    """The outlines above and below the baseline, the stronger first; a side without a trace is left out.

    Empty where there is no trace on either side.
    """
    grey, first = _inside(bgr, area)
    if grey.shape[1] < 16:
        return []
    y0 = area.box[1]
    row = int(np.floor(zero_row))
    above, below = grey[: max(0, row - y0)][::-1], grey[row - y0 + 1 :]
    offsets = (zero_row - (row - 1), row + 1 - zero_row)
    noise, trace = _levels([side for side in (above, below) if side.shape[0] >= 8])
    if trace - noise < 12:
        return []
    found: list[tuple[float, Envelope]] = []
    for side, is_above, offset in ((above, True, offsets[0]), (below, False, offsets[1])):
        if side.shape[0] < 8:
            continue
        heights = _outline(side, noise, trace)
        light = float(
            np.nansum(np.maximum(side - noise, 0) * (np.arange(side.shape[0])[:, None] <= np.nan_to_num(heights)[None]))
        )
        known = heights[~np.isnan(heights)]
        if known.size < 16:
            continue
        edge = float(np.mean(known >= side.shape[0] - max(3, 0.02 * side.shape[0])))
        whole = Envelope(is_above, first, heights + offset, 0.0, edge, trace - noise, side, offset, noise)
        found.append((light, whole))
    total = sum(light for light, _ in found)
    if total <= 0:
        return []
    found.sort(key=lambda one: -one[0])
    return [replace(e, share=light / total) for light, e in found if light >= 0.03 * total]


def _inside(bgr: Bgr, area: SpectrumArea) -> tuple[Floats, int]:
    """The ink of the area, NaN where something is drawn over it, without the dead columns at its ends; its first column."""
    x0, y0, x1, y1 = area.box
    grey, drawn = ink_of(np.ascontiguousarray(bgr[y0:y1, x0:x1]), light=area.light)
    lit = grey > _DARK
    lively = (lit.mean(axis=0) > 0.03) & (lit.sum(axis=0) > 5)
    # A bar or a cursor over the whole height is no trace.
    lively &= (lit | drawn).mean(axis=0) < _FULL
    alive = np.flatnonzero(np.convolve(lively, np.ones(9), "same") >= 5)
    if not alive.size:
        return grey[:, :0], x0
    a, b = int(alive[0]), int(alive[-1]) + 1
    # The ends may hold a frame or the ticks.
    a, b = a + 2, b - 2
    if b - a < 16:
        return grey[:, :0], x0
    grey, drawn = grey[:, a:b], drawn[:, a:b]
    baseline = round(area.baseline_row) - y0
    drawn[max(0, baseline - 2) : baseline + 3] = True
    grey[drawn] = np.nan
    grey[:, ~lively[a:b]] = np.nan
    return grey, x0 + a


def _levels(sides: list[Floats]) -> tuple[float, float]:
    """The grey of noise and of trace: the two classes of the smoothed picture (Otsu), then their medians."""
    filled = [cv2.blur(np.nan_to_num(side, nan=0.0).astype(np.float32), (5, 5)) for side in sides]
    values = np.concatenate([one.ravel() for one in filled])
    if not values.size:
        return 0.0, 0.0
    limit, _ = cv2.threshold(np.clip(values, 0, 255).astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    low, high = values[values <= limit], values[values > limit]
    if low.size < 50 or high.size < 50:
        return 0.0, 0.0
    return float(np.median(low)), float(np.median(high))


def _outline(side: Floats, noise: float, trace: float) -> Floats:
    """Heights in pixels from the side's first row (0) for each column; NaN where there is no trace in it."""
    hidden = np.isnan(side)
    dead = hidden.all(axis=0)
    smooth = _smoothed(side)
    ratio = _likelihood(smooth, hidden, noise, trace)
    ratio[:, dead] = 0.0
    gain = np.vstack([np.zeros((1, side.shape[1])), np.cumsum(ratio, axis=0)])
    path = _best_path(gain)
    for _ in range(1):
        inside = np.arange(side.shape[0])[:, None] < path[None, :]
        better = _likelihood_of(smooth, hidden, inside)
        if better is None:
            break
        ratio = better
        ratio[:, dead] = 0.0
        path = _best_path(np.vstack([np.zeros((1, side.shape[1])), np.cumsum(ratio, axis=0)]))
    heights = _to_level(smooth, path, noise, trace)
    heights[dead] = np.nan
    return heights


def _smoothed(side: Floats) -> Floats:
    """The picture over its speckle (3 by 3), from the pixels that are not hidden alone."""
    seen = (~np.isnan(side)).astype(np.float32)
    total = cv2.GaussianBlur(np.nan_to_num(side, nan=0.0).astype(np.float32), (5, 3), 0)
    weight = cv2.GaussianBlur(seen, (5, 3), 0)
    return np.asarray(total / np.maximum(weight, 1e-3), np.float64)


def _likelihood(smooth: Floats, hidden: npt.NDArray[np.bool_], noise: float, trace: float) -> Floats:
    """A first log likelihood ratio: a straight line through zero at the middle between noise and trace."""
    ratio = np.clip((smooth - (noise + 0.35 * (trace - noise))) / (0.3 * (trace - noise)), -2.0, 2.0)
    ratio[hidden] = 0.0
    return ratio


def _likelihood_of(smooth: Floats, hidden: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_]) -> Floats | None:
    """The log likelihood ratio from the histograms inside and outside of a first outline."""
    bins = np.clip(smooth / 8, 0, 31).astype(np.intp)
    count_in = np.bincount(bins[inside & ~hidden], minlength=32).astype(np.float64)
    count_out = np.bincount(bins[~inside & ~hidden], minlength=32).astype(np.float64)
    if count_in.sum() < 200 or count_out.sum() < 200:
        return None
    kernel = np.array([0.25, 0.5, 0.25])
    p_in = np.convolve(count_in, kernel, "same") + 0.002 * count_in.sum()
    p_out = np.convolve(count_out, kernel, "same") + 0.002 * count_out.sum()
    table = np.clip(np.log(p_in / p_in.sum()) - np.log(p_out / p_out.sum()), -2.5, 2.5)
    ratio = np.asarray(table[bins], np.float64)
    ratio[hidden] = 0.0
    return ratio


def _best_path(gain: Floats) -> npt.NDArray[np.intp]:
    """For each column the row (0 to rows) that makes the sum of gains greatest, at a price for each row of a jump.

    The price is linear up to the steepest step allowed, so a minimum over neighbours in two sweeps (a lower envelope of
    cones, Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012) does each column at once.
    """
    rows, columns = gain.shape
    price = max(0.15, 12.0 / rows)
    ramp = price * np.arange(rows)
    score = np.empty_like(gain)
    origin = np.empty(gain.shape, np.intp)
    score[:, 0] = gain[:, 0]
    origin[:, 0] = np.arange(rows)
    index = np.arange(rows)
    for column in range(1, columns):
        before = score[:, column - 1]
        up = before + ramp  # best from rows below: max over q <= p of before[q] - price (p - q)
        best_up = np.maximum.accumulate(up)
        from_up = np.maximum.accumulate(np.where(up >= best_up, index, 0))
        down = before[::-1] + ramp
        best_down = np.maximum.accumulate(down)
        from_down = (rows - 1) - np.maximum.accumulate(np.where(down >= best_down, index, 0))[::-1]
        value_up, value_down = best_up - ramp, (best_down - ramp)[::-1]
        take = value_up >= value_down
        score[:, column] = np.where(take, value_up, value_down) + gain[:, column]
        origin[:, column] = np.where(take, from_up, from_down)
    path = np.empty(columns, np.intp)
    path[-1] = int(np.argmax(score[:, -1]))
    for column in range(columns - 1, 0, -1):
        path[column - 1] = origin[path[column], column]
    return path


def _to_level(smooth: Floats, path: npt.NDArray[np.intp], noise: float, trace: float) -> Floats:
    """The outline moved to where the grey falls through the level between noise and the trace just inside."""
    rows, columns = smooth.shape
    heights = path.astype(np.float64) - 0.5
    reach = max(4, rows // 25)
    for column in range(columns):
        end = int(path[column])
        if end < 2:
            continue
        a, b = max(0, end - 2 * reach), min(rows, end + reach + 1)
        values = smooth[a:b, column]
        local = max(noise + 10, float(np.median(values[: max(3, min(reach, end - a))])))
        level = noise + _LEVEL * (min(local, trace) - noise)
        over = np.flatnonzero(values >= level)
        if not over.size or over[-1] + 1 >= values.size:
            continue
        last = int(over[-1])
        fall = values[last] - values[last + 1]
        heights[column] = a + last + (0.0 if fall <= 0 else float((values[last] - level) / fall))
    return heights
