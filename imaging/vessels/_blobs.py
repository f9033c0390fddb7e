"""Dark round or flat spots as seeds: difference of a disc and the ring around it, over sizes and flattenings.

Blob detection over scale after Lindeberg, "Feature detection with automatic scale selection" (IJCV 1998;30:79), with
Gaussians that may be wider than high: a lumen is pressed flat, and lateral resolution is the poorer one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Floats = npt.NDArray[np.float32]

RADII_MM = (0.2, 0.3, 0.43, 0.62, 0.9, 1.3)
"""Half heights of the lumens that are looked for (clinical.md 3.2 gives 0.45 to 3 mm across)."""
FLATNESS = (0.75, 1.4)
"""Half width as a multiple of half height."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A dark spot: centre [column, row], half width and half height in px, and how much darker than its ring (in
    speckle noise)."""

    centre: tuple[float, float]
    half: tuple[float, float]
    contrast: float


def dark_spots(
    grey: Floats, valid: npt.NDArray[np.uint8], px_per_mm: float, noise: float, least: float, most: int
) -> list[Seed]:
    """At most `most` seeds, the clearest first, with a contrast of at least `least`; one in each place."""
    rows, columns = grey.shape
    found: list[Seed] = []
    for radius_mm in RADII_MM:
        for flat in FLATNESS:
            rx, ry = radius_mm * px_per_mm * flat, radius_mm * px_per_mm
            if rx < 1.5 or ry < 1.5 or 4 * rx > columns or 4 * ry > rows:
                continue
            # Large spots are found on a smaller picture: the same answer, faster.
            shrink = max(1, int(ry // 4))
            small = cv2.resize(grey, (columns // shrink, rows // shrink), interpolation=cv2.INTER_AREA)
            sx, sy = rx / shrink, ry / shrink
            inner = cv2.GaussianBlur(small, (0, 0), sigmaX=0.5 * sx, sigmaY=0.5 * sy)
            outer = cv2.GaussianBlur(small, (0, 0), sigmaX=1.25 * sx, sigmaY=1.25 * sy)
            response = (outer - inner) / noise
            peak = cv2.dilate(response, np.ones((3, 3), np.uint8))
            ys, xs = np.nonzero((response >= peak) & (response > least))
            for y, x in zip(ys, xs, strict=True):
                column, row = (x + 0.5) * shrink - 0.5, (y + 0.5) * shrink - 0.5
                if valid[min(rows - 1, int(row)), min(columns - 1, int(column))]:
                    found.append(Seed((float(column), float(row)), (rx, ry), float(response[y, x])))
    found.sort(key=lambda seed: -seed.contrast)
    kept: list[Seed] = []
    for seed in found:
        if len(kept) == most:
            break
        if all(not _same_place(seed, other) for other in kept):
            kept.append(seed)
    return kept


def _same_place(a: Seed, b: Seed) -> bool:
    dx, dy = a.centre[0] - b.centre[0], a.centre[1] - b.centre[1]
    rx, ry = max(a.half[0], b.half[0]), max(a.half[1], b.half[1])
    return (dx / rx) ** 2 + (dy / ry) ** 2 < 0.6
