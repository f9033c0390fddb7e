"""Structured content cleaned, item by item: codes, numbers, shapes and references stay; persons, times and free words do not.

A tree keeps its form, so that a report or a record of an encounter that could be read before can be read afterwards, and an
assessor sees who did what by pseudonyms, in the order in which it was done.
"""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset

from dicom_io.coding.concept import PRIVATE_SCHEME
from dicom_io.coding.encounter import JSON_COPY, JSON_SHA256, field_concept
from dicom_io.composite import content_items as items
from dicom_io.deidentify.pseudonyms import Pseudonyms
from dicom_io.deidentify.told import Told
from dicom_io.deidentify.words import REMOVED, KnownWords

Key = tuple[str, str]


def _keys(*names: str) -> frozenset[Key]:
    return frozenset((concept.scheme, concept.value) for concept in map(field_concept, names))


#: TID 1007, Subject Context: birth date, sex, age, species. What tells the name or id becomes a pseudonym.
_LEFT_OUT: Final = frozenset({("DCM", code) for code in ("121031", "121032", "121033", "121034")}) | {
    (JSON_COPY.scheme, JSON_COPY.value),
    (JSON_SHA256.scheme, JSON_SHA256.value),
}
_PATIENT_ID: Final = _keys("patient_id") | {("DCM", "121030")}
_PATIENT_NAME: Final = frozenset({("DCM", "121029")})
_PERSONS: Final = _keys(
    "name", "by", "noticed_by", "named_by", "signed_by", "answered_by", "prescriber", "interpreter"
) | {
    ("DCM", "121008"),
}
#: What other items refer to by its text, or what belongs together by it: another word in its place, always the same.
_REFERRED: Final = _keys("product_id", "plan_id", "lot", "hyaluronidase_lot", "serial", "udi", "registration_number")
#: The program's own constants, and those that a person chose from a list.
_LISTED: Final = _keys("protocol_version", "wording_version") | {
    ("DCM", code) for code in ("121013", "121014", "121015")
}
_PROGRAM: Final = frozenset({"sonofill", "workstation"})


def clean_content(
    root: Dataset, pseudonyms: Pseudonyms, words: KnownWords, patient_id: str, names: tuple[str, ...]
) -> Told:
    """Cleans the items below `root` in place, but for UIDs and moments, which the whole data set's cleaning changes.

    `names` are the patient's in the header. Returns what was taken out, by the item's code.
    """
    told = Told()
    kept = [item for item in root.get("ContentSequence") or [] if items.name_of(item) not in _LEFT_OUT]
    for item in root.get("ContentSequence") or []:
        if items.name_of(item) in _LEFT_OUT:
            told.removed(_where(item))
    if "ContentSequence" in root:
        if kept:
            root.ContentSequence = kept
        else:
            del root.ContentSequence
    for item in kept:
        _clean(item, pseudonyms, words, patient_id, names, told)
        told.add(clean_content(item, pseudonyms, words, patient_id, names))
    return told


def _clean(
    item: Dataset, pseudonyms: Pseudonyms, words: KnownWords, patient_id: str, names: tuple[str, ...], told: Told
) -> None:
    kind, name = str(item.get("ValueType") or ""), items.name_of(item)
    if kind == "PNAME":
        old = str(item.get("PersonName") or "")
        item.PersonName = pseudonyms.patient(patient_id) if name in _PATIENT_NAME else pseudonyms.person(old)
        told.replaced(_where(item))
    elif kind == "TEXT":
        old = str(item.get("TextValue") or "")
        new = _text(name, old, pseudonyms, words, patient_id, names)
        if new != old:
            item.TextValue = new
            told.replaced(_where(item))
    elif kind == "CODE":
        for code in item.get("ConceptCodeSequence") or []:
            scheme = str(code.get("CodingSchemeDesignator") or "")
            local = scheme.startswith("99") and scheme != PRIVATE_SCHEME
            if local and not words.tells_nobody(str(code.get("CodeMeaning") or "")):
                code.CodeMeaning = REMOVED
                told.replaced(_where(item))


def _text(
    name: Key, old: str, pseudonyms: Pseudonyms, words: KnownWords, patient_id: str, names: tuple[str, ...]
) -> str:
    if name in _PATIENT_ID:
        return pseudonyms.patient(patient_id)
    if name in _PATIENT_NAME or old in names:
        return pseudonyms.patient(patient_id)
    if words.tells_nobody(old) or (name in _LISTED and old in _PROGRAM):
        return old
    if name in _REFERRED:
        return pseudonyms.word(old)
    return pseudonyms.person(old).rstrip("^") if name in _PERSONS else REMOVED


def _where(item: Dataset) -> str:
    return f"ContentSequence {'/'.join(items.name_of(item))}"
