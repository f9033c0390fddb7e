"""The picture's depth where a screen states it in words: "4 cm", "D 3.5", "De 50 mm", "Depth 3.0 cm", "16cm".

Only a support: a stated depth is rounded, and where the picture begins and ends is known to a few pixels at best. It tells
which round step lies between two ticks, or contradicts it.
"""

from __future__ import annotations

import re
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
_NUMBER: Final = r"(\d{1,3}(?:[.,]\d{1,2})?)"
_NAMED: Final = re.compile(
    rf"(?<![A-Za-z])(?:depth|dpth|dep|de|d|p|prof|tiefe|profondeur|profundidad)\s*[:=.]?\s*{_NUMBER}\s*(mm|cm)?(?![\d/A-Za-z])",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"^{_NUMBER}\s*(mm|cm)$", re.IGNORECASE)
#: Words that tell that another depth is meant: the Doppler gate's, the focus', a measurement's.
_GATE: Final = re.compile(r"(gate|sv|sample|size|angle|focus|dist)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DepthText:
    """A depth in words: `depth_mm` as candidates (two where no unit is written); `named`: it says what it is."""

    text: str
    candidates_mm: tuple[float, ...]
    named: bool


def depth_texts(contrast: Contrast, region: UltrasoundRegion, reader: TextReader) -> list[DepthText]:
    """The depths that the screen states outside the picture; about 45 ms for each four words, 0.4 s at most."""
    words = _words_outside(contrast, region)
    strips = [strip_of(contrast, word) for word in words]
    rows: list[list[int]] = []
    width = _ROW
    for k, strip in enumerate(strips):
        if width + strip.shape[1] > _ROW:
            rows.append([])
            width = 0
        rows[-1].append(k)
        width += strip.shape[1] + 24
    rows = rows[:_MOST_ROWS]
    found: list[DepthText] = []
    read = reader.read([_in_one_row([strips[k] for k in row]) for row in rows])
    for row, (text, _) in zip(rows, read, strict=True):
        if not _promising(text):
            continue
        single = reader.read([strips[k] for k in row]) if len(row) > 1 else [(text, 1.0)]
        for told, confidence in single:
            stated = depth_of(told)
            if stated is not None and confidence > 0.75:
                found.append(stated)
    return found


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
    words = [
        word
        for word in words_in(outside, (0, 0, columns, rows), gap=1.0)
        if 7 <= word.height <= 0.05 * rows + 6 and 1.1 * word.height <= word.width <= 12 * word.height
    ]
    # Short ones first: a depth is seldom part of a sentence.
    words.sort(key=lambda word: word.width / word.height > 7)
    return words[:44]


def _in_one_row(strips: list[Bgr]) -> Bgr:
    gap = np.full((strips[0].shape[0], 24, 3), 255, np.uint8)
    return np.hstack([piece for strip in strips for piece in (strip, gap)])
