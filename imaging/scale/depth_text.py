"""The picture's depth where a screen states it in words: "4 cm", "D 3.5", "De 50 mm", "Depth 3.0 cm", "16cm".

Only a support: a stated depth is rounded, and where the picture begins and ends is known to a few pixels at best. It tells
which round step lies between two ticks, or contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from imaging.pictures import Bgr
from imaging.region import UltrasoundRegion
from imaging.scale.marks import Contrast
from imaging.scale.words import Word, strip_of, words_in
from imaging.text import TextReader

_ROW: Final = 660  #: pixels of strips that are read in one go
_MOST_ROWS: Final = 9
_MOST_WORDS: Final = 160
_SURE: Final = 0.75  #: confidence from which a word counts as read
_AGAIN: Final = 42  #: pixels of a letter in the strip for a second reading
_FAR_NAME: Final = 16  #: of its height: the widest gap between a number and the name before it
_NUMBER: Final = r"(\d{1,3}(?:[.,]\d{1,2})?)"
#: What screens call the depth. Of 'Profondità' and its like the beginning is enough: an OCR takes its last letter for others.
_NAMES: Final = (
    r"depth|dpth|dep|de|d|p|prof[^\W\d_]*|(?:bild|eindring)?tiefe|diepte|djup|dybde|głęb[^\W\d_]*|hloubka|derinlik|syvyys|"
    r"mélység|adâncime|глуб[^\W\d_]*|深度"
)
_NAMED: Final = re.compile(
    rf"(?<![A-Za-z])(?:{_NAMES})\s*[:=.]{{0,2}}\s*{_NUMBER}\s*(mm|cm)?(?![\d/A-Za-z])",
    re.IGNORECASE,
)
_NAME: Final = re.compile(_NAMES, re.IGNORECASE)
_BARE: Final = re.compile(rf"^{_NUMBER}\s*(mm|cm)$", re.IGNORECASE)
#: Words that tell that another depth is meant: the Doppler gate's, the focus', a measurement's.
_GATE: Final = re.compile(r"(gate|sv|sample|size|angle|focus|dist)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DepthText:
    """A depth in words: `depth_mm` as candidates (two where no unit is written); `named`: it says what it is."""

    text: str
    candidates_mm: tuple[float, ...]
    named: bool


def depth_texts(
    contrast: Contrast,
    region: UltrasoundRegion,
    reader: TextReader,
    *,
    thorough: bool,
    enough: Callable[[DepthText], bool] = lambda _: False,
) -> list[DepthText]:
    """The depths that the screen states outside the picture; about 45 ms for each four words, 0.4 s at most, or 1 s where
    `thorough`: nothing else tells what a tick means. No more are looked for once one is `enough`."""
    words = _words_outside(contrast, region)
    likely = [word for word in words if _may_end_in_unit(contrast, word)]
    others = [word for word in words if word not in likely]
    found: list[DepthText] = []
    for batch, rows in ((likely, _MOST_ROWS), (others, _MOST_ROWS)):
        found += _among(contrast, batch, words, reader, rows * 2 if thorough else rows, enough)
        if found or not thorough:
            break
    return found


def _among(
    contrast: Contrast,
    chosen: list[Word],
    words: list[Word],
    reader: TextReader,
    most_rows: int,
    enough: Callable[[DepthText], bool],
) -> list[DepthText]:
    """The depths that some of the words state; the rest of them tell what a number belongs to."""
    strips = [strip_of(contrast, word) for word in chosen]
    rows: list[list[int]] = []
    width = _ROW
    for k, strip in enumerate(strips):
        if width + strip.shape[1] > _ROW:
            rows.append([])
            width = 0
        rows[-1].append(k)
        width += strip.shape[1] + 24
    rows = rows[:most_rows]
    found: list[DepthText] = []
    for row in rows:
        if any(enough(text) for text in found):
            break
        ((text, _),) = reader.read([_in_one_row([strips[k] for k in row])])
        if not _promising(text):
            continue
        single = reader.read([strips[k] for k in row]) if len(row) > 1 else [(text, 1.0)]
        for k, (told, confidence) in zip(row, single, strict=True):
            stated = depth_of(told) if confidence > _SURE else None
            if stated is not None:
                stated = _belonging(contrast, chosen[k], stated, words, reader)
            if stated is not None:
                found.append(stated)
    return found


def _belonging(
    contrast: Contrast, word: Word, stated: DepthText, words: list[Word], reader: TextReader
) -> DepthText | None:
    """The depth, read the same at another size, unless the word before or above it says that it is something else's.

    Raises nothing; None where it is not to be used.
    """
    (again, confidence), *_ = reader.read([strip_of(contrast, word, height=_AGAIN)])
    twice = depth_of(again) if confidence > _SURE else None
    if twice is None or twice.candidates_mm != stated.candidates_mm:
        return None
    if stated.named:
        return stated
    names = _names_of(word, words)
    for name, (text, sure) in zip(names, reader.read([strip_of(contrast, name) for name in names]), strict=True):
        plain = text.strip(" :=.").lower()
        if sure < _SURE or not plain.isalpha():
            continue
        if _NAME.fullmatch(plain):
            return DepthText(f"{text.strip()} {stated.text}", stated.candidates_mm, True)
        if name.box[1] > word.box[1] - 0.5 * word.height:  # on the same line: its own name, and no depth
            return None
        if _GATE.search(plain):
            return None
    return stated


def _names_of(word: Word, words: list[Word]) -> list[Word]:
    """The words that may say what a number is: the one before it on its line, or else the one above its beginning."""
    x0, y0, _, _ = word.box
    before = [
        other
        for other in words
        if other.box[2] <= x0
        and x0 - other.box[2] <= _FAR_NAME * word.height
        and abs(other.centre[1] - word.centre[1]) < 0.4 * word.height
    ]
    if before:
        return [max(before, key=lambda other: other.box[2])]
    above = [
        other
        for other in words
        if 0 <= y0 - other.box[3] <= 1.2 * word.height
        and other.box[0] <= x0 + word.height
        and other.box[2] >= x0 - word.height
    ]
    return [max(above, key=lambda other: other.box[3])] if above else []


def _may_end_in_unit(contrast: Contrast, word: Word) -> bool:
    """Whether a word begins as high as a digit and ends in letters as low as "cm" and "mm" are."""
    x0, y0, x1, y1 = word.box
    part = contrast[y0:y1, x0:x1] >= 60
    third = max(2, (x1 - x0) // 4)
    first, last = part[:, : 2 * third].any(axis=1), part[:, -third:].any(axis=1)
    if not first.any() or not last.any():
        return False
    return int(last.argmax()) - int(first.argmax()) >= max(1, round(0.12 * (y1 - y0)))


def depth_of(text: str) -> DepthText | None:
    """The depth that one piece of text states; None where it states none."""
    plain = text.strip()
    if _GATE.search(plain):
        return None
    bare = _BARE.match(plain)
    named = _NAMED.match(plain)
    match = bare or named
    if match is None:
        return None
    value = float(match[1].replace(",", "."))
    unit = (match[2] or "").lower()
    if unit == "mm":
        candidates: tuple[float, ...] = (value,)
    elif unit == "cm":
        candidates = (10 * value,)
    elif plain[:1] in "pP" and not plain[1:2].isalpha():
        return None  # without a unit it is a power
    else:
        candidates = (10 * value, value)
    # A depth is set in whole millimetres: 45.7 mm is something that was measured.
    candidates = tuple(mm for mm in candidates if 5 <= mm <= 400 and abs(mm - round(mm)) < 1e-6)
    return DepthText(plain, candidates, named is not None) if candidates else None


def _promising(text: str) -> bool:
    return bool(re.search(rf"{_NUMBER}\s*(?:mm|cm)", text, re.IGNORECASE) or re.search(_NAMED, text))


def _words_outside(contrast: Contrast, region: UltrasoundRegion) -> list[Word]:
    """Words that can be a stated depth, those with a likely shape; the picture's own texture is left out."""
    outside = contrast.copy()
    x0, _, x1, _ = region.box
    inset = max(2, (x1 - x0) // 12)
    inner = region.mask.copy()
    inner[:, : x0 + inset] = 0
    inner[:, x1 - inset :] = 0
    outside[inner > 0] = 0
    rows, columns = outside.shape
    whole = words_in(outside, (0, 0, columns, rows), gap=1.0)
    lines = [word for word in whole if word.width > 7 * word.height]
    parts = [part for line in lines for part in words_in(outside, line.box, gap=0.5)]
    words = [
        word
        for word in [*whole, *parts]
        if 7 <= word.height <= 0.05 * rows + 6 and 0.4 * word.height <= word.width <= 12 * word.height
    ]
    # Short ones first: a depth is seldom part of a sentence.
    words.sort(key=lambda word: (word.width / word.height > 7, word.box[1]))
    return words[:_MOST_WORDS]


def _in_one_row(strips: list[Bgr]) -> Bgr:
    gap = np.full((strips[0].shape[0], 24, 3), 255, np.uint8)
    return np.hstack([piece for strip in strips for piece in (strip, gap)])
