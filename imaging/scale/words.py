"""Words on a screen, boxed without reading them: cheap, so that only what can be a number is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.scale.marks import Contrast

Box = tuple[int, int, int, int]

_INK: Final = 34  #: contrast of 255 of a letter
_READ_HEIGHT: Final = 30  #: pixels of a letter in a strip for the OCR engine (its own strips are 48 high)


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that stand together; `box` [x0, y0, x1, y1] in pixels of the frame, x1 and y1 exclusive."""

    box: Box

    @property
    def centre(self) -> tuple[float, float]:
        x0, y0, x1, y1 = self.box
        return (x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]


def words_in(contrast: Contrast, box: Box, gap: float = 0.5, least: float = _INK) -> list[Word]:
    """The words inside `box`, from the contrast of the frame. Letters closer than `gap` of their height are one word.

    `least` is the contrast of 255 from which on a pixel is ink.
    """
    x0, y0, x1, y1 = box
    part = contrast[y0:y1, x0:x1]
    if part.size == 0:
        return []
    ink = (part >= least).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tallest = max(16, round(min(contrast.shape) * 0.06))
    pieces = [
        (int(x), int(y), int(x + w), int(y + h))
        for x, y, w, h, area in stats[1:]
        if 5 <= h <= tallest and w <= 3 * tallest and area >= 4
    ]
    # Dots of decimals and the strokes of broken letters join a word that is there; they make none.
    small = [
        (int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, area in stats[1:] if h < 5 and w <= h + 2 and area >= 1
    ]
    words = _joined(pieces, gap, small)
    return [Word((a + x0, b + y0, c + x0, d + y0)) for a, b, c, d in _with_dots(words, small)]


def _joined(pieces: list[Box], gap: float, dots: list[Box]) -> list[Box]:
    """Pieces on one line that stand close together, joined; a decimal's dot at the line's foot leads from one to the next."""
    lines: list[list[int]] = []
    for x0, y0, x1, y1 in sorted([*pieces, *dots]):
        is_dot = y1 - y0 < 5
        for line in lines:
            height = max(line[3] - line[1], y1 - y0)
            overlap = min(line[3], y1) - max(line[1], y0)
            if is_dot:
                if y0 >= line[1] + 0.7 * height and y1 <= line[3] + 1 and 0 <= x0 - line[2] <= 0.35 * height:
                    line[2] = max(line[2], x1)
                    break
                continue
            if overlap > 0.5 * min(line[3] - line[1], y1 - y0) and x0 - line[2] <= max(2, gap * height):
                line[0], line[1] = min(line[0], x0), min(line[1], y0)
                line[2], line[3] = max(line[2], x1), max(line[3], y1)
                break
        else:
            if not is_dot:
                lines.append([x0, y0, x1, y1])
    return [(a, b, c, d) for a, b, c, d in lines]


def _with_dots(words: list[Box], dots: list[Box]) -> list[Box]:
    out = []
    for x0, y0, x1, y1 in words:
        high = y1 - y0
        for a, b, c, d in dots:
            if a >= x0 - 1 and c <= x1 + 0.35 * high and b >= y0 + 0.5 * high and d <= y1 + 2:
                x1 = max(x1, c)
        out.append((x0, y0, x1, y1))
    return out


def strip_of(contrast: Contrast, word: Word, mirrored: bool = False, height: int = _READ_HEIGHT) -> Bgr:
    """The word as a strip for reading: dark letters on white, upscaled, whatever theme or tissue it stands on."""
    x0, y0, x1, y1 = word.box
    part = contrast[y0:y1, x0:x1].astype(np.float32)
    strongest = max(40.0, float(np.percentile(part, 96)))
    ink = np.clip(255 - part * (235 / strongest), 10, 255).astype(np.uint8)
    if mirrored:
        ink = np.ascontiguousarray(ink[:, ::-1])
    factor = height / max(1, y1 - y0)
    size = (max(4, round((x1 - x0) * factor)), height)
    ink = cv2.resize(ink, size, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(ink, 9, 9, 14, 14, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(cv2.cvtColor(framed, cv2.COLOR_GRAY2BGR), np.uint8)


def without_marks(contrast: Contrast, boxes: npt.NDArray[np.int32]) -> Contrast:
    """The contrast with the ink inside `boxes` (n, 4) taken away: a tick beside a number reads as its minus sign."""
    cleaned = contrast.copy()
    for x0, y0, x1, y1 in boxes:
        cleaned[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = 0
    return cleaned
