"""How coarse the speckle is, and so how far a bright echo spreads over the dark beside it.

Speckle has the size of the point spread (Wagner et al., IEEE Trans. Sonics Ultrason. 1983;30:156): its autocorrelation
tells the resolution of this very picture, whatever the probe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grain:
    """Standard deviations of the point spread `across` (columns) and `down` (rows), px of the picture measured."""

    across: float
    down: float


def grain_of(grey: Floats) -> Grain:
    """The grain of a picture (rows, columns; 0 to 255), from its mid-grey tissue."""
    # Layers run across: what is alike along a row is no speckle.
    slow = cv2.blur(grey, (31, 1))
    fine = grey - slow
    # Neither black (no echo) nor strong lines: those are structure, not speckle.
    weight = ((slow > 15) & (slow < 200) & (np.abs(fine) < 60)).astype(np.float32)
    weight[:4], weight[-4:] = 0, 0
    if weight.sum() < 400:
        return Grain(1.5, 1.0)
    return Grain(_reach(fine, weight, 1), _reach(fine, weight, 0))


def _reach(fine: Floats, weight: Floats, axis: int) -> float:
    """Lag in px at which the autocorrelation has fallen to exp(-1/2)."""
    size = fine.shape[axis]
    power = float((fine**2 * weight).sum() / weight.sum())
    before, level = 1.0, float(np.exp(-0.5))
    for lag in range(1, 10):
        a, b = (fine[:, : size - lag], fine[:, lag:]) if axis else (fine[: size - lag], fine[lag:])
        wa, wb = (weight[:, : size - lag], weight[:, lag:]) if axis else (weight[: size - lag], weight[lag:])
        both = wa * wb
        now = float((a * b * both).sum() / max(1.0, both.sum())) / max(power, 1e-6)
        if now < level:
            return lag - 1 + (before - level) / max(before - now, 1e-6)
        before = now
    return 9.0
