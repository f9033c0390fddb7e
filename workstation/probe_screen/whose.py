"""Whose pictures these are, as far as the probe's screen says it: names and numbers on it that are not the chosen patient's.

Nothing is decided by it: it is a question to the person before the study is saved. What is read is never logged. No Qt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

#: Why a text on the screen is taken for a person's (`imaging.readout`); a hospital's or an operator's is no patient's.
_PERSONAL: Final = ("a patient's label", "the form of a name")
#: Labels whose value is no name and no number of a patient, and words that only label one.
_OTHER_LABELS: Final = re.compile(
    r"\b(?:DOB|birth|born|geb|né|née|age|alter|sex|gender|acc(?:ession)?)\b|出生|年龄", re.IGNORECASE
)
_LABEL_WORDS: Final = frozenset(
    {
        "patient",
        "pat",
        "name",
        "nom",
        "nombre",
        "nome",
        "cognome",
        "apellido",
        "apellidos",
        "nachname",
        "vorname",
        "mrn",
    }
    | {"id", "no", "姓名", "病历"}
)


def personal(text: str, why: str) -> bool:
    """Whether a text on the screen names a patient or gives a patient's number."""
    return why in _PERSONAL and not _OTHER_LABELS.search(text)


def of_somebody_else(texts: Iterable[str], patient_id: str, patient_name: str) -> tuple[str, ...]:
    """The texts in which neither the patient's id nor a part of the name stands; in the order in which they were given.

    A screen may print a name in another order, or only a part of it: one word in common is enough.
    """
    known = {_plain(patient_id)} | set(_words(patient_name)) | set(_words(patient_id))
    return tuple(
        text
        for text in dict.fromkeys(texts)
        if (words := [w for w in _words(text) if w not in _LABEL_WORDS]) and not known & {*words, "".join(words)}
    )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"\w+", text.replace("_", " ")) if len(word) > 1]


def _plain(text: str) -> str:
    return "".join(re.findall(r"\w+", text)).casefold()
