"""In a list of labels and values, what the text detector did not find: a label left of a number, a value right of a label.

The rows that were found say where the list's labels begin and its values end; a row with one of the two is read as one
line. Small lone words ('MI', 'D', '8') are what a detector overlooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from imaging.pictures import Bgr
from imaging.readout._tokens import tokens_of
from imaging.readout._vocabulary import LABEL
from imaging.text import TextLine, TextReader

Box = tuple[int, int, int, int]

_ALIGNED: Final = 0.7  #: heights by which the columns of a list may differ
_REACH: Final = 9.0  #: heights between a label and its value
_LIST: Final = 6.0  #: heights between two rows of one list
_SURE: Final = 0.85  #: confidence of what is read where nothing was found
_NUMBER: Final = re.compile(r"[+\-–−]?\d{1,4}(?:[.,]\d{1,2})?\s?(?:%|[A-Za-z/]{1,4})?")
_MOST: Final = 8  #: strips read


def with_partners(picture: Bgr, lines: Sequence[TextLine], reader: TextReader) -> list[TextLine]:
    """The lines, those that lacked their partner in a list read anew with it, as far as the engine is sure."""
    labels = [line for line in lines if LABEL.fullmatch(line.text.strip(" :."))]
    numbers = [line for line in lines if _NUMBER.fullmatch(line.text.strip())]
    rows = [(label, number) for label in labels for number in numbers if _left_of(label, number)]
    whole = {}
    for line, strip in [*_rows_of_numbers(lines, numbers, rows), *_rows_of_labels(lines, labels, rows)][:_MOST]:
        again = reader.line(picture, strip)
        if again is not None and again.confidence >= _SURE and _completes(line, again):
            whole[id(line)] = again
    return [whole.get(id(line), line) for line in lines]


def _completes(line: TextLine, again: TextLine) -> bool:
    """Whether the row read anew is a label and a number, one of them what was found before."""
    tokens = tokens_of(again, 0)
    if [token.kind for token in tokens] != ["label", "number"] or tokens[0].key == "other":
        return False
    had = tokens_of(line, 0)
    return len(had) == 1 and had[0].text in (tokens[0].text, tokens[1].text)


def _rows_of_numbers(
    lines: Sequence[TextLine], numbers: Sequence[TextLine], rows: Sequence[tuple[TextLine, TextLine]]
) -> Iterator[tuple[TextLine, Box]]:
    """Numbers of a list without a label, and the strip of the whole row."""
    for number in numbers:
        near = [row for row in rows if _of_list(number, row[1])]
        if near and not any(_left_of(other, number) for other in lines):
            x0 = min(label.box[0] for label, _ in near)
            yield number, (max(0, x0 - 2), number.box[1], number.box[2], number.box[3])


def _rows_of_labels(
    lines: Sequence[TextLine], labels: Sequence[TextLine], rows: Sequence[tuple[TextLine, TextLine]]
) -> Iterator[tuple[TextLine, Box]]:
    """Labels of a list without a number, and the strip of the whole row."""
    for label in labels:
        near = [row for row in rows if _of_list(label, row[0])]
        if near and not any(_left_of(label, other) for other in lines):
            x1 = max(number.box[2] for _, number in near)
            if x1 > label.box[2]:
                yield label, (label.box[0], label.box[1], x1 + 3, label.box[3])


def _of_list(line: TextLine, other: TextLine) -> bool:
    """Whether two lines stand in one column of a list, near each other."""
    height = line.box[3] - line.box[1]
    aside = min(abs(line.box[0] - other.box[0]), abs(line.box[2] - other.box[2]))
    down = abs(line.box[1] - other.box[1])
    return line is not other and aside <= _ALIGNED * height and down <= _LIST * height


def _left_of(one: TextLine, other: TextLine) -> bool:
    """Whether `one` stands left of `other` on its row, in reach."""
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    height = min(one.box[3] - one.box[1], other.box[3] - other.box[1])
    gap = other.box[0] - one.box[2]
    return one is not other and shared >= 0.5 * height and -0.7 * height <= gap <= _REACH * height
