"""The velocity axis of a spectrum: what a pixel is in cm/s, and where zero is.

Numbers beside the axis tell it, with the unit that stands there; ticks make it exact. Three witnesses have to agree
(numbers, the baseline, ticks at round values); else there is no scale. One number beside the zero is enough where two
readings of it agree and its unit stands there. An axis in kHz is refused: a shift is no speed without frequency and angle.
Without a unit it is cm/s only where nothing else is possible. Whether the maker's axis is corrected for the angle cannot be
seen and is not assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.spectrum._labels import Label, Line, label_of, straight_line
from imaging.spectrum._ticks import Ticks
from imaging.spectrum.area import SpectrumArea
from imaging.text import TextLine, TextReader

_CM: Final = re.compile(r"cm\s?[/li1|]?\s?s")
_M: Final = re.compile(r"(?<![a-z])m\s?[/li1|]\s?s")
_KHZ: Final = re.compile(r"k\s?hz|^\W*hz")
#: A number on the axis that only cm/s can mean: no blood flows at 15 m/s; a shift of 15 kHz takes a flow of 1.5 m/s
#: straight at a probe of 8 MHz, and who prints kHz prints the unit: it is the uncommon one.
_ONLY_CM_S: Final = 15.0
#: No blood flows faster (m/s): an axis in m/s goes no further.
_FASTEST_M_S: Final = 8.0
_PRF: Final = re.compile(r"\bprf\b\W{0,4}(?P<value>\d+(?:[.,]\d+)?)\s*(?P<kilo>k?)", re.I)
_HZ: Final = re.compile(r"^\W*(?P<value>\d+(?:[.,]\d+)?)\s*(?P<kilo>k?)(?:hz)?\W*$", re.I)


@dataclass(frozen=True, slots=True)
class VelocityAxis:
    """`cm_s_per_pixel` (positive) with its relative standard error; `zero_row` of zero velocity, a fraction of a pixel.

    `inverted`: the numbers above the baseline are the negative ones; None where the signs do not tell. `alone`: the numbers
    are witness enough that a spectrum stands beside them: their unit is printed, or they are four and more.
    `rows` from one number's distance above the first number to one below the last: the trace is no higher or lower.
    """

    cm_s_per_pixel: float
    error: float
    zero_row: float
    inverted: bool | None
    rows: tuple[float, float]
    evidence: tuple[str, ...]
    alone: bool = True


def read_axis(area: SpectrumArea, texts: Sequence[TextLine], again: Sequence[TextLine] = ()) -> VelocityAxis:
    """The axis from the lines of text on the whole screen. Raises CannotTell where they do not tell it.

    `again`: what another reading of the strips beside the area says (`find_axis_texts`); where one number stands alone,
    both have to say the same.
    """
    found: list[tuple[int, Line, str, bool]] = []
    refusal = "The velocity axis of the spectrum has no numbers that agree: no speed can be told."
    for side in _sides(area, texts):
        labels = [label for label in (label_of(text, upright=True) for text in side) if label is not None]
        if not labels:
            continue
        line = _line(area, labels) or _lone(area, labels, again)
        if line is None:
            continue
        unit = _unit(_around(side, line, texts), line.labels)
        named = unit is not None
        if unit is None and len(line.labels) > 1:
            unit = _only(line.labels, prf_khz(texts))
        if unit is None:
            refusal = "The velocity axis of the spectrum has no unit (cm/s or m/s): no speed can be told."
        elif unit == "kHz":
            refusal = "The spectrum's axis is in kHz, a shift and not a speed: no speed can be told."
        else:
            found.append((len(line.labels), line, unit, named))
    if not found:
        raise CannotTell(refusal)
    axes = [(count, _made(area, line, unit, named)) for count, line, unit, named in found]
    best = max(axes, key=lambda one: one[0])[1]
    for _, other in axes:
        if abs(other.cm_s_per_pixel / best.cm_s_per_pixel - 1) > 0.03 + 3 * (other.error + best.error):
            raise CannotTell("The two velocity axes of the spectrum contradict each other: no speed can be told.")
    return best


def _sides(area: SpectrumArea, texts: Sequence[TextLine]) -> list[list[TextLine]]:
    """The texts at the left and at the right of the area, each as one column of lines whose ends stand in a row."""
    x0, y0, x1, y1 = area.box
    reach = max(60, (x1 - x0) // 4)
    high = y1 - y0
    near = [text for text in texts if y0 - 0.12 * high <= (text.box[1] + text.box[3]) / 2 <= y1 + 0.08 * high]
    sides = []
    for a, b in ((x0 - reach, x0 + 0.12 * (x1 - x0)), (x1 - 0.12 * (x1 - x0), x1 + reach)):
        inside = [text for text in near if a <= (text.box[0] + text.box[2]) / 2 <= b]
        sides.extend(_columns(inside))
    return sides


def _columns(texts: Sequence[TextLine]) -> list[list[TextLine]]:
    """Groups of texts that share their left end, right end or middle: a column of numbers is set in one of these ways."""
    groups: list[list[TextLine]] = []
    for first, second in ((0, 0), (2, 2), (0, 2)):  # left ends, right ends, middles
        left = sorted(texts, key=lambda text: text.box[first] + text.box[second])
        while left:
            high = left[0].box[3] - left[0].box[1]
            begin = left[0].box[first] + left[0].box[second]
            group = [text for text in left if text.box[first] + text.box[second] - begin <= max(20, 3 * high)]
            if group not in groups:
                groups.append(group)
            left = left[1:]
    return groups


def _line(area: SpectrumArea, labels: Sequence[Label]) -> Line | None:
    """The line that the numbers tell with the baseline as a witness; ticks at round values make up for one number."""
    high = float(np.median([label.high for label in labels]))
    slack = max(2.5, 0.22 * high)
    zero = area.baseline_row
    line = straight_line(labels, zero, slack)
    if line is not None:
        return line
    valued = [label for label in labels if label.value > 0]
    ticks = area.velocity_ticks
    if len(valued) != 1 or ticks is None:
        return None
    # One number: it and the baseline have to stand on ticks, at a round value for each tick.
    only = valued[0]
    turns = abs(only.place - zero) / ticks.pitch_px
    if round(turns) < 1 or abs(turns - round(turns)) * ticks.pitch_px > slack or not _round(only.value / round(turns)):
        return None
    if ticks.offset(zero) * ticks.pitch_px > slack or ticks.offset(only.place) * ticks.pitch_px > slack:
        return None
    per_pixel = only.value / round(turns) / ticks.pitch_px
    return Line(per_pixel, zero, 0.01, (only,))


def _round(value: float) -> bool:
    """Whether a value is one that an axis is divided by: 1, 2, 2.5 or 5 times a power of ten (or twice 2: 4)."""
    if value <= 0:
        return False
    digits = value / 10 ** np.floor(np.log10(value * (1 + 1e-9)))
    return bool(min(abs(digits / n - 1) for n in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10)) < 0.004)


def _around(side: Sequence[TextLine], line: Line, texts: Sequence[TextLine]) -> list[TextLine]:
    """The column's texts and those just above and below it: many makers write the unit over the axis."""
    left, right = min(text.box[0] for text in side), max(text.box[2] for text in side)
    step = _step(line)
    top, bottom = min(x.place for x in line.labels) - 2 * step, max(x.place for x in line.labels) + 2 * step
    near = max(40.0, 0.6 * step)

    def stands_near(text: TextLine) -> bool:
        column, row = (text.box[0] + text.box[2]) / 2, (text.box[1] + text.box[3]) / 2
        return left - near <= column <= right + near and top <= row <= bottom

    return [text for text in texts if text in side or stands_near(text)]


