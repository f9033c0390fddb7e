from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from pydicom import dcmread

from dicom_io import Equipment, Patient, encode_still
from dicom_io.coding.words import fitted, given
from dicom_io.errors import NotEncodable
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip, write


@pytest.mark.parametrize(
    ("patient", "why"),
    [
        (Patient("A\\B"), "patient's id holds a backslash"),
        (Patient("x" * 65), "patient's id is longer than 64"),
        (Patient(" P1"), "patient's id begins or ends with a space"),
        (Patient("P1", "Line\nbreak^Eve"), "patient's name holds a backslash or an invisible"),
        (Patient("P1", "a=b=c=d"), "patient's name is not in the form"),
        (Patient("P1", "\ud800"), "patient's name holds a backslash or an invisible"),
    ],
)
def test_what_a_person_gave_is_refused_by_name_and_never_repeated(tmp_path: Path, patient: Patient, why: str) -> None:
    study = replace(STUDY, patient=patient)
    with pytest.raises(NotEncodable, match=why) as caught:
        encode_still(jpeg_clip(tmp_path, 1, 64, 48), study, SERIES, EQUIPMENT, scratch=tmp_path)
    assert patient.name == "" or patient.name not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "text"), [("study_id", "x" * 17), ("accession_number", "a\\b"), ("operator", "x" * 65)]
)
def test_the_studys_texts_are_checked_too(tmp_path: Path, field: str, text: str) -> None:
    study = replace(STUDY, **{field: text})  # type: ignore[arg-type]
    with pytest.raises(NotEncodable):
        encode_still(jpeg_clip(tmp_path, 1, 64, 48), study, SERIES, EQUIPMENT, scratch=tmp_path)


def test_what_a_device_tells_of_itself_is_made_to_fit(tmp_path: Path) -> None:
    odd = Equipment("Maker\\Other", "m" * 99, "s\x00n", "c\tm", "n" * 99, "1\\2", "0.1")
    path = write(encode_still(jpeg_clip(tmp_path, 1, 64, 48), STUDY, SERIES, odd, scratch=tmp_path), tmp_path)
    dataset = dcmread(path)
    assert dataset.Manufacturer == "Maker Other"
    assert dataset.ManufacturerModelName == "m" * 64
    assert dataset.DeviceSerialNumber == "s n"
    assert dataset.ContributingEquipmentSequence[0].DeviceSerialNumber == "1 2"


def test_a_patient_of_whom_only_the_id_is_known(tmp_path: Path) -> None:
    study = replace(STUDY, patient=Patient("P1", birth_date=date(1900, 1, 1)))
    item = encode_still(jpeg_clip(tmp_path, 1, 64, 48), study, SERIES, EQUIPMENT, scratch=tmp_path)
    dataset = dcmread(write(item, tmp_path))
    assert (dataset.PatientName, dataset.PatientSex, dataset.PatientBirthDate) == ("", "", "19000101")


@hypothesis_given(st.text())
def test_fitted_text_can_always_be_given(text: str) -> None:
    for vr in ("SH", "LO"):
        assert given("text", fitted(text, vr), vr) == fitted(text, vr)
