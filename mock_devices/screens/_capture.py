"""What the way from the probe's glass to the computer does to a still: another size, softness, levels, JPEG.

Sources: grabbers scale bilinearly or by area and send 4:2:0 or 4:2:2 JPEG; video levels are squeezed to 16..235 where a
player forgets to stretch them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from devices.cv import cv2
from mock_devices.contract import Picture

_SAMPLINGS = ("444", "422", "420", "420")


@dataclass(frozen=True, slots=True)
class Capture:
    """How one still is captured. `drawn` is the size of the glass, `size` of the picture that arrives (width, height)."""

    drawn: tuple[int, int]
    size: tuple[int, int]
    how: int
    blur: float
    low: int
    high: int
    quality: int
    sampling: str

    @classmethod
    def throw(cls, dice: random.Random, size: tuple[int, int]) -> Capture:
        """Half of all stills arrive in the size they were drawn; some of the others are squeezed along one side."""
        drawn = size
        if dice.random() < 0.45:
            most = 1.5 if size[1] >= 700 else 1.15  # smaller, nobody could read the letters
            wide = dice.choice([1.0, dice.uniform(0.8, most)])
            high = wide if dice.random() < 0.75 else wide * dice.uniform(0.9, 1.1)
            drawn = (max(560, min(2200, round(size[0] * wide))), max(420, min(1500, round(size[1] * high))))
        squeezed = dice.random() < 0.12
        return cls(
            drawn,
            size,
            dice.choice([cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC]),
            dice.choice([0.0, 0.0, 0.0, 0.4, 0.6]),
            16 if squeezed else 0,
            235 if squeezed else 255,
            dice.randint(68, 97),
            dice.choice(_SAMPLINGS),
        )

    def picture(self, glass: Picture) -> Picture:
        """The still as it arrives."""
        out = (
            glass
            if self.drawn == self.size
            else np.asarray(cv2.resize(glass, self.size, interpolation=self.how), np.uint8)
        )
        if self.blur:
            out = np.asarray(cv2.GaussianBlur(out, (0, 0), self.blur), np.uint8)
        if (self.low, self.high) != (0, 255):
            table = np.linspace(self.low, self.high, 256).round().astype(np.uint8)
            out = np.asarray(cv2.LUT(out, table), np.uint8)
        sampling = getattr(cv2, f"IMWRITE_JPEG_SAMPLING_FACTOR_{self.sampling}")
        done, data = cv2.imencode(
            ".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, self.quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
        )
        if not done:
            raise RuntimeError("OpenCV could not encode the still as JPEG.")
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)

    @property
    def factors(self) -> tuple[float, float]:
        """Pixels that arrive per pixel drawn, across and down."""
        return self.size[0] / self.drawn[0], self.size[1] / self.drawn[1]

    def point(self, point: Any) -> list[float]:
        """A point [column, row] where it arrives; pixel middles are whole on both sides."""
        fx, fy = self.factors
        return [(float(point[0]) + 0.5) * fx - 0.5, (float(point[1]) + 0.5) * fy - 0.5]

    def box(self, box: Any) -> list[float]:
        """A box [x0, y0, x1, y1] where it arrives, to a tenth of a pixel; whole where nothing was resized."""
        fx, fy = self.factors
        if (fx, fy) == (1.0, 1.0):
            return [int(v) for v in box]
        return [round(float(v) * f, 2) for v, f in zip(box, (fx, fy, fx, fy), strict=True)]
