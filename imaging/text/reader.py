"""One OCR engine for the whole program, behind two calls: find and read all lines, or read a strip that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from imaging.pictures import Bgr
from imaging.text._areas import Mask, text_areas
from imaging.text._engine import Letter, engine
from imaging.text._lines import line_boxes

Box = tuple[int, int, int, int]
_INSIDE = 0.8  #: of a line's box in another's: they are one line, seen twice
_LEAST_CONFIDENCE = 0.5  #: mean of a line's letters: below, it is no text


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text: `box` [x0, y0, x1, y1] in pixels, x1 and y1 exclusive; `confidence` 0 to 1 is the engine's own.

    `columns` has the centre column of each character of `text`, in pixels; it is empty where the engine gave none.
    """

    text: str
    box: Box
    confidence: float
    columns: tuple[float, ...] = field(default=(), repr=False)


class TextReader:
    """Finds and reads text. Making one is cheap; the engine (0.5 s, 150 MB) is loaded at the first reading, once."""

    def find(self, picture: Bgr) -> list[TextLine]:
        """Every line of upright text that the engine finds, from top to bottom (1 to 3 s for a whole 1080p screen)."""
        lines = (self.line(picture, box) for box in self.places(picture))
        told = _each_once([one for one in lines if one is not None])
        return sorted(told, key=lambda line: (line.box[1], line.box[0]))

    def places(self, picture: Bgr, only: Mask | None = None) -> list[Box]:
        """Where the engine finds lines of text, whether they can be read or not: boxes [x0, y0, x1, y1] in pixels.

        `only` (rows × columns) is where it looks at least; lines beside that may be found too, or not.
        """
        found = []
        for area in text_areas(picture, only):
            x0, y0, x1, y1 = area.box
            for left, top, right, bottom in engine().detect(np.ascontiguousarray(picture[y0:y1, x0:x1]), area.scale):
                found.append((left + x0, top + y0, right + x0, bottom + y0))
        return line_boxes(found, picture)

    def line(self, picture: Bgr, box: Box) -> TextLine | None:
        """What stands in the box, or None where that is no text."""
        x0, y0, x1, y1 = box
        letters = engine().recognise(np.ascontiguousarray(picture[y0:y1, x0:x1]))
        text, columns, confidence = _stripped(letters)
        if not text or confidence < _LEAST_CONFIDENCE:
            return None
        return TextLine(text, box, confidence, tuple(x0 + column * (x1 - x0) for column in columns))

    def read(self, strips: Sequence[Bgr]) -> list[tuple[str, float]]:
        """What each strip says, one upright line each, and the confidence; the text is empty where nothing is read.

        For strips that the caller has cut and enlarged, such as the numbers beside a ruler.
        """
        return [engine().read_strip(np.ascontiguousarray(strip)) for strip in strips]

    def word(self, strip: Bgr) -> tuple[str, float]:
        """What one strip as it stands on the screen says, and the confidence."""
        text, _, confidence = _stripped(engine().recognise(np.ascontiguousarray(strip)))
        return text, confidence


def _each_once(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines without those that stand inside another and say no more than it does (the lower half of a line)."""
    return [
        line
        for line in lines
        if not any(other is not line and _is_inside(line.box, other.box) and _repeats(line, other) for other in lines)
    ]


def _is_inside(a: Box, b: Box) -> bool:
    smaller = (a[2] - a[0]) * (a[3] - a[1]) < (b[2] - b[0]) * (b[3] - b[1])
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return smaller and across >= _INSIDE * (a[2] - a[0]) and down >= _INSIDE * (a[3] - a[1])


def _repeats(line: TextLine, other: TextLine) -> bool:
    own, whole = (re.sub(r"[\W_]", "", text).casefold() for text in (line.text, other.text))
    return own in whole and line.confidence <= other.confidence


def _stripped(letters: Sequence[Letter]) -> tuple[str, list[float], float]:
    """The text without blanks at its ends, its letters' places, and their mean confidence (0 where there is none)."""
    while letters and letters[0].text.isspace():
        letters = letters[1:]
    while letters and letters[-1].text.isspace():
        letters = letters[:-1]
    if not letters:
        return "", [], 0.0
    confidence = sum(letter.confidence for letter in letters) / len(letters)
    # A rare sign of the engine is two characters: each has its letter's place.
    return (
        "".join(letter.text for letter in letters),
        [letter.place for letter in letters for _ in letter.text],
        confidence,
    )
