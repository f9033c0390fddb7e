"""The command line's contracts: documents, keys, exit statuses."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pydicom
import pytest

from tests.workstation.conftest import Ran, Sonofill

pytestmark = pytest.mark.timeout(300)

RECORD_KEYS = {
    "study_instance_uid", "files", "frames_arrived", "frames_saved", "frames_lost", "frames_corrupt", "gaps",
    "first_frame_s", "device",
}  # fmt: skip
DEVICE_KEYS = {
    "id", "name", "kind", "vendor_id", "product_id", "serial", "port_path", "identity_rule", "formats", "profile",
}  # fmt: skip


def record(sonofill: Sonofill, archive: Path, device: str = "mock:normal", **more: object) -> Ran:
    words = [word for key, value in more.items() for word in (f"--{key.replace('_', '-')}", value)]
    return sonofill(
        "record", "--device", device, "--patient-id", "P1", "--patient-name", "Müller^Änne",
        "--phase", "pre", "--archive", archive, "--json", *(words if "seconds" in more else ["--seconds", 1, *words]),
    )  # fmt: skip


@pytest.mark.requirement("C1")
def test_devices_lists_the_simulated_probe(sonofill: Sonofill) -> None:
    ran = sonofill("devices", "--json")
    assert ran.status == 0, ran.err
    devices = {device["id"]: device for device in ran.document}
    normal = devices["mock:normal"]
    assert normal.keys() >= DEVICE_KEYS
    assert normal["kind"] == "simulated"
    assert "/dev" not in ran.out
    assert {f["encoding"] for f in normal["formats"]} >= {"MJPEG", "YUYV"}
    assert all(isinstance(f["fps"], list) for f in normal["formats"])


@pytest.mark.requirement("C5")
@pytest.mark.requirement("N3")
def test_record_accounts_for_every_frame(sonofill: Sonofill, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    ran = record(sonofill, archive, seconds=2)
    assert ran.status == 0, ran.err
    told = ran.document
    assert told.keys() >= RECORD_KEYS
    assert told["frames_arrived"] == told["frames_saved"] + told["frames_corrupt"] >= 30
    assert told["frames_lost"] == told["frames_corrupt"] == 0
    (file,) = told["files"]
    path = Path(file)
    assert path.is_absolute() and archive in path.parents and path.suffix == ".dcm"
    image = pydicom.dcmread(path)
    assert path.stem == image.SOPInstanceUID
    assert image.NumberOfFrames == told["frames_saved"]
    assert image.PatientID == "P1" and image.PatientName == "Müller^Änne"
    assert image.StudyInstanceUID == told["study_instance_uid"]
    # Nothing of a recording stays in the spool once the study is stored, and no name in any file's name.
    assert sonofill("recover", "--archive", archive, "--json").document == {"streams": []}
    assert not [p for p in archive.rglob("*") if "ller" in p.name]


def test_list_show_verify_reindex(sonofill: Sonofill, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    study = record(sonofill, archive, size="640x480").document["study_instance_uid"]
    listed = sonofill("archive", "list", "--archive", archive, "--json").document
    assert [row.keys() >= {"study_instance_uid", "patient_id", "date", "phase", "objects"} for row in listed] == [True]
    assert listed[0]["study_instance_uid"] == study and listed[0]["patient_id"] == "P1"
    assert listed[0]["phase"] == "pre" and listed[0]["objects"] == 1
    shown = sonofill("archive", "show", study, "--archive", archive, "--json").document
    (item,) = shown["objects"]
    assert item.keys() >= {"file", "sop_class", "sop_instance_uid", "frames", "transfer_syntax"}
    assert item["sop_class"] == "1.2.840.10008.5.1.4.1.1.3.1" and item["transfer_syntax"] == "1.2.840.10008.1.2.4.50"
    assert shown["labels"] == []
    verified = sonofill("archive", "verify", "--archive", archive, "--json").document
    (note,) = verified.pop("notes")
    assert verified == {"ok": True, "problems": []} and note.startswith("Nothing outside this archive vouches")
    for index in archive.glob("index.sqlite*"):
        index.unlink()
    assert sonofill("archive", "reindex", "--archive", archive, "--json").status == 0
    assert sonofill("archive", "list", "--archive", archive, "--json").document == listed


def test_a_copied_archive_verifies_and_a_changed_one_does_not(sonofill: Sonofill, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    file = Path(record(sonofill, archive, size="640x480").document["files"][0])
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    assert sonofill("archive", "verify", "--archive", copy, "--json").status == 0
    changed = bytearray(file.read_bytes())
    changed[-1000] ^= 1
    file.write_bytes(changed)
    ran = sonofill("archive", "verify", "--archive", archive, "--json")
    assert ran.status == 1
    (problem,) = ran.document["problems"]
    assert problem.keys() >= {"kind", "object", "what"} and problem["object"] == file.stem
    assert (
        hashlib.sha256((copy / file.relative_to(archive)).read_bytes()).hexdigest()
        in (copy / "ledger.jsonl").read_text()
    )


@pytest.mark.requirement("N6")
def test_demo_makes_a_labelled_study(sonofill: Sonofill, fresh_sonofill: Sonofill, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    ran = fresh_sonofill("demo", "--headless", "--archive", archive, "--json")
    assert ran.status == 0, ran.err
    told = ran.document
    shown = sonofill("archive", "show", told["study_instance_uid"], "--archive", archive, "--json").document
    assert {Path(o["file"]) for o in shown["objects"]} == {Path(f) for f in told["files"]}
    classes = {o["sop_class"] for o in shown["objects"]}
    assert classes >= {
        "1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.88.33",
    }  # fmt: skip
    labels = shown["labels"]
    assert {label["kind"] for label in labels} >= {"vessel", "layer", "distance"}
    for label in labels:
        assert label.keys() >= {"kind", "name", "code", "frame", "points", "value_mm", "by", "status"}
        assert label["status"] == "confirmed" and label["by"] == "Demo operator"
        assert isinstance(label["frame"], int) and len(label["points"][0]) == 2
    assert any(label["value_mm"] for label in labels if label["kind"] == "distance")
    assert sonofill("archive", "verify", "--archive", archive, "--json").status == 0


def test_every_command_has_help(fresh_sonofill: Sonofill) -> None:
    for words in (
        (),
        ("devices",),
        ("record",),
        ("demo",),
        ("recover",),
        ("archive",),
        ("archive", "show"),
        ("doctor",),
    ):
        ran = fresh_sonofill(*words, "--help")
        assert ran.status == 0 and "usage: sonofill" in ran.out


def test_a_study_may_be_named_by_its_beginning(sonofill: Sonofill, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    studies = [record(sonofill, archive, size="640x480").document["study_instance_uid"] for _ in range(2)]
    alike = next(n for n, (a, b) in enumerate(zip(*studies, strict=False)) if a != b)
    shown = sonofill("archive", "show", studies[0][: alike + 1], "--archive", archive, "--json")
    assert studies[0] in shown.document["objects"][0]["file"]
    both = sonofill("archive", "show", studies[0][:alike], "--archive", archive, "--json")
    assert both.status == 1 and "more of the UID" in both.err
