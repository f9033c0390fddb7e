"""The grey of the live picture as a maker tints it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mock_devices.contract import Picture


@lru_cache(maxsize=256)
def grey_colours(tint: tuple[int, int, int], gamma: float, inverse: bool = False) -> Picture:
    """Colours (256, 1, 3), blue first, for grey 0 to 255; `inverse` is dark on light."""
    part = (np.arange(256) / 255.0) ** gamma
    if inverse:
        part = 1.0 - part
    return np.ascontiguousarray((part[:, None] * np.array(tint, np.float64)).round().astype(np.uint8)[:, None, :])
