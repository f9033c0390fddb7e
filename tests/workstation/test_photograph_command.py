"""`sonofill photograph` and the commands that see what it stored."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dicom_io import OpenedImage
from dicom_io.picture.photograph import View, read_photograph
from mock_devices.photograph import DrawnFace, photograph_of
from workstation.cli import main

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
FRONT = ("--view", "front", "--phase")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Doe_Jane.jpg"
    path.write_bytes(photograph_of(DrawnFace(), AT))
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("S20")
def test_photographs_of_one_patient_become_one_study(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--archive", str(tmp_path / "archive"))
    words = ("photograph", str(photo), "--patient-id", "P-1", "--patient-name", "Doe^Jane", *FRONT, "pre", *where)
    first = told(capsys, *words)
    assert first["bit_exact"] and first["taken_at"] == AT.isoformat() and not first["already"]
    study = first["study_instance_uid"]
    assert "Doe" not in first["file"]
    again = ("photograph", str(photo), "--study", study[:30], "--by", "Somebody", *where)
    assert told(capsys, *again, *FRONT, "pre")["already"]
    later = told(capsys, *again, "--view", "oblique-right", "--phase", "followup", "--at", "2026-03-16T08:00:00+01:00")
    read = read_photograph(Path(later["file"]))
    assert (read.view, read.phase) == (View.OBLIQUE_RIGHT, "followup") and read.at == AT + timedelta(
        days=13, hours=22.5
    )
    with OpenedImage(later["file"]) as image:
        header = image.header
        assert (str(header.PatientName), header.PatientID, header.StudyInstanceUID) == ("Doe^Jane", "P-1", study)
        assert header.StudyDate == "20260302" and str(header.OperatorsName) == "Somebody^"
    assert len(told(capsys, "archive", "show", study, *where)["objects"]) == 2
    assert told(capsys, "archive", "verify", *where)["ok"]
    assert main(["archive", "show", study, *where]) == 0
    assert capsys.readouterr().out.count("  photograph: ") == 2


def test_a_photograph_of_the_future_is_asked_about_and_kept(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("photograph", str(photo), "--patient-id", "P", *FRONT, "post", "--archive", str(tmp_path / "archive"))
    assert main([*words, "--at", "2999-01-01T00:00:00+00:00"]) == 0
    assert "is the camera's clock right?" in capsys.readouterr().err


def test_what_cannot_be_taken_in_is_one_sentence_and_stores_nothing(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--archive", str(tmp_path / "archive"))
    bare = tmp_path / "bare.jpg"
    bare.write_bytes(photo.read_bytes()[:2] + photo.read_bytes()[photo.read_bytes().index(b"\xff\xdb") :])
    for words, status, why in (
        ((str(bare), "--patient-id", "P"), 2, "--at"),
        ((str(photo), "--patient-id", " "), 2, "blank"),
        ((str(photo), "--patient-id", "P\\Q"), 1, "backslash"),
        ((str(photo), "--study", "2.25.9"), 1, "archive"),
        ((str(tmp_path / "no.jpg"), "--patient-id", "P"), 1, "choose"),
        ((str(photo), "--patient-id", "P", "--region", "knee"), 1, "region"),
    ):
        capsys.readouterr()
        assert main(["photograph", *words, *FRONT, "pre", *where]) == status, words
        error = capsys.readouterr().err
        assert why in error and error.count("\n") == 1
    assert not list(tmp_path.rglob("*.dcm"))
