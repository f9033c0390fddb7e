"""What the way of the visible end over a clip says: in which frames it is the tip, and in which it may not be.

The end that is seen is the tip, or the place where the shaft leaves the plane; one picture does not tell which. Over a
whole clip: an end that goes in and then rests is the tip. One that goes back and returns to the place of rest left the
plane in between. One that only goes back from its rest was drawn back. One that turns back with no rest left the plane as
it went on; if it comes out again and then goes back until little is seen, it came into the plane and was drawn back.
Limit: an instrument that rests and then leaves the plane for good looks as if it were drawn back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

REST_MM = 0.35
"""An end within this of its farthest place rests there, mm."""
REST_FRAMES = 3
"""Frames that an end must stay for a rest."""
BACK_MM = 0.25
"""An end goes back when it is farther back than this from where it was, mm."""
CAME_MM = 1.0
"""How far an end must come out again to have come into the plane, mm."""
GONE_PART = 0.6
"""Of the way that it came out, an end that is drawn back has at most this part left in the last frame."""
SLOWED = 0.6
"""The last step before an end turns back without a rest must be this part of the step before it to count as the tip's."""

LEFT = "the end went back and came again: the tip was out of the plane"
TURNED = "the end turned back without a rest: drawn back, or out of the plane"
NOT_SEEN = "no shaft is seen"


@dataclass(frozen=True, slots=True)
class Told:
    """Of each frame the phase ("going in", "at rest", "drawn back") where the end is the tip, else None and the reason."""

    phases: list[str | None]
    reasons: list[str | None]


def judge(end: Doubles, mm: float) -> Told:
    """`end` (frames,): px along the way at which the shaft is seen to end, NaN where none is seen; `mm`: px in 1 mm."""
    n = len(end)
    phases: list[str | None] = [None] * n
    reasons: list[str | None] = [NOT_SEEN if np.isnan(v) else TURNED for v in end]
    seen = [int(i) for i in np.flatnonzero(np.isfinite(end))]
    if not seen:
        return Told(phases, reasons)
    rest = _rest(end, seen, mm)
    if rest is None:
        last = _last_sure_advance(end, seen, mm)
        going = [i for i in seen if i <= last]
        back = _came_and_went(end, [i for i in seen if i > last], mm)
        resting: list[int] = []
    else:
        resting = rest
        going = [i for i in seen if i < rest[0]]
        back = [i for i in seen if i > rest[-1]]
        for i in seen:
            if rest[0] < i < rest[-1] and i not in rest:
                reasons[i] = LEFT
    for i in _advancing(end, going, mm):
        phases[i], reasons[i] = "going in", None
    for i in resting:
        phases[i], reasons[i] = "at rest", None
    if back and _goes_back(end, back, mm):
        for i in back:
            phases[i], reasons[i] = "drawn back", None
    return Told(phases, reasons)


def _rest(end: Doubles, seen: list[int], mm: float) -> list[int] | None:
    """The frames at the farthest place at which the end rests, if it is as far as the end ever was but for a frame or two."""
    values = end[seen]
    farthest = float(np.sort(values)[-min(len(values), REST_FRAMES)])
    at = [i for i in seen if end[i] >= farthest - REST_MM * mm]
    runs = np.split(np.array(at), np.flatnonzero(np.diff(at) > 1) + 1)
    if max(len(run) for run in runs) < REST_FRAMES or float(values.max()) > farthest + 2 * REST_MM * mm:
        return None
    return at


def _advancing(end: Doubles, frames: list[int], mm: float) -> list[int]:
    """Of `frames`, those whose end is as far as any before, and than which none after is nearer."""
    kept = []
    for k, i in enumerate(frames):
        before = max((end[j] for j in frames[:k]), default=-np.inf)
        after = min((end[j] for j in frames[k + 1 :]), default=np.inf)
        if end[i] >= before - BACK_MM * mm and end[i] <= after + BACK_MM * mm:
            kept.append(i)
    return kept


def _came_and_went(end: Doubles, later: list[int], mm: float) -> list[int]:
    """Frames after the end came out again, in which it goes back until little is seen: drawn back. Not the first of them:
    there it may still be where the shaft leaves the plane."""
    if len(later) < 4:
        return []
    lowest = min(range(len(later)), key=lambda k: (not _rises_after(end, later, k, mm), end[later[k]]))
    if not _rises_after(end, later, lowest, mm):
        return []
    out = later[lowest:]
    turn = int(np.argmax([end[i] for i in out]))
    falling = out[turn:]
    if len(falling) < 3 or not _goes_back(end, falling, mm):
        return []
    if end[falling[-1]] - end[later[lowest]] > GONE_PART * (end[out[turn]] - end[later[lowest]]):
        return []
    return falling[2:]


def _rises_after(end: Doubles, later: list[int], k: int, mm: float) -> bool:
    return bool(max(end[i] for i in later[k:]) > end[later[k]] + CAME_MM * mm)


def _last_sure_advance(end: Doubles, seen: list[int], mm: float) -> int:
    """The last frame of the first way in, before the end turns back."""
    last = 0
    for k in range(1, len(seen)):
        if end[seen[k]] < end[seen[k - 1]] - BACK_MM * mm or seen[k] - seen[k - 1] > 2:
            break
        last = k
    if last >= 2 and last < len(seen) - 1:
        step, before = (end[seen[last]] - end[seen[last - 1]]), (end[seen[last - 1]] - end[seen[last - 2]])
        if step < SLOWED * before:
            last -= 1
    return seen[last]


def _goes_back(end: Doubles, back: list[int], mm: float) -> bool:
    """Whether the end only goes back."""
    steps = np.diff(end[back])
    return bool((steps <= BACK_MM * mm).all())
