"""From the lines of a screen to its settings: labels find their numbers, numbers find their groups, doubt leaves out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from imaging.readout._layout import Layout
from imaging.readout._limits import normal, possible_together
from imaging.readout._tokens import SEPARATORS, Token
from imaging.readout._unlabelled import unlabelled
from imaging.readout._vocabulary import Group
from imaging.readout._words import ABROAD, WITH_UNIT
from imaging.readout.readings import Reading
from imaging.text import TextLine

#: Settings of the B picture: what stands under a heading of Doppler is another's.
_OF_THE_PICTURE: Final = frozenset({"depth_mm", "gain", "frequency_mhz", "dynamic_range_db", "focus_mm"})
_OF_DOPPLER: Final = ("prf_hz", "wall_filter")
_GROUPS_OF_DOPPLER: Final = ("colour", "spectral")
_BESIDE: Final = 2.0  #: heights: a value nearer to its label's right is its own, whatever stands below
_CALIPERS_NUMBER: Final = re.compile(r"\s*[+x×]?\s*[1-9]\s?[.):]?\s*")  #: '1 D 3.1 cm': the first of some distances
_ALOKAS_RANGE: Final = re.compile(r"0\d[.,]\d")  #: 'R05.0', in centimetres
_WORDS_OF_MEASUREMENTS: Final = re.compile(
    r"\b(?:Dist|Diam|Area|Circ|Vol|Length|Width|Height|SV|Gate|Skin|Vessel|Needle|TAmax|PSV|EDV|IMT)\b|cm2|cm²|\bml\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A setting and the tokens that say so; `strength` tells a labelled value from one known by its unit alone."""

    key: str
    value: float
    unit: str | None
    label: Token | None
    number: Token
    group: Group | None
    strength: int

    def reading(self, lines: Sequence[TextLine]) -> Reading:
        """As it is handed out."""
        box = self.number.box
        text = self.number.text
        if self.label is not None:
            first = self.label.box
            box = (min(box[0], first[0]), min(box[1], first[1]), max(box[2], first[2]), max(box[3], first[3]))
            if self.label.line == self.number.line:
                text = lines[self.label.line].text[self.label.start : self.number.end]
            else:
                text = f"{self.label.text} {self.number.text}"
        confidence = min(self.number.confidence, self.label.confidence if self.label else 1.0)
        return Reading(self.value, text, box, confidence, self.unit, self.number.box, self.number.unit)


def settings_of(lines: Sequence[TextLine]) -> dict[str, Reading]:
    """The settings that the lines state without doubt, by key."""
    layout = Layout(lines)
    claims, named = _labelled(layout)
    taken = {(claim.number.line, claim.number.start) for claim in claims} | named
    for key, number, group in unlabelled(layout, {claim.key for claim in claims}, taken):
        value = normal(key, number)
        if value is not None:
            claims.append(Claim(key, *value, None, number, group, 1))
    second = layout.second_parts()
    by_key: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.label is not None and (claim.label.line, claim.label.start) in second:
            claim = replace(claim, group="colour")
        by_key[claim.key].append(claim)
    chosen = {}
    for key, several in by_key.items():
        one = _agreed(key, several)
        if one is not None:
            chosen[key] = one
    depth, frequency = chosen.get("depth_mm"), chosen.get("frequency_mhz")
    if depth and frequency and not possible_together(depth.value, frequency.value):
        del chosen["depth_mm"], chosen["frequency_mhz"]
    return {key: claim.reading(layout.lines) for key, claim in chosen.items()}


def _labelled(layout: Layout) -> tuple[list[Claim], set[tuple[int, int]]]:
    """What labels claim, and (line, start) of the numbers that are Doppler's by their own label."""
    claims: list[Claim] = []
    taken: set[tuple[int, int]] = set()
    dopplers: set[tuple[int, int]] = set()
    waiting: list[Token] = []
    for tokens in layout.tokens:
        if _values_first(layout, tokens):
            for value, label in zip(tokens[::2], tokens[1::2], strict=True):
                claims += _claim(layout, label, value, 3)
                taken.add((value.line, value.start))
            continue
        for label in tokens:
            if label.kind != "label":
                continue
            number = layout.right_of(label)
            if number is not None and label.key in ("doppler_frequency", "doppler_gain"):
                dopplers.add((number.line, number.start))
            if number is None or number.kind == "label":
                waiting.append(label)
            elif number.line == label.line:
                if number.kind == "number" and _belongs(layout, label, number):
                    claims += _claim(layout, label, number, 3)
                    taken.add((number.line, number.start))
            elif number.kind == "word" or _rather_stacked(layout, label, number):
                waiting.append(label)
            elif _belongs(layout, label, number):
                claims += _claim(layout, label, number, 2)
                taken.add((number.line, number.start))
    for label in waiting:
        number = layout.stacked(label)
        if number is None or (number.line, number.start) in taken or label.key == "other":
            continue
        made = _claim(layout, label, number, 2)
        claims += made
        if made:
            taken.add((number.line, number.start))
    return claims, dopplers


