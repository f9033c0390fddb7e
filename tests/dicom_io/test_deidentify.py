"""Words, moments, pseudonyms and the table of PS3.15: each by itself. Whole objects: tests/interop/test_deidentified.py."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from annotation.vocabulary import TERMS
from dicom_io.deidentify.moments import Moments
from dicom_io.deidentify.profile import PROFILES, Action, action_for
from dicom_io.deidentify.pseudonyms import Pseudonyms, key_in
from dicom_io.deidentify.words import KnownWords
from dicom_io.errors import KeyUnusable

BASIC, RESEARCH = PROFILES["basic"], PROFILES["research"]


@pytest.mark.parametrize(
    ("keyword", "basic", "research"),
    [
        ("PatientName", Action.EMPTY, Action.EMPTY),
        ("OtherPatientIDs", Action.REMOVE, Action.REMOVE),
        ("StudyDate", Action.EMPTY, Action.CLEAN),
        ("StudyInstanceUID", Action.UID, Action.UID),
        ("DeviceSerialNumber", Action.DUMMY, Action.KEEP),
        ("SeriesDescription", Action.CLEAN, Action.CLEAN),
        ("ContentSequence", Action.CLEAN, Action.CLEAN),
        ("PresentationCreationDate", Action.DUMMY, Action.CLEAN),
        ("ReferencedStudySequence", Action.REMOVE, Action.REMOVE),
        ("Rows", None, None),
    ],
)
def test_the_table_says_what_the_standard_says(keyword: str, basic: Action | None, research: Action | None) -> None:
    assert action_for(Tag(keyword), BASIC) == basic
    assert action_for(Tag(keyword), RESEARCH) == research


def test_private_attributes_curves_and_overlays_are_removed() -> None:
    assert action_for(Tag(0x00091001), BASIC) is Action.REMOVE
    assert action_for(Tag(0x50041001), BASIC) is Action.REMOVE
    assert action_for(Tag(0x60020010), BASIC) is Action.REMOVE


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_the_vocabulary_tells_nobody(term: object) -> None:
    words = KnownWords(["Novak^Anna"])
    assert words.tells_nobody(term.name)  # type: ignore[attr-defined]
    assert words.tells_nobody(term.id)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "facial artery  1.1 ± 0.2 mm",
        "pre still",
        "nlf-2",
        "60 %",
        "",
        "Down to the boundary of: upper dermis",
        "0.0722 mm",
    ],
)
def test_measurements_and_the_programs_own_words_stay(text: str) -> None:
    assert KnownWords(["Novak^Anna"]).tells_nobody(text)


@pytest.mark.parametrize(
    "text",
    [
        "Novak", "facial artery of Anna", "ID 12345678", "1985-04-12", "12.04.1985", "12/04/85", "0664 123 456 78",
        "Wien", "facial_artery", "a1b2", "4711", "山田", "facial artery\nNovak",
    ],
)  # fmt: skip
def test_names_numbers_and_dates_do_not_stay(text: str) -> None:
    assert not KnownWords(["Novak^Anna"]).tells_nobody(text)


def test_a_word_of_the_vocabulary_that_is_the_patients_name_does_not_stay() -> None:
    assert KnownWords().tells_nobody("temple")
    assert not KnownWords(["Temple^Rose"]).tells_nobody("temple")
    assert not KnownWords(["Temple^Rose"]).tells_nobody("left temple")


def _study(day: str, time: str) -> Dataset:
    dataset = Dataset()
    dataset.StudyDate, dataset.StudyTime = day, time
    return dataset


@settings(deadline=None)
@given(st.integers(0, 10**11), st.integers(0, 10**8))
def test_what_lies_between_two_moments_stays(since: int, seconds: int) -> None:
    began = datetime(1000, 1, 1, tzinfo=UTC) + timedelta(seconds=since)
    form = "%Y%m%d%H%M%S"
    counted = Moments.counted(_study(began.strftime("%Y%m%d"), began.strftime("%H%M%S")))
    assert counted.changed("DT", began.strftime(form)) == "19000101000000"
    text = (began + timedelta(seconds=seconds)).strftime(form) + "+0200"
    later = datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert counted.changed("DT", text) == later.strftime(form) + "+0000"
    assert Moments.put_back(timedelta(days=400)).changed("DT", text)[8:14] == text[8:14]


@pytest.mark.parametrize("value", ["not a date", "20261340", "2026113", "99999999", "00010101"])
def test_what_is_no_date_is_taken_out(value: str) -> None:
    assert Moments.put_back(timedelta(days=400)).changed("DA", value) == ""


@settings(deadline=None)
@given(
    st.text(min_size=1), st.text(min_size=1), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32)
)
def test_a_pseudonym_follows_from_the_key_and_the_id_alone(a: str, b: str, key: bytes, other: bytes) -> None:
    one, again, two = Pseudonyms(key), Pseudonyms(key), Pseudonyms(other)
    assert one.patient(a) == again.patient(a)
    assert one.person(f"{a}^") == again.person(a)
    if a.strip() != b.strip():
        assert one.patient(a) != one.patient(b)
    if key != other:
        assert one.patient(a) != two.patient(a)
        assert one.uid("1.2.3") != two.uid("1.2.3")
    assert one.uid("1.2.840.10008.1.2") == "1.2.840.10008.1.2"
    assert timedelta(days=365) <= one.days(a) <= timedelta(days=3650)


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "pseudonyms.key"
    key, made = key_in(path)
    assert made
    assert key_in(path) == (key, False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("cut")
    with pytest.raises(KeyUnusable, match="none"):
        key_in(path)
