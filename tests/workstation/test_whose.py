"""Names and numbers on the probe's screen against the chosen patient."""

from __future__ import annotations

import pytest

from imaging.readout.readings import IdentifyingText, ScreenReadings
from workstation.probe_screen.whose import of_somebody_else, personal
from workstation.watching.analyses.readouts import _told


@pytest.mark.parametrize(
    "text",
    ["Roe^Ann", "ROE, ANN", "Name: Ann Roe", "Patient ID: P-7", "ID: P 7", "Pat. Roe", "Name:", "P7"],
)
def test_one_word_in_common_is_the_patient(text: str) -> None:
    assert of_somebody_else([text], "P-7", "Roe^Ann") == ()


@pytest.mark.parametrize("text", ["Doe^Jane", "Name: Doe, Jane", "ID: 4711", "姓名: 山田太郎"])
def test_another_name_or_number_is_a_question(text: str) -> None:
    assert of_somebody_else([text, text], "P-7", "Roe^Ann") == (text,)


def test_a_hospital_and_an_age_are_nobodys_name() -> None:
    assert not personal("City Hospital", "a hospital's or a person's label")
    assert not personal("DOB: 1980-01-01", "a patient's label") and not personal("Age: 44", "a patient's label")
    assert personal("Name: Doe", "a patient's label") and personal("Doe^Jane", "the form of a name")


def test_what_the_screen_says_of_a_person_is_told_and_not_shown_by_accident() -> None:
    box = (0, 0, 9, 9)
    said = _told(ScreenReadings(identifying=(IdentifyingText("Doe^Jane", box, 0.9, "the form of a name"),)))
    assert said.personal == ("Doe^Jane",) and "Doe" not in repr(said)
