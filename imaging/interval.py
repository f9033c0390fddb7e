"""A measured length with the interval that holds the true one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["mm", "px"]


@dataclass(frozen=True, slots=True)
class Interval:
    """`value`, and `low` to `high`: the interval that holds the true value with 95 % probability. `unit` "mm", or "px" of the
    screen where no scale is known."""

    value: float
    low: float
    high: float
    unit: Unit

    @classmethod
    def about(cls, value: float, half: float, unit: Unit, least: float = 0.0) -> Interval:
        """`value` ± `half`, never below `least`."""
        return cls(value, max(least, value - half), value + half, unit)
