"""The numbers beside a ruler's ticks, and how much of their unit lies between two ticks.

A single number can be misread; a straight line through several, whose slope makes the tick's step a round one, cannot well
be. Numbers that grow the wrong way, that grow both ways from a zero, or that carry the unit of a velocity, a time or a
frequency are no lengths.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from imaging.region import UltrasoundRegion
from imaging.scale.depth_text import DepthText
from imaging.scale.marks import Contrast
from imaging.scale.rulers import Ruler
from imaging.scale.words import Word, strip_of, without_marks, words_in
from imaging.scale.written import SURE, Number, Unit, depth_at_end, number_of
from imaging.text import TextReader

#: Parts of a ruler's unit that lie between two ticks on screens: halves, fifths, quarters and tenths of powers of ten.
STEPS: Final = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0)
_AGAIN: Final = 42  #: pixels of a letter in the strip for a second reading
_STROKE: Final = 0.25  #: width over height of a lone stroke
_MOST_READ: Final = 9  #: numbers read beside one side of a ruler
_OTHER_UNIT: Final = re.compile(r"(m/s|cm/|/s\b|^s$|\ds$|\dsec|^sec|khz|^hz|^db$|bpm|mmhg)", re.IGNORECASE)
#: Units that stand at an axis' end too; others there are a line of text that happens to be near.
_AXIS_UNIT: Final = re.compile(r"(m/s|cm/|/s\b|^s$|^\d+s$|^[\[(]?khz[\])]?$)", re.IGNORECASE)
_AXIS_NUMBERS: Final = (
    2  #: numbers besides that with the unit, from which on they are an axis: a colour bar has two limits
)
_LENGTH_UNIT: Final = re.compile(r"^[\[(]?(mm|cm)[\])]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labels:
    """What the numbers say: `step` of their unit between two ticks; `unit` None where it is not written.

    `kind`: "length" for numbers that agree, "single" for one number counted from the picture's top, "other" for numbers of
    something that is no length, "none" for no numbers. `values` are those that agree; `zero` is where along the ruler their
    line has its zero, pixels, as far as their own places tell. `at_end`: the one number at the ruler's lower end, where many
    screens write how deep the picture is.
    """

    kind: Literal["length", "single", "other", "none"]
    step: float
    unit: Unit | None
    values: tuple[float, ...]
    texts: tuple[str, ...]
    mirrored: bool
    read: int
    zero: float | None = None
    at_end: DepthText | None = None

    @property
    def strong(self) -> bool:
        return self.kind == "length" and len(self.values) >= 2


NO_LABELS: Final = Labels("none", 0.0, None, (), (), False, 0)


def read_labels(ruler: Ruler, region: UltrasoundRegion, reader: TextReader, try_mirrored: bool = False) -> Labels:
    """Read the numbers beside `ruler`; about 20 ms a number. Mirror writing is tried where asked and nothing else is read."""
    contrast = _without_ruler(ruler)
    if ruler.over_tissue:
        contrast = np.where(contrast >= 0.5 * _ink(ruler), contrast, 0).astype(np.uint8)
    best = NO_LABELS
    for side in (-1, 1, 0):
        words = words_beside(ruler, contrast, side)
        if not words:
            continue
        for mirrored in (False, True) if try_mirrored else (False,):
            labels = _of_words(ruler, region, contrast, words, reader, mirrored)
            if mirrored and not labels.strong:
                continue  # mirror writing reads as anything
            if labels.kind == "other" or _rank(labels) > _rank(best):
                best = labels
            if labels.kind in ("other", "length"):
                return labels
    return best


def _rank(labels: Labels) -> int:
    kinds = {"none": 0, "single": 1, "length": 2, "other": 3}
    return kinds[labels.kind] * 100 + 2 * len(labels.values) + (labels.at_end is not None)


def _without_ruler(ruler: Ruler) -> Contrast:
    half = np.array(ruler.lengths)[:, None] / 2
    centre = np.array(ruler.ticks)
    thin = 3.0
    if ruler.direction == "down":
        reach = np.hstack([half + 1, np.full_like(half, thin)])
    elif ruler.direction == "across":
        reach = np.hstack([np.full_like(half, thin), half + 1])
    else:
        reach = np.hstack([half + 1, half + 1])
    boxes = np.hstack([np.floor(centre - reach), np.ceil(centre + reach + 1)]).astype(np.int32)
    return without_marks(ruler.contrast, boxes)


def words_beside(ruler: Ruler, contrast: Contrast, side: int) -> list[Word]:
    """Words close to one side of the ruler (-1: towards smaller `across`; 0: in line with it), between its ends or a little
    beyond. What is much fainter than the ticks is tissue."""
    rows, columns = contrast.shape
    far = max(40, round(0.055 * max(rows, columns)))
    centre = np.array(ruler.ticks)
    low = centre.min(axis=0) - far
    high = centre.max(axis=0) + far
    box = (max(0, int(low[0])), max(0, int(low[1])), min(columns, int(high[0]) + 1), min(rows, int(high[1]) + 1))
    words: list[tuple[float, Word]] = []
    for word in words_in(contrast, box, least=_ink(ruler)):
        if not 6 <= word.height <= 0.045 * rows + 8 or word.width > 4.5 * word.height:
            continue
        t, gap = _place(ruler, word, side)
        beyond = max(1.2 * ruler.spacing, 2.5 * word.height)
        near_end = ruler.first - min(beyond, 90) <= t <= ruler.last + min(beyond, 90)
        if side == 0:
            beside = ruler.across[0] - 3 <= ruler.beside(word.centre) <= ruler.across[1] + 3
        else:
            beside = -0.4 * word.width <= gap <= max(2.6 * word.height, 0.02 * columns)
        if near_end and beside:
            words.append((gap, word))
    words = _without_spine(words)
    # Numbers stand closest; text of the screen that happens to stand beside them stands farther.
    closest = min((gap for gap, _ in words), default=0.0)
    return [word for gap, word in words if gap <= max(0.0, closest) + 1.6 * word.height]


def _without_spine(words: list[tuple[float, Word]]) -> list[tuple[float, Word]]:
    """Without what is left of a ruler's line between its ticks: upright strokes, several in one column. A number that is one
    stroke, a 1, stands there once."""
    strokes = [word for _, word in words if word.width <= _STROKE * word.height]
    spine = [
        word
        for word in strokes
        if sum(abs(other.box[0] - word.box[0]) <= 1 and abs(other.box[2] - word.box[2]) <= 1 for other in strokes) >= 3
    ]
    return [(gap, word) for gap, word in words if word not in spine]


def _ink(ruler: Ruler) -> float:
    """Contrast from which on something is a digit: much fainter ink than the ticks' is tissue."""
    return 0.55 * ruler.peak if ruler.over_tissue else max(34.0, 0.3 * ruler.peak)


