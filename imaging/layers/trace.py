"""A boundary between two clicks, along what is strongest in between: for drawing by hand.

OpenCV's intelligent scissors (Mortensen and Barrett, "Intelligent scissors for image composition", SIGGRAPH 1995) on a
picture from which the speckle is smoothed. Limit: it follows *a* boundary; whether it is the one meant, the user sees.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr

Points = npt.NDArray[np.float64]
Point = tuple[float, float]

MOST_SIDE_PX = 480
MARGIN_PX = 40


def trace(picture: Bgr, from_point: Point, to_point: Point) -> Points:
    """The path ((n, 2) [column, row] in pixels) from one point to the other along the strongest boundary between them.

    Its ends are the points given. Raises ValueError where a point lies outside of the picture.
    """
    height, width = picture.shape[:2]
    ends = np.array([from_point, to_point], np.float64)
    if not (np.isfinite(ends).all() and (ends >= 0).all() and (ends <= (width - 1, height - 1)).all()):
        raise ValueError(
            f"the points {from_point} and {to_point} must lie in the picture of {width} by {height} pixels"
        )
    margin = MARGIN_PX + 0.25 * float(np.abs(ends[1] - ends[0]).max())
    low = np.maximum(np.floor(ends.min(axis=0) - margin), 0).astype(int)
    high = np.minimum(np.ceil(ends.max(axis=0) + margin) + 1, (width, height)).astype(int)
    grey = cv2.cvtColor(np.ascontiguousarray(picture[low[1] : high[1], low[0] : high[0]]), cv2.COLOR_BGR2GRAY)
    shrink = min(1.0, MOST_SIDE_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    if min(small.shape) < 3:
        return ends
    small = cv2.GaussianBlur(cv2.medianBlur(small, 5), (0, 0), 1.5)
    scissors = cv2.segmentation.IntelligentScissorsMB()
    scissors.setWeights(0.1, 0.3, 0.6)
    scissors.setEdgeFeatureCannyParameters(16, 48, 3, True)
    scissors.setGradientMagnitudeMaxLimit(120)
    scissors.applyImage(small)
    limits = (small.shape[1] - 1, small.shape[0] - 1)
    start, end = (tuple(np.clip(np.rint((p - low) * shrink), 0, limits).astype(int).tolist()) for p in ends)
    scissors.buildMap(start)
    contour = scissors.getContour(end)
    path = np.asarray(contour, np.float64).reshape(-1, 2) / shrink + low
    if len(path) < 3:
        return ends
    smooth = path.copy()
    smooth[1:-1] = (path[:-2] + 2 * path[1:-1] + path[2:]) / 4
    smooth[0], smooth[-1] = ends
    return np.asarray(smooth, np.float64)
