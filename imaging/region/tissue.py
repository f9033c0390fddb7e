"""Whether a textured area can be ultrasound: grey or evenly tinted, and of a speckle's grain.

Speckle is spread by the beam's width (sideways) more than by the pulse's length (in depth), and never by less than about a
pixel: noise that changes from pixel to pixel, a spectrum's upright streaks and a photograph's many colours are told apart
by that. A grey photograph that fills the frame may pass; `imaging.scale` then finds no ruler and refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.region.texture import Grey
from imaging.region.ultrasound import Box, Mask

Flags = npt.NDArray[np.bool_]
_ENOUGH: Final = 200_000  #: pixels that tell the grain
_STRIP: Final = 24  #: rows
_COLOURED: Final = 24  #: chroma (of 128) away from the picture's own tint that counts as a colour


@dataclass(frozen=True, slots=True)
class Grain:
    """`coloured`: part of the area whose colour is not the tint of its brightness; `tint`: typical chroma (of 128);
    `likeness`: correlation of neighbouring pixels, the smaller of across and down; `upright`: energy of the
    changes along a row over that along a column (below 1 for B pictures, above for spectra); `bright`: mean brightness;
    `flat`: part without any change.
    """

    coloured: float
    tint: float
    likeness: float
    upright: float
    bright: float
    flat: float


def grain_of(bgr: Bgr, grey: Grey, mask: Mask, box: Box) -> Grain:
    """The grain of the area inside `mask` (whole frame)."""
    x0, y0, x1, y1 = box
    rows = _sample(y0, y1, x1 - x0)
    inside = mask[rows, x0:x1] > 0
    inside[np.flatnonzero(np.diff(rows) > 1)] = False  # what stands on either side of a seam is no neighbour
    part = grey[rows, x0:x1]
    lab = cv2.cvtColor(np.ascontiguousarray(bgr[rows, x0:x1]), cv2.COLOR_BGR2LAB)
    chroma = lab[..., 1:].astype(np.float32) - 128
    lit = inside & (part > 24)
    coloured, tint = 0.0, 0.0
    if lit.sum() > 100:
        values, level = chroma[lit], part[lit] // 32
        own = np.array([np.median(values[level == k], axis=0) if (level == k).sum() > 20 else (0, 0) for k in range(8)])
        away = np.linalg.norm(values - own[level], axis=1)
        coloured = float((away > _COLOURED).sum() / max(1, inside.sum()))
        tint = float(np.median(np.linalg.norm(own[level], axis=1)))
    value = part.astype(np.float32)
    fine = value - cv2.blur(value, (9, 9))
    across, down = np.diff(value, axis=1)[:-1], np.diff(value, axis=0)[:, :-1]
    both = inside[:-1, :-1] & inside[1:, :-1] & inside[:-1, 1:]
    e_across, e_down = (float(np.mean(np.minimum(d[both] ** 2, 900))) if both.any() else 0.0 for d in (across, down))
    power = float(np.mean(fine[inside] ** 2)) + 1e-6
    beside, below = _pairs(inside, 1), _pairs(inside, 0)
    like_across = float(np.mean(fine[:, :-1][beside] * fine[:, 1:][beside])) / power
    like_down = float(np.mean(fine[:-1][below] * fine[1:][below])) / power
    flat = float(np.mean((across[both] == 0) & (down[both] == 0))) if both.any() else 1.0
    return Grain(
        coloured, tint, min(like_across, like_down), e_across / max(e_down, 1e-6), float(part[inside].mean()), flat
    )


def _sample(y0: int, y1: int, width: int) -> npt.NDArray[np.intp]:
    """All rows of a small area; of a large one every other strip of rows, or fewer, so that time stays bounded."""
    rows = np.arange(y0, y1)
    every = max(1, round((y1 - y0) * width / _ENOUGH))
    return np.asarray(rows[(rows - y0) // _STRIP % every == 0])


def _pairs(inside: Flags, axis: int) -> Flags:
    """Where a pixel and its next along `axis` are both inside."""
    return inside[:, :-1] & inside[:, 1:] if axis == 1 else inside[:-1] & inside[1:]
