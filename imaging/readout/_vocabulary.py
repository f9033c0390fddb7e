"""Patterns of what screens call their settings (`_words` has the words), and of the headings over groups of settings."""

from __future__ import annotations

import re
from typing import Final, Literal

from imaging.readout._words import LONG, SHORT

Group = Literal["b", "colour", "spectral", "m"]

#: What only the Doppler of a machine has: a block of settings with these and without the B picture's own is Doppler's.
DOPPLER_ONLY: Final = re.compile(r"\b(?:PRF|FRP|W\.?M?F|SV|Angle|Winkel|Baseline|Wall|CW|PW)\b|cm/s", re.IGNORECASE)
PICTURE_ONLY: Final = frozenset({"dynamic_range_db", "frame_rate_hz", "mechanical_index", "thermal_index_soft_tissue"})

#: What both the picture and its Doppler have.
REPEATED: Final = frozenset({"gain", "frequency_mhz"})

_B: Final = r"B|2D|2-D|B[- ]?MODE|2D[- ]?MODE|B[- ]?BILD|MODE B|MODO B|B模式|BW|BI?W"
_COLOUR: Final = (
    r"C|CF|CFM|CD|CDI|CFI|CDV|COLOU?R|COLOU?R[- ]?(?:MODE|DOPPLER|FLOW)|FARBE|FARBDOPPLER|COULEUR|COLORE|"
    r"CPA|PD|PDI|DPI|DPD|POWER|ANGIO|PWR DOPP(?:LER)?|SMI|ADF|MVI|TVI|C模式|彩色"
)
_SPECTRAL: Final = r"D|PW|PWD|CW|CWD|PW[- ]?MODE|DOPPLER|SPECTRAL|TD|TDI|PW模式"
_M: Final = r"M|MM|M[- ]?MODE|MODE M|TM"
_WORDS_OF_GROUPS: Final[tuple[tuple[Group, str], ...]] = (
    ("b", _B),
    ("colour", _COLOUR),
    ("spectral", _SPECTRAL),
    ("m", _M),
)
HEADINGS: Final[tuple[tuple[Group, re.Pattern[str]], ...]] = tuple(
    (group, re.compile(rf"[\[(<]?\s*(?:{words})(?![^\W_])\s*[\])>]?\s*[:.]?", re.IGNORECASE))
    for group, words in _WORDS_OF_GROUPS
)


def _before(word: str, index: bool) -> str:
    """What may not stand right before a short label: a slash not before one letter ('E/A'), but before two ('0 dB/DR 60').

    Before an index a slash may stand unless a letter does before it: '0.7/TIS 0.2', not 'M/MI'.
    """
    if index:
        return r"(?<![^\W\d])(?<![^\W\d]/)(?<![\-^])"
    return r"(?<![\w\-^])" if re.match(r"[A-Z]{2}", word) else r"(?<![\w/\-^])"


def _loosely(word: str) -> str:
    """The word, its blanks there or not: an OCR loses them."""
    return re.escape(word).replace(r"\ ", r"\s?")


def _label_pattern() -> re.Pattern[str]:
    """One pattern with a named part for each setting; the longest spelling wins."""
    parts: list[tuple[int, str]] = []
    for number, (key, words) in enumerate(LONG.items()):
        parts += [
            (len(word), f"(?P<L{number}_{index}_{key}>(?<![^\\W\\d_])(?i:{_loosely(word)})(?![^\\W\\d_]))")
            for index, word in enumerate(words)
        ]
    for number, (key, words) in enumerate(SHORT.items()):
        # Not the end of a word, nor of 'S/D', '2D' or '12L-D'; an index may follow a number closely ('TIS 0.6MI 1.2').
        index_of = key.endswith(("_index", "_tissue", "_bone", "_cranial"))
        parts += [
            (
                min(len(word), 3),
                f"(?P<S{number}_{index}_{key}>{_before(word, index_of)}(?:{word})(?!(?![OoIl][.,]\\d)[^\\W\\d_]))",
            )
            for index, word in enumerate(words)
        ]
    parts.sort(key=lambda part: -part[0])
    return re.compile("|".join(pattern for _, pattern in parts))


LABEL: Final = _label_pattern()


def label_key(match: re.Match[str]) -> str:
    """The setting that a match of LABEL names."""
    return str(match.lastgroup).split("_", 2)[2]
