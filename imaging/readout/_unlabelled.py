"""Settings that stand without a label: a maker's list of '49Hz', '16cm', '64%' under '2D', '9.0 MHz'.

A unit alone is little, so the place must say the rest: the list holds other settings, and nothing stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from imaging.readout._layout import Layout
from imaging.readout._limits import pictures_a_second
from imaging.readout._tokens import Token
from imaging.readout._vocabulary import Group

_PROBE: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,4}\d{1,2}-\d{1,2}[A-Za-z]{0,4}|\d{1,2}[A-Z]{1,3}(?:-[A-Z]{1,4})?|[A-Z]{2,3}-?\d{3,4}[A-Z]{0,2})(?![\w])"
)
_PREFIXES: Final = ("H", "THI", "/", "|", "·", "T", "B", "2D")
#: What makers call the choice of frequency: general, resolution, penetration, fundamental, harmonic.
_MODES_OF_FREQUENCY: Final = frozenset(
    (
        *("gen", "general", "res", "hres", "resolution", "pen", "penetration", "fund", "fundamental"),
        *("har", "harm", "harmonic", "har-high", "har-mid", "har-low", "std", "high", "mid", "med", "low"),
    )
)
_OF_DOPPLER: Final = ("doppler_gain", "prf_hz", "wall_filter")
_MEGAHERTZ_RANGE: Final = re.compile(r"\d\s?[-–/~]\s?\d{1,2}(?:[.,]\d)?\s?M[Hh]")  #: what a probe can do
_NEAR_LINES: Final = 8  #: lines of a list above and below
_LEAST_LONE: Final = 20.0  #: mm: a shorter length without a label is as likely a scale bar or a measurement
_LEAST_LISTED: Final = 10.0  #: mm, in a list of settings


def unlabelled(
    layout: Layout, known: set[str], taken: set[tuple[int, int]]
) -> Iterable[tuple[str, Token, Group | None]]:
    """(key, number, group) of numbers that their unit and place make a setting. `taken` numbers have a label."""
    for number, tokens in enumerate(layout.tokens):
        for token in tokens:
            if token.kind != "number" or (token.line, token.start) in taken or not token.unit:
                continue
            group = layout.group(token)
            key = _key(layout, number, tokens, token, group, known, taken)
            if key is not None and key not in known:
                yield key, token, group


def _key(
    layout: Layout,
    number: int,
    tokens: list[Token],
    token: Token,
    group: Group | None,
    known: set[str],
    taken: set[tuple[int, int]],
) -> str | None:
    unit = token.unit.lower()
    if pictures_a_second(unit):
        return "frame_rate_hz"
    if group not in (None, "b"):
        return None
    if not _only_numbers(tokens):
        if unit == "db" and _behind_gain(tokens, token):
            return "dynamic_range_db"
        if unit == "db" and _before_range(tokens, token):
            return "gain"
        if _is_megahertz(unit) and _named_by_mode(tokens) and (group == "b" or _in_list(layout, number, token)):
            return "frequency_mhz"
        if _is_megahertz(unit) and known and _only_megahertz(layout, tokens, token, taken):
            return "frequency_mhz"
        return _key_in_line(tokens, token) if _among_settings(tokens, token) else None
    in_list = _in_list(layout, number, token)
    if unit == "hz":
        return "frame_rate_hz" if in_list and token.decimals <= 1 and not token.sign else None
    if unit in ("cm", "mm"):
        millimetres = token.value * (10 if unit == "cm" else 1)
        if token.sign or token.decimals > 1 or millimetres < (_LEAST_LISTED if in_list else _LEAST_LONE):
            return None
        lone = millimetres % 5 == 0 and _lone(layout, token)
        return "depth_mm" if (in_list or lone) and _beside_nothing(layout, number) else None
    if _is_megahertz(unit):
        alone = bool(known) and _only_megahertz(layout, tokens, token, taken)
        return "frequency_mhz" if in_list or group == "b" or alone else None
    if unit == "%" and group == "b" and _under_heading(layout, number):
        return "gain"
    if unit == "db" and group == "b" and "dynamic_range_db" in known:
        return "gain"
    return None


def _key_in_line(tokens: list[Token], token: Token) -> str | None:
    """What a number with a unit is that stands in one line with labelled settings: '12 MHz  G 52  DR 60  4.0 cm  31 Hz'."""
    unit = token.unit.lower()
    if _is_megahertz(unit):
        return "frequency_mhz"
    if token.sign or any(one.key in ("other", *_OF_DOPPLER) for one in tokens):
        return None
    if unit == "hz":
        return "frame_rate_hz" if token.decimals == 0 else None
    if unit in ("cm", "mm") and token.decimals <= (unit == "cm"):
        millimetres = token.value * (10 if unit == "cm" else 1)
        return "depth_mm" if millimetres >= _LEAST_LISTED and millimetres % 5 == 0 else None
    return None


def _behind_gain(tokens: list[Token], token: Token) -> bool:
    """'G53/145dB': decibels behind a gain that has its number, a slash between, are the dynamic range's."""
    place = tokens.index(token)
    before = tokens[max(0, place - 3) : place]
    return [one.key or one.kind for one in before] == ["gain", "number", "word"] and before[2].text == "/"


