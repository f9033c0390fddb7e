"""Which shafts of a clip's frames are one instrument: one that keeps its way while its far end moves along it.

A fibre or fascia that tissue motion makes look new has an end that does not travel; an instrument's does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imaging.needle._lines import Line
from imaging.needle._shaft import Shaft

Doubles = npt.NDArray[np.float64]

TURN_DEG = 6.0
"""An instrument's line turns by at most this much from one frame in which it is seen to the next, degrees."""
ASIDE_MM = 1.0
"""And moves aside by at most this much, at either end, mm."""
LEAST_FRAMES = 3
LEAST_TRAVEL_MM = 1.5
"""How far the far end must travel along the line, mm; 0 for a shaft from skin or rim, which is one by itself."""
NEAR_END_MM = 1.5
"""How far the near end may stray along the line (robust), mm."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A shaft in a frame (its number in the clip)."""

    frame: int
    shaft: Shaft
    from_outside: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The line of one instrument in each frame of [first, last]: `origins` (n, 2) and unit vectors `along` (n, 2) inward.

    Places along it are px from the origin, which lies on the same spot of the instrument's way in each frame."""

    first: int
    origins: Doubles
    along: Doubles

    @property
    def last(self) -> int:
        return self.first + len(self.origins) - 1


def episodes(seen: list[list[Seen]], mm: float) -> list[list[Seen]]:
    """Chains of shafts that are one instrument each, the best first. `seen`: the shafts of each frame; `mm`: px in 1 mm."""
    chains: list[list[Seen]] = []
    for shafts in seen:
        free = list(chains)
        kept: list[Seen] = []
        for one in sorted(shafts, key=lambda s: -_weight(s)):
            # The same shaft through another of its pixels, or one of its reverberations.
            if any(_same(other, one, mm) for other in kept):
                continue
            kept.append(one)
            fitting = [chain for chain in free if _same(chain[-1], one, mm)]
            if not fitting:
                chains.append([one])
                continue
            best = max(fitting, key=lambda chain: sum(map(_weight, chain)))
            best.append(one)
            free = [chain for chain in free if chain is not best]
    good = [chain for chain in chains if _is_instrument(chain, mm)]
    return sorted(good, key=lambda chain: -sum(map(_weight, chain)))


def way_of(chain: list[Seen], first: int, last: int) -> Way:
    """The chain's line in each frame from `first` to `last`: of the frames in which it is seen longest around each."""
    frames = np.array([one.frame for one in chain])
    inward = np.array([_inward(one.shaft) for one in chain])
    lengths = np.array([one.shaft.length_px for one in chain])
    starts = np.array([one.shaft.start for one in chain])
    middle = np.average(starts, axis=0, weights=lengths)
    origins, along = [], []
    for frame in range(first, last + 1):
        # A long shaft tells its line better than a short one, and a frame nearby better than one far off.
        weight = lengths**2 / (1.0 + np.abs(frames - frame)) ** 2
        direction = (inward * weight[:, None]).sum(axis=0)
        direction /= np.linalg.norm(direction)
        across = np.array([-direction[1], direction[0]])
        aside = float(np.average((starts - middle) @ across, weights=weight))
        origins.append(middle + aside * across)
        along.append(direction)
    return Way(first, np.array(origins), np.array(along))


def _inward(shaft: Shaft) -> Doubles:
    return np.asarray((shaft.end - shaft.start) / max(1e-9, float(np.linalg.norm(shaft.end - shaft.start))))


def _weight(one: Seen) -> float:
    return one.shaft.level * one.shaft.length_px


def _same(one: Seen, other: Seen, mm: float) -> bool:
    a, b = _inward(one.shaft), _inward(other.shaft)
    if float(a @ b) < np.cos(np.radians(TURN_DEG)):
        return False
    line = Line(one.shaft.start, a, 0.0)
    apart = [point - line.point for point in (other.shaft.start, other.shaft.end)]
    return max(abs(float(v[0] * a[1] - v[1] * a[0])) for v in apart) < ASIDE_MM * mm


def _is_instrument(chain: list[Seen], mm: float) -> bool:
    if len(chain) < LEAST_FRAMES:
        return False
    way = _inward(max(chain, key=_weight).shaft)
    near = np.array([one.shaft.start @ way for one in chain])
    far = np.array([one.shaft.end @ way for one in chain])
    if float(np.median(np.abs(near - np.median(near)))) > NEAR_END_MM * mm:
        return False
    travel = float(np.percentile(far, 95) - np.percentile(far, 5))
    outside = 2 * sum(one.from_outside for one in chain) > len(chain)
    return outside or travel >= LEAST_TRAVEL_MM * mm
