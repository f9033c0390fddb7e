"""A simulated frame as the measures of anatomy take it: cut out and scaled by its true scale.

How well scale and region are found has measures of its own; here they would hide what is measured.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imaging import Bgr
from imaging.bmode import BMode, b_mode
from workstation.benchmark.case import Truth

Points = npt.NDArray[np.float64]


def b_mode_of(picture: Bgr, truth: Truth) -> BMode:
    """The B-mode picture of a frame."""
    region = truth["region"]
    x, y = truth["mm_per_pixel"]
    return b_mode(picture, (region["x0"], region["y0"], region["x1"], region["y1"]), (x, y))


def rows_at(points: npt.ArrayLike, columns: npt.ArrayLike) -> Points:
    """The row of a line ([column, row] in pixels) at these columns; NaN where it has none."""
    line = np.asarray(points, float).reshape(-1, 2)
    order = np.argsort(line[:, 0])
    rows: Points = np.interp(np.asarray(columns, float), line[order, 0], line[order, 1], left=np.nan, right=np.nan)
    return rows
