"""Where support points went between two pictures: Lucas-Kanade there and back, then a local affine that outvotes outliers.

Bouguet, "Pyramidal implementation of the Lucas Kanade feature tracker" (Intel, 2000); forward-backward error after Kalal
et al., "Forward-backward error: automatic detection of tracking failures" (ICPR 2010).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Grey = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]

WINDOW = (25, 25)
LEVELS = 3
WORST_RETURN_PX = 0.8
"""A point that does not come back to within this far of its start, px, has not been followed."""


def follow(before: Grey, after: Grey, points: Points, guess: Points) -> tuple[Points, npt.NDArray[np.bool_]]:
    """Points (n, 2) of `before` found in `after`, from `guess` on; and which of them came back to where they started."""
    start = points.astype(np.float32).reshape(-1, 1, 2)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.02)
    there, ok, _ = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        start,
        guess.astype(np.float32).reshape(-1, 1, 2).copy(),
        winSize=WINDOW,
        maxLevel=LEVELS,
        criteria=criteria,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    back, ok_back, _ = cv2.calcOpticalFlowPyrLK(
        after,
        before,
        there,
        start.copy(),
        winSize=WINDOW,
        maxLevel=LEVELS,
        criteria=criteria,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    wrong = np.linalg.norm((back - start).reshape(-1, 2), axis=1)
    came_back = (ok.ravel() > 0) & (ok_back.ravel() > 0) & (wrong < WORST_RETURN_PX)
    return there.reshape(-1, 2).astype(np.float64), came_back


def local_affine(source: Points, target: Points, at: Points, reach: float) -> tuple[Points, npt.NDArray[np.float64]]:
    """What an affine fitted around each point of `at` (n, 2) makes of it, and the standard error of that, px.

    `source` to `target` (m, 2) are the displacements known; they count with a Gaussian of `reach` px, and less the further
    they lie off the fit (iteratively re-weighted, Tukey's biweight). Needs at least 6 of them.
    """
    moved, errors = np.empty_like(at), np.empty(len(at))
    shift = target - source
    for i, point in enumerate(at):
        offset = source - point
        near = np.exp(-0.5 * (offset**2).sum(axis=1) / reach**2) + 1e-4
        design = np.column_stack([np.ones(len(offset)), offset / reach])
        weight = near
        value, spread, normal = np.zeros(2), 1.0, np.eye(3)
        for _ in range(5):
            normal = design.T @ (design * weight[:, None]) + np.diag([1e-9, 0.3, 0.3])
            fit = np.linalg.solve(normal, design.T @ (shift * weight[:, None]))
            residual = np.linalg.norm(shift - design @ fit, axis=1)
            spread = max(0.05, 1.48 * _weighted_median(residual, near))
            weight = near * np.clip(1 - (residual / (4.0 * spread)) ** 2, 0, 1) ** 2
            value = fit[0]
        inverse = np.linalg.inv(normal)
        squares = design.T @ (design * (weight**2)[:, None])
        moved[i] = point + value
        errors[i] = spread * float(np.sqrt(max(1e-12, (inverse @ squares @ inverse)[0, 0])))
    return moved, errors


def _weighted_median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])
