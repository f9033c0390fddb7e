"""A needle or cannula in the picture: a bright front wall, equally spaced echoes under it, a tip.

Steel reflects like a mirror: the steeper the shaft the less comes back to the probe. Sound that runs to and fro inside the
tube gives lines below the front wall (SonoSkills, Reverberation: the needle looks thicker and deeper than it is), so the true
tip is the end of the uppermost line. What lies out of the plane by more than the beam's half thickness is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import Floats32

#: Outer diameter in mm by gauge; clinical reference 1.6
OUTER_DIAMETER_MM: Final = {22: 0.72, 25: 0.51, 27: 0.41, 30: 0.31}
_SHIFT: Final = 4


@dataclass(frozen=True, slots=True)
class Shaft:
    """An instrument now: where its front wall begins and ends, in pixels of the picture; how much of it is seen."""

    kind: Literal["needle", "cannula"]
    outer_diameter_mm: float
    entry: tuple[float, float]
    tip: tuple[float, float]
    seen_from: float  #: from the entry, as a part of the way to the tip
    seen_to: float  #: 0 = nothing, 1 = to the tip
    strength: float  #: 0 to 1


def draw_shaft(
    grey: NDArray[np.uint8], shaft: Shaft, mm_per_pixel: tuple[float, float], glitter: Floats32, axial_px: float
) -> None:
    """Draw it into the picture (rows, columns), in place; `glitter` is a field of about unit size at least as large."""
    if shaft.seen_to <= shaft.seen_from or shaft.strength <= 0:
        return
    start, end = np.array(shaft.entry), np.array(shaft.tip)
    way = end - start
    spacing = shaft.outer_diameter_mm / mm_per_pixel[1]
    reach = 4 * spacing + 8
    first, last = start + way * shaft.seen_from, start + way * shaft.seen_to
    low = np.floor(np.minimum(first, last) - 10).astype(int)
    high = np.ceil(np.maximum(first, last) + np.array([10.0, reach])).astype(int)
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]), grey.shape[1]), min(int(high[1]), grey.shape[0])
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    ink = np.zeros((y1 - y0, x1 - x0), np.uint8)
    thick = max(2, round(1.5 * axial_px))
    level = 255.0 * shaft.strength
    decay = 0.60 if shaft.kind == "needle" else 0.45
    for echo in range(4, -1, -1):
        down = np.array([0.0, echo * spacing])
        short = last - way / max(float(np.hypot(*way)), 1e-6) * echo * spacing * 0.8
        _line(ink, first + down - [x0, y0], short + down - [x0, y0], level * decay**echo, thick)
    if shaft.seen_to >= 1.0 and shaft.kind == "needle":
        centre = (last - [x0, y0]) * (1 << _SHIFT)
        radius = round(max(1.0, 0.8 * axial_px) * (1 << _SHIFT))
        cv2.circle(ink, (round(centre[0]), round(centre[1])), radius, min(255.0, 1.15 * level), -1, cv2.LINE_AA, _SHIFT)
    ink = cv2.GaussianBlur(ink, (0, 0), sigmaX=max(0.9 * axial_px, 0.5), sigmaY=max(0.4 * axial_px, 0.4))
    part = np.clip(0.95 + 0.18 * glitter[y0:y1, x0:x1], 0.45, 1.3).astype(np.float32)
    lit = cv2.multiply(ink, part, scale=1.9, dtype=cv2.CV_8U)
    patch = grey[y0:y1, x0:x1]
    cv2.max(patch, lit, dst=patch)


def _line(
    ink: NDArray[np.uint8], first: NDArray[np.float64], last: NDArray[np.float64], level: float, thick: int
) -> None:
    scaled = [(round(float(p[0]) * (1 << _SHIFT)), round(float(p[1]) * (1 << _SHIFT))) for p in (first, last)]
    cv2.line(ink, scaled[0], scaled[1], level, thick, cv2.LINE_AA, _SHIFT)
