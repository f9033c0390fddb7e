"""The velocity axis of a spectrum: what a pixel is in cm/s, and where zero is.

Numbers beside the axis tell it, with the unit that stands there; ticks make it exact. Three witnesses have to agree
(numbers, the baseline, ticks at round values); else there is no scale. An axis in kHz is refused: a shift is no speed
without frequency and angle. Whether the maker's axis is corrected for the angle cannot be seen and is not assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from imaging.errors import CannotTell
from imaging.spectrum._labels import Label, Line, label_of, straight_line
from imaging.spectrum._ticks import Ticks
from imaging.spectrum.area import SpectrumArea
from imaging.text import TextLine

_CM: Final = re.compile(r"cm\s?[/li1|]?\s?s")
_M: Final = re.compile(r"(?<![a-z])m\s?[/li1|]\s?s")
_KHZ: Final = re.compile(r"k\s?hz|^\W*hz")
#: A number on the axis that only cm/s can mean: no blood flows at 30 m/s, no Doppler shift of tissue reaches 30 kHz.
_ONLY_CM_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class VelocityAxis:
    """`cm_s_per_pixel` (positive) with its relative standard error; `zero_row` of zero velocity, a fraction of a pixel.

    `inverted`: the numbers above the baseline are the negative ones; None where the signs do not tell.
    """

    cm_s_per_pixel: float
    error: float
    zero_row: float
    inverted: bool | None
    evidence: tuple[str, ...]


def read_axis(area: SpectrumArea, texts: Sequence[TextLine]) -> VelocityAxis:
    """The axis from the lines of text on the whole screen. Raises CannotTell where they do not tell it."""
    found: list[tuple[int, Line, str]] = []
    refusal = "The velocity axis of the spectrum has no numbers that agree: no speed can be told."
    for side in _sides(area, texts):
        labels = [label for label in (label_of(text, upright=True) for text in side) if label is not None]
        if not labels:
            continue
        line = _line(area, labels)
        if line is None:
            continue
        unit = _unit(side, line.labels)
        if unit is None:
            refusal = "The velocity axis of the spectrum has no unit (cm/s or m/s): no speed can be told."
        elif unit == "kHz":
            refusal = "The spectrum's axis is in kHz, a shift and not a speed: no speed can be told."
        else:
            found.append((len(line.labels), line, unit))
    if not found:
        raise CannotTell(refusal)
    axes = [(count, _made(area, line, unit)) for count, line, unit in found]
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


def _unit(side: Sequence[TextLine], labels: Sequence[Label]) -> str | None:
    words = [text.text.lower() for text in side] + [label.unit for label in labels]
    if any(_KHZ.search(word) for word in words):
        return "kHz"
    if any(_CM.search(word) for word in words):
        return "cm/s"
    if any(_M.search(word) for word in words):
        return "m/s"
    return "cm/s" if max(label.value for label in labels) >= _ONLY_CM_S else None


def _made(area: SpectrumArea, line: Line, unit: str) -> VelocityAxis:
    factor = 100.0 if unit == "m/s" else 1.0
    evidence = [f"{len(line.labels)} number{'s' if len(line.labels) > 1 else ''} beside the axis, in {unit}"]
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
    sides = [[x.minuses for x in line.labels if x.value and (x.place < zero) == above] for above in (True, False)]
    inverted: bool | None = None
    if all(sides):
        above, below = (float(np.mean(side)) for side in sides)
        # A tick may be read as a minus sign, but then it is at both sides.
        inverted = above > below if abs(above - below) >= 0.5 else None
    return VelocityAxis(float(per_pixel * factor), float(error), float(zero), inverted, tuple(evidence))


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
