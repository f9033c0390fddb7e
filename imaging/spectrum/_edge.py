"""How far the fastest flow lies inside of the outline that one sees.

A trace fades out at its upper edge: the transit of the blood through the beam, the transform's window and the screen's
rescaling spread every speed to both sides (spectral broadening). Where such a spread is alike to both sides, the power at
the fastest speed itself is half of that within the trace; an outline at the middle of the *grey* stands further out, as
the grey is the logarithm of the power. So the outline is moved in to where the power has fallen by some decibels.

What a decibel is in grey levels is told by the speckle: the logarithm of its power scatters by 5.57 dB (exponential
power, one look; Goodman 2007, "Speckle phenomena in optics", 3.2), by 3 to 5 dB after the smoothing on the way to the
screen; 4 dB are taken for one standard deviation. At the top of systole the flow has its greatest speed during a part of
the transform's window only, so the power there is less: 3 dB more are allowed. A saturated display scatters less, so the
fall is held within bounds. The half power point as the maximum frequency's bias is
discussed for threshold methods by Mo, Yun and Cobbold 1988 ("Comparison of four digital maximum frequency estimators for
Doppler ultrasound") and for the signal noise slope intersection by Kathpalia et al. 2016.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEADY_DB: Final = 3.0  #: fall at the fastest flow while it is steady
CREST_DB: Final = 6.0  #: and at the top of systole
_SCATTER_DB: Final = 4.0  #: of the speckle's power, after smoothing
_LEAST: Final = 0.08  #: the fall's bounds as a part of the contrast
_MOST: Final = 0.35
#: A fall that goes on further inwards is that of a trace that is faint towards its top, and no edge's.
_DEEPEST_PX: Final = 2.0
_DEEPEST_PART: Final = 0.04
_FEWEST: Final = 4  #: columns that are averaged at least


@dataclass(frozen=True, slots=True)
class Shift:
    """By how many pixels to go in from the outline, and its standard error in pixels."""

    px: float
    error_px: float


def edge_shift(side: Floats, heights: Floats, columns: Sequence[int], noise: float, fall_db: float) -> Shift | None:
    """The shift that is common to some columns.

    `side` (rows, columns) is the ink from the baseline outwards (NaN where something hides it), `heights` the outline in
    its rows, `noise` the ink beyond the trace, `fall_db` the fall looked for. None: too few columns, too low a trace.
    """
    chosen = [c for c in columns if 0 <= c < side.shape[1] and not math.isnan(heights[c])]
    if len(chosen) < _FEWEST:
        return None
    height = float(np.median(heights[chosen]))
    if height < 4:
        return None
    reach = max(4.0, min(0.5 * height + 2, height - 1))
    offsets = np.arange(-math.floor(reach), 3.0)
    rows = np.arange(side.shape[0], dtype=np.float64)
    strips = []
    for column in chosen:
        values = side[:, column]
        known = ~np.isnan(values)
        if known.sum() >= 0.7 * values.size:
            strips.append(np.interp(heights[column] + offsets, rows[known], values[known]))
    if len(strips) < _FEWEST:
        return None
    straight = np.array(strips)
    profile = straight.mean(axis=0)
    soft = np.convolve(np.pad(profile, 1, mode="edge"), np.ones(3) / 3, "valid")
    inner = offsets <= -max(1.5, 0.05 * height)
    plateau = float(np.percentile(soft[inner], 75))
    scatter = float(straight[:, inner].std(axis=0).mean())
    contrast = plateau - noise
    if contrast < 10:
        return None
    drop = float(np.clip(fall_db / _SCATTER_DB * scatter, _LEAST * contrast, _MOST * contrast))
    level = plateau - drop
    # From the outline inwards to the first point that is as bright as that.
    index = int(np.argmin(np.abs(offsets)))
    while index > 0 and profile[index] < level:
        index -= 1
    if index + 1 >= profile.size or profile[index] < level:
        return None
    fall = float(profile[index] - profile[index + 1])
    at = float(offsets[index]) + (0.0 if fall <= 0 else min(1.0, float(profile[index] - level) / fall))
    error = float(scatter / math.sqrt(len(strips)) / max(fall, 0.05 * contrast))
    deepest = _DEEPEST_PX + _DEEPEST_PART * height
    return Shift(min(max(0.0, -at), deepest), min(error, 0.5 * reach))
