"""Figures with their uncertainty: shares by Wilson's interval, means by the bootstrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

Z95: Final = 1.959963984540054
_RESAMPLES: Final = 2000

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure, its 95 % interval, from how many observations, what it is held to, whether it holds.

    `value` is None where nothing was observed: then it does not hold.
    """

    what: str
    value: float | None
    ci95: Interval | None
    n: int
    target: str
    holds: bool

    def to_json(self) -> dict[str, object]:
        """The row as the contract has it."""
        return {
            "what": self.what,
            "value": None if self.value is None else round(self.value, 5),
            "ci95": None if self.ci95 is None else [round(bound, 5) for bound in self.ci95],
            "n": self.n,
            "target": self.target,
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is held to: `least` and `most` bound its value, either may be open; both ends belong to it."""

    what: str
    kind: Literal["share", "mean"]
    least: float = -math.inf
    most: float = math.inf
    unit: str = ""

    def row(self, observed: Sequence[float]) -> Row:
        """The row of what was observed: 0 and 1 for a share, values for a mean."""
        target = self._target()
        if not observed:
            return Row(self.what, None, None, 0, target, False)
        value = float(np.mean(observed))
        interval = wilson(round(sum(observed)), len(observed)) if self.kind == "share" else bootstrap_mean(observed)
        return Row(self.what, value, interval, len(observed), target, self.least <= value <= self.most)

    def is_miss(self, value: float) -> bool:
        """Whether one observation counts against the goal."""
        if self.kind == "share":
            return value < 0.5 if self.least > 0.5 else value > 0.5
        return not self.least <= value <= self.most

    def _target(self) -> str:
        def said(bound: float) -> str:
            return f"{100 * bound:g} %" if self.kind == "share" else f"{bound:g}{self.unit}"

        if math.isinf(self.most):
            return f"at least {said(self.least)}"
        if math.isinf(self.least):
            return f"at most {said(self.most)}"
        return f"{said(self.least)} to {said(self.most)}"


def wilson(hits: int, of: int) -> Interval:
    """Wilson's 95 % score interval of a share (Wilson 1927; Brown, Cai, DasGupta, Stat. Sci. 2001;16:101)."""
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap_mean(values: Sequence[float]) -> Interval:
    """The percentile bootstrap's 95 % interval of a mean; the same values give the same interval."""
    draw = np.random.default_rng(0)
    sample = np.asarray(values, float)
    means = sample[draw.integers(0, len(sample), (_RESAMPLES, len(sample)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
