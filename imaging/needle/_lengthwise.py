"""How far along its way an instrument is seen in each frame: the brightness along one line, frame under frame.

In that picture of place against time (an M-mode along the shaft) tissue is stripes that stay, a shaft is a bright area with
one side at the entry, and its other side is the visible end. It is found as the place up to which the frame looks like the
shaft and from which on it looks like what was there without it, the largest sum of log-likelihood ratios (Page, "Continuous
inspection schemes", Biometrika 1954;41:100).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

STEP = 0.5
"""Between places along the line, px."""
CORE_MM = 0.15
"""Half the width in which the shaft's echo is taken, mm."""
ABOVE_MM = (0.35, 0.7)
"""Where the tissue above the shaft is taken, mm from its middle: what lies below it holds its reverberations."""
TELLS_NOTHING = 15.0
"""Grey levels between shaft and tissue up to which a place does not tell whether the shaft is there."""
INFORMS = 45.0
"""And how many more until it tells it fully."""
NEW_AROUND = 25.0
"""Grey levels above the tissue from which what lies above the shaft is new material."""
MOST_AROUND = 0.25
"""Part of the surroundings of the end that may be new material."""
STRICT_PART = 0.75
"""In bright material a place is shaft only from this part of the way from tissue to shaft, not from half."""
STOPPED_MM = 0.4
"""An end that moves less than this between two frames has stopped, mm."""
HELD_BACK_MM, HELD_ON_MM = 0.3, 1.8
"""How far from where it was the end may seem to be within bright material and yet be taken to stay, mm."""
MOVED_MM = 1.0
"""An end this far from where it was held in the next or last frame may have left that place in this one, mm."""
AS_LIKELY_MM = 0.08
"""Where tissue is as bright as the shaft nothing tells how far it reaches: an end is as likely anywhere within so much shaft
without a doubt of the likeliest, mm."""
LEAST_SUM_MM = 0.35
"""Length of shaft without a doubt from which it counts as seen, mm."""


def profile(grey: Floats, origin: Doubles, along: Doubles, places: Doubles, mm: float) -> tuple[Floats, Floats]:
    """Brightness at `places` (px from `origin`), and that less what lies above; NaN outside of the picture."""
    down = np.array([-along[1], along[0]]) * (1.0 if along[0] >= 0 else -1.0)
    at = origin + places[:, None] * along

    def band(low: float, high: float) -> Floats:
        across = np.arange(low, high + 0.25, 0.5)
        x = (at[:, 0][None] + across[:, None] * down[0]).astype(np.float32)
        y = (at[:, 1][None] + across[:, None] * down[1]).astype(np.float32)
        return np.asarray(cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)

    core = band(-CORE_MM * mm, CORE_MM * mm).max(axis=0)
    above = band(-ABOVE_MM[1] * mm, -ABOVE_MM[0] * mm).mean(axis=0)
    rows, columns = grey.shape
    outside = (at[:, 0] < 0) | (at[:, 0] > columns - 1) | (at[:, 1] < 0) | (at[:, 1] > rows - 1)
    core[outside], above[outside] = np.nan, np.nan
    return core, core - above


@dataclass(frozen=True, slots=True)
class Ends:
    """Of each frame: `end` px from the way's origin (NaN where no shaft is seen), `start` where it is seen from, `hidden`
    whether bright material hides its end; `slack` px by which it may lie nearer or farther,
    the tissue there being as bright."""

    end: Doubles
    start: Doubles
    slack: Doubles
    hidden: npt.NDArray[np.bool_]


def ends(level: Floats, edge: Floats, known: Doubles, places: Doubles, mm: float) -> Ends:
    """Where the shaft ends in each frame.

    `level`, `edge` (frames, places): what `profile` gave. `known` (frames,): ends that single frames told, NaN where none.
    """
    first = _ends(level, edge, known, places, mm, np.zeros(len(level), np.bool_))
    above = level - edge
    bright = above > _before(above, first.end, places, mm)[None] + NEW_AROUND
    filled = np.array([_part(row, places, end, mm) > MOST_AROUND for row, end in zip(bright, first.end, strict=True)])
    if not filled.any():
        return first
    # Bright material around the end: it is no shaft, though it is as bright as many are.
    filled = _since_it_stopped(filled, first.end, mm)
    clear = np.where(filled, np.nan, first.end)
    if np.isfinite(clear).sum() < 2:
        return replace(first, hidden=filled)
    second = _ends(level, edge, clear, places, mm, filled)
    end, hidden = _held(second.end, filled, mm)
    return replace(second, end=end, hidden=hidden)


def _ends(
    level: Floats, edge: Floats, known: Doubles, places: Doubles, mm: float, strict: npt.NDArray[np.bool_]
) -> Ends:
    inside = places[None] < known[:, None] - 0.3 * mm
    half = np.where(strict, STRICT_PART, 0.5)[:, None]
    # Within bright material there is no edge above the shaft: there its brightness alone must tell.
    thin = np.where(strict[:, None], 0.0, np.minimum(_evidence(edge, inside, np.full_like(half, 0.5)), 0))
    sum_ = _evidence(level, inside, half) + thin
    reach = np.cumsum(np.nan_to_num(sum_), axis=1) * STEP
    at = reach.argmax(axis=1)
    best = reach[np.arange(len(reach)), at]
    first = np.array([_first(row, a) for row, a in zip(sum_, at, strict=True)])
    seen = (best > LEAST_SUM_MM * mm) & (places[at] - places[first] > LEAST_SUM_MM * mm)
    stretches = np.array([_as_likely(row, a, AS_LIKELY_MM * mm) for row, a in zip(reach, at, strict=True)])
    low, high = places[stretches[:, 0]], places[stretches[:, 1]]
    # Where the frame alone tells a nearer end, tissue that moved was taken for shaft. Within the stretch it tells no more.
    nearer = known < low
    end = np.where(nearer, known, (low + high) / 2)
    slack = np.where(nearer, 0.0, (high - low) / 2)
    return Ends(np.where(seen, end, np.nan), np.where(seen, places[first], np.nan), slack, np.zeros(len(at), np.bool_))