def _values_first(layout: Layout, tokens: Sequence[Token]) -> bool:
    """'0.9MI', '54 Gain', '0.7 MI 0.2 TIS': each number before its label, and no other number that may be the labels' own."""
    if not tokens or len(tokens) % 2 or any(token.kind != "number" for token in tokens[::2]):
        return False
    if any(token.kind != "label" or token.key == "other" or len(token.text) < 2 for token in tokens[1::2]):
        return False
    first, last = tokens[0], tokens[-1]
    behind = layout.right_of(last)
    under = layout.stacked(last) if behind is None else None
    if under is not None and _claim(layout, last, under, 2):
        return False
    return (behind is None or behind.kind != "number") and not layout.labelled_from_left(first)


def _rather_stacked(layout: Layout, label: Token, number: Token) -> bool:
    """Whether the number far to the right is another's, as one that fits better stands straight under the label."""
    if number.box[0] - label.box[2] <= _BESIDE * label.height or label.key == "other":
        return False
    own = layout.stacked(label)
    if own is None or own.box[1] < label.box[1] or abs(own.box[0] - label.box[0]) > label.height:
        return False
    if not _claim(layout, label, own, 2):
        return False
    return bool(own.unit) or not number.unit or not _claim(layout, label, number, 2)


def _belongs(layout: Layout, label: Token, number: Token) -> bool:
    """Whether only separators stand between the two, and no second number makes it a list or a measurement."""
    text = layout.lines[label.line].text
    if number.line == label.line and text[label.end : number.start].strip(SEPARATORS):
        return False
    if "<" in text[label.end : number.start + 1] and number.line == label.line:
        return False
    follows = [token for token in layout.tokens[number.line] if token.start >= number.end]
    # 'D1 3.31 cm' is the first of some measurements.
    counted = len(label.text) == 1 and number.start == label.end and len(number.text) == 1
    return not (counted and follows and follows[0].kind == "number")


def _set_length(layout: Layout, label: Token, number: Token) -> bool:
    """A length as it is set, not measured: whole millimetres, tenths of a centimetre; after an '=' only half centimetres."""
    unit = number.unit.lower()
    if unit not in ("mm", "cm") or number.decimals > (unit == "cm"):
        return False
    millimetres = number.value * (10 if unit == "cm" else 1)
    return millimetres % 5 == 0 or "=" not in layout.lines[label.line].text


def _claim(layout: Layout, label: Token, number: Token, strength: int) -> list[Claim]:
    key = label.key
    if label.text == "R" and not (_set_length(layout, label, number) or _ALOKAS_RANGE.fullmatch(number.text)):
        return []  # a resistance index, a radius, a ratio
    if label.unit:
        if number.unit not in ("", label.unit):
            return []
        number = replace(number, unit=label.unit)
    alone = len(label.text) == 1 and not layout.in_company(label)
    if alone and (label.text == "R" or not _set_length(layout, label, number)):
        return []  # a lone letter is as likely a caliper's as a setting's
    if label.text in ABROAD and not layout.abroad and number.unit.lower() not in ("db", "hz"):
        return []
    if label.text.lower() in WITH_UNIT and not number.unit:
        return []
    if key == "acoustic_power_percent" and label.text == "P" and number.unit.lower() in ("cm", "mm"):
        key = "depth_mm"  # Italian and French screens: profondità, profondeur
    if key == "frequency_mhz" and number.unit.lower() in ("cm", "mm"):
        key = "focus_mm"
    if key == "frequency_mhz" and label.text.endswith("H"):  # 'F:H10M': harmonics
        number = replace(number, harmonic=True)
    if key == "frame_rate_hz" and number.unit[:1] == "M":
        key = "frequency_mhz"
    if key == "acoustic_power_percent" and label.text == "AO%" and not number.unit:
        return [Claim(key, number.value, "%", label, number, None, strength)] if 0 <= number.value <= 100 else []
    group = layout.group(label)
    if key == "depth_mm":
        before = layout.lines[label.line].text[: label.start]
        numbered = label.text == "D" and _CALIPERS_NUMBER.fullmatch(before)
        if numbered or _WORDS_OF_MEASUREMENTS.search(before) or (label.text == "D" and group == "spectral"):
            return []
    if key == "frame_rate_hz" and label.text == "Fr" and not number.unit:
        return []  # the frame's number, as often as the rate
    value = normal(key, number)
    if value is None:
        return []
    return [Claim(key, *value, label, number, group, strength)]


def _agreed(key: str, claims: list[Claim]) -> Claim | None:
    """The one that the screen means, or None where it says two things."""
    if key in _OF_THE_PICTURE:
        claims = [claim for claim in claims if claim.group not in (*_GROUPS_OF_DOPPLER, "m")]
        claims = [claim for claim in claims if claim.group == "b"] or claims
    if key in _OF_DOPPLER:
        claims = [claim for claim in claims if claim.group == "colour"] or claims
    if not claims:
        return None
    strongest = max(claim.strength for claim in claims)
    if strongest >= 2:
        claims = [claim for claim in claims if claim.strength >= 2]
    if len({claim.value for claim in claims}) > 1:
        return None
    return max(claims, key=lambda claim: (claim.strength, claim.number.confidence))
