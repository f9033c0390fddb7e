"""Frames that a source never sent, told from times alone: an estimate, made to be right under jitter.

A frame comes late, never early, and what is late once is not late for ever: after a burst the frames are back on their
grid. A frame that was never sent moves all that follow by one interval for good. So each time is compared with an even
grid, and a hole is where the *least* lateness of the next frames lies more than 0.6 intervals above the least lateness
of those before. The interval is fitted to the same frames, holes taken into account; the device's nominal rate is only
a start. Works alike on arrival times and on the device's own clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

LOOK: Final = 16  #: frames looked at before and behind a hole
LEAST: Final = 12  #: fewer frames than this say nothing of a rate
_RISE: Final = 0.6  # of an interval: half a frame and some room for the fit's error
_EVEN: Final = 1.25  # where no interval is longer than this many, nothing is missing
_NEAR: Final = 0.1  # a likely interval is tried where it is this near to what the times say at first sight
_FEW: Final = 4
_SPAN: Final = 8
_ROUNDS: Final = 4
_PRICE: Final = 3.0  # what a hole costs in the choice between intervals, as a factor for one in each frame

Floats = npt.NDArray[np.float64]


class Hole(NamedTuple):
    """`missing` frames were not sent just before the frame at `position` (in the series looked at)."""

    position: int
    missing: int


class Fit(NamedTuple):
    """An even grid laid over a series of times: its interval, the holes that it leaves, and the cost of both."""

    holes: list[Hole]
    interval_s: float
    cost_s: float  #: how far the times stray in the mean, raised for each hole


def fit_grid(times_s: Floats, steps: Floats, likely_s: Sequence[float]) -> Fit | None:
    """Find the grid that fits a series of rising times best, and the holes in it.

    `steps` is what is known already: each frame's number, counted with the frames that are known to be lost. `likely_s`
    are intervals to begin with: that of the frames before, or the device's promise. None for fewer than LEAST frames.
    """
    if len(times_s) < LEAST:
        return None
    spans = np.maximum(steps[_SPAN:] - steps[:-_SPAN], 1)
    guess = float(np.median((times_s[_SPAN:] - times_s[:-_SPAN]) / spans))
    if guess <= 0:
        return None
    if np.max(np.diff(times_s) / np.maximum(np.diff(steps), 1)) <= _EVEN * guess:
        return Fit([], guess, 0.0)
    starts = {guess, *(start for start in likely_s if abs(start - guess) < _NEAR * guess)}
    return min((_refine(times_s, steps, start) for start in sorted(starts)), key=lambda fit: fit.cost_s)


def _refine(times_s: Floats, steps: Floats, interval_s: float) -> Fit:
    """From a first interval to one that agrees with the holes it leaves."""
    holes: list[Hole] = []
    stray = times_s
    for _ in range(_ROUNDS):
        found = _detect(times_s, steps, interval_s)
        filled = steps.copy()
        for hole in found:
            filled[hole.position :] += hole.missing
        filled -= filled.mean()
        slope = float(filled @ times_s / (filled @ filled))
        stray = times_s - slope * filled
        interval_s, settled, holes = slope, found == holes, found
        if settled:
            break
    # The mean, not the square: a burst of late frames must not decide. A wrong interval explains itself by more holes.
    spread_s = float(np.mean(np.abs(stray - np.median(stray))))
    return Fit(holes, interval_s, spread_s * (1 + _PRICE * len(holes) / len(times_s)))


def _detect(times_s: Floats, steps: Floats, interval_s: float) -> list[Hole]:
    late = (times_s - times_s[0]) / interval_s - (steps - steps[0])  # in intervals
    count = len(late)
    padded = np.concatenate([late, np.full(LOOK - 1, np.inf)])
    ahead = np.lib.stride_tricks.sliding_window_view(padded, LOOK).min(axis=1).tolist()
    lateness = late.tolist()
    moved, start = 0, 0
    holes: list[Hole] = []
    for at in range(1, count):
        before = lateness[max(0, at - LOOK) : at]
        least = min(before)
        rise = ahead[at] - moved - least
        # At the very end too few frames follow to tell late from missing.
        if rise > _RISE and (count - at >= _FEW or rise > _RISE + max(before) - least):
            missing = max(1, round(rise))
            where = _place(times_s, steps, start, at)
            holes.append(Hole(where, missing))
            moved += missing
            for i in range(where, at):  # lateness holds what is left when the holes are taken off
                lateness[i] -= missing
            start = at
        lateness[at] -= moved
    return holes


def _place(times_s: Floats, steps: Floats, start: int, at: int) -> int:
    """The frame before which the hole lies: behind the longest interval of the last few, since a late frame hides it."""
    first = max(start + 1, at - _FEW + 1, 1)
    if first >= at:
        return at
    spans = np.diff(times_s[first - 1 : at + 1]) / np.maximum(np.diff(steps[first - 1 : at + 1]), 1)
    return first + int(np.argmax(spans))
