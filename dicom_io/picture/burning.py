"""Burns labels into a picture: shapes, captions beside them, and a strip below that says what the picture is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from annotation.canvas.hit import AnyShape, outline
from annotation.colours import colour_of, rgb
from annotation.shapes import Point
from devices.cv import cv2
from dicom_io.drawing.captioned import PAD_PX, Captioned, letter_size
from dicom_io.drawing.lettering import Ink, lettered, line_height
from dicom_io.picture.decode import Picture

_FRACTION_BITS: Final = 4  #: places are drawn to a sixteenth of a pixel
_MIDDLE: Final = 0.5  #: OpenCV counts from the middle of the first pixel, labels from its corner
_PLATE: Final = 0.35  #: how much of the picture shows through below a caption
_STRIP_INK: Final = (235, 235, 235)


def burn(picture: Picture, captions: Sequence[Captioned]) -> None:
    """Draw shapes and captions into `picture` (BGR, rows x columns x 3), in its place."""
    rows = picture.shape[0]
    thick = max(2, round(rows / 400))
    tick = max(4.0, rows / 100)
    for each in captions:
        _draw(picture, each.finding.shape, _bgr(colour_of(each.finding)), thick, tick)
    for each in captions:
        if each.shown:
            left, top = round(each.plate.left), round(each.plate.top)
            _plate(picture, left, top, each.line.ink, _bgr(colour_of(each.finding)))


def strip(columns: int, rows: int, texts: Sequence[str]) -> Picture:
    """Lines of words in light letters on black, as wide as the picture of columns x rows that it goes below."""
    size = max(10, round(letter_size(rows) * 0.8))
    lines = [line for text in texts for line in _wrapped(text, size, columns - 2 * PAD_PX)]
    high = line_height(size)
    made = np.zeros((len(lines) * high + 2 * PAD_PX, columns, 3), np.uint8)
    for number, ink in enumerate(lines):
        _blend(made, PAD_PX, PAD_PX + number * high, ink, _STRIP_INK)
    return made


def _bgr(colour: str) -> tuple[int, int, int]:
    red, green, blue = rgb(colour)
    return blue, green, red


def _draw(picture: Picture, shape: AnyShape, colour: tuple[int, int, int], thick: int, tick: float) -> None:
    if isinstance(shape, Point):
        (column, row) = shape.at
        lines = [[(column - tick, row), (column + tick, row)], [(column, row - tick), (column, row + tick)]]
    else:
        lines = [outline(shape)]
    # A dark line below the coloured one keeps it readable on bright tissue.
    for line_colour, line_thick in (((0, 0, 0), thick + 2), (colour, thick)):
        for line in lines:
            places = np.rint((np.asarray(line) - _MIDDLE) * (1 << _FRACTION_BITS)).astype(np.int32)
            cv2.polylines(picture, [places], False, line_colour, line_thick, cv2.LINE_AA, _FRACTION_BITS)


def _plate(picture: Picture, left: int, top: int, ink: Ink, colour: tuple[int, int, int]) -> None:
    part = picture[max(top, 0) : top + ink.shape[0], max(left, 0) : left + ink.shape[1] + 2 * PAD_PX]
    np.multiply(part, _PLATE, out=part, casting="unsafe")
    _blend(picture, left + PAD_PX, top, ink, colour)


def _blend(picture: Picture, left: int, top: int, ink: Ink, colour: tuple[int, int, int]) -> None:
    """Lay ink of one colour over the picture; what lies outside the picture is cut."""
    left, top = max(left, 0), max(top, 0)
    part = picture[top : top + ink.shape[0], left : left + ink.shape[1]]
    share = ink[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part[:] = np.rint(part * (1 - share) + np.asarray(colour, np.float32) * share).astype(np.uint8)


def _wrapped(text: str, size: int, wide: int) -> list[Ink]:
    """The text in lines that fit; a word longer than a line is cut into pieces of as many signs as fit."""
    made: list[str] = []
    for word in text.split():
        together = f"{made[-1]} {word}" if made else word
        if made and lettered(together, size).width <= wide:
            made[-1] = together
            continue
        while lettered(word, size).width > wide and len(word) > 1:
            fits = max(1, len(word) * wide // lettered(word, size).width)
            made.append(word[:fits])
            word = word[fits:]
        made.append(word)
    return [lettered(line, size).ink for line in made]
