"""Words as pixels, in any script: what can be set is set, and a sign that no typeface here has stands as its number.

Two typefaces: DejaVu Sans of the system (the package fonts-dejavu-core), set by Pillow with Raqm, which joins Arabic letters
and runs Hebrew and Arabic from right to left; and the one inside OpenCV 5, which has Chinese, Japanese and Korean. A sign
that neither has (Devanagari, Thai…) is written as its number, [U+0E01], and told in `lacking`: nothing is dropped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, features

from devices.cv import cv2

Ink = npt.NDArray[np.uint8]
Hand = Literal["dejavu", "opencv", "number"]

_FILE: Final = "DejaVuSans.ttf"
_NO_SIGN: Final = "\U0010ffff"  # a code point that is never a character: shows what stands for a missing one
_WEIGHT: Final = 400
_ASK_PX: Final = 24  #: size at which signs are asked for


@dataclass(frozen=True, slots=True)
class Lettered:
    """One line of words: `ink` (rows, columns) 0 to 255, of the same height for every text of one size.

    `lacking` are the signs that stand as their numbers.
    """

    ink: Ink = field(repr=False)
    lacking: tuple[str, ...]

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.ink.shape[1])


def line_height(size: int) -> int:
    """Rows of a line of words of this size."""
    return _ascent(size) + _descent(size)


@lru_cache(maxsize=2048)
def lettered(text: str, size: int) -> Lettered:
    """A line of words with letters of `size` pixels (the em). Control signs count as lacking; an empty text has no ink."""
    lacking = tuple(dict.fromkeys(sign for sign in text if _hand(sign) == "number"))
    runs = list(_runs(text))
    inks = [_set(hand, words, size) for hand, words in runs if words]
    ink = np.concatenate(inks, axis=1) if inks else np.zeros((line_height(size), 0), np.uint8)
    ink.setflags(write=False)
    return Lettered(ink, lacking)


def _runs(text: str) -> Iterator[tuple[Hand, str]]:
    """Stretches of one typeface, with the signs that neither has written out as numbers."""
    hand: Hand = "dejavu"
    words = ""
    for sign in text:
        needed = _hand(sign)
        if needed == "number":
            needed, sign = "dejavu", f"[U+{ord(sign):04X}]"
        if needed != hand:
            yield hand, words
            hand, words = needed, ""
        words += sign
    yield hand, words


@cache
def _hand(sign: str) -> Hand:
    right_to_left = unicodedata.bidirectional(sign) in ("R", "AL")
    if _dejavu_has(sign) and (not right_to_left or _shapes()):
        return "dejavu"
    if _opencv_has(sign) and not right_to_left:
        return "opencv"
    return "number"


@cache
def _shapes() -> bool:
    """Whether Pillow can join letters and run them from right to left here."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(_FILE, size)
    except OSError:  # not installed: OpenCV's own typeface takes its place
        return None


@cache
def _opencv_font() -> Any:
    return cv2.FontFace("uni")


def _dejavu_has(sign: str) -> bool:
    if _font(_ASK_PX) is None or not sign.isprintable():
        return False
    # Sign by sign: Raqm would put a dotted circle under a mark that stands alone.
    font = ImageFont.truetype(_FILE, _ASK_PX, layout_engine=ImageFont.Layout.BASIC)
    return _bits(font, sign) != _bits(font, _NO_SIGN)


def _bits(font: ImageFont.FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)


@cache
def _opencv_has(sign: str) -> bool:
    if not sign.isprintable():
        return False
    return sign == "?" or not np.array_equal(_opencv_ink(sign, _ASK_PX), _opencv_ink("?", _ASK_PX))


def _ascent(size: int) -> int:
    return round(size * 1.0)


def _descent(size: int) -> int:
    return round(size * 0.3)


def _set(hand: Hand, words: str, size: int) -> Ink:
    font = _font(size)
    if hand == "opencv" or font is None:
        return _opencv_ink(words, size)
    wide = max(round(font.getlength(words)), 1)
    line = Image.new("L", (wide, line_height(size)))
    ImageDraw.Draw(line).text((0, _ascent(size)), words, fill=255, font=font, anchor="ls")
    return np.asarray(line, np.uint8)


def _opencv_ink(words: str, size: int) -> Ink:
    font = _opencv_font()
    pad = size
    (_, _, wide, _) = cv2.getTextSize((4096, 4096), words, (0, 0), font, size, _WEIGHT)
    ink = np.zeros((line_height(size), wide + 2 * pad), np.uint8)
    (end, *_), *_ = cv2.putText(ink, words, (0, _ascent(size)), 255, font, size, _WEIGHT)
    return np.ascontiguousarray(ink[:, : max(int(end), 1)])