def _step(line: Line) -> float:
    """The usual distance from number to number (or to zero), in pixels."""
    places = np.sort(np.array([x.place for x in line.labels] + [line.zero]))
    gaps = np.diff(places)
    gaps = gaps[gaps > 6]
    return float(np.median(gaps)) if gaps.size else 40.0


def _unit(side: Sequence[TextLine], labels: Sequence[Label]) -> str | None:
    words = [text.text.lower() for text in side] + [label.unit for label in labels]
    if any(_KHZ.search(word) for word in words):
        return "kHz"
    if any(_CM.search(word) for word in words):
        return "cm/s"
    if any(_M.search(word) for word in words):
        return "m/s"
    return None


def _only(labels: Sequence[Label], prf: float | None) -> str | None:
    """cm/s where numbers without a unit can be nothing else: too great for m/s, and for the shift that the PRF allows."""
    greatest = max(label.value for label in labels)
    if greatest >= _ONLY_CM_S or (greatest > _FASTEST_M_S and prf is not None and greatest > prf):
        return "cm/s"
    return None


def prf_khz(texts: Sequence[TextLine]) -> float | None:
    """The greatest pulse repetition frequency that the screen prints, in kHz; None: none is printed."""
    found = []
    for text in texts:
        match = _PRF.search(text.text)
        if match is None and re.search(r"\bprf\W*$", text.text, re.I):
            # The number stands alone, right of its name.
            middle = (text.box[1] + text.box[3]) / 2
            beside = [o for o in texts if o.box[1] <= middle <= o.box[3] and o.box[0] >= text.box[2] - 4]
            match = _HZ.match(min(beside, key=lambda o: o.box[0]).text) if beside else None
        if match is not None:
            value = float(match["value"].replace(",", "."))
            found.append(value if match["kilo"] else value / 1000 if value > 100 else value)
    return max(found, default=None)


