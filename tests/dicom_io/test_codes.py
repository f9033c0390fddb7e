from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from pydicom.sr._concepts_dict import concepts

from annotation.vocabulary import TERMS
from dicom_io.coding import codes
from dicom_io.coding import encounter as encounter_codes
from dicom_io.coding.codes import concept_of, declare_private_scheme, term_of
from dicom_io.coding.concept import PRIVATE_SCHEME, Concept
from dicom_io.coding.encounter import field_concept, id_concept, word_concept
from dicom_io.dataset.plain_dataset import PlainDataset
from procedure.record import fields_of
from procedure.words import BONY_LANDMARKS, STRUCTURES
from tests.procedure.strategies import kinds_of_records


def all_concepts() -> list[Concept]:
    found = [concept_of(term.id) for term in TERMS]
    for value in vars(codes).values():
        if isinstance(value, Concept):
            found.append(value)
        elif isinstance(value, dict):
            found += [v for v in value.values() if isinstance(v, Concept)]
    return found + encounter_concepts()


def encounter_concepts() -> list[Concept]:
    """The codes of every field, word and id of an encounter."""
    found = [value for value in vars(encounter_codes).values() if isinstance(value, Concept)]
    for kind in kinds_of_records():
        for field in fields_of(kind):
            found.append(field_concept(field.name))
            if issubclass(field.base, StrEnum):
                found += [word_concept(word) for word in field.base]
    ids = [id_concept(word) for word in (*BONY_LANDMARKS, *STRUCTURES)]
    return found + [concept for concept in ids if concept is not None]


def test_every_term_has_a_code_of_its_own_and_the_code_leads_back() -> None:
    for term in TERMS:
        code = concept_of(term.id)
        assert term_of(code.scheme, code.value) == term.id
    assert len({(concept_of(t.id).scheme, concept_of(t.id).value) for t in TERMS}) == len(TERMS)
    assert term_of("SCT", "no such code") is None


def test_codes_fit_into_their_fields() -> None:
    for concept in all_concepts():
        assert len(concept.value) <= 16, concept
        assert 0 < len(concept.meaning) <= 64, concept


def test_no_two_meanings_have_one_private_code() -> None:
    meanings: dict[str, set[str]] = {}
    for concept in all_concepts():
        if concept.scheme == PRIVATE_SCHEME:
            meanings.setdefault(concept.value, set()).add(concept.meaning)
    assert {value: words for value, words in meanings.items() if len(words) > 1} == {}


@pytest.mark.parametrize("scheme", ["SCT", "DCM", "LN", "MDC"])
def test_the_standards_codes_mean_what_we_say(scheme: str) -> None:
    """Against the dictionaries that pydicom carries."""
    known: dict[str, set[str]] = {}
    entries: dict[str, Any] = concepts[scheme]
    for entry in entries.values():
        for value, facts in entry.items():
            known.setdefault(value, set()).add(facts[0].lower())
    for concept in all_concepts():
        if concept.scheme == scheme:
            assert concept.meaning.lower() in known[concept.value], concept


def test_the_private_scheme_is_declared_where_it_is_used_and_only_there() -> None:
    dataset = PlainDataset()
    dataset.AnatomicRegionSequence = [concept_of("nose").item().changeable()]
    declare_private_scheme(dataset)
    assert "CodingSchemeIdentificationSequence" not in dataset
    dataset.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [concept_of("glab").item()]
    declare_private_scheme(dataset)
    assert dataset.CodingSchemeIdentificationSequence[0].CodingSchemeDesignator == PRIVATE_SCHEME
