"""The vocabulary: every term of the clinical reference, found by two letters."""

from __future__ import annotations

import pytest

from annotation import vocabulary
from annotation.vocabulary import LAYERS, REGIONS, TERMS, VESSELS, VESSELS_TO_LOOK_FOR, find, term


def test_ids_are_unique_and_names_fit_a_code_meaning() -> None:
    assert len({t.id for t in TERMS}) == len(TERMS)
    assert all(0 < len(t.name) <= 64 for t in TERMS)


def test_it_has_the_reference_s_terms() -> None:
    assert [t.id for t in VESSELS if t.kind == "vein"] == ["fv", "av", "icv", "mtv"]
    assert "sta-fb" in {t.id for t in VESSELS}
    assert [t.id for t in LAYERS][:3] == ["epi", "der-u", "der-l"]
    assert len(REGIONS) == 12
    assert term("alar-groove").kind == "landmark"


def test_vessels_are_no_layer() -> None:
    assert not {t.id for t in VESSELS} & {t.id for t in LAYERS}


@pytest.mark.parametrize(
    ("typed", "first"),
    [("fa", "fa"), ("SL", "sla"), ("fv", "fv"), ("ang", "aa"), ("sp", None), ("ma", "ma"), ("f", None)],
)
def test_two_letters_find_a_vessel(typed: str, first: str | None) -> None:
    found = find(typed, VESSELS)
    assert (found[0].id if found else None) == first


def test_every_vessel_and_layer_is_found_by_two_letters_of_its_id_or_name() -> None:
    for wanted in VESSELS + LAYERS:
        assert wanted in find(wanted.id[:2]) or wanted in find(wanted.name[:2])


def test_each_region_names_known_vessels() -> None:
    assert set(VESSELS_TO_LOOK_FOR) == {t.id for t in REGIONS}
    assert all(term(v).kind in ("artery", "vein") for vessels in VESSELS_TO_LOOK_FOR.values() for v in vessels)


def test_no_term_promises_anything() -> None:
    banned = ("safe", "detected", "diagnos", "guarantee", "risk", "eliminates", "rules out", "no vessel")
    assert not [t.name for t in TERMS if any(word in t.name.casefold() for word in banned)]


def test_nothing_names_a_vessel_from_its_place() -> None:
    """A function that takes a place and gives a term would be the start of it; there is none."""
    assert not [name for name in dir(vocabulary) if "position" in name or "nearest" in name or "guess" in name]
