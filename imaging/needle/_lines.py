"""Straight bright lines of a B-mode picture: a Hough transform in which each ridge pixel votes along its own direction.

Ridges after Steger, "An unbiased detector of curvilinear structures" (IEEE TPAMI 1998;20:113); the vote restricted to the
ridge's direction after O'Gorman and Clowes (IEEE Trans. Computers 1976;25:449).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Floats = npt.NDArray[np.float32]

ANGLE_STEP = 2.0
"""Width of an angle bin, degrees."""
STEEPEST = 78.0
"""Largest angle between a shaft and the rows that is looked for, degrees; steeper ones return no echo to a linear probe."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line: through `point` ([column, row]) along the unit vector `along` (its column never negative)."""

    point: npt.NDArray[np.float64]
    along: npt.NDArray[np.float64]
    votes: float

    @property
    def angle_deg(self) -> float:
        """Angle to the rows, positive where it goes down to the right."""
        return float(np.degrees(np.arctan2(self.along[1], self.along[0])))


@dataclass(frozen=True, slots=True)
class Ridges:
    """Ridge strength (grey levels a pixel²) and direction (degrees, -90 to 90, of the line itself) of each pixel."""

    strength: Floats
    angle: Floats


def ridges(grey: Floats, sigma: float) -> Ridges:
    """Bright ridges of about `sigma` pixels half width: the Hessian's strongest negative curvature."""
    smooth = cv2.GaussianBlur(grey, (0, 0), sigma)
    xx = cv2.Sobel(smooth, cv2.CV_32F, 2, 0, ksize=3) / 4
    yy = cv2.Sobel(smooth, cv2.CV_32F, 0, 2, ksize=3) / 4
    xy = cv2.Sobel(smooth, cv2.CV_32F, 1, 1, ksize=3) / 4
    half_gap = np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    strongest = -((xx + yy) / 2 - half_gap)
    weakest = (xx + yy) / 2 + half_gap
    strength = np.clip(strongest - np.abs(weakest), 0, None) * sigma**2
    # The line runs across the direction of strongest curvature.
    normal = 0.5 * np.degrees(np.arctan2(2 * xy, xx - yy)) + 90.0
    along = normal + 90.0
    return Ridges(strength, ((along + 90.0) % 180.0 - 90.0).astype(np.float32))


def strongest_lines(found: Ridges, shortest: float, most: int, skip: Floats | None = None) -> list[Line]:
    """At most `most` lines with the most votes, none steeper than `STEEPEST`. `shortest`: px. `skip`: 1 where not to look."""
    rows, columns = found.strength.shape
    strength = found.strength if skip is None else found.strength * (1 - skip)
    floor = max(1.0, float(np.percentile(strength, 85)))
    y, x = np.nonzero((strength > floor) & (np.abs(found.angle) < STEEPEST))
    if len(y) < shortest:
        return []
    vote = np.minimum(strength[y, x], float(np.percentile(strength[y, x], 98)))
    angle = found.angle[y, x]
    bins = round(180 / ANGLE_STEP)
    middle = np.array([(columns - 1) / 2, (rows - 1) / 2])
    reach = int(np.hypot(rows, columns) / 2) + 2
    distance_bins = 2 * reach + 1
    table = np.zeros(bins * distance_bins, np.float64)
    centre = np.rint((angle + 90) / ANGLE_STEP).astype(int)
    for off in (-2, -1, 0, 1, 2):
        b = (centre + off) % bins
        theta = np.radians(b * ANGLE_STEP - 90)
        rho = -(x - middle[0]) * np.sin(theta) + (y - middle[1]) * np.cos(theta)
        cell = b * distance_bins + np.rint(rho).astype(int) + reach
        table += np.bincount(cell, vote * (1 - 0.25 * abs(off)), len(table))
    smooth = cv2.GaussianBlur(table.reshape(bins, distance_bins).astype(np.float32), (0, 0), sigmaX=1.2, sigmaY=0.7)
    lines = []
    for _ in range(most):
        b, r = np.unravel_index(int(smooth.argmax()), smooth.shape)
        votes = float(smooth[b, r])
        if votes <= 0:
            break
        theta = np.radians(b * ANGLE_STEP - 90)
        along = np.array([np.cos(theta), np.sin(theta)])
        point = middle + (int(r) - reach) * np.array([-np.sin(theta), np.cos(theta)])
        lines.append(Line(point, along, votes))
        low, high = max(0, b - 3), b + 4
        smooth[low:high, max(0, r - 6) : r + 7] = 0
    return lines
