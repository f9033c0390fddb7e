"""A line of text as labels, numbers with units, and words, each with its own box."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from imaging.readout._vocabulary import LABEL, label_key
from imaging.readout._words import FRAMES_A_SECOND
from imaging.text import TextLine

Box = tuple[int, int, int, int]

#: What is no setting: dates, times, versions, counters, ratios, ranges. They are words, whole.
_NO_SETTING: Final = re.compile(
    r"""
    \d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}      # 03/15/21, 2020-04-28
    | \d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]\.?M\.?)?    # 9:21:01 AM
    | \d{5,}\s?-\s?\d+\w*                            # 031521-062256PM
    | \d+(?:\.\d+){2,}                               # 3.5.0
    | G\s?\d\s?P\s?\d(?:\s?[ALM+]\s?\d)*(?![\d.,])        # G2 P1 A0: pregnancies and births
    | \#\s?\d+(?:\s?/\s?\d+)?                        # #59
    | \d+(?:[.,]\d+)?(?:\s?[/~–]\s?\d+(?:[.,]\d+)?)+(?!\d|\s?cm\s?/|\s?dB|D)   # 2/1, 16/4/1, 1107/107
    | (?<=\d)\s?-\s?\d+(?:[.,]\d+)?                  # the rest of 5.0-12.0
    | \d+(?:[.,]\d+)?\s?-\s?\d+(?:[.,]\d+)?          # 5.0-12.0
    """,
    re.VERBOSE,
)
_UNIT: Final = (
    r"cm/s|m/s|mm/s|cm2|cm²|mm2|mm²|MHz|M[HN][zaZGg2s]|kHz|KHz|KHZ|MHZ|Hz|HZ|hz|"
    rf"{FRAMES_A_SECOND}|dB|DB|db|cm|CM|mm|MM|%|bpm|BPM|"
    r"ml|ms|cc|kPa|sec|k|K|M|s|°C|°|℃|"
    # What no setting has: who prints these means a person, a breath, a disk, a network.
    r"1?/min|min|rpm|kg|lbs?|y|yrs?|years?|ans|años|anni|Jahre|GHz|[MGT]B|mmHg|mW"
)
#: A capital O for a nought and an l for a one are forgiven inside a number that has a real digit and a point.
_FIGURES: Final = r"(?:[Oo]?[.,]\d{1,3}|[OolI|]?\d*[.,][OolI|]\b|[Oo][.,]\d+|[lI|][.,]\d+|\d{1,5}(?:[.,]\d{1,3})?)"
#: A letter between figures and their unit is a figure misread: '6CHz' is no 6.
_STRAY: Final = r"[.,]?[A-Za-z](?:Hz|MHz|cm|mm|dB|%|fps)(?![^\W\d_])"
_NUMBER: Final = re.compile(
    rf"(?P<sign>[+\-–−]?)(?P<figures>{_FIGURES})(?:\s{{0,2}}(?P<unit>%|(?:{_UNIT})(?![^\W\d_]|/s)))?(?!\d|\s[.,]\d|{_STRAY})"
)
#: Harmonics: 'H9.0', 'H 10 MHz', 'THI 9.0'. Only a frequency has it.
_HARMONICS: Final = re.compile(
    r"(?:T?H|TI?H)\s?(?=\d{1,2}(?:[.,]\d{1,2}(?!\d)|\s?M(?:[HN]|(?![^\W_]))))|THI\s?(?=\d{1,2}[.,]\d)"
)
_SHORTENED: Final = re.compile(r"[^\W\d_]{3}$")
_UNIT_IS_LABEL: Final = re.compile(rf"\S*\d\s*{FRAMES_A_SECOND}\s?[:=]?\s?\d.*", re.DOTALL)
_AFTER_LENGTH: Final = re.compile(r"\d[cm]m\s?/\s?$")  #: '4.0cm / 1.2 / 31Hz' is a list, its rest no ratio
_BROKEN: Final = re.compile(r"\d\s+[.,]$")  #: '18 .5' is no 18, and no half
_MODE: Final = re.compile(r"[234]-?D(?![^\W_])")
#: A label's own unit: 'Depth(cm)', 'Gain [%]'.
_LABELS_UNIT: Final = re.compile(rf"\s?[(\[]\s?({_UNIT})\s?[)\]]")
_WORD: Final = re.compile(r"[^\W\d_][\w'’^.&-]*|\S")
#: What may stand between a label and its number.
SEPARATORS: Final = " \t:=.'’`´\"·,|()[]-–_>*"

Kind = Literal["label", "number", "word"]


@dataclass(frozen=True, slots=True)
class Token:
    """A part of one line. `key` is a label's setting; `figures`, `sign` and `unit` are a number's, as printed.

    A label has a `unit` too where it says so ('Depth(cm)'). `harmonic`: the number stands behind an H.
    """

    kind: Kind
    text: str
    line: int
    start: int
    end: int
    box: Box
    confidence: float
    key: str = ""
    sign: str = ""
    figures: str = ""
    unit: str = ""
    harmonic: bool = False

    @property
    def height(self) -> int:
        """Rows of its line."""
        return self.box[3] - self.box[1]

    @property
    def value(self) -> float:
        """A number's value as printed, with its sign."""
        plain = self.figures.translate(_AS_FIGURES)
        number = float(plain if plain[0] != "." else f"0{plain}")
        return -number if self.sign in ("-", "–", "−") else number

    @property
    def decimals(self) -> int:
        """Figures behind the point."""
        return len(re.split(r"[.,]", self.figures)[1]) if re.search(r"[.,]", self.figures) else 0