def _place(ruler: Ruler, word: Word, side: int) -> tuple[float, float]:
    """(position along the ruler, gap between its ticks and the word), pixels."""
    centre = word.centre
    u = ruler.beside(centre)
    half = abs(ruler.way[1]) * word.width / 2 + abs(ruler.way[0]) * word.height / 2
    gap = ruler.across[0] - (u + half) if side < 0 else (u - half) - ruler.across[1]
    return ruler.along(centre), gap


def _of_words(
    ruler: Ruler, region: UltrasoundRegion, contrast: Contrast, words: list[Word], reader: TextReader, mirrored: bool
) -> Labels:
    chosen = _worth_reading(ruler, words)
    # The ends and the middle first: where three numbers agree the rest need not be read.
    first = chosen[:: max(1, (len(chosen) - 1) // 3)][:5] if len(chosen) > 5 else chosen
    rest = [word for word in chosen if word not in first]
    read: list[tuple[Word, str, float]] = []
    labels = NO_LABELS
    for batch in (first, rest):
        strips = [strip_of(contrast, word, mirrored) for word in batch]
        read += [
            (word, _plain(text), confidence)
            for word, (text, confidence) in zip(batch, reader.read(strips), strict=True)
        ]
        labels = _of_texts(ruler, region, read, mirrored)
        if labels.kind == "other" or (labels.kind == "length" and len(labels.values) >= 3):
            break
    alone = labels.kind == "single" or labels.at_end is not None
    if alone and not _reads_the_same(labels, contrast, read, reader, mirrored):
        return replace(NO_LABELS, read=labels.read)
    return labels


def _reads_the_same(
    labels: Labels, contrast: Contrast, read: list[tuple[Word, str, float]], reader: TextReader, mirrored: bool
) -> bool:
    """Whether one number alone reads the same at another size: nothing else checks it."""
    alone = {labels.at_end.text} if labels.at_end is not None else set(labels.texts)
    words = [word for word, text, _ in read if text in alone]
    again = reader.read([strip_of(contrast, word, mirrored, height=_AGAIN) for word in words])
    return any(_plain(text) in alone for text, _ in again)


def _plain(text: str) -> str:
    return text.strip().replace(" ", "")


def _of_texts(ruler: Ruler, region: UltrasoundRegion, read: list[tuple[Word, str, float]], mirrored: bool) -> Labels:
    numbers: list[Number] = []
    unit: Unit | None = None
    with_digits = [word for word, text, _ in read if re.search(r"\d", text)]
    for word, plain, confidence in read:
        along = ruler.along(word.centre)
        between = ruler.first - ruler.spacing <= along <= ruler.last + ruler.spacing
        if confidence > 0.6 and (_OTHER_UNIT if between and len(with_digits) > 1 else _AXIS_UNIT).search(plain):
            if len([other for other in with_digits if other is not word]) < _AXIS_NUMBERS:
                continue  # a colour bar's limit, which happens to stand by the ruler
            return Labels("other", 0.0, None, (), (plain,), mirrored, len(read))
        if _LENGTH_UNIT.match(plain):
            unit = "mm" if "mm" in plain.lower() else "cm"
            continue
        number = number_of(plain, ruler.along(word.centre), word.height, confidence)
        if number is not None:
            numbers.append(number[0])
            unit = number[1] or unit
    labels = _line(ruler, region, numbers, unit, mirrored, len(read))
    return replace(labels, at_end=depth_at_end(ruler, numbers, unit)) if labels.kind in ("none", "single") else labels


def _worth_reading(ruler: Ruler, words: list[Word]) -> list[Word]:
    """A handful of the words, those first that have the usual height, spread over the ruler's length."""
    usual = float(np.median([word.height for word in words]))
    alike = [word for word in words if abs(word.height - usual) <= max(2.0, 0.25 * usual)]
    odd = [word for word in words if word not in alike]
    alike.sort(key=lambda word: ruler.along(word.centre))
    if len(alike) > _MOST_READ:
        alike = [alike[round(k)] for k in np.linspace(0, len(alike) - 1, _MOST_READ)]
    return alike + odd[: max(0, min(4, _MOST_READ - len(alike)))]


def _line(
    ruler: Ruler, region: UltrasoundRegion, numbers: list[Number], unit: Unit | None, mirrored: bool, read: int
) -> Labels:
    """The straight line of value against position through most of the numbers, and what it makes of a tick."""
    down = ruler.direction != "across"
    if down and sum(n.negative and n.value > 0 and n.confidence >= 0.8 for n in numbers) >= 2:
        return Labels("other", 0.0, None, (), tuple(n.text for n in numbers), mirrored, read)
    best: list[Number] = []
    pixels = 0.0
    for i, a in enumerate(numbers):
        for b in numbers[i + 1 :]:
            if a.value == b.value or abs(b.along - a.along) < 0.8 * max(a.height, ruler.spacing * 0.5):
                continue
            slope = (b.along - a.along) / (b.value - a.value)
            near = [n for n in numbers if abs(n.along - a.along - (n.value - a.value) * slope) <= 2.5 + 0.15 * n.height]
            if len(near) > len(best):
                best, pixels = near, slope
    by_ticks = _by_ticks(ruler, region, numbers) if len(best) < 3 else None
    if by_ticks is not None:
        step, told = by_ticks
        zero = (
            ruler.origin
            + (round((told[0].along - ruler.origin) / ruler.spacing) - told[0].value / step) * ruler.spacing
        )
        texts = tuple(n.text for n in told)
        return Labels("length", step, unit, tuple(n.value for n in told), texts, mirrored, read, zero)
    if len(best) < 2:
        return _single(ruler, region, numbers, unit, mirrored, read)
    values = np.array([n.value for n in best])
    places = np.array([n.along for n in best])
    pixels = float(np.polyfit(values, places, 1)[0])
    if down and pixels < 0:
        clear = len(best) >= 3 and float(np.median([n.confidence for n in best])) >= 0.8
        return Labels("other" if clear else "none", 0.0, None, (), tuple(n.text for n in best), mirrored, read)
    if down and _both_ways(numbers, best, pixels):
        return Labels("other", 0.0, None, (), tuple(n.text for n in numbers), mirrored, read)
    length = float(np.ptp(places))
    snapped = _round_step(ruler.spacing / abs(pixels), 2.5 / max(1.0, length))
    least = min(n.confidence for n in best)
    sure = len(best) >= 3 or (len(numbers) <= 3 and least >= 0.8 and length >= 1.9 * ruler.spacing)
    sure = sure or (len(numbers) == 2 and least >= 0.9)
    if snapped is None or not sure or len(best) < 0.6 * len(numbers) or not _at_ticks(values.tolist(), snapped):
        return Labels("none", 0.0, unit, (), tuple(n.text for n in numbers), mirrored, read)
    told_values = tuple(sorted(float(v) for v in values))
    zero = float(places.mean()) - float(values.mean()) / snapped * ruler.spacing * math.copysign(1, pixels)
    return Labels("length", snapped, unit, told_values, tuple(n.text for n in best), mirrored, read, zero)


def _at_ticks(values: list[float], step: float) -> bool:
    """Whether a ruler with this step has ticks for these numbers; one may be the depth, which stands at the picture's end."""
    off = sum(abs(value / step - round(value / step)) > 1e-6 for value in values)
    return off <= (1 if len(values) >= 3 else 0)


def _by_ticks(ruler: Ruler, region: UltrasoundRegion, numbers: list[Number]) -> tuple[float, list[Number]] | None:
    """(step, numbers) of two numbers that each stand nearest to one tick: those at a ruler's ends are often pushed inwards.

    Zero at the picture's top is half known beforehand and may be read badly; else both must be read well.
    """
    if len(numbers) != 2 or ruler.direction == "across":
        return None
    first, second = sorted(numbers, key=lambda n: n.along)
    if ruler.spacing < 2.5 * max(first.height, second.height):
        return None
    places = [round((n.along - ruler.origin) / ruler.spacing) for n in (first, second)]
    off = [abs(n.along - ruler.origin - k * ruler.spacing) for n, k in zip((first, second), places, strict=True)]
    if places[1] <= places[0] or max(off) > 2 * max(first.height, second.height):
        return None
    top = abs(ruler.origin + places[0] * ruler.spacing - region.box[1]) < max(4.0, 0.15 * ruler.spacing)
    zero = first.value == 0 and top and second.confidence >= 0.9
    if not (zero or min(first.confidence, second.confidence) >= 0.9):
        return None
    step = (second.value - first.value) / (places[1] - places[0])
    if step <= 0 or not any(abs(step / known - 1) < 1e-6 for known in STEPS):
        return None
    return step, [first, second]


def _both_ways(numbers: list[Number], best: list[Number], pixels: float) -> bool:
    """Whether the numbers also grow upwards from a zero: a velocity without its minus signs."""
    zero = best[0].along - best[0].value * pixels
    mirror = [n for n in numbers if n not in best and abs(n.along - zero + n.value * pixels) <= 3 + 0.2 * n.height]
    return len(mirror) >= 1 and any(n.value > 0 for n in mirror)


def _single(
    ruler: Ruler, region: UltrasoundRegion, numbers: list[Number], unit: Unit | None, mirrored: bool, read: int
) -> Labels:
    """One number, counted in ticks from the one at the picture's top: weak, other evidence must agree."""
    told = [n for n in numbers if n.value > 0 and n.confidence >= SURE]
    if len(told) != 1 or ruler.direction != "down":
        return Labels("none", 0.0, unit, (), tuple(n.text for n in numbers), mirrored, read)
    place = round((told[0].along - ruler.origin) / ruler.spacing)
    top = round((region.box[1] - ruler.origin) / ruler.spacing)
    off = abs(region.box[1] - ruler.origin - top * ruler.spacing)
    if place <= top or off > max(3.0, 0.12 * ruler.spacing):
        return Labels("none", 0.0, unit, (), tuple(n.text for n in numbers), mirrored, read)
    step = _round_step(told[0].value / (place - top), 0.0)
    if step is None:
        return Labels("none", 0.0, unit, (), tuple(n.text for n in numbers), mirrored, read)
    return Labels("single", step, unit, (told[0].value,), (told[0].text,), mirrored, read)


def _round_step(step: float, loose: float) -> float | None:
    """The round step that is meant; None where none is near (2 %, or what the numbers' own places leave open, up to 6 %)."""
    nearest = min(STEPS, key=lambda known: abs(math.log(step / known)))
    return nearest if abs(step / nearest - 1) <= min(0.06, max(0.02, loose)) else None