def _as_likely(reach: Doubles, at: int, within: float) -> tuple[int, int]:
    """The stretch of places around `at` in which the sum of evidence is within so much of its highest."""
    below = np.flatnonzero(reach < reach[at] - within)
    before, behind = below[below < at], below[below > at]
    low = int(before[-1]) + 1 if len(before) else 0
    return low, int(behind[0]) - 1 if len(behind) else len(reach) - 1


def _held(end: Doubles, filled: npt.NDArray[np.bool_], mm: float) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    """In bright material the end stays at the farthest place where it was seen without, unless the shaft is seen to end
    before that; where it seems to be so far on that it may have moved, it is hidden."""
    farthest, held, hidden = np.nan, end.copy(), np.zeros(len(end), np.bool_)
    for i, value in enumerate(end):
        if not filled[i]:
            farthest = np.fmax(farthest, value)
        elif value >= farthest + HELD_ON_MM * mm:
            hidden[i] = True
        elif value > farthest - HELD_BACK_MM * mm:
            held[i] = farthest
            # On its way from or to a place before, it may have moved already, unseen in the filler.
            beside = end[max(0, i - 1) : i + 2]
            hidden[i] = bool((beside < farthest - MOVED_MM * mm).any() or np.isnan(beside).any())
    return held, hidden


def _since_it_stopped(filled: npt.NDArray[np.bool_], end: Doubles, mm: float) -> npt.NDArray[np.bool_]:
    """Filler begins to shine when it is too small to be told: all frames since the end stopped before it are taken
    along, and all until it goes back."""
    since = filled.copy()
    for i in range(len(end) - 1, 0, -1):
        if since[i] and not since[i - 1] and abs(end[i] - end[i - 1]) < STOPPED_MM * mm:
            stopped = i > 1 and not abs(end[i - 1] - end[i - 2]) < STOPPED_MM * mm
            since[i - 1] = not stopped
    for i in range(1, len(end)):
        if since[i - 1] and end[i] > end[i - 1] - STOPPED_MM * mm:
            since[i] = True
    return since


def _part(bright: npt.NDArray[np.bool_], places: Doubles, end: float, mm: float) -> float:
    near = (places > end - 0.6 * mm) & (places < end + 0.2 * mm)
    return float(bright[near].mean()) if near.any() else 0.0


def _before(values: Floats, end: Doubles, places: Doubles, mm: float) -> Doubles:
    """The most that is seen at each place before the end first comes near it; infinite where that is never."""
    reached = np.maximum.accumulate(np.where(np.isnan(end), -np.inf, end))
    yet = reached[:, None] < places[None] - 0.3 * mm
    return np.where(yet.sum(axis=0) >= 2, np.where(yet, np.nan_to_num(values, nan=0.0), -np.inf).max(axis=0), np.inf)


def _tissue(values: Floats) -> Doubles:
    """What is seen at each place without the instrument: nearly the lowest of all frames."""
    ordered = np.sort(np.where(np.isnan(values), np.inf, values), axis=0)
    tissue = ordered[min(len(ordered) - 1, max(1, len(ordered) // 30))].astype(np.float64)
    return np.where(np.isfinite(tissue), tissue, np.nan)


def _evidence(values: Floats, inside: npt.NDArray[np.bool_], half: Doubles) -> Doubles:
    """-1 (tissue) to 1 (shaft) for each frame and place; near 0 where shaft and tissue look alike there."""
    shaft = _along(np.where(inside, values, np.nan), 60.0)
    tissue = _tissue(values)
    differ = shaft - tissue
    weight = np.clip((differ - TELLS_NOTHING) / INFORMS, 0, 1)
    part = (values - tissue) / np.maximum(differ, 1.0)
    return np.asarray(weight * np.clip((part - half) / (1 - half), -1, 1), np.float64)


def _along(inside: Floats, percent: float) -> Doubles:
    """The shaft's level at each place: a percentile over the frames in which it is there, carried on to where it never is."""
    level = np.full(inside.shape[1], np.nan)
    some = np.isfinite(inside).sum(axis=0) >= 2
    if some.any():
        level[some] = np.nanpercentile(inside[:, some], percent, axis=0)
        where = np.flatnonzero(some)
        level = np.interp(np.arange(len(level)), where, level[where])
        width = 9
        level = np.convolve(np.pad(level, width // 2, mode="edge"), np.ones(width) / width, mode="valid")
    return level


def _first(row: Doubles, last: int) -> int:
    """The place from which the sum up to `last` is largest."""
    back = np.cumsum(np.nan_to_num(row[: last + 1])[::-1])
    return last - int(back.argmax())
