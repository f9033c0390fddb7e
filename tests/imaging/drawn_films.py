"""Films of drawn screens: the same screen with other tissue in each frame, and the same probe at another depth."""

from __future__ import annotations

import math

import numpy as np

from devices.cv import cv2
from tests.imaging.drawn_screens import Drawn, draw, speckle


def readable(seed: int, labelled: bool = True) -> Drawn:
    """A linear screen with its ruler beside the picture."""
    while True:
        rng = np.random.default_rng(seed)
        drawn = draw(rng, kind="linear", degrade=False, labelled=labelled, size=(1024, 768))
        if drawn.notes["spot"] == "beside" and drawn.notes["theme"] == 0:
            return drawn
        seed += 1


def frames_of(drawn: Drawn, count: int, seed: int) -> list[np.ndarray]:
    """The same screen with other tissue in each frame."""
    x0, y0, x1, y1 = drawn.box
    frames = []
    for k in range(count):
        frame = drawn.bgr.copy()
        frame[y0:y1, x0:x1] = speckle(np.random.default_rng((seed, k)), y1 - y0, x1 - x0)[..., None]
        frames.append(cv2.imdecode(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 85])[1], cv2.IMREAD_COLOR))
    return frames


def other_depth(seed: int) -> tuple[Drawn, Drawn]:
    """Two screens of one size and different depths."""
    one = readable(seed)
    k = seed + 100
    while True:
        two = readable(k)
        if two.bgr.shape == one.bgr.shape and abs(math.log(two.mm_per_pixel[1] / one.mm_per_pixel[1])) > 0.05:
            return one, two
        k += 1
