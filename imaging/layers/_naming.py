"""Which of the lines that were found is which of the layers that are expected: in order, by depth and by thickness.

One dynamic programme over both lists, as for aligning two sequences: a line may stay unnamed, a layer unseen.
"""

from __future__ import annotations

import numpy as np

from imaging.layers._boundaries import Boundary
from imaging.layers.priors import Expected

UNSEEN = 3.0
"""Price of a layer that is expected and not found, and of a named boundary's largest useful misfit."""
UNNAMED_PER_EVIDENCE = 0.8
FARTHEST = 3.5
"""A line farther than this many spreads from where a layer is expected is not that layer."""


def name_lines(
    found: list[Boundary], expected: tuple[Expected, ...], px_per_mm: float, above: tuple[float, float]
) -> dict[int, int]:
    """Index of the expected layer for each line that gets a name. `found` in order of depth; `above`: [found, expected] depth
    in mm of the boundary above the first."""
    depths = [float(np.mean(line.rows)) / px_per_mm for line in found]
    prices = [UNNAMED_PER_EVIDENCE * min(line.evidence, 4.0) for line in found]
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {(-1, -1): (0.0, None)}
    for i, depth in enumerate(depths):
        for j, what in enumerate(expected):
            if abs(depth - what.depth_mm) > FARTHEST * what.spread_mm:
                continue
            own = ((depth - what.depth_mm) / what.spread_mm) ** 2 * 0.5
            options = []
            for (k, m), (cost, _) in best.items():
                if k >= i or m >= j:
                    continue
                upper = above if k < 0 else (depths[k], expected[m].depth_mm)
                thick, usual = depth - upper[0], what.depth_mm - upper[1]
                spread = 0.08 + 0.25 * usual
                misfit = 0.5 * min(((thick - usual) / spread) ** 2, 9.0)
                skipped = UNSEEN * (j - m - 1) + sum(prices[k + 1 : i])
                options.append((cost + own + misfit + skipped, (k, m)))
            if options:
                best[i, j] = min(options)
    ends = [
        (cost + UNSEEN * (len(expected) - 1 - m) + sum(prices[k + 1 :]), (k, m)) for (k, m), (cost, _) in best.items()
    ]
    here: tuple[int, int] | None = min(ends)[1]
    names: dict[int, int] = {}
    while here is not None and here != (-1, -1):
        names[here[0]] = here[1]
        here = best[here][1]
    return names
