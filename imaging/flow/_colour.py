"""Colour as this room sees it: luminance and two colour differences, less the tint that a grey picture carries.

The colour differences are those of ITU-R BT.601 (as in JPEG), centred on 0: red is (+, −), blue (−, +). A B-mode picture
is a curve in that space, not a point: sepia and blue maps, and chroma errors of a codec, bend it. What lies on the curve
is tissue, whatever its hue.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]
"""(rows, columns): 0 or 1."""

_STEPS: Final = 16  #: of the tint curve, equal parts of the luminance
_TURN: Final = 9.0  #: colour difference between neighbouring steps beyond which a step is not believed
_DIM: Final = 3  #: steps of the curve at which themes lie: not begun with
_UNKNOWN_NOISE: Final = 8.0  #: of grey that was not measured: a codec's errors on grey stay below 15
_ENOUGH: Final = 60  #: pixels that a step of the curve needs for a median


def opponent(bgr: npt.NDArray[np.uint8]) -> Floats:
    """(..., 3) BGR as (..., 3): luminance 0 to 255, Cr and Cb −128 to 127."""
    flat = np.ascontiguousarray(bgr.reshape(-1, 1, 3))
    plane = np.asarray(cv2.cvtColor(flat, cv2.COLOR_BGR2YCrCb), np.float32).reshape(bgr.shape)
    plane[..., 1:] -= 128
    return plane


def vividness(bgr: Bgr) -> Mask:
    """(rows, columns): the largest less the smallest of the three channels, 0 to 255."""
    blue, green, red = cv2.split(bgr)
    high = cv2.max(cv2.max(blue, green), red)
    low = cv2.min(cv2.min(blue, green), red)
    return np.asarray(cv2.subtract(high, low), np.uint8)


class Tint:
    """The colour that grey has on this screen, by luminance: a map's hue, or a codec's error."""

    def __init__(self, bgr: Bgr | None = None, mask: Mask | None = None) -> None:
        """Measured on the pixels of a picture that are mostly B-mode (`mask` > 0); grey is grey where none is given."""
        self._curve = np.zeros((_STEPS, 2), np.float32)
        self.noise = _UNKNOWN_NOISE
        """How far grey lies from its own tint: the colour difference below which four of five pixels stay (the
        fifth may be flow or letters)."""
        if bgr is None:
            return
        step = max(1, int(np.sqrt(bgr.shape[0] * bgr.shape[1] / 150_000)))
        seen = opponent(bgr[::step, ::step])
        seen = seen.reshape(-1, 3) if mask is None else seen[mask[::step, ::step] > 0]
        # What is as vivid as no B-mode map is (a flow colour, a logo) does not vote.
        seen = seen[np.hypot(seen[:, 1], seen[:, 2]) < 10 + 0.3 * seen[:, 0]]
        bands = np.minimum(seen[:, 0].astype(int) * _STEPS // 256, _STEPS - 1)
        counts = np.bincount(bands, minlength=_STEPS)
        # A screen's dark theme is dark; tissue is not only that.
        start = int(counts[_DIM:].argmax()) + _DIM
        if counts[start] < _ENOUGH:
            start = int(counts.argmax())
        if counts[start] < _ENOUGH:
            return
        self._curve[start] = np.median(seen[bands == start, 1:], axis=0)
        # From the commonest luminance outwards: a band that turns another way holds more flow or text than tissue.
        for step in (-1, 1):
            for band in range(start + step, _STEPS if step > 0 else -1, step):
                expected = self._curve[band - step] * (band + 0.5) / (band - step + 0.5)
                if counts[band] >= _ENOUGH:
                    median = np.median(seen[bands == band, 1:], axis=0)
                    turned = np.hypot(*(median - expected)) > _TURN
                    self._curve[band] = expected if turned else median
                else:
                    self._curve[band] = self._curve[band - step] if step > 0 else expected
        apart = seen[:, 1:] - self.at(seen[:, 0])
        self.noise = float(np.quantile(np.hypot(apart[:, 0], apart[:, 1]), 0.8))

    def at(self, luminance: Floats) -> Floats:
        """(..., 2): Cr and Cb of grey at each luminance."""
        centres = (np.arange(_STEPS) + 0.5) * 256 / _STEPS
        parts = [np.interp(luminance, centres, self._curve[:, channel]) for channel in (0, 1)]
        return np.stack(parts, axis=-1).astype(np.float32)

    def strength(self) -> float:
        """The curve's largest distance from grey, 0 to 128."""
        return float(np.hypot(self._curve[:, 0], self._curve[:, 1]).max())
