"""How far the trace of a Doppler spectrum, and the panel that it is drawn on, go up and down from the baseline."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.spectrum._baselines import Candidate, Grey
from imaging.spectrum._ticks import runs

_NOTHING: Final = 14  #: grey level up to which JPEG alone makes black
_QUIET: Final = 30  #: grey levels that half of a quiet row's columns lie within
_BORDER: Final = 10  #: grey levels by which the ground beyond the panel differs from the panel's


def extent(grey: Grey, candidate: Candidate) -> tuple[int, int]:
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


def ground_at(inside: Grey, row: int) -> float | None:
    """The grey of the quieter side beside the baseline; None: neither is quiet (a trace at both sides)."""
    few = inside[:, :: max(1, inside.shape[1] // 300)]
    best = (np.inf, 0.0)
    for part in (few[max(0, row - 15) : max(0, row - 3)], few[row + 4 : row + 16]):
        if part.shape[0] >= 6:
            low, middle, high = np.median(np.percentile(part, (25, 50, 75), axis=1), axis=1)
            best = min(best, (float(high - low), float(middle)))
    return best[1] if best[0] <= _QUIET else None


def _panel(grey: Grey, candidate: Candidate, up: int, down: int) -> tuple[int, int]:
    """How many rows above and below the baseline are the panel's, where the trace goes `up` and `down` rows.

    Another ground ends a panel; and where nothing but the panel's ground lies between the trace and that, it is the panel's.
    """
    x0, x1, row = candidate.x0, candidate.x1, candidate.row
    inside = grey[:, x0:x1]
    ground = ground_at(inside, row)
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
