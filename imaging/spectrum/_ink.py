"""How much of the trace's colour a pixel has, whatever the theme: white on black, sepia, blue, dark on a light ground.

The ground's colour is the commonest one of the panel; the trace's is the direction in which most other pixels depart from
it. A pixel's ink is its part along that direction, what is left over is another colour: a drawn line, a mark, a letter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_COLOURED: Final = 45  #: grey levels by which a drawn line's colour departs from the trace's own tint
_SEEN: Final = 40  #: grey levels from the ground on which a pixel's colour says something
_MOST_DRAWN: Final = 0.12  #: part of what is seen that lines and marks can be; more is a map of several colours


def ink_of(part: Bgr, *, light: bool) -> tuple[Floats, Mask]:
    """(ink, drawn) of a panel, both (rows, columns): ink 0 (ground) to 255; `drawn` where another colour lies over it.

    `light`: the ground is the lighter of ground and trace.
    """
    colour = part.astype(np.float32)
    luma = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    half = luma >= 128 if light else luma < 128
    if not half.any():
        half = np.ones(luma.shape, bool)
    counts = np.convolve(np.bincount(luma[half], minlength=256), np.ones(9), "same")
    usual = int(np.argmax(counts))
    ground = np.median(colour[half & (np.abs(luma.astype(int) - usual) <= 4)], axis=0)
    apart = colour - ground
    size = np.linalg.norm(apart, axis=2)
    seen = size > _SEEN
    if not seen.any():
        return np.clip(size, 0, 255).astype(np.float64), np.zeros(luma.shape, bool)
    way = np.median(apart[seen] / size[seen][:, None], axis=0)
    way /= max(float(np.linalg.norm(way)), 1e-6)
    along = apart @ way
    rest = np.abs(apart - along[:, :, None] * way).max(axis=2) > _COLOURED
    if rest[seen].mean() > _MOST_DRAWN:
        # The maker's map runs through several colours: the distance from the ground is all there is.
        return np.clip(np.abs(apart).max(axis=2), 0, 255).astype(np.float64), np.zeros(luma.shape, bool)
    drawn = cv2.dilate(rest.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    ink = np.clip(along * float(np.abs(way).max()), 0, 255)
    return ink.astype(np.float64), np.asarray(drawn, bool)
