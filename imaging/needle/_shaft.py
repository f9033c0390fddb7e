"""From a candidate line to a shaft: how it is put exactly, where along it the metal shines, and where that ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.needle._lines import Line

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shaft:
    """A bright stretch of a line, from `start` to `end` ([column, row]; `start` is the shallower one).

    `contrast`: grey levels above both sides (median along it). `filled`: part of its length that is bright.
    `straightness_px`: how far its ridge strays from the line (robust standard deviation). `drop`: grey levels by which it
    ends at `end`, and `end_unsure_px` the standard error of that place. `start_at_rim`, `end_at_rim`: whether the picture's
    rim cuts it there.
    """

    line: Line
    start: Doubles
    end: Doubles
    length_px: float
    contrast: float
    level: float
    filled: float
    straightness_px: float
    drop: float
    end_unsure_px: float
    start_at_rim: bool
    end_at_rim: bool


def sample(grey: Floats, line: Line, half_width: int) -> tuple[Floats, Doubles]:
    """`grey` along the line: (2·half_width+1, n) with the line in the middle row and what is shallower above; and the
    positions (n,) along it, px from `line.point`, that lie inside the picture."""
    rows, columns = grey.shape
    reach = int(np.hypot(rows, columns))
    t = np.arange(-reach, reach + 1, dtype=np.float64)
    x, y = line.point[0] + t * line.along[0], line.point[1] + t * line.along[1]
    t = t[(x >= 0) & (x <= columns - 1) & (y >= 0) & (y <= rows - 1)]
    across = np.arange(-half_width, half_width + 1)[:, None]
    down = np.array([-line.along[1], line.along[0]])
    map_x = (line.point[0] + t * line.along[0])[None] + across * down[0]
    map_y = (line.point[1] + t * line.along[1])[None] + across * down[1]
    band = cv2.remap(
        grey, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return band, t


def refine(grey: Floats, line: Line, mm: float) -> Line:
    """The line put on its ridge: a robust straight fit through the brightest offset at each place, twice."""
    half = max(3, round(0.4 * mm))
    for _ in range(2):
        band, t = sample(grey, line, half)
        if len(t) < 8:
            return line
        smooth = cv2.GaussianBlur(band, (0, 0), sigmaX=0.4 * mm, sigmaY=1.0)
        offset = smooth.argmax(axis=0) - half
        bright = smooth.max(axis=0) - np.median(band, axis=0)
        weight = np.clip(bright - np.percentile(bright, 50), 0, None) * (np.abs(offset) < half)
        if weight.sum() <= 0:
            return line
        slope, shift = 0.0, 0.0
        for _ in range(4):
            residual = offset - (slope * t + shift)
            scale = max(0.7, 1.5 * float(np.median(np.abs(residual[weight > 0]))))
            w = weight / (1 + (residual / scale) ** 2)
            mean_t, mean_o = np.average(t, weights=w), np.average(offset, weights=w)
            slope = float((w * (t - mean_t) * (offset - mean_o)).sum() / max(1e-9, (w * (t - mean_t) ** 2).sum()))
            shift = float(mean_o - slope * mean_t)
        down = np.array([-line.along[1], line.along[0]])
        along = line.along + slope * down
        line = Line(line.point + shift * down, along / np.linalg.norm(along), line.votes)
    return line


def measure(grey: Floats, line: Line, mm: float, noise: float) -> Shaft | None:
    """The longest bright stretch of the line; None where there is none. `mm`: px in 1 mm; `noise`: grey levels of speckle."""
    half = max(6, round(0.9 * mm))
    band, t = sample(grey, line, half)
    if len(t) < 2 * mm:
        return None
    core = max(1, round(0.12 * mm))
    inner, outer = max(core + 1, round(0.3 * mm)), half
    ridge = cv2.GaussianBlur(band[half - core : half + core + 1].max(axis=0)[None], (0, 0), sigmaX=0.2 * mm)[0]
    above = cv2.GaussianBlur(np.median(band[half - outer : half - inner + 1], axis=0)[None], (0, 0), sigmaX=0.3 * mm)[0]
    below = cv2.GaussianBlur(np.median(band[half + inner : half + outer + 1], axis=0)[None], (0, 0), sigmaX=0.3 * mm)[0]
    contrast = ridge - np.maximum(above, below)
    top = float(np.percentile(contrast, 90))
    if top < 1.5 * noise:
        return None
    first, last = _longest_run(contrast > max(noise, 0.45 * top), round(0.7 * mm))
    if last - first < 2 * mm:
        return None
    inside = slice(first, last + 1)
    band_core = cv2.GaussianBlur(band[half - 2 * core : half + 2 * core + 1], (0, 0), sigmaX=0.3 * mm, sigmaY=0.8)
    stray = band_core[:, inside].argmax(axis=0) - 2 * core
    straight = 1.48 * float(np.median(np.abs(stray - np.median(stray))))
    points = line.point + t[:, None] * line.along
    start, end, flip = points[first], points[last], False
    if start[1] > end[1]:
        start, end, flip = end, start, True
    tip = first if flip else last
    sharp, place, unsure = _drop(ridge, tip, -1 if flip else 1, mm, noise)
    end = points[int(np.clip(round(place), 0, len(t) - 1))]
    rim = round(0.5 * mm)
    at_first, at_last = first < rim, last > len(t) - 1 - rim
    return Shaft(
        line=line,
        start=start,
        end=end,
        length_px=float(last - first),
        contrast=float(np.median(contrast[inside])),
        level=float(np.median(ridge[inside])),
        filled=float((contrast[inside] > max(noise, 0.45 * top)).mean()),
        straightness_px=max(0.3, straight),
        drop=sharp,
        end_unsure_px=unsure,
        start_at_rim=at_last if flip else at_first,
        end_at_rim=at_first if flip else at_last,
    )


def _longest_run(bright: npt.NDArray[np.bool_], widest_gap: int) -> tuple[int, int]:
    """First and last index of the longest run, gaps of at most `widest_gap` bridged."""
    at = np.flatnonzero(bright)
    if len(at) == 0:
        return 0, 0
    breaks = np.flatnonzero(np.diff(at) > widest_gap)
    starts, ends = np.r_[0, breaks + 1], np.r_[breaks, len(at) - 1]
    best = int(np.argmax(at[ends] - at[starts]))
    return int(at[starts[best]]), int(at[ends[best]])


def _drop(ridge: Floats, tip: int, forward: int, mm: float, noise: float) -> tuple[float, float, float]:
    """Where near `tip` the brightness falls most (mean of 1 mm before less 1 mm behind): how much, where, its error, px."""
    window = max(3, round(1.0 * mm))
    padded = np.pad(ridge.astype(np.float64), window, mode="edge")
    sums = np.concatenate([[0.0], np.cumsum(padded)])
    at = np.arange(max(0, tip - window), min(len(ridge), tip + window + 1))
    left = (sums[at + window] - sums[at]) / window
    right = (sums[at + 2 * window] - sums[at + window]) / window
    fall = (left - right) * forward
    best = int(fall.argmax())
    height = float(fall[best])
    unsure = 0.25 * mm * float(np.clip(noise / max(height, 1.0), 0.2, 3.0))
    return height, float(at[best]), unsure
