"""The cheapest way across a picture from its first to its last column, by dynamic programming.

The method of intima-media boundary tracing (Wendelhag et al., Stroke 1997;28:2195; Cheng and Jiang, IEEE TITB 2008;12:792):
one row a column, neighbours at most `steepest` rows apart, a slope costs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


def cheapest_path(cost: Floats, steepest: int, slope_cost: float) -> Rows:
    """Rows (columns,) of the cheapest path through `cost` (rows, columns); `slope_cost` is paid per squared row of a step."""
    return np.asarray(cheapest_paths(cost[None], steepest, slope_cost)[0], np.int64)


def cheapest_paths(costs: Floats, steepest: int, slope_cost: float) -> Rows:
    """The same for several pictures of one size at once: (n, columns) for `costs` (n, rows, columns)."""
    n, rows, columns = costs.shape
    by_column = np.ascontiguousarray(np.moveaxis(costs, 2, 0), np.float32)
    width = 2 * steepest + 1
    price = (slope_cost * np.arange(-steepest, steepest + 1, dtype=np.float32) ** 2).astype(np.float32)[:, None]
    came = np.empty((columns, n, rows), np.int8)
    padded = np.full((n, rows + 2 * steepest), np.inf, np.float32)
    middle = padded[:, steepest : steepest + rows]
    # options[i, k, r] is padded[i, r + k]: a view, so that each column costs one addition and one search.
    options = np.lib.stride_tricks.as_strided(
        padded, (n, width, rows), (padded.strides[0], padded.strides[1], padded.strides[1]), writeable=False
    )
    middle[:] = by_column[0]
    for column in range(1, columns):
        priced = options + price
        came[column] = priced.argmin(axis=1)
        np.add(priced.min(axis=1), by_column[column], out=middle)
    path = np.empty((n, columns), np.int64)
    path[:, -1] = middle.argmin(axis=1)
    each = np.arange(n)
    for column in range(columns - 1, 0, -1):
        path[:, column - 1] = path[:, column] + came[column, each, path[:, column]] - steepest
    return np.clip(path, 0, rows - 1)


def between_rows(cost: Floats, path: Rows) -> npt.NDArray[np.float64]:
    """`path` refined to parts of a row by a parabola through the cost of the rows above and below."""
    rows, columns = cost.shape
    inner = np.clip(path, 1, rows - 2)
    at = np.arange(columns)
    above, here, below = cost[inner - 1, at], cost[inner, at], cost[inner + 1, at]
    bend = above - 2 * here + below
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(bend > 1e-6, np.clip(0.5 * (above - below) / bend, -0.5, 0.5), 0.0)
    return np.asarray(inner + np.where(np.isfinite(part), part, 0.0), np.float64)