def _is_megahertz(unit: str) -> bool:
    return len(unit) == 3 and unit[0] == "m" and unit[1] in "hn"


def _before_range(tokens: list[Token], token: Token) -> bool:
    """'52 dB / DR 60': decibels at a line's head, a slash and the dynamic range behind them, are the gain's."""
    place = tokens.index(token)
    behind = tokens[place + 1 : place + 3]
    return place == 0 and not token.sign and [one.key or one.text for one in behind] == ["/", "dynamic_range_db"]


def _named_by_mode(tokens: list[Token]) -> bool:
    """'Gen 12.0 MHz', 'Res 12 MHz': what the frequency is good for stands before it, and nothing else on the line."""
    return len(tokens) == 2 and tokens[0].text.rstrip(".").lower() in _MODES_OF_FREQUENCY


def _only_megahertz(layout: Layout, tokens: list[Token], token: Token, taken: set[tuple[int, int]]) -> bool:
    """Whether no other megahertz without a label are on the screen, no other setting's label before: 'Center 12 MHz'."""
    place = tokens.index(token)
    if token.sign or (place and tokens[place - 1].kind == "label" and tokens[place - 1].key != "frequency_mhz"):
        return False
    return not any(
        other is not token and (other.line, other.start) not in taken and _is_megahertz(other.unit.lower())
        for line in layout.tokens
        for other in line
        if other.kind == "number"
    ) and not any(_MEGAHERTZ_RANGE.search(line.text) for line in layout.lines)


def _only_numbers(tokens: list[Token]) -> bool:
    """Whether the line has nothing but numbers and a prefix like the H of harmonics."""
    return all(token.kind == "number" or token.text in _PREFIXES for token in tokens)


def _among_settings(tokens: list[Token], token: Token) -> bool:
    """Whether labelled settings of the picture stand in the same line, and no word just before the number."""
    place = tokens.index(token)
    before = tokens[place - 1] if place else None
    labelled = sum(one.kind == "label" and one.key not in ("other", *_OF_DOPPLER) for one in tokens)
    return labelled >= 2 and (before is None or before.kind == "number" or before.text in _PREFIXES)


def _beside_nothing(layout: Layout, number: int) -> bool:
    line = layout.lines[number]
    height = line.box[3] - line.box[1]
    for other in layout.lines:
        if other is line or min(line.box[3], other.box[3]) - max(line.box[1], other.box[1]) < height * 0.4:
            continue
        left = line.box[0] - other.box[2]
        if -height <= left <= height * 9 and not _PROBE.search(other.text):
            return False
    return True


def _in_list(layout: Layout, number: int, token: Token) -> bool:
    """Whether other settings stand in the same list: a probe's name, a rate or a depth, a heading's list."""
    line = layout.lines[number]
    height = line.box[3] - line.box[1]
    unit = token.unit.lower()
    for other, tokens in zip(layout.lines, layout.tokens, strict=True):
        if abs(other.box[0] - line.box[0]) > height * 3 and abs(other.box[2] - line.box[2]) > height * 2:
            continue
        if abs(other.box[1] - line.box[1]) > height * _NEAR_LINES:
            continue
        if other is line:
            if any(
                one.kind == "number" and one.unit and one is not token and one.unit.lower() != unit for one in tokens
            ):
                return True
            continue
        if _PROBE.search(other.text):
            return True
        lone = (
            len(tokens) == 1
            and tokens[0].kind == "number"
            and (tokens[0].unit.lower() in ("hz", "cm", "mhz", "mm") or pictures_a_second(tokens[0].unit))
        )
        labelled = any(one.kind == "label" and one.key not in ("other", "doppler_gain") for one in tokens) and any(
            one.kind == "number" for one in tokens
        )
        if (lone and tokens[0].unit.lower() != unit) or labelled:
            return True
    return False


def _lone(layout: Layout, token: Token) -> bool:
    """Whether it is the only length on the screen: a person takes it for the depth, as nothing else is measured."""
    lengths = [
        other
        for tokens in layout.tokens
        for other in tokens
        if other.kind == "number" and other.unit.lower() in ("cm", "mm") and other is not token
    ]
    return not lengths and layout.alone(token.line)


def _under_heading(layout: Layout, number: int) -> bool:
    line = layout.lines[number]
    height = line.box[3] - line.box[1]
    return any(
        heading.group == "b"
        and 0 <= line.box[1] - heading.box[1] <= height * 2.2
        and abs(line.box[0] - heading.box[0]) <= height * 4
        for heading in layout.headings
    )
