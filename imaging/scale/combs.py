"""Equal spacing among positions on a line, and how surely it is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

_OFF: Final = 1.1  #: pixels that a tick may stand off its place: drawn to whole pixels, then rescaled by a phone
_MOST_PAIRS: Final = 90  #: pairs of positions that are tried
#: What is taken for one tick's error before any is seen, and how many ticks' worth that belief has.
_PRIOR_SIGMA: Final = 0.27
_PRIOR_WEIGHT: Final = 2.0
_SMALLEST_SIGMA: Final = 0.02
_WHOLE: Final = 0.15  #: pixels from a whole number, for a tick's centroid
#: 97.5 % quantiles of Student's t for 1, 2, 3 … degrees of freedom (Student 1908; any table).
_T: Final = (
    12.71,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.16,
    2.145,
    2.131,
    2.12,
)


@dataclass(frozen=True, slots=True)
class Comb:
    """Positions `origin + spacing * index`, pixels along a line; `members` are indices of the positions that belong to it.

    `half_width` is half the 95 % interval of the spacing, pixels. `coverage` is the part of the places between the first
    and the last that are taken; `purity` the part of the positions between them that belong.
    """

    origin: float
    spacing: float
    half_width: float
    members: tuple[int, ...]
    indices: tuple[int, ...]
    coverage: float
    purity: float
    rms: float

    @property
    def span(self) -> int:
        """Spacings between the first and the last member."""
        return self.indices[-1] - self.indices[0]


def fit_spacing(indices: Values, positions: Values) -> tuple[float, float, float, float]:
    """(origin, spacing, half the 95 % interval of the spacing, RMS), by least squares.

    The error of one tick is estimated from the residuals together with a weak belief (a tick rounded to whole pixels is off
    by 0.29 RMS): three ticks that happen to fit exactly are not known exactly.
    """
    slope, origin = line(indices, positions)
    rest = positions - origin - slope * indices
    freedom = len(indices) - 2
    squares = float((rest**2).sum())
    sigma = math.sqrt((_PRIOR_WEIGHT * _PRIOR_SIGMA**2 + squares) / (_PRIOR_WEIGHT + freedom))
    spread = math.sqrt(float(((indices - indices.mean()) ** 2).sum()))
    half = quantile(_PRIOR_WEIGHT + freedom) * max(sigma, _SMALLEST_SIGMA) / max(spread, 1e-9)
    return origin, slope, half, math.sqrt(squares / len(indices))


def whole_pixel_spacing(indices: Values, positions: Values) -> tuple[float, float] | None:
    """(least, greatest) spacing of ticks that were drawn to whole pixels; None where they were not, or not equally spaced.

    Each tick's true place is somewhere within its pixel, so any two ticks bound the spacing, and where all bounds hold one
    straight line passes through all pixels (the preimage of a digital straight line: Dorst and Smeulders, IEEE PAMI 1984).
    That is sharper than least squares, and holds for certain.
    """
    offset = positions - positions[0]
    if float(np.abs(offset - np.rint(offset)).max()) > _WHOLE:
        return None
    apart = indices[None, :] - indices[:, None]
    first, second = np.nonzero(apart > 0)
    if len(first) == 0:
        return None
    steps = apart[first, second]
    distance = np.rint(offset)[second] - np.rint(offset)[first]
    low, high = float(((distance - 1) / steps).max()), float(((distance + 1) / steps).min())
    return (low, high) if low < high else None


def line(x: Values, y: Values) -> tuple[float, float]:
    """(slope, value at 0) by least squares; `x` must not all be the same."""
    mean_x, mean_y = float(x.mean()), float(y.mean())
    about = x - mean_x
    slope = float(about @ (y - mean_y)) / float(about @ about)
    return slope, mean_y - slope * mean_x


def quantile(freedom: float) -> float:
    """The 97.5 % quantile of Student's t."""
    k = max(1, int(freedom))
    return _T[k - 1] if k <= len(_T) else 1.96 + 2.5 / k


def find_comb(positions: Values, least_spacing: float = 3.5, least: int = 3) -> Comb | None:
    """The equal spacing that explains most of the sorted `positions` (pixels); None where there is none.

    Every distance between a position and one of its next three is tried. A finer comb always takes more positions, so what
    counts are members, less the empty places that it claims and the positions that it leaves out.
    """
    n = len(positions)
    if n < least:
        return None
    best: Comb | None = None
    best_score = 0.0
    tried: set[tuple[int, int]] = set()
    steps = min(3, n - 1)
    # Of a crowd some pairs tell enough: where there is a ruler in it most of them are two of its ticks.
    stride = max(1, n * steps // _MOST_PAIRS)
    for ahead in range(1, steps + 1):
        for first in range(ahead % stride if stride > 1 else 0, n - ahead, stride):
            spacing = float(positions[first + ahead] - positions[first])
            if spacing < least_spacing:
                continue
            key = (round(spacing * 2), round(positions[first] % spacing * 2))
            if key in tried:
                continue
            tried.add(key)
            comb = _grow(positions, first, spacing, least)
            if comb is None:
                continue
            score = len(comb.members) * comb.coverage * comb.purity
            if score > best_score * 1.001:
                best, best_score = comb, score
                if best_score > 0.93 * n:  # nothing can explain more
                    return best
    return best


def _grow(positions: Values, first: int, spacing: float, least: int) -> Comb | None:
    """Follow a comb outward from one pair: the spacing is fitted anew as it grows, so that small errors do not add up."""
    origin = float(positions[first])
    reach = 2
    spans = max(abs(float(positions[-1]) - origin), abs(float(positions[0]) - origin)) / spacing
    while True:
        index = np.rint((positions - origin) / spacing)
        off = np.abs(positions - origin - index * spacing)
        near = (off <= min(_OFF, 0.22 * spacing)) & (np.abs(index) <= reach)
        taken = int(near.sum())
        if taken < 2 or (reach > 5 and taken < 0.35 * min(reach, spans)):
            return None  # most of its places are empty
        if np.ptp(index[near]) > 0:
            spacing, origin = line(index[near], positions[near])
        if reach > spans + 1 or spacing <= 0:
            break
        reach = max(reach + 2, int(reach * 1.6))
    if spacing < 3:
        return None
    index = np.rint((positions - origin) / spacing)
    off = np.abs(positions - origin - index * spacing)
    near = off <= min(_OFF, 0.22 * spacing)
    # One position a place: the nearest.
    chosen: dict[int, int] = {}
    for i in np.flatnonzero(near):
        place = int(index[i])
        if place not in chosen or off[i] < off[chosen[place]]:
            chosen[place] = int(i)
    members, places = _longest_run(chosen)
    if len(members) < least:
        return None
    at = np.array(places, float)
    origin, spacing, half, rms = fit_spacing(at, positions[members])
    between = (positions >= positions[members[0]] - 1) & (positions <= positions[members[-1]] + 1)
    span = places[-1] - places[0]
    return Comb(
        origin, spacing, half, tuple(members), tuple(places),
        len(members) / (span + 1), len(members) / max(1, int(between.sum())), rms,
    )  # fmt: skip


def _longest_run(chosen: dict[int, int]) -> tuple[list[int], list[int]]:
    """The members without what lies beyond a gap of more than half the run (a mark elsewhere that happens to fit)."""
    places = sorted(chosen)
    runs: list[list[int]] = [[]]
    for place in places:
        if runs[-1] and place - runs[-1][-1] > max(4, len(runs[-1]) // 2):
            runs.append([])
        runs[-1].append(place)
    run = max(runs, key=len)
    return [chosen[place] for place in run], run
