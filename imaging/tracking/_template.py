"""A patch of tissue remembered from one picture and found again in another, to a fraction of a pixel.

Normalised cross-correlation (Lewis, "Fast normalized cross-correlation", 1995), its peak refined by a parabola.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a patch's middle was found ([column, row]), and how alike it is there (-1 to 1)."""

    point: npt.NDArray[np.float64]
    likeness: float


class Template:
    """The patch of `half` pixels around `point` ([column, row]) in `picture`."""

    def __init__(self, picture: Grey, point: npt.NDArray[np.float64], half: int) -> None:
        self._half = half
        self._patch = cv2.getRectSubPix(picture, (2 * half + 1, 2 * half + 1), tuple(map(float, point)))
        self.has_texture = bool(self._patch.std() > 4)

    def find(self, picture: Grey, near: npt.NDArray[np.float64], reach: int) -> Match | None:
        """The best match within `reach` pixels of `near`; None where the patch is flat or the best lies at the rim."""
        if not self.has_texture:
            return None
        side = 2 * (self._half + reach) + 1
        area = cv2.getRectSubPix(picture, (side, side), tuple(map(float, near)))
        likeness = np.nan_to_num(cv2.matchTemplate(area, self._patch, cv2.TM_CCOEFF_NORMED))
        row, column = np.unravel_index(int(likeness.argmax()), likeness.shape)
        last = 2 * reach
        if not (0 < row < last and 0 < column < last):
            return None
        at = np.array([column, row], np.float64) - reach
        at += [_peak(likeness[row, column - 1 : column + 2]), _peak(likeness[row - 1 : row + 2, column])]
        return Match(near + at, float(likeness[row, column]))


def _peak(three: npt.NDArray[np.float32]) -> float:
    left, middle, right = (float(v) for v in three)
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))
