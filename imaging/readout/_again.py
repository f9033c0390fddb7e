"""Lines whose setting was not believed, or not understood, are read again as a whole, prepared in two other ways.

A strip cut closely around one number loses its point or takes in a piece of the next letter; the whole line holds both. What
two of three readings of the line state, and no look at the number contradicts, stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.readout._grammar import settings_of
from imaging.readout._second_look import is_cut, values_looked_at
from imaging.readout._tokens import tokens_of
from imaging.readout.readings import Box, Reading
from imaging.text import TextLine, TextReader

_DOUBTFUL: Final = 0.93  #: a line with figures read with less confidence may say something else
_MOST_LINES: Final = 14  #: read again, 20 ms each
_DIGIT: Final = re.compile(r"\d")


def read_again(
    picture: Bgr,
    lines: Sequence[TextLine],
    stated: Mapping[str, Reading],
    kept: Mapping[str, Reading],
    reader: TextReader,
) -> dict[str, Reading]:
    """Settings beside `kept` that two of three readings of their lines state; `stated` are those of the first reading."""
    numbers = _unsettled(lines, stated, kept)
    if not numbers:
        return {}
    readings = [stated]
    for prepared in (_enlarged, _stretched):
        again = list(lines)
        for number in numbers:
            again[number] = _line(picture, lines[number], prepared, reader)
        readings.append(settings_of([line for line in again if line.text]))
    found = {}
    for key in {key for one in readings for key in one} - set(kept):
        one = _by_two(picture, key, [reading[key] for reading in readings if key in reading], reader)
        if one is not None:
            found[key] = one
    return found


def _by_two(picture: Bgr, key: str, states: Sequence[Reading], reader: TextReader) -> Reading | None:
    """The reading that at least two agree on, where neither the third nor a look at the number alone says otherwise."""
    if len(states) < 2 or len({one.value for one in states}) > 1 or is_cut(picture, states[0].value_box):
        return None
    best = max(states, key=lambda one: one.confidence)
    if any(value != best.value for value in values_looked_at(picture, key, best, reader)):
        return None
    return best


def _unsettled(lines: Sequence[TextLine], stated: Mapping[str, Reading], kept: Mapping[str, Reading]) -> list[int]:
    """Lines with a label or doubtful figures, and no setting that is kept; those of a setting that was not kept first."""
    settled, dropped = (
        [reading.box for key, reading in stated.items() if (key in kept) is wanted] for wanted in (True, False)
    )
    first, then = [], []
    for number, line in enumerate(lines):
        if any(_overlap(line.box, box) for box in dropped):
            first.append(number)
        elif any(_overlap(line.box, box) for box in settled):
            continue
        elif any(token.kind == "label" and token.key != "other" for token in tokens_of(line, number)) or (
            line.confidence < _DOUBTFUL and _DIGIT.search(line.text)
        ):
            then.append(number)
    return (first + then)[:_MOST_LINES]


def _overlap(a: Box, b: Box) -> bool:
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return across > 0 and down > 0.5 * min(a[3] - a[1], b[3] - b[1])


def _line(picture: Bgr, line: TextLine, prepared: Callable[[Bgr], Bgr], reader: TextReader) -> TextLine:
    x0, y0, x1, y1 = line.box
    strip = prepared(np.ascontiguousarray(picture[y0:y1, x0:x1]))
    again = reader.line(strip, (0, 0, strip.shape[1], strip.shape[0]))
    if again is None:
        return TextLine("", line.box, 0.0)
    enlarged = strip.shape[1] / (x1 - x0)
    return TextLine(again.text, line.box, again.confidence, tuple(x0 + column / enlarged for column in again.columns))


def _enlarged(strip: Bgr) -> Bgr:
    return np.asarray(cv2.resize(strip, None, fx=2, fy=2, interpolation=cv2.INTER_LANCZOS4), np.uint8)


def _stretched(strip: Bgr) -> Bgr:
    """Grey, from the darkest to the brightest: the colour that stands out against the ground."""
    dark = np.median(strip.max(axis=2)) < 128
    grey = cv2.normalize(strip.max(axis=2) if dark else strip.min(axis=2), None, 0, 255, cv2.NORM_MINMAX)
    large = cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), np.uint8)
