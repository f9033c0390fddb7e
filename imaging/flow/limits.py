"""The numbers at the ends of the colour bar: the velocities that its end colours stand for.

Both ends must be read, and must agree: the range is symmetrical round the standstill wherever the bar is, because both
limits are the Nyquist velocity c·PRF/(4·f) (Jensen, Estimation of Blood Velocities Using Ultrasound, 1996), and with a
shifted baseline in the proportion of the bar's halves. One end alone, or two that disagree, give no limits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.flow.bar import Box, ColourBar
from imaging.flow.regions import Limits
from imaging.pictures import Bgr
from imaging.text import TextReader

_NUMBER: Final = re.compile(r"(?<![\d.,])([+\-\u2212\u2013\u2014~_]?)\s*(\d{1,3}(?:[.,]\d{1,3})?|[.,]\d{1,3})(?![\d])")
_UNIT: Final = re.compile(r"(c?m)\s*/?\s*[s5]\b|(c?m)\s*/\s*[s5]", re.IGNORECASE)
_UNIT_TAIL: Final = re.compile(r"c?m\s*/\W*$", re.IGNORECASE)  # a unit cut short by the strip's edge
_HERTZ: Final = re.compile(r"k?hz", re.IGNORECASE)
_POWER: Final = re.compile(
    r"\b(P[WU]R|CPA|CPD|PDI|PD|PDD|POWER|DPD|CPDI|PWD|DPI|DPDI|ADPI|ADF|CPI)\b|^d[BP]$", re.IGNORECASE
)

#: A maker without a unit means metres a second where the number is so small: a limit below 2 cm/s needs a pulse rate
#: that no colour mode has with it (c·PRF/(4·f) for 0.5 kHz at 10 MHz is 1.9 cm/s), and none reaches 2 m/s.
_METRES: Final = 2.0
_SLOWEST, _FASTEST = 0.3, 400.0  #: cm/s that a colour bar may end at
_SURE: Final = 0.6  #: the reader's own confidence below which nothing is taken


@dataclass(frozen=True, slots=True)
class BarText:
    """What stands at a bar. `limits_cm_s` (lo, hi) or None, `unit` as printed or None, `says_power` where text says so.

    `reversed_` is True where the upper end is printed negative: its colour is away from the probe.
    """

    limits_cm_s: Limits | None
    unit: str | None
    says_power: bool
    upper_is_negative: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    sign: int  # 1 or −1 as printed, 0 where nothing is printed
    decimals: bool
    row: float
    column: float
    text: str


def read_bar_text(bgr: Bgr, bar: ColourBar, reader: TextReader) -> BarText:
    """What is printed round the bar (0.1 to 0.6 s)."""
    lines = _lines(bgr, bar, reader)
    texts = [text for text, _ in lines]
    says_power = any(_POWER.search(text.strip()) for text in texts)
    unit = _unit(texts)
    if bar.kind == "power" or any(_HERTZ.search(text) for text in texts):
        return BarText(None, unit, says_power)
    numbers = [number for text, place in lines for number in _numbers(text, place)]
    upper, lower = _at_end(numbers, bar, True), _at_end(numbers, bar, False)
    limits = _agreed(upper, lower, unit, bar.rest)
    negative = limits is not None and upper is not None and lower is not None and upper.sign < 0 <= lower.sign
    return BarText(limits, unit, says_power, negative)


def _lines(bgr: Bgr, bar: ColourBar, reader: TextReader) -> list[tuple[str, Box]]:
    """The lines of text at the bar with their boxes in the frame. The bar is painted out: it is no letter."""
    x0, y0, x1, y1 = bar.box
    wide, tall = x1 - x0, y1 - y0
    aside = int(max(3.2 * wide, 0.07 * bgr.shape[1], 48))
    beyond = int(max(0.2 * tall, 0.055 * bgr.shape[0], 26))
    if bar.lies:
        aside = int(max(0.07 * bgr.shape[1], 70))
    left, top = max(0, x0 - aside), max(0, y0 - beyond)
    right, bottom = min(bgr.shape[1], x1 + aside), min(bgr.shape[0], y1 + beyond)
    part = bgr[top:bottom, left:right].copy()
    part[y0 - top : y1 - top, x0 - left : x1 - left] = 0
    # Only the ends matter: two strips, each at two sizes (the reader misses small figures at one and splits large ones
    # at the other), on one sheet, because a call costs more than a sheet.
    begin, end, long = (x0 - left, x1 - left, part.shape[1]) if bar.lies else (y0 - top, y1 - top, part.shape[0])
    reach = int(max(beyond, 0.18 * (end - begin)))
    strips = [(0, begin + reach), (max(0, end - reach), long)]
    if strips[0][1] >= strips[1][0]:
        strips = [(0, long)]
    if bar.lies:
        pieces = [(np.ascontiguousarray(part[:, first:last]), (left + first, top)) for first, last in strips]
    else:
        pieces = [(np.ascontiguousarray(part[first:last]), (left, top + first)) for first, last in strips]
    sheet, tiles = _sheet(pieces)
    found: list[tuple[str, Box]] = []
    for line in reader.find(sheet):
        middle = ((line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2)
        if line.confidence >= _SURE:
            found += [(line.text, tile.back(line.box)) for tile in tiles if tile.holds(middle)]
    return found


@dataclass(frozen=True, slots=True)
class _Tile:
    """A piece of the screen on the sheet: its place there, how much it is enlarged, and its corner on the screen."""

    place: Box
    factor: float
    corner: tuple[int, int]

    def holds(self, point: tuple[float, float]) -> bool:
        return self.place[0] <= point[0] < self.place[2] and self.place[1] <= point[1] < self.place[3]

    def back(self, box: Box) -> Box:
        """A box on the sheet as a box on the screen."""
        x0, y0, x1, y1 = ((box[i] - self.place[i % 2]) / self.factor + self.corner[i % 2] for i in range(4))
        return int(x0), int(y0), int(np.ceil(x1)), int(np.ceil(y1))


def _sheet(pieces: list[tuple[Bgr, tuple[int, int]]]) -> tuple[Bgr, list[_Tile]]:
    """All pieces under one another, at two sizes beside each other."""
    gap = 16
    side = max(max(piece.shape[:2]) for piece, _ in pieces)
    factors = (2.0, 4.0) if side < 130 else (2.0, 3.0) if side < 260 else (1.0, 2.0)
    tiles: list[_Tile] = []
    images: list[Bgr] = []
    column = gap
    for factor in factors:
        row = gap
        for piece, corner in pieces:
            large = np.asarray(cv2.resize(piece, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
            images.append(large)
            tiles.append(_Tile((column, row, column + large.shape[1], row + large.shape[0]), factor, corner))
            row += large.shape[0] + gap
        column = max(tile.place[2] for tile in tiles) + gap
    sheet = np.zeros((max(tile.place[3] for tile in tiles) + gap, column, 3), np.uint8)
    for image, tile in zip(images, tiles, strict=True):
        x0, y0, x1, y1 = tile.place
        sheet[y0:y1, x0:x1] = image
    return sheet, tiles


def _unit(texts: Sequence[str]) -> str | None:
    for text in texts:
        match = _UNIT.search(text.replace(" ", ""))
        if match:
            return (match.group(1) or match.group(2)).lower() + "/s"
    return None


def _numbers(text: str, box: Box) -> list[_Number]:
    """The numbers of one line. A line of other words (a setting beside the bar) has none."""
    bare = _UNIT_TAIL.sub("", _UNIT.sub("", text)).strip()
    letters = sum(character.isalpha() for character in bare)
    if letters > 1:
        return []
    found = []
    for match in _NUMBER.finditer(bare):
        sign = {"+": 1, "": 0}.get(match.group(1), -1)
        digits = match.group(2).replace(",", ".")
        row, column = (box[1] + box[3]) / 2, (box[0] + box[2]) / 2
        found.append(_Number(float(digits), sign, "." in digits, row, column, text))
    return found if len(found) == 1 else []


def _at_end(numbers: list[_Number], bar: ColourBar, upper: bool) -> _Number | None:
    """The number that stands at an end of the bar: beyond it or beside it, the nearest; readings that differ give none."""
    x0, y0, x1, y1 = bar.box
    tall, wide = (x1 - x0, y1 - y0) if bar.lies else (y1 - y0, x1 - x0)
    near: list[tuple[float, _Number]] = []
    for number in numbers:
        # Beyond the end is positive. Where the bar lies, a number's middle is half its own length away.
        if bar.lies:
            out = number.column - x1 if upper else x0 - number.column
            beside, farthest = max(y0 - number.row, number.row - y1, 0.0), max(0.35 * tall, 60)
        else:
            out = y0 - number.row if upper else number.row - y1
            beside, farthest = max(x0 - number.column, number.column - x1, 0.0), max(0.2 * tall, 30)
        if not -0.17 * tall <= out <= farthest:
            continue
        near.append((abs(out) + 0.7 * max(0.0, beside - wide), number))
    if not near:
        return None
    near.sort(key=lambda pair: pair[0])
    closest = near[0]
    # Two sizes are read: the same place must say the same, but for a sign that one of them lost.
    same = [number for distance, number in near if abs(distance - closest[0]) < 0.06 * tall + 4]
    values = {number.value for number in same}
    if len(values) > 1:
        counts = sorted(((sum(n.value == value for n in same), value) for value in values), reverse=True)
        if counts[0][0] == counts[1][0]:
            return None
        same = [number for number in same if number.value == counts[0][1]]
    return max(same, key=lambda number: abs(number.sign))


def _agreed(upper: _Number | None, lower: _Number | None, unit: str | None, rest: float) -> Limits | None:
    """(lo, hi) in cm/s where both ends fit each other and a velocity, else None."""
    if upper is None or lower is None or upper.value + lower.value <= 0:
        return None
    if upper.sign and upper.sign == lower.sign:
        return None
    share = upper.value / (upper.value + lower.value)
    # Figures are rounded: half a unit of the last place each, and a row or two of the bar.
    if abs(share - rest) > 0.06:
        return None
    if abs(share - 0.5) > 0.03 and not (upper.sign or lower.sign):
        return None
    factor = _factor(max(upper.value, lower.value), unit)
    if factor is None:
        return None
    high, low = upper.value * factor, lower.value * factor
    if not _SLOWEST <= max(high, low) <= _FASTEST:
        return None
    if upper.sign < 0:
        high, low = low, high
    return round(-low, 3) + 0.0, round(high, 3)


def _factor(largest: float, unit: str | None) -> float | None:
    """cm/s for each printed unit."""
    if unit == "m/s":
        # 'cm/s' with a lost c: no colour bar reaches 5 m/s.
        return 100.0 if largest < 4 else 1.0 if largest >= 5 else None
    if unit == "cm/s":
        return 1.0
    return 100.0 if largest < _METRES else 1.0
