"""Where a screen is textured, as speckle is, and not flat, as what a user interface draws is."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr

Grey = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.uint8]

#: Least difference inside 3x3 pixels that counts as texture. JPEG leaves differences of 1 and 2 in flat areas.
LEAST_STEP: Final = 3
_PLAIN: Final = 10  #: of 255: JPEG's ringing about letters stays below in most places
_MAP_LENGTH: Final = 320  #: length of the coarse map's longer side, cells
_DENSE: Final = 0.4  #: part of a cell's pixels that are textured, where it counts as textured
_NOISY: Final = 0.9  #: part of the screen that is textured, where the screen's own noise is looked for


def texture(grey: Grey) -> Flags:
    """1 where the 3x3 pixels around one are not even, else 0; (rows, columns).

    A grabber adds noise everywhere: where nearly all of the screen is textured, the step is raised to twice what the
    darkest tenth shows.
    """
    step = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    flags = (step >= LEAST_STEP).astype(np.uint8)
    if flags.mean() > _NOISY:
        dark = grey <= np.percentile(grey, 10)
        noise = float(np.percentile(step[dark], 75))
        if noise < 12:
            raised = (step >= max(LEAST_STEP, 1.5 * noise)).astype(np.uint8)
            if raised.mean() < 0.7:
                return np.asarray(raised)
    return np.asarray(flags)


def plain_texture(grey: Grey, flags: Flags, box: tuple[int, int, int, int]) -> Flags:
    """Texture well above what JPEG leaves beside text, where the picture in `box` has that; else `flags`, what there is."""
    step = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    strong = np.asarray((step >= _PLAIN).astype(np.uint8))
    x0, y0, x1, y1 = box
    inner = (slice(y0, y1), slice(x0 + (x1 - x0) // 4, x1 - (x1 - x0) // 4))
    return strong if float(strong[inner].sum()) >= 0.7 * float(flags[inner].sum()) else flags


def coarse(flags: Flags) -> tuple[Flags, float]:
    """The texture in cells: (map of 0 and 1, pixels per cell's side)."""
    rows, columns = flags.shape
    cell = max(1.0, max(rows, columns) / _MAP_LENGTH)
    size = (max(1, round(columns / cell)), max(1, round(rows / cell)))
    density = cv2.resize(flags * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    return (density >= 255 * _DENSE).astype(np.uint8), cell


def grey_of(bgr: Bgr) -> Grey:
    """Brightness, 0 to 255, (rows, columns)."""
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY))
