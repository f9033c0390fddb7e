"""The cheapest way across a picture from its first to its last column, by dynamic programming.

The method of intima-media boundary tracing (Wendelhag et al., Stroke 1997;28:2195; Cheng and Jiang, IEEE TITB 2008;12:792):
one row a column, neighbours at most `steepest` rows apart, a bend costs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def cheapest_path(cost: Floats, steepest: int, slope_cost: float) -> npt.NDArray[np.int64]:
    """Rows of the cheapest path through `cost` (rows, columns); `slope_cost` is paid per squared row between neighbours."""
    rows, columns = cost.shape
    shifts = range(-steepest, steepest + 1)
    total = cost[:, 0].astype(np.float32)
    came = np.zeros((columns, rows), np.int8)
    padded = np.full(rows + 2 * steepest, np.inf, np.float32)
    for column in range(1, columns):
        padded[steepest : steepest + rows] = total
        options = np.lib.stride_tricks.sliding_window_view(padded, rows)  # (2·steepest+1, rows): row + shift
        priced = options + np.array([[slope_cost * s * s] for s in shifts], np.float32)
        best = priced.argmin(axis=0)
        came[column] = best - steepest
        total = np.take_along_axis(priced, best[None], 0)[0] + cost[:, column]
    path = np.empty(columns, np.int64)
    path[-1] = int(total.argmin())
    for column in range(columns - 1, 0, -1):
        path[column - 1] = path[column] + came[column, path[column]]
    return np.clip(path, 0, rows - 1)


def between_rows(cost: Floats, path: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """`path` refined to parts of a row by a parabola through the cost of the rows above and below."""
    rows, columns = cost.shape
    inner = np.clip(path, 1, rows - 2)
    at = np.arange(columns)
    above, here, below = cost[inner - 1, at], cost[inner, at], cost[inner + 1, at]
    bend = above - 2 * here + below
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(bend > 1e-6, np.clip(0.5 * (above - below) / bend, -0.5, 0.5), 0.0)
    return np.asarray(inner + np.where(np.isfinite(part), part, 0.0), np.float64)