def find_axis_texts(bgr: Bgr, area: SpectrumArea, reader: TextReader, zoom: float) -> list[TextLine]:
    """A closer look at the strips beside the area: small single digits are missed on the whole screen (0.3 s each)."""
    height, width = bgr.shape[:2]
    x0, y0, x1, y1 = area.box
    wide, high = max(60, width // 12), max(16, height // 30)
    zoom *= 1.0 if width < 1600 else 0.75
    top, bottom = max(0, y0 - high), min(height, y1 + high)
    found = []
    # A baseline drawn out to the numbers makes the area too wide.
    for left, right in ((max(0, x0 - wide), x0 + wide // 2), (x1 - wide // 2, min(width, x1 + wide))):
        part = cv2.resize(bgr[top:bottom, left:right], None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
        for line in reader.find(np.asarray(part, np.uint8)):
            a, b, c, d = (round(value / zoom) for value in line.box)
            found.append(TextLine(line.text, (a + left, b + top, c + left, d + top), line.confidence))
    return found


def _lone(area: SpectrumArea, labels: Sequence[Label], again: Sequence[TextLine]) -> Line | None:
    """The line through one number and the zero, both read twice, where the zero stands at the baseline."""
    twice = [label for label in (label_of(text, upright=True) for text in again) if label is not None]
    sure = [a for a in labels if any(a.value == b.value and abs(a.place - b.place) <= 3 for b in twice)]
    zeros = [a for a in sure if a.value == 0]
    valued = [a for a in labels if a.value > 0]
    if len(valued) != 1 or valued[0] not in sure or not zeros or not _round(valued[0].value):
        return None
    only = valued[0]
    span = abs(only.place - area.baseline_row)
    if abs(zeros[0].place - area.baseline_row) > max(2.5, 0.22 * only.high) or span < 2 * only.high:
        return None
    return Line(only.value / span, area.baseline_row, 1.0 / span, (zeros[0], only))


def _made(area: SpectrumArea, line: Line, unit: str, named: bool) -> VelocityAxis:
    factor = 100.0 if unit == "m/s" else 1.0
    evidence = [f"{len(line.labels)} number{'s' if len(line.labels) > 1 else ''} beside the axis, in {unit}"]
    if not named:
        evidence.append("no unit is printed: the numbers can be nothing else")
    per_pixel, error, zero = line.per_pixel, line.error, line.zero
    ticks = area.velocity_ticks
    if ticks is not None:
        exact = _by_ticks(ticks, line)
        if exact is not None:
            per_pixel, error, zero = exact
            evidence.append(f"{len(ticks.places)} ticks at round values")
    if abs(area.baseline_row - zero) <= 2.0:
        zero = area.baseline_row
        evidence.append("the baseline at zero")
    step, places = _step(line), [x.place for x in line.labels] + [line.zero]
    rows = (min(places) - step, max(places) + step)
    sides = [[x.minuses for x in line.labels if x.value and (x.place < zero) == above] for above in (True, False)]
    inverted: bool | None = None
    if all(sides):
        above, below = (float(np.mean(side)) for side in sides)
        # A tick may be read as a minus sign, but then it is at both sides.
        inverted = above > below if abs(above - below) >= 0.5 else None
    return VelocityAxis(
        float(per_pixel * factor),
        float(error),
        float(zero),
        inverted,
        rows,
        tuple(evidence),
        named or len(line.labels) >= 4,
    )


def _by_ticks(ticks: Ticks, line: Line) -> tuple[float, float, float] | None:
    """cm/s (or m/s) a pixel, its relative error and the zero from the ticks, where they stand at round values."""
    each = line.per_pixel * ticks.pitch_px
    size = 10.0 ** np.floor(np.log10(each))
    rounds = [n * size for n in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10)]
    nearest = min(rounds, key=lambda value: abs(value / each - 1))
    if abs(nearest / each - 1) > max(0.01, 3 * line.error):
        return None
    places = np.asarray(ticks.places)
    turns = np.round((places - line.zero) / ticks.pitch_px)
    left = (places - line.zero) - turns * ticks.pitch_px
    if abs(float(np.median(left))) > 3:
        return None
    span = float(places[-1] - places[0])
    return nearest / ticks.pitch_px, 0.5 / span, line.zero + float(np.median(left))
