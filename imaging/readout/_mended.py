"""Letters that an OCR confuses in small text, put right where the place leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from imaging.readout._tokens import part_box
from imaging.text import TextLine

_DATE_BEHIND: Final = re.compile(r"(?<=\d)(?=(?:19|20)\d\d[-/.][01]\d[-/.][0-3]\d(?!\d))")
_UNIT_ALONE: Final = re.compile(r"MHz|kHz|Hz|cm|mm|dB|%")
_ENDS_IN_NUMBER: Final = re.compile(r"(?:^|[^\d.,/:-])\d{1,4}(?:[.,]\d{1,2})?$")
_UNIT_GAP: Final = 1.5  #: heights
_LONE_D: Final = re.compile(r"[0OoQ]")
_D_AND_DEPTH: Final = re.compile(r"[0OQ](?=\s?\d{1,2}\.\d\s?[cm]m$)")
_LENGTH: Final = re.compile(r"\d{1,2}(?:\.\d)?\s?[cm]m")
_LABELS: Final = re.compile(r"(?:G[Nn]?|Gain|DR|FR|F[rR][qgae]|Freq|Map|AO|A0|AP|PRF|WF)\b")
#: MI, its I misread or lost ('M:0,5'), before a value that it can have.
_MI: Final = re.compile(r"\bM(?:[ELTítif!\]](?=\s?[:=]?\s?[0O1][.,]\d)|\s?[:=](?=\s?[0O1][.,]\d))")
_TI: Final = re.compile(r"\bT[Il1i][sSbBcC]", re.ASCII)
#: A nought misread between a figure and its unit ('6CHz'); what it is, the second look has to confirm.
_NOUGHT: Final = re.compile(r"(?<=[\d.,])[CDOQo@](?=\s?(?:Hz|MHz|cm|mm|dB|%|fps)(?![^\W\d_]))")
_OFF: Final = re.compile(r"\b[0O]f[fi]\b", re.IGNORECASE)
_ALIGNED: Final = 0.5  #: of a line's height: how well labels of a list stand under each other
_LEAST_LABELS: Final = 2


def mended(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, with D for 0 at the head of a depth in a list of labels, MI for its likenesses beside a TI, Off for 0ff.

    A date that runs on from a value without a gap is a line of its own; a unit that stands alone behind a number is joined
    to it.
    """
    lines = _with_units([part for line in lines for part in _parted(line)])
    return [_mended(line, lines) for line in lines]


def _parted(line: TextLine) -> list[TextLine]:
    date = _DATE_BEHIND.search(line.text)
    if not date or not line.columns:
        return [line]
    cut = date.start()
    return [
        replace(line, text=line.text[start:end], box=part_box(line, start, end), columns=line.columns[start:end])
        for start, end in ((0, cut), (cut, len(line.text)))
    ]


def _with_units(lines: list[TextLine]) -> list[TextLine]:
    joined: list[TextLine] = list(lines)
    for unit in lines:
        if not _UNIT_ALONE.fullmatch(unit.text):
            continue
        for place, number in enumerate(joined):
            gap = unit.box[0] - number.box[2]
            height = number.box[3] - number.box[1]
            if (
                number is not unit
                and _ENDS_IN_NUMBER.search(number.text)
                and _same_row(number, unit)
                and -height <= gap <= height * _UNIT_GAP
            ):
                (x0, y0, _, y1), (_, top, x1, bottom) = number.box, unit.box
                between = ((number.columns or (x0,))[-1] + unit.box[0]) / 2
                columns = (*number.columns, between, *unit.columns) if number.columns and unit.columns else ()
                joined[place] = TextLine(
                    f"{number.text} {unit.text}",
                    (x0, min(y0, top), x1, max(y1, bottom)),
                    min(number.confidence, unit.confidence),
                    columns,
                )
                joined.remove(unit)
                break
    return joined


def _mended(line: TextLine, lines: Sequence[TextLine]) -> TextLine:
    text = _NOUGHT.sub("0", _OFF.sub("Off", line.text))
    beside = [other for other in lines if other is not line and _same_row(line, other)]
    if _MI.search(text) and any(_TI.search(one.text) for one in (line, *beside)):
        text = _MI.sub(lambda match: "MI".ljust(len(match.group())), text)  # each letter keeps its column
    lone = _LONE_D.fullmatch(text) and any(
        _LENGTH.fullmatch(other.text) and 0 < other.box[0] - line.box[2] + 8 < 9 * (line.box[3] - line.box[1])
        for other in beside
    )
    if (lone or _D_AND_DEPTH.match(text)) and _in_list(line, lines):
        text = "D" + text[1:]
    return line if text == line.text else replace(line, text=text)


def _in_list(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Whether labels of settings stand above and below, with the same left edge."""
    height = line.box[3] - line.box[1]
    aligned = [
        other
        for other in lines
        if abs(other.box[0] - line.box[0]) <= height * _ALIGNED * 2
        and abs(other.box[1] - line.box[1]) <= height * 8
        and _LABELS.match(other.text)
    ]
    return len(aligned) >= _LEAST_LABELS


def _same_row(a: TextLine, b: TextLine) -> bool:
    shared = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return shared >= 0.5 * min(a.box[3] - a.box[1], b.box[3] - b.box[1])