_AS_FIGURES: Final = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", ",": "."})


def tokens_of(line: TextLine, number: int) -> list[Token]:
    """The line's tokens from left to right. `number` says which line they are of."""
    text = line.text
    tokens: list[Token] = []
    place = 0
    # In 'Gain 26  FPS 98' the middle word is the label of what follows, not the unit of what stands before.
    while place < len(text):
        if _separates(text, place):
            place += 1
            continue
        token = _token_at(line, number, place)
        labelled = bool(tokens) and tokens[-1].kind == "label" and tokens[-1].key != "frame_rate_hz"
        if labelled and token.kind == "number" and _UNIT_IS_LABEL.fullmatch(token.text + text[token.end :][:4]):
            end = token.end - len(token.unit)
            token = replace(token, text=text[place:end].rstrip(), end=end, box=part_box(line, place, end), unit="")
        tokens.append(token)
        place = token.end
    return tokens


def _separates(text: str, place: int) -> bool:
    """Whether a blank or a sign between label and value stands there, and no number's point or sign."""
    if text[place] not in SEPARATORS:
        return False
    if text[place] == "." and _SHORTENED.search(text[:place]):
        return True  # the point of 'Frq.11.0' is the word's
    return not (text[place] in ".,-–" and text[place + 1 : place + 2].isdigit())


def _token_at(line: TextLine, number: int, place: int) -> Token:
    text = line.text

    def made(
        kind: Kind,
        end: int,
        *,
        key: str = "",
        sign: str = "",
        figures: str = "",
        unit: str = "",
        harmonic: bool = False,
    ) -> Token:
        box = part_box(line, place, end)
        return Token(
            kind, text[place:end], number, place, end, box, line.confidence, key, sign, figures, unit, harmonic
        )

    before_is_digit = place > 0 and text[place - 1].isdigit()
    nothing = _NO_SETTING.match(text, place)
    in_list = _AFTER_LENGTH.search(text[:place])
    if nothing and not in_list and not (before_is_digit and nothing.group()[0].isdigit()):
        return made("word", nothing.end())
    label = LABEL.match(text, place)
    if label:
        own_unit = _LABELS_UNIT.match(text, label.end())
        if own_unit:
            return replace(made("label", own_unit.end(), key=label_key(label), unit=own_unit[1]), text=label.group())
        return made("label", label.end(), key=label_key(label))
    harmonics = None if text[place - 1 : place].isalnum() and place else _HARMONICS.match(text, place)
    if harmonics:
        behind = _NUMBER.match(text, harmonics.end())
        if behind and not behind["sign"]:
            return made("number", behind.end(), figures=behind["figures"], unit=behind["unit"] or "", harmonic=True)
    mode = _MODE.match(text, place)
    if mode:
        return made("word", mode.end())
    figures = None if _BROKEN.search(text[: place + 1]) else _NUMBER.match(text, place)
    if figures and (text[place] in ".,+-–−" or text[place].isdigit() or _after_label(text, place)):
        unit = figures["unit"] or ""
        return made("number", figures.end(), sign=figures["sign"], figures=figures["figures"], unit=unit)
    word = _WORD.match(text, place)
    return made("word", word.end() if word else place + 1)


def _after_label(text: str, place: int) -> bool:
    """Whether a letter that may be a figure stands where a number is due."""
    return bool(re.search(r"[A-Za-z%]\s?[:=]?\s?$", text[:place]))


def part_box(line: TextLine, start: int, end: int) -> Box:
    """The box of characters start to end of the line, from the places of its letters."""
    x0, y0, x1, y1 = line.box
    if not line.columns or end <= start:
        return line.box
    columns = line.columns
    pitch = (columns[-1] - columns[0]) / max(1, len(columns) - 1) if len(columns) > 1 else (x1 - x0) / 2
    left = x0 if start == 0 else (columns[start - 1] + columns[start]) / 2
    right = x1 if end >= len(columns) else (columns[end - 1] + columns[end]) / 2
    left, right = max(left, columns[start] - pitch * 1.2), min(right, columns[end - 1] + pitch * 1.2)
    return max(x0, int(left)), y0, min(x1, int(right + 1)), y1
