"""Numbers that stand in a row beside an axis: what each says, where, and the straight line that they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from imaging.text import TextLine

#: A number, perhaps with a unit behind it. A tick beside a number is often read as one more minus sign.
_NUMBER: Final = re.compile(
    r"^(?P<minus>[\s\-\u2013\u2014_~=+|.']*?)\s*(?P<digits>\d{1,3}(?:[.,]\d+)?|[.,]\d+)\s*(?P<unit>.*)$"
)


@dataclass(frozen=True, slots=True)
class Label:
    """`value` without its sign; `minuses` before it; `place` of its middle along the axis in pixels; `unit` behind it."""

    value: float
    minuses: int
    place: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    """`|value| = per_pixel * |place - zero|`, told by `labels`; `error` is the relative standard error of `per_pixel`."""

    per_pixel: float
    zero: float
    error: float
    labels: tuple[Label, ...]


def label_of(line: TextLine, *, upright: bool) -> Label | None:
    """The number that a line of text says, with its place along an upright (rows) or level (columns) axis."""
    match = _NUMBER.match(line.text.strip())
    if match is None:
        return None
    unit = match["unit"].strip().lower()
    if unit and not re.fullmatch(r"[\[(]?(c?m\s?[/li1|]?\s?s(ec)?|k?hz|s|sec|ms)[\])]?[\s\-_.|']*|[\-_.|'\s]+", unit):
        return None
    x0, y0, x1, y1 = line.box
    value = float(match["digits"].replace(",", "."))
    place = (y0 + y1 - 1) / 2 if upright else (x0 + x1 - 1) / 2
    return Label(value, match["minus"].count("-") + match["minus"].count("\u2013"), place, float(y1 - y0), unit)


def straight_line(labels: Sequence[Label], zero: float | None, slack: float) -> Line | None:
    """The line through most labels, whatever their signs; None where fewer than three witnesses agree.

    A witness is a label or the `zero` place given (a baseline, for instance). Labels within `slack` pixels of the line
    are its own; a label moved off its tick at the end of an axis is left out. Labels of zero only place the zero.
    """
    valued = [one for one in labels if one.value > 0]
    best: tuple[int, float, Line] | None = None
    tries: list[tuple[float, float]] = []
    for a, b in combinations(valued, 2):
        for sign in (1.0, -1.0):
            change = a.value - sign * b.value
            if abs(change) < 1e-9 or abs(a.place - b.place) < 6:
                continue
            slope = (a.place - b.place) / change
            tries.append((slope, a.place - slope * a.value))
    for slope, at in tries:
        own, signs = _own(labels, slope, at, slack)
        witnesses = len({one.value * s for one, s in zip(own, signs, strict=True)})
        through_zero = zero is not None and abs(zero - at) <= 2 * slack
        if any(one.value == 0 for one in own):
            through_zero = False
        total = witnesses + through_zero
        if total < 3 or witnesses < 2 or len(own) < 0.6 * len(labels):
            continue
        line = _fitted(own, signs, zero if through_zero else None)
        if line is None:
            continue
        rest = float(
            sum(abs(one.place - line.zero - s * one.value / line.per_pixel) for one, s in zip(own, signs, strict=True))
        )
        if best is None or (total, -rest / len(own)) > (best[0], -best[1]):
            best = (total, rest / len(own), line)
    return best[2] if best is not None else None


def _own(labels: Sequence[Label], slope: float, at: float, slack: float) -> tuple[list[Label], list[float]]:
    """The labels that lie on a line (place = at + slope * value), each with the sign that puts it there."""
    own, signs = [], []
    for one in labels:
        off, sign = min((abs(one.place - at - s * slope * one.value), s) for s in (1.0, -1.0))
        if off <= slack:
            own.append(one)
            signs.append(sign * float(np.sign(slope)))
    return own, signs


def _fitted(own: Sequence[Label], signs: Sequence[float], zero: float | None) -> Line | None:
    """Least squares of places over signed values; with a known zero as one more point."""
    values = [one.value * sign for one, sign in zip(own, signs, strict=True)] + ([0.0] if zero is not None else [])
    places = [one.place for one in own] + ([zero] if zero is not None else [])
    x, y = np.asarray(values, float), np.asarray(places, float)
    spread = float(((x - x.mean()) ** 2).sum())
    if spread <= 0:
        return None
    slope, begin = np.polyfit(x, y, 1)
    if slope <= 0:
        return None
    left = y - begin - slope * x
    # A box around a text is right to a pixel at best, however well a few of them agree.
    sigma = max(0.6, float(np.sqrt((left**2).sum() / max(1, x.size - 2))))
    return Line(1 / float(slope), float(begin), sigma / np.sqrt(spread) / float(slope), tuple(own))
