"""Which words may stay: those of the program's own vocabulary, numbers with units, and nothing else.

A list of what is to be taken out is never complete (a name can be any word), so a text stays only where every word of it is
known to name a place of the body, a thing that is measured or a kind of object, and none of them is a name in the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from annotation.vocabulary import TERMS
from dicom_io.labels.labelled import LabelSeries
from procedure.phase import Phase
from procedure.words import BONY_LANDMARKS, STRUCTURES

#: What stands where a text was.
REMOVED: Final = "(removed)"

#: Words of descriptions that the program itself writes, beside those of the vocabulary.
_PROGRAMS_OWN: Final = """
    ultrasound guided facial aesthetic procedure still clip labels label and measurements record of the
    encounter over pictures picture areas as a an person drew them inside outline down to boundary drawn copy
    with burned in not original into its names strip rows words added below source small parts skin distance
    depth diameter thickness length width area arm across along left right both sides from in the for on or is
    at no scale screen ruler marks points profile unknown calibrated per pixel video frames came recorded they
    simulated device was there portable probe workstation sonofill vessel vessels layer layers artery arteries
    vein veins filler tip point gain dynamic range frequency focus linear transverse longitudinal sagittal
    oblique coronal colour power spectral doppler b-mode
"""
_UNITS: Final = "% mm cm mm2 mm² cm2 cm² ml cm/s mm/s m/s hz khz mhz db s ms min g deg ° px pixels iu fps"
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*(?:/s|[23²³])?|%|°")
#: Up to three digits before the point: a year, a date, a telephone or a patient's number has more, or more in a row.
_NUMBERS: Final = re.compile(r"(?<![\d.,/:-])[+-]?\d{1,3}(?:[.,]\d{1,9})?(?![\d/:]|[.,]\d|-\d)")
_BETWEEN: Final = re.compile(r"[\s.,;:()×±+/=<>≤≥~-]*")
_ID: Final = re.compile(r"[a-z]+(?:-[a-z0-9]{1,6}){0,3}")
_LEAST_NAME: Final = 2  #: letters


class KnownWords:
    """The words that may stay in one object; `names` (of its header) never do."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {part.casefold() for name in names for part in re.split(r"[\^=,;.\s\\-]+", name)} - {""}

    def tells_nobody(self, text: str) -> bool:
        """Whether the text is made of known words, numbers and units alone."""
        text = text.strip()
        if text in _IDS:
            return not self._is_name(text)
        rest = _NUMBERS.sub(" ", text)
        if re.search(r"\d", _WORD.sub(" ", rest)):
            return False
        words = _WORD.findall(rest)
        if not all(self._is_known(word) for word in words):
            return False
        return _BETWEEN.fullmatch(_WORD.sub(" ", rest)) is not None

    def name_in(self, texts: Iterable[object]) -> bool:
        """Whether a name of the header stands in one of the texts."""
        return any(self._is_name(word) for text in texts for word in re.split(r"[\W_]+", str(text)))

    def _is_known(self, word: str) -> bool:
        """The word, or each part of one with hyphens."""
        parts = [word] if word.casefold() in _WORDS else word.split("-")
        return all(part.casefold() in _WORDS and not self._is_name(part) for part in parts)

    def _is_name(self, word: str) -> bool:
        plain = word.casefold()
        return len(plain) >= _LEAST_NAME and plain in self._names


def _words() -> frozenset[str]:
    told = [
        _PROGRAMS_OWN,
        _UNITS,
        *(term.name for term in TERMS),
        *BONY_LANDMARKS.values(),
        *STRUCTURES.values(),
        *(str(phase) for phase in Phase),
        *(kind.value[2] for kind in LabelSeries),
    ]
    return frozenset(word.strip(",;:()").casefold() for text in told for word in text.split())


_WORDS: Final = _words()
_STATIONS: Final = frozenset(
    f"{term.id}-{number}" for term in TERMS if term.kind == "region" for number in range(1, 30)
)
_IDS: Final = frozenset({term.id for term in TERMS} | {*BONY_LANDMARKS, *STRUCTURES} | _STATIONS)
