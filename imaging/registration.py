"""Lays one picture of a place over another of the same place: a shift and a turn in millimetres, or the reason why not.

Rigid on purpose: a probe that is held a little differently shifts and turns what it shows; tissue that swelled or was pressed
is a finding and must not be warped away. Both pictures are brought to one grid of square millimetres and smoothed beyond
speckle. Phase correlation (Kuglin and Hines 1975) finds the shift to begin with, the enhanced correlation coefficient
(Evangelidis and Psarakis 2008, `cv2.findTransformECC`) shift and turn.

How good it is, is measured and told: the correlation of both pictures where they overlap, and the inverse consistency: how
far a place is from itself after the way there and back, each found by itself. Where either is poor, or the pictures hardly
overlap, the answer is a refusal: another place, or tissue that changed, and no shift makes them one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.scale import Scale

PITCH_MM: Final = 0.1  #: of the grid that both are brought to
_SMOOTHED_MM: Final = 0.35  # beyond the speckle of 5 to 18 MHz
LEAST_CORRELATION: Final = 0.65
LEAST_OVERLAP: Final = 0.5
MOST_INCONSISTENT_MM: Final = 0.4
MOST_TURN_DEG: Final = 20.0
_LEAST_SIDE: Final = 64  # points of the grid: less shows too little to be laid over anything
_STEPS: Final = 80

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a place [x, y] of the moving picture lies in the fixed one, mm from the left top corner of its calibrated area.

    It is turned by `turn_deg` (clockwise as seen) around that corner and then shifted by `shift_mm`.
    """

    shift_mm: tuple[float, float]
    turn_deg: float
    correlation: float
    overlap: float
    inconsistent_mm: float


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """Why the pictures are not laid over each other, a sentence."""

    why: str


def register(
    fixed: Pixels, fixed_scale: Scale | None, moving: Pixels, moving_scale: Scale | None
) -> Registration | NotRegistered:
    """Lay `moving` over `fixed`, both grey (rows, columns) or blue, green, red (rows, columns, 3). Takes up to a second."""
    if fixed_scale is None or moving_scale is None:
        return NotRegistered("The scale of a picture is not known.")
    one, other = _on_grid(fixed, fixed_scale), _on_grid(moving, moving_scale)
    if min(*one.shape, *other.shape) < _LEAST_SIDE:
        return NotRegistered("A picture shows too little to be laid over another.")
    there, back = _found(one, other), _found(other, one)
    if there is None or back is None:
        return NotRegistered("No shift and turn lays one picture over the other.")
    correlation, overlap = _correlation(one, other, there)
    apart = _inconsistent(other.shape, there, back) * PITCH_MM
    turn = math.degrees(math.atan2(there[1, 0], there[0, 0]))
    if overlap < LEAST_OVERLAP or abs(turn) > MOST_TURN_DEG:
        return NotRegistered("The pictures hardly overlap.")
    if correlation < LEAST_CORRELATION:
        return NotRegistered(f"The pictures are not alike enough (correlation {correlation:.2f}).")
    if apart > MOST_INCONSISTENT_MM:
        return NotRegistered(f"The way there and back does not close (by {apart:.1f} mm).")
    shift = round(float(there[0, 2]) * PITCH_MM, 2), round(float(there[1, 2]) * PITCH_MM, 2)
    return Registration(shift, round(turn, 2), round(correlation, 3), round(overlap, 3), round(apart, 3))


def _on_grid(pixels: Pixels, scale: Scale) -> npt.NDArray[np.float32]:
    """The calibrated area on the common grid, grey, smoothed, its slow changes of brightness taken out."""
    x0, y0, x1, y1 = scale.box
    part = pixels[y0:y1, x0:x1]
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY) if part.ndim == 3 else part
    wide = max(1, round(grey.shape[1] * scale.mm_per_pixel_x / PITCH_MM))
    high = max(1, round(grey.shape[0] * scale.mm_per_pixel_y / PITCH_MM))
    grid = cv2.resize(grey, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32)
    sigma = _SMOOTHED_MM / PITCH_MM
    fine = cv2.GaussianBlur(grid, (0, 0), sigma)
    return np.asarray(fine - cv2.GaussianBlur(grid, (0, 0), 8 * sigma), np.float32)


def _found(fixed: npt.NDArray[np.float32], moving: npt.NDArray[np.float32]) -> npt.NDArray[np.float64] | None:
    """The 2×3 matrix that takes places of `moving` to `fixed`, in grid points; None where none is found."""
    high, wide = max(fixed.shape[0], moving.shape[0]), max(fixed.shape[1], moving.shape[1])
    one, other = (_padded(grid, high, wide) for grid in (fixed, moving))
    window = cv2.createHanningWindow((wide, high), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(one, other, window)
    warp: Any = np.array([[1, 0, dx], [0, 1, dy]], np.float32)  # OpenCV's way: from the fixed picture to the moving one
    ends = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, 1e-5)
    mask = np.zeros_like(one, np.uint8)
    mask[: fixed.shape[0], : fixed.shape[1]] = 1
    best: tuple[float, Any] | None = None
    for begin in (warp, np.eye(2, 3, dtype=np.float32)):
        try:
            rho, found = cv2.findTransformECC(one, other, begin.copy(), cv2.MOTION_EUCLIDEAN, ends, mask, 5)
        except cv2.error:  # it does not converge: nothing of one is in the other from there
            continue
        if best is None or rho > best[0]:
            best = rho, found
    if best is None:
        return None
    return np.asarray(cv2.invertAffineTransform(best[1].astype(np.float64)))


def _padded(grid: npt.NDArray[np.float32], high: int, wide: int) -> npt.NDArray[np.float32]:
    return np.asarray(
        cv2.copyMakeBorder(grid, 0, high - grid.shape[0], 0, wide - grid.shape[1], cv2.BORDER_CONSTANT, value=0)
    )


def _correlation(
    fixed: npt.NDArray[np.float32], moving: npt.NDArray[np.float32], there: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Correlation where both overlap, and the overlap as a share of the smaller picture."""
    size = fixed.shape[1], fixed.shape[0]
    laid = cv2.warpAffine(moving, there, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.ones_like(moving, np.uint8), there, size, flags=cv2.INTER_NEAREST) > 0
    share = float(inside.sum()) / min(fixed.size, moving.size)
    if share < LEAST_OVERLAP:
        return 0.0, share
    a, b = fixed[inside] - fixed[inside].mean(), laid[inside] - laid[inside].mean()
    size2 = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return (float((a * b).sum()) / size2 if size2 > 0 else 0.0), share


def _inconsistent(shape: tuple[int, ...], there: npt.NDArray[np.float64], back: npt.NDArray[np.float64]) -> float:
    """How far, at most, a corner or the middle is from itself after the way there and back, grid points."""
    high, wide = shape[:2]
    places = np.array([(0, 0), (wide, 0), (0, high), (wide, high), (wide / 2, high / 2)], float)
    laid = places @ there[:, :2].T + there[:, 2]
    again = laid @ back[:, :2].T + back[:, 2]
    return float(np.linalg.norm(again - places, axis=1).max())
