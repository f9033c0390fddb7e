"""From flow over a clip to vessels: which patches persist, which were a flash, and which pulsate with the heart.

An artery's velocity rises and falls with each beat; a facial vein's hardly does. The signal is a patch's flow (speed times
area) in each frame. Its period is the highest autocorrelation at 40 to 180 beats a minute; how much it changes with
the heart is a pulsatility index, (highest − lowest) / mean (Gosling and King, 1974), on the 5 % and 95 % quantiles.
Where the clip is too short, too slow or says neither, the answer is `unknown`, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask
from imaging.flow.bar import Box

VesselKind = Literal["artery", "vein", "unknown"]
Signal = npt.NDArray[np.float64]

_SLOWEST_HEART, _FASTEST_HEART = 40.0, 180.0  #: beats a minute
_LEAST_FPS: Final = 8.0  #: six would do for 180 a minute; a pulse's edge needs some more
_LEAST_CYCLES: Final = 2.0  #: of the period found, that the clip must hold
_LEAST_S: Final = 1.5  #: a clip that is shorter holds no two beats of a resting heart
_REGULAR: Final = 0.5  #: autocorrelation at the period, from which a signal is periodic
_PULSATILE: Final = 0.4  #: pulsatility index from which a periodic signal is an artery's
_STEADY: Final = 0.3  #: pulsatility index up to which a signal is a vein's
_ALIVE: Final = 0.001  #: mean change from frame to frame, of the mean, below which nothing moves
_RATE_FPS: Final = 18.0  #: frames a second from which a rate is told: six a beat at 180 a minute
_FINE_FPS: Final = 60.0
_SAME: Final = 0.72  #: of the best autocorrelation, from which a shorter lag is the beat
_PERSISTS: Final = 0.12  #: part of the frames in which a place shows flow, from which it belongs to a vessel


@dataclass(frozen=True, slots=True)
class FlowVessel:
    """A place where flow persists over a clip.

    `bounds` [x0, y0, x1, y1] in pixels. `kind` with its `reason`; a suggestion from the pulse alone, for a person to
    confirm. `heart_rate_per_min` where a period was found; `pulsatility_index` of the flow signal; `frames` with flow.
    """

    bounds: Box
    kind: VesselKind
    reason: str
    direction: Literal["towards", "away", "unknown"]
    heart_rate_per_min: float | None
    pulsatility_index: float | None
    frames: int
    support: Mask = field(repr=False, compare=False)


def vessels_of(
    flow: Sequence[Floats], part: Sequence[Floats], fps: float, area: Box, flashes: Sequence[bool]
) -> list[FlowVessel]:
    """The vessels of a clip, the largest first.

    `flow` per frame (rows, columns): part of each cell that is flow, 0 to 1; `part` the same for the signed part of the
    bar's range, −1 to 1 (sum over the cell). `area` is what the grid covers, in pixels; `flashes`: frames not to count.
    """
    if not flow:
        return []
    stack, signed = np.stack(flow), np.stack(part)
    good = ~np.asarray(flashes, bool)
    if not good.any():
        return []
    shown = (stack > 0.3) & good[:, None, None]
    often = shown.sum(axis=0)
    persists = often >= max(1.0, min(2.0, good.sum() / 2), _PERSISTS * good.sum())
    # An artery beside a vein touches it: they part by the direction that each place has most of the time.
    towards = (signed * good[:, None, None]).sum(axis=0) >= 0
    found: list[FlowVessel] = []
    for side in (towards, ~towards):
        mask = (persists & side).astype(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        for label, (x, y, w, h, size) in enumerate(stats.tolist()):
            if label == 0 or size < 3:
                continue
            support = (labels == label).astype(np.uint8)
            found.append(_vessel(stack, signed, good, support, (x, y, x + w, y + h), fps, area))
    found = [vessel for vessel in found if vessel.frames]
    return sorted(found, key=lambda vessel: -int(vessel.support.sum()))


def _vessel(
    stack: Floats,
    signed: Floats,
    good: npt.NDArray[np.bool_],
    support: Mask,
    cells: Box,
    fps: float,
    area: Box,
) -> FlowVessel:
    inside = support > 0
    covered = stack[:, inside].sum(axis=1).astype(float)
    speed = np.abs(signed[:, inside]).sum(axis=1).astype(float)
    # Frames with a flash say nothing of the flow: they are bridged.
    times = np.arange(len(stack))
    signal = np.interp(times, times[good], speed[good]) if good.any() else speed
    kind, reason, rate, index = classify(signal, fps)
    scale = ((area[2] - area[0]) / stack.shape[2], (area[3] - area[1]) / stack.shape[1])
    bounds = (
        int(area[0] + cells[0] * scale[0]),
        int(area[1] + cells[1] * scale[1]),
        int(np.ceil(area[0] + cells[2] * scale[0])),
        int(np.ceil(area[1] + cells[3] * scale[1])),
    )
    net = float(signed[good][:, inside].sum())
    direction: Literal["towards", "away", "unknown"] = "towards" if net > 0 else "away" if net < 0 else "unknown"
    frames = int(np.count_nonzero(covered[good] > 0.1 * max(covered.max(), 1e-6)))
    return FlowVessel(bounds, kind, reason, direction, rate, index, frames, support)


def classify(signal: Signal, fps: float) -> tuple[VesselKind, str, float | None, float | None]:
    """Artery, vein or unknown by a flow signal (one value a frame), the reason, the heart rate and the pulsatility."""
    if len(signal) < 2:
        return "unknown", "a single frame does not show a pulse", None, None
    if fps < _LEAST_FPS:
        return "unknown", f"{fps:.1f} frames a second are too few to see a pulse", None, None
    seconds = len(signal) / fps
    if seconds < _LEAST_S:
        return "unknown", f"the clip is too short ({seconds:.1f} s) to see two beats", None, None
    smooth = _smoothed(signal, fps)
    mean = float(smooth.mean())
    if mean <= 0:
        return "unknown", "no flow signal", None, None
    if float(np.abs(np.diff(signal)).mean()) < _ALIVE * mean:
        return "unknown", "does not change at all: a frozen picture, or drawn on the screen", None, None
    low, high = np.quantile(smooth, [0.05, 0.95])
    index = round(float(high - low) / mean, 2)
    period, regular = _period(smooth, fps)
    if period is not None and regular >= _REGULAR and index >= _PULSATILE:
        rate = round(60 / period, 1)
        if seconds < _LEAST_CYCLES * period:
            return "unknown", f"the clip holds fewer than two beats at {rate:.0f} a minute", None, index
        if fps < _RATE_FPS:
            # A fast beat is then so few frames that two or three of them may look more alike than one.
            return "artery", f"pulsates regularly, pulsatility {index:.2f}; too few frames for a rate", None, index
        return "artery", f"pulsates regularly, {rate:.0f} a minute, pulsatility {index:.2f}", rate, index
    cardiac = _pulsatility(smooth - _trend(smooth, fps) + mean, mean)
    if cardiac <= _STEADY:
        if seconds < 2 * _LEAST_S:
            return "unknown", f"steady, but the clip is short ({seconds:.1f} s)", None, index
        return "vein", f"steady, pulsatility {cardiac:.2f} at heart rates", None, index
    return "unknown", f"changes (pulsatility {index:.2f}) without a regular pulse", None, index


def _smoothed(signal: Signal, fps: float) -> Signal:
    """The signal less the noise of single frames: a mean over 60 ms at most, so that the edge of a pulse stays."""
    width = max(1, int(0.06 * fps) | 1)
    return np.convolve(np.pad(signal, width // 2, mode="edge"), np.ones(width) / width, mode="valid")


def _trend(signal: Signal, fps: float) -> Signal:
    """What is slower than a heart: breathing, a drifting probe."""
    width = min(len(signal) | 1, int(60 / _SLOWEST_HEART * fps) | 1)
    return np.convolve(np.pad(signal, width // 2, mode="reflect"), np.ones(width) / width, mode="valid")[: len(signal)]


def _pulsatility(signal: Signal, mean: float) -> float:
    low, high = np.quantile(signal, [0.05, 0.95])
    return float(high - low) / mean


def _period(signal: Signal, fps: float) -> tuple[float | None, float]:
    """The period in seconds with the highest autocorrelation at heart rates, and that autocorrelation."""
    # Between frames by straight lines: at 12 frames a second a fast beat is five frames, and only three beats are a whole
    # number of them.
    finer = max(1, int(np.ceil(_FINE_FPS / fps)))
    signal = np.interp(np.arange((len(signal) - 1) * finer + 1) / finer, np.arange(len(signal)), signal)
    fps *= finer
    flat = signal - _trend(signal, fps) if len(signal) > 3 * 60 / _SLOWEST_HEART * fps else signal - signal.mean()
    shortest = max(2, int(np.floor(60 / _FASTEST_HEART * fps)))
    longest = min(int(np.ceil(60 / _SLOWEST_HEART * fps)), len(flat) // 2)
    if longest <= shortest or float(flat.std()) <= 0:
        return None, 0.0
    scores = np.array([_alike(flat[lag:], flat[:-lag]) for lag in range(shortest - 1, longest + 2)])
    crests = [k for k in range(1, len(scores) - 1) if scores[k - 1] <= scores[k] > scores[k + 1] and scores[k] > 0]
    if not crests:
        return None, 0.0
    top = max(scores[k] for k in crests)
    # Two beats are alike too: the shortest of the nearly equal lags is the beat.
    first = next(k for k in crests if scores[k] >= _SAME * top)
    before, here, after = scores[first - 1 : first + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(shortest - 1 + first + shift) / fps, float(here)


def _alike(one: Signal, other: Signal) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0
