"""Letters: a few typefaces that come with the locked packages, so that every machine draws the same bytes.

`rubik` and `droid` are inside OpenCV 5 (SIL Open Font Licence and Apache 2.0), `aileron` is inside Pillow (CC0), `dots` is
the 5 x 7 matrix here. Fonts of the system are not used: the next machine may lack them. Each can be made narrower or
wider, and hard-edged as screens without anti-aliasing write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from devices.cv import cv2
from mock_devices.screens._pixel_font import dots

Family = Literal["rubik", "slanted", "droid", "aileron", "dots"]
CAP: Final = {"rubik": 0.70, "slanted": 0.70, "droid": 0.71, "aileron": 0.70, "dots": 0.70}
_INK: Final = 70  #: from here on a pixel of a letter counts as ink, 255 is full
_OPENCV: Final = {"rubik": "sans", "slanted": "italic", "droid": "uni"}


@dataclass(frozen=True, slots=True)
class Ink:
    """Drawn words: `alpha` uint8 (rows, columns), cropped; `left`, `top` place it from the pen on the base line."""

    alpha: NDArray[np.uint8]
    left: int
    top: int
    advance: float
    box: tuple[int, int, int, int]  #: of the strong ink, within `alpha`


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family in one weight (100 to 900) and width (1 as designed); `hard` has no grey edges."""

    family: Family = "rubik"
    weight: int = 400
    width: float = 1.0
    hard: bool = False

    def cap_height(self, size: float) -> float:
        """Height of a capital in pixels, for letters of `size` pixels."""
        return CAP[self.family] * size

    def ink(self, words: str, size: float) -> Ink:
        """`words` drawn at `size` pixels (the em). ValueError where there is nothing to draw."""
        return _ink(self, words, round(size * 4) / 4)

    def width_of(self, words: str, size: float) -> float:
        """How far the pen goes, in pixels."""
        return self.ink(words, size).advance if words.strip() else 0.0


@cache
def _opencv_face(name: str) -> Any:
    if not hasattr(cv2, "FontFace"):
        raise RuntimeError("This OpenCV has no fonts of its own; install the version in the lock file (5 or newer).")
    return cv2.FontFace(name)


@lru_cache(maxsize=64)
def _aileron(size: float) -> Any:
    return ImageFont.load_default(size)


@lru_cache(maxsize=4096)
def _ink(face: Typeface, words: str, size: float) -> Ink:
    if not words.strip():
        raise ValueError("Words of blanks cannot be drawn.")
    mask, left, top, advance = _raw(face, words, size)
    if face.width != 1.0:
        columns = max(1, round(mask.shape[1] * face.width))
        mask = np.asarray(cv2.resize(mask, (columns, mask.shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)
        left, advance = round(left * face.width), advance * face.width
    if face.hard:
        mask = np.where(mask > 110, 255, 0).astype(np.uint8)
    drawn = np.nonzero(mask > 8)
    r0, r1 = int(drawn[0].min()), int(drawn[0].max()) + 1
    c0, c1 = int(drawn[1].min()), int(drawn[1].max()) + 1
    alpha = mask[r0:r1, c0:c1]
    strong = np.nonzero(alpha >= min(_INK, int(alpha.max())))
    box = (int(strong[1].min()), int(strong[0].min()), int(strong[1].max()) + 1, int(strong[0].max()) + 1)
    alpha.setflags(write=False)
    return Ink(alpha, left + c0, top + r0, advance, box)


def _raw(face: Typeface, words: str, size: float) -> tuple[NDArray[np.uint8], int, int, float]:
    """The mask, where its left and top stand from the pen, and how far the pen goes."""
    if face.family == "dots":
        small = dots(words) * np.uint8(255)
        rows = max(9, round(9 * size / 10))
        columns = round(small.shape[1] * rows / 9)
        whole = rows % 9 == 0
        how = cv2.INTER_NEAREST if face.hard or whole else cv2.INTER_LINEAR
        mask = np.asarray(cv2.resize(small, (columns, rows), interpolation=how), np.uint8)
        return mask, 0, -round(rows * 7 / 9), float(columns)
    if face.family == "aileron":
        font = _aileron(size)
        core, (left, top) = font.getmask2(words, mode="1" if face.hard else "L", anchor="ls")
        mask = np.array(core, np.uint8).reshape(core.size[1], core.size[0])
        return mask, int(left), int(top), float(font.getlength(words))
    font = _opencv_face(_OPENCV[face.family])
    whole_size = max(8, round(size))
    pad = whole_size
    (x0, _, x1, _) = cv2.getTextSize((4096, 4096), words, (0, 0), font, whole_size, face.weight)
    mask = np.zeros((3 * whole_size, x1 - min(x0, 0) + 2 * pad), np.uint8)
    (end, *_), *_ = cv2.putText(mask, words, (pad, 2 * whole_size), 255, font, whole_size, face.weight)
    return mask, -pad, -2 * whole_size, float(end - pad)
