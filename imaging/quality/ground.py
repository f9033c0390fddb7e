"""Where a picture ends below its last echo, if the screen shows it.

`UltrasoundRegion.panel` says how far the dark ground below the echoes goes on at most. Where that ground is the picture's
own, of another colour than the screen beside the picture, it ends where the picture ends. Where the whole screen is as
dark, it tells nothing, and the picture is taken to end with its echoes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from imaging.pictures import Bgr
from imaging.region import UltrasoundRegion

_OWN: Final = 6.0  #: levels of 255 in any channel by which the ground differs from the screen at either side
_FEWEST: Final = 8  #: rows of ground that can be looked at


def lower_edge(bgr: Bgr, region: UltrasoundRegion) -> int:
    """The row (exclusive) where the picture ends: its panel's end where the panel is its own, else its box's."""
    x0, _, x1, y1 = region.box
    end = min(int(bgr.shape[0]), region.panel[1])
    if region.kind != "linear" or end - y1 < _FEWEST:
        return y1
    rows, inset = slice(y1 + 2, end - 2, 2), region.width // 20
    ground = np.median(bgr[rows, x0 + inset : x1 - inset : 4], axis=(0, 1))
    wide = max(6, region.width // 60)
    gap = max(3, wide // 2)
    beside = [
        np.median(bgr[rows, left : left + wide], axis=(0, 1))
        for left in (x0 - gap - wide, x1 + gap)
        if left >= 0 and left + wide <= bgr.shape[1]
    ]
    own = bool(beside) and all(float(np.abs(ground - level).max()) >= _OWN for level in beside)
    return end if own else y1
