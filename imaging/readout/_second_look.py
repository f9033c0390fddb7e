"""Every number is read twice, the second time from its own strip: what does not agree is left out.

An OCR that loses the point of '2.5' or takes an 8 for a 6 seldom does so on differently cut and enlarged strips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.readout._limits import normal
from imaging.readout._tokens import Token, tokens_of
from imaging.readout.readings import Box, Reading
from imaging.text import TextLine, TextReader

_LETTERS: Final = " :=.'’|()[]<>ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%"  #: of a label, cut into
_NOUGHT: Final = re.compile(r"^[^\d]*[Oo](?=[.,]\d)")  #: 'TISO.4': the O is the number's
_MARGIN: Final = 0.25  #: of the height, at the sides
_EDGE_ROOM: Final = 0.08  #: of the height: text that ends nearer to the picture's edge was cropped
_EDGE_CONTRAST: Final = 50  #: grey levels


def confirmed(picture: Bgr, settings: Mapping[str, Reading], reader: TextReader) -> dict[str, Reading]:
    """The readings that a second look (or a third) confirms, or puts right by two against one."""
    kept = {}
    for key, reading in settings.items():
        one = _confirmed(picture, key, reading, reader)
        if one is not None:
            kept[key] = one
    return kept


def _confirmed(picture: Bgr, key: str, reading: Reading, reader: TextReader) -> Reading | None:
    if not isinstance(reading.value, float):
        return reading
    if is_cut(picture, reading.value_box):
        return None
    looks: list[float] = [reading.value]
    for value, text, confidence in _looks(picture, key, reading, reader):
        if value in looks:
            if value == reading.value:
                return reading
            return replace(reading, value=value, text=text, confidence=min(confidence, reading.confidence))
        looks.append(value)
    # Nothing else could be read off the strips at all: the line's own reading stands if the engine was sure of it.
    return reading if len(looks) == 1 and reading.confidence >= 0.97 else None


def values_looked_at(picture: Bgr, key: str, reading: Reading, reader: TextReader) -> list[float]:
    """What looks at the number's own strips say, where they say anything."""
    return [value for value, _, _ in _looks(picture, key, reading, reader)]


def _looks(picture: Bgr, key: str, reading: Reading, reader: TextReader) -> Iterator[tuple[float, str, float]]:
    """(value, text, confidence) of each strip around the number that says a value.

    With its label where both stand in one line: a slice of a label's last letter would be read as a figure.
    """
    box, value_box = reading.box, reading.value_box
    together = (box[1], box[3]) == (value_box[1], value_box[3])
    for strip in _strips(picture, box if together else value_box):
        text, confidence = reader.word(strip)
        value = _value(key, text, confidence, reading.printed_unit)
        if value is not None:
            yield value, text, confidence


def is_cut(picture: Bgr, box: Box) -> bool:
    """Whether ink of the number goes over the picture's left or right edge: a '35' cropped is a '3' or a '5'."""
    x0, y0, x1, y1 = box
    if x0 > 0 and x1 < picture.shape[1]:
        return False
    room = max(1, round((y1 - y0) * _EDGE_ROOM))
    grey = picture[y0:y1].max(axis=2)
    edges = ([grey[:, :room]] if x0 <= 0 else []) + ([grey[:, -room:]] if x1 >= picture.shape[1] else [])
    # A letter changes along the edge, a frame does not.
    return any(int(np.ptp(np.median(edge, axis=1))) >= _EDGE_CONTRAST for edge in edges)


def _strips(picture: Bgr, box: Box) -> Iterator[Bgr]:
    x0, y0, x1, y1 = box
    side = round((y1 - y0) * _MARGIN)
    x0, x1 = max(0, x0 - side), min(picture.shape[1], x1 + side)
    strip = picture[y0:y1, x0:x1]
    yield np.asarray(cv2.resize(strip, None, fx=2, fy=2, interpolation=cv2.INTER_LANCZOS4), np.uint8)
    wide = picture[max(0, y0 - 1) : y1 + 1, max(0, x0 - side) : x1 + side]
    grey = cv2.normalize(wide.max(axis=2), None, 0, 255, cv2.NORM_MINMAX)
    yield np.asarray(
        cv2.cvtColor(cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), cv2.COLOR_GRAY2BGR)
    )
    yield np.ascontiguousarray(strip)


def _value(key: str, text: str, confidence: float, unit: str) -> float | None:
    """The value of the strip's last number, or None. A number without a unit has the one that the label gives it."""
    nought = _NOUGHT.search(text)
    for number in (text.lstrip(_LETTERS), f"0{text[nought.end() :]}" if nought else ""):
        line = TextLine(number, (0, 0, max(1, len(number)), 1), confidence)
        numbers: list[Token] = [token for token in tokens_of(line, 0) if token.kind == "number"]
        if not numbers:
            continue
        last = numbers[-1]
        found = normal(key, last if last.unit else replace(last, unit=unit))
        if found:
            return found[0]
    return None
