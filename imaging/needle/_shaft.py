"""From a candidate line to a shaft: how it is put exactly, where along it new metal shines, and where that ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.needle._lines import Line

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

CORE_MM = 0.12
"""Half the width in which the shaft's own echo is taken, mm."""
WIDEST_GAP_MM = 0.6
"""Dark gaps in a shaft up to this length are bridged, mm."""
NEW_MATERIAL = 15.0
"""What is so many grey levels above the background beside a shaft is new material: filler, or a change of scene."""
LEAST_OWN = 0.4
"""Part of the shaft that must be told from the tissue; the rest may cross tissue as bright as it is."""
KEPT_LEVEL = 0.6
"""A place on the line belongs to the shaft while it is at least this part as bright as the shaft is at most places."""


@dataclass(frozen=True, slots=True)
class Shaft:
    """A new bright stretch of a line, from `start` to `end` ([column, row]; `start` is the shallower one).

    `contrast`: grey levels above what lies over it (median along it). `gain`: grey levels above the background. `filled`:
    part of its length that is bright. `straightness_px`: how far its ridge strays from the line (robust standard
    deviation). `around_end`: part of what lies around the end that is new and bright too.
    `drop`: grey levels by which it ends at `end`; `end_unsure_px`: how long that fall is. `end_at_rim`: whether
    the picture's rim cuts it there.
    """

    line: Line
    start: Doubles
    end: Doubles
    length_px: float
    contrast: float
    gain: float
    level: float
    filled: float
    straightness_px: float
    around_end: float
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
    if len(t) == 0:
        return np.zeros((2 * half_width + 1, 0), np.float32), t
    across = np.arange(-half_width, half_width + 1)[:, None]
    down = np.array([-line.along[1], line.along[0]])
    map_x = (line.point[0] + t * line.along[0])[None] + across * down[0]
    map_y = (line.point[1] + t * line.along[1])[None] + across * down[1]
    band = cv2.remap(
        grey, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return band, t


def refine(more: Floats, line: Line, mm: float) -> Line:
    """The line put on its ridge in `more`: a robust straight fit through the brightest offset at each place, thrice."""
    half = max(3, round(0.3 * mm))
    for _ in range(3):
        band, t = sample(more, line, half)
        if len(t) < 8:
            return line
        smooth = cv2.GaussianBlur(band, (0, 0), sigmaX=0.2 * mm, sigmaY=0.8)
        offset = smooth.argmax(axis=0) - half
        weight = np.clip(smooth.max(axis=0), 0, None) * (np.abs(offset) < half)
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


def measure(grey: Floats, more: Floats, line: Line, mm: float, noise: float) -> Shaft | None:
    """The longest new bright stretch of the line; None where there is none.

    `more`: what is brighter than the background. `mm`: px in 1 mm; `noise`: grey levels of speckle.
    """
    half = max(6, round(0.8 * mm))
    band, t = sample(grey, line, half)
    new, _ = sample(more, line, half)
    if len(t) < 2 * mm:
        return None
    core, inner = max(1, round(CORE_MM * mm)), max(3, round(0.3 * mm))
    ridge = band[half - core : half + core + 1].max(axis=0)
    gain = new[half - core : half + core + 1].max(axis=0)
    # Reverberations lie below the shaft: its contrast is taken against what lies above it.
    above = np.median(band[: half - inner + 1], axis=0)
    ridge, gain, above = (
        cv2.GaussianBlur(row[None].astype(np.float32), (0, 0), sigmaX=0.08 * mm)[0] for row in (ridge, gain, above)
    )
    fresh = gain > max(2 * noise, 20.0)
    if fresh.sum() < mm:
        return None
    level = float(np.median(ridge[fresh & (gain >= np.median(gain[fresh]))]))
    bright = ((ridge > KEPT_LEVEL * level) & fresh) | ((ridge > 0.9 * level) & (ridge - above > noise))
    # Where the tissue itself is as bright as the shaft (skin, fascia) nothing new can be seen: that is no gap.
    either = bright | (ridge > 0.9 * level)
    first, last = _longest_run(either, round(WIDEST_GAP_MM * mm))
    own = np.flatnonzero(bright[first : last + 1])
    if len(own) < max(mm, LEAST_OWN * (last - first)):
        return None
    first, last = first + int(own[0]), first + int(own[-1])
    if last - first < mm:
        return None
    inside = slice(first, last + 1)
    near = cv2.GaussianBlur(band[half - 2 * core : half + 2 * core + 1], (0, 0), sigmaX=0.2 * mm, sigmaY=0.8)
    stray = near[:, inside].argmax(axis=0) - 2 * core
    points = line.point + t[:, None] * line.along
    flip = bool(points[first, 1] > points[last, 1])
    start, end = (points[last], points[first]) if flip else (points[first], points[last])
    drop, place, unsure = _fall(ridge, first if flip else last, -1 if flip else 1, mm, level)
    end = points[0] + place * line.along
    rim = round(0.3 * mm)
    at_first, at_last = first < rim, last > len(t) - 1 - rim
    return Shaft(
        line=line,
        start=start,
        end=end,
        length_px=float(last - first),
        contrast=float(np.median((ridge - above)[inside])),
        gain=float(np.median(gain[inside])),
        level=level,
        filled=float(either[inside].mean()),
        straightness_px=1.48 * float(np.median(np.abs(stray - np.median(stray)))),
        around_end=_around(new, half - inner, place, -1 if flip else 1, mm),
        drop=drop,
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


def _around(new: Floats, rows_above: int, place: float, forward: int, mm: float) -> float:
    """The part of the band above the shaft, 0.6 mm before the end at `place` to 1 mm behind, that is new and bright."""
    ends = sorted((place - forward * 0.6 * mm, place + forward * 1.0 * mm))
    part = new[: rows_above + 1, max(0, round(ends[0])) : max(0, round(ends[1])) + 1]
    return float((part > NEW_MATERIAL).mean()) if part.size else 0.0


def _fall(ridge: Floats, tip: int, forward: int, mm: float, level: float) -> tuple[float, float, float]:
    """The end near `tip`: by how much the brightness falls there (0.4 mm before less 0.4 mm behind), where it crosses half
    of the fall (between pixels), and how long the fall is, px."""
    window = max(3, round(0.4 * mm))
    ahead = ridge if forward > 0 else ridge[::-1]
    at = tip if forward > 0 else len(ridge) - 1 - tip
    before = min(level, float(np.median(ahead[max(0, at - 2 * window) : max(1, at - window // 2)])))
    after_part = ahead[at + window // 2 : at + 2 * window]
    after = float(np.median(after_part)) if len(after_part) else before
    half = (before + after) / 2
    place = float(at)
    for k in range(max(1, at - window), min(len(ahead) - 1, at + window)):
        if ahead[k] >= half > ahead[k + 1]:
            place = k + float((ahead[k] - half) / max(1e-6, ahead[k] - ahead[k + 1]))
            if k >= at - 2:
                break
    inside = ahead[max(0, at - window) : at + window]
    length = float(((inside > after + 0.2 * (before - after)) & (inside < after + 0.8 * (before - after))).sum())
    return before - after, place if forward > 0 else len(ridge) - 1 - place, max(1.0, length)
