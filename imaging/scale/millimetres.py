"""Millimetres per pixel, with where they come from.

Every millimetre in the program comes from a `Scale`. Where none is known lengths are in pixels, and say so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Source = Literal["dicom-region", "device", "screen-ruler", "profile", "two-point"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Size of one pixel inside `box` ([x0, y0, x1, y1] in pixels, x1 and y1 exclusive) of one picture size.

    `relative_uncertainty` is half the width of the 95 % interval, as a part of the value.
    """

    mm_per_pixel_x: float
    mm_per_pixel_y: float
    box: tuple[int, int, int, int]
    source: Source
    relative_uncertainty: float

    def __post_init__(self) -> None:
        for value in (self.mm_per_pixel_x, self.mm_per_pixel_y):
            if not (math.isfinite(value) and 0 < value < 10):
                raise ValueError(f"a scale of {value} mm per pixel is not one of ultrasound")
        x0, y0, x1, y1 = self.box
        if not (0 <= x0 < x1 and 0 <= y0 < y1):
            raise ValueError(f"the box {self.box} is empty")

    def contains(self, points: Sequence[tuple[float, float]]) -> bool:
        """Whether every point ([column, row] in pixels) lies inside the calibrated box."""
        x0, y0, x1, y1 = self.box
        return all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in points)

    def distance_mm(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        """Length between two points ([column, row] in pixels), mm."""
        return math.hypot((b[0] - a[0]) * self.mm_per_pixel_x, (b[1] - a[1]) * self.mm_per_pixel_y)
