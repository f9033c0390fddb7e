"""Whole objects that tell of nobody: with names planted in every text, by both profiles."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from dicom_io import read_report
from dicom_io.deidentify import PROFILES, Cleaner, Pseudonyms
from tests.interop.conftest import Written
from tests.interop.tools import errors_of_dciodvfy

PLANTED = "Zwettlova"
NAMES = (PLANTED, "Åsa", "Лена", "山田", "Ωμέγα")
_PLACES = ("LO", "SH", "ST", "LT", "UT", "PN")
_CODED = ("Code", "Coding", "Manufacturer", "SoftwareVersions")


def _plant(dataset: Dataset) -> int:
    """Puts a name into every text that is no code, and into some that are not there; returns how many there are."""
    count = 0
    for element in dataset.iterall():
        if element.VR in _PLACES and element.value and not element.keyword.startswith(_CODED):
            element.value = f"{PLANTED}^Eva" if element.VR == "PN" else f"{PLANTED} {element.value}"[:16]
            count += 1
    dataset.PatientComments = dataset.AdditionalPatientHistory = f"allergic, says {PLANTED}"
    dataset.InstitutionName = dataset.OtherPatientIDs = PLANTED
    block = dataset.private_block(0x0009, "SOMEBODY", create=True)
    block.add_new(0x01, "LO", PLANTED)
    return count


@pytest.mark.requirement("N14")
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", ["clip colour JPEG", "still YUYV", "report"])
def test_no_planted_name_is_left_and_the_object_is_sound(
    objects: dict[str, Written], kind: str, profile: str, tmp_path: Path
) -> None:
    dataset = dcmread(objects[kind].path)
    assert _plant(dataset) >= 5
    old = {element.value for element in dataset.iterall() if element.keyword.endswith("InstanceUID")}
    told = Cleaner(Pseudonyms(b"k" * 32), PROFILES[profile]).clean(dataset)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    path = tmp_path / "x.dcm"
    dataset.save_as(path)
    raw = path.read_bytes()
    for name in NAMES:
        assert name.encode() not in raw, name
    for uid in old:
        assert str(uid).encode() not in raw
    assert not errors_of_dciodvfy(path)
    assert dcmread(path).PatientIdentityRemoved == "YES"
    assert ("PatientComments", "removed") in told.counts
    assert ("private attributes", "removed") in told.counts
    assert PLANTED not in str(told.to_json())


@pytest.mark.requirement("N14")
@pytest.mark.parametrize("profile", PROFILES)
def test_a_report_keeps_its_labels_and_who_is_who(objects: dict[str, Written], profile: str, tmp_path: Path) -> None:
    cleaner = Cleaner(Pseudonyms(b"k" * 32), PROFILES[profile])
    before = read_report(objects["report"].path)
    dataset = dcmread(objects["report"].path)
    cleaner.clean(dataset)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(tmp_path / "x.dcm")
    after = read_report(tmp_path / "x.dcm")
    picture = dcmread(objects["clip colour JPEG"].path)
    cleaner.clean(picture)
    assert {finding.image for finding in after.findings} >= {picture.SOPInstanceUID}, (
        "the reference leads to the picture"
    )
    assert [f.shape for f in after.findings] == [f.shape for f in before.findings]
    assert [f.measurements for f in after.findings] == [f.measurements for f in before.findings]
    assert [f.term for f in after.findings] == [f.term for f in before.findings]
    groups = {f.by: g.by for f, g in zip(before.findings, after.findings, strict=True)}
    assert len(set(groups.values())) == len(groups)
    assert all(by.startswith("Person ") for by in groups.values())
    assert after.findings[0].name == "facial artery"
    spans = [f.at - before.findings[0].at for f in before.findings]
    assert [f.at - after.findings[0].at for f in after.findings] == spans


def test_a_file_that_is_cleaned_twice_is_the_same_bytes(objects: dict[str, Written]) -> None:
    def cleaned() -> bytes:
        dataset = dcmread(objects["report"].path)
        Cleaner(Pseudonyms(b"k" * 32), PROFILES["research"]).clean(dataset)
        buffer = io.BytesIO()
        dataset.save_as(buffer)
        return buffer.getvalue()

    assert cleaned() == cleaned()
