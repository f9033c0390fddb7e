"""The two ends of a colour bar or a velocity scale, where they are printed with a unit: '16cm/s' over '-16cm/s'."""

from __future__ import annotations

from collections.abc import Sequence

from imaging.readout._tokens import Token, tokens_of
from imaging.readout.readings import Reading
from imaging.text import TextLine

_SPEEDS = {"cm/s": 1.0, "m/s": 100.0, "mm/s": 0.1}


def velocity_range(lines: Sequence[TextLine]) -> Reading | None:
    """[least, most] in cm/s, where exactly one pair of equal and opposite numbers stands in one column."""
    alone = [tokens[0] for tokens in (tokens_of(line, number) for number, line in enumerate(lines)) if len(tokens) == 1]
    numbers = [token for token in alone if token.kind == "number" and token.value and token.unit in ("", *_SPEEDS)]
    pairs = [(a, b) for a in numbers for b in numbers if a.value == -b.value and b.value < 0 and _are_ends(a, b)]
    if len(pairs) != 1:
        return None
    upper, lower = pairs[0]
    factor = _SPEEDS[upper.unit or lower.unit]
    box = (
        min(upper.box[0], lower.box[0]),
        min(upper.box[1], lower.box[1]),
        max(upper.box[2], lower.box[2]),
        max(upper.box[3], lower.box[3]),
    )
    most = round(upper.value * factor, 3)
    confidence = min(upper.confidence, lower.confidence)
    return Reading((-most, most), f"{upper.text} {lower.text}", box, confidence, "cm/s", box)


def _are_ends(a: Token, b: Token) -> bool:
    if not (a.unit or b.unit) or (a.unit and b.unit and a.unit != b.unit):
        return False
    return min(a.box[2], b.box[2]) > max(a.box[0], b.box[0]) and abs(a.box[1] - b.box[1]) > 2 * a.height
