"""The rim of flow, to the pixel: what a codec's coarse colour adds to it, and what an outline that is drawn over it takes.

JPEG and video keep colour at half the resolution of light, so that a patch of flow has a rim of tissue tinted by it, a pixel
wide; light is kept whole and tells the two apart. Of a vessel of ten pixels that rim is a third.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask
from imaging.pictures import Bgr

_NEAR: Final = 5  #: pixels: the side of the square that says what is within and what beyond
BAND: Final = 3  #: pixels that the outline, its dashes and what a codec spreads of it take from the flow beside it
_AROUND: Final = np.ones((3, 3), np.uint8)


def without_tinted_rim(bgr: Bgr, flow: Mask) -> Mask:
    """`flow` (rows, columns) without the outermost pixels whose colour and light are nearer to what lies beyond them than to
    what lies within. Where a patch is so thin that nothing lies within, its rim stays."""
    x, y, w, h = cv2.boundingRect(flow)
    if not w:
        return flow
    window = (slice(max(0, y - _NEAR), y + h + _NEAR), slice(max(0, x - _NEAR), x + w + _NEAR))
    seen, part = np.ascontiguousarray(bgr[window]), np.ascontiguousarray(flow[window])
    within = cv2.erode(part, _AROUND, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    beyond = (cv2.dilate(part, _AROUND) == 0).astype(np.uint8)
    rim = (part > 0) & (within == 0)
    here = seen[rim].astype(np.float32)
    to_within, to_beyond = (_distance(here, seen, side, rim) for side in (within, beyond))
    tinted = np.zeros(part.shape, bool)
    tinted[rim] = to_within > to_beyond  # unknown is nan, and compares as false
    kept = flow.copy()
    kept[window][tinted] = 0
    return kept


def _distance(here: Floats, bgr: Bgr, side: Mask, rim: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """(n,): how far the colour of each pixel of the rim is from the mean of `side` near it; nan where there is none near."""
    only = cv2.bitwise_and(bgr, bgr, mask=side)
    sums = cv2.boxFilter(only, cv2.CV_32F, (_NEAR, _NEAR), normalize=False, borderType=cv2.BORDER_CONSTANT)[rim]
    counts = cv2.boxFilter(side, cv2.CV_32F, (_NEAR, _NEAR), normalize=False, borderType=cv2.BORDER_CONSTANT)[rim]
    counts[counts < 0.5] = np.nan
    return np.asarray(np.square(here - sums / counts[:, None]).sum(axis=1), np.float32)


def up_to_the_outline(flow: Mask, coloured: Mask, band: Mask) -> Mask:
    """`flow` grown into `band`, the pixels that lie at the outline, where they are `coloured` (255) and flow touches them.

    The outline's own colour may be flow's, so that nothing in the band is flow by itself."""
    if not cv2.countNonZero(band):
        return flow
    reach = np.ones((2 * BAND + 1, 2 * BAND + 1), np.uint8)
    grown = cv2.bitwise_and(cv2.bitwise_and(cv2.dilate(flow, reach), coloured), band)
    return np.asarray(cv2.bitwise_or(flow, grown), np.uint8)
