"""What the tissue looked like before the instrument came: a shaft is what is brighter than that, a fibre or bone is not.

A running background per pixel (after Piccardi, "Background subtraction techniques", IEEE SMC 2004), which leaves out the
place of the shaft that is followed. Limit: an instrument that is there in the first picture belongs to the background.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Floats = npt.NDArray[np.float32]

RATE = 0.15
"""Part of the new picture that goes into the background."""
SHIFT_MM = 0.25
"""How far tissue may move against the background before its lines count as new, mm."""
NEW_SCENE = 0.10
"""Part of the picture that must have grown brighter by `MUCH` for the probe to count as moved."""
MUCH = 40.0


class Background:
    """The tissue's own picture, kept from frame to frame."""

    def __init__(self) -> None:
        self._kept: Floats | None = None

    def brighter(self, grey: Floats, mm: float) -> Floats | None:
        """By how much `grey` exceeds whatever was near each pixel before; None in the first picture of a scene."""
        if self._kept is None or self._kept.shape != grey.shape:
            self._kept = cv2.GaussianBlur(grey, (0, 0), 0.6)
            return None
        reach = 2 * max(1, round(SHIFT_MM * mm)) + 1
        before = cv2.dilate(self._kept, np.ones((reach, reach), np.uint8))
        more = np.clip(cv2.GaussianBlur(grey, (0, 0), 0.6) - before, 0, None)
        if float((more > MUCH).mean()) > NEW_SCENE:
            self._kept = cv2.GaussianBlur(grey, (0, 0), 0.6)
            return None
        return np.asarray(more, np.float32)

    def learn(self, grey: Floats, but: npt.NDArray[np.uint8] | None) -> None:
        """Take the picture in, but for the pixels where `but` is 1."""
        if self._kept is None:
            return
        new = cv2.GaussianBlur(grey, (0, 0), 0.6)
        mixed = (1 - RATE) * self._kept + RATE * new
        self._kept = np.asarray(mixed if but is None else np.where(but > 0, self._kept, mixed), np.float32)
