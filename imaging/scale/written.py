"""A number as it is written on a screen, and the depth that one states where it stands alone at a ruler's end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from imaging.scale.depth_text import DepthText
from imaging.scale.rulers import Ruler

Unit = Literal["mm", "cm"]

SURE: Final = 0.85  #: confidence of a number that stands alone
_NUMBER: Final = re.compile(r"^[-–−]?(\d{1,3}(?:[.,]\d{1,2})?)\s*(mm|cm)?\.?$", re.IGNORECASE)
_LOOKALIKES: Final = str.maketrans(
    {"l": "1", "I": "1", "|": "1", "!": "1", "ı": "1", "O": "0", "o": "0", "⁻": "", "_": ""}
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read: its `value`, where it stands along the ruler, and how high its digits are, pixels."""

    text: str
    value: float
    along: float
    height: float
    confidence: float
    negative: bool


def number_of(text: str, along: float, height: float, confidence: float) -> tuple[Number, Unit | None] | None:
    """(the number, its unit where one is written) that `text` is, if it is one and nothing else."""
    match = _NUMBER.match(text.translate(_LOOKALIKES))
    if match is None or confidence < 0.4:
        return None
    value = float(match[1].replace(",", "."))
    unit: Unit | None = None
    if match[2]:
        unit = "mm" if match[2].lower() == "mm" else "cm"
    return Number(text, value, along, height, confidence, text[:1] in "-–−"), unit


def depth_at_end(ruler: Ruler, numbers: Sequence[Number], unit: Unit | None) -> DepthText | None:
    """The depth that the one number besides a zero states, where it stands at the ruler's lower end or below it.

    Whole millimetres, and more than one digit where no unit is written: a mark may read as one.
    """
    told = [number for number in numbers if number.value > 0]
    if ruler.direction != "down" or len(told) != 1 or len(numbers) > 2 or told[0].confidence < SURE:
        return None
    last = told[0]
    own = number_of(last.text, last.along, last.height, 1.0)
    unit = own[1] if own is not None and own[1] is not None else unit
    beyond = last.along - ruler.last
    if not -0.7 * last.height <= beyond <= 1.0 * ruler.spacing + 2.2 * last.height:
        return None
    if unit is None and sum(letter.isdigit() for letter in last.text) < 2:
        return None
    values = {"mm": (last.value,), "cm": (10 * last.value,), None: (10 * last.value, last.value)}[unit]
    depths = tuple(mm for mm in values if 5 <= mm <= 400 and abs(mm - round(mm)) < 1e-6)
    return DepthText(last.text, depths, False) if depths else None
