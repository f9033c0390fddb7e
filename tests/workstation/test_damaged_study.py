"""A file of a study is lost, damaged, another patient's, or comes twice: said in one sentence each, and the rest shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotation import Document, Finding, Point
from archive import Archive, ObjectRow
from dicom_io import Phase, Series, encode_encounter
from procedure.demonstration import demonstration
from procedure.patient import Identity
from procedure.walk import with_uids
from tests.archive.objects import ultrasound
from tests.workstation.recordings import recorded_clip
from workstation.cli import main
from workstation.review.open_study import open_study
from workstation.studies.found_files import found_files
from workstation.studies.reading import REPORT_CLASSES
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit


def saved(root: Path, spool: Path, patient: str) -> StudyInHand:
    """Three stills, each labelled."""
    clip = recorded_clip(spool, 3)
    study = StudyInHand(Visit.begin(patient, operator="Anna"))
    for index in range(3):
        study.add_still(clip.still(index))
    shape = Point(at=(10, 20))
    study.document = Document(
        findings=tuple(Finding(kind="point", shape=shape, by="Anna", image=c.key) for c in study.captures)
    )
    with Archive(root) as archive:
        study.save(archive)
    return study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[StudyInHand, Path]]]:
    """A study of each of two patients, in archives of their own."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("SONOFILL_READ_SCREENS", "off")
        yield {p: (saved(folder / p, folder / f"spool {p}", p), folder / p) for p in ("P1", "P2")}


@pytest.fixture
def study(made: dict[str, tuple[StudyInHand, Path]], tmp_path: Path) -> StudyInHand:
    """The study of P1, in an archive of the test's own."""
    shutil.copytree(made["P1"][1], tmp_path / "a")
    return made["P1"][0]


@pytest.fixture
def other(made: dict[str, tuple[StudyInHand, Path]]) -> tuple[StudyInHand, Path]:
    """The study of P2, and its archive."""
    return made["P2"]


def file_of(root: Path, uid: str) -> Path:
    with Archive(root) as archive:
        return archive.path_of(uid)


def show(root: Path, study: StudyInHand, capsys: pytest.CaptureFixture[str]) -> Any:
    status = main(["archive", "show", study.visit.study_instance_uid, "--archive", str(root), "--json"])
    told = capsys.readouterr()
    assert status == 0, told.err
    document = json.loads(told.out)
    said = [line.partition(": ")[2] for line in told.err.splitlines() if "made anew from the files" not in line]
    assert said == document["problems"]
    return document


@pytest.mark.requirement("S20")
@pytest.mark.parametrize("harm", ["lost", "cut", "another", "another patient", "garbage"])
def test_one_picture_is_not_what_it_was(
    study: StudyInHand, other: tuple[StudyInHand, Path], tmp_path: Path, harm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a"
    whole = show(root, study, capsys)
    assert whole["problems"] == []
    hurt = file_of(root, study.captures[1].key)
    if harm == "lost":
        hurt.unlink()
        words = "is missing"
    elif harm == "cut":
        hurt.write_bytes(hurt.read_bytes()[:-100])
        words = "is not what was stored"
    elif harm == "another":
        shutil.copy(file_of(root, study.captures[0].key), hurt)
        words = "says inside that it is another object"
    elif harm == "another patient":
        shutil.copy(file_of(other[1], other[0].captures[0].key), hurt)
        words = "is of another patient"
    else:
        hurt.write_bytes(b"no DICOM at all" * 99)
        words = "is not what was stored"
    for anew in (False, True):
        if anew:
            for index in root.glob("index.sqlite*"):
                index.unlink()
        told = show(root, study, capsys)
        (problem,) = told["problems"]
        assert str(hurt) in problem and words in problem
        assert len(told["labels"]) == 3, "the report is sound"
        assert len(told["objects"]) >= len(whole["objects"]) - 1
    opened = open_study(root, study.visit.study_instance_uid)
    opened.close()
    assert len(opened.document.findings) == 3 and words in opened.told
    assert study.captures[1].key not in {reel.place(0)[0] for reel in opened.reels}


def test_another_patients_report_in_the_place_of_one_is_not_shown(
    study: StudyInHand, other: tuple[StudyInHand, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a"
    shutil.copy(_report(other[1], other[0]).file, _report(root, study).file)
    told = show(root, study, capsys)
    assert told["labels"] == [] and "another patient" in told["problems"][0]


def _report(root: Path, study: StudyInHand) -> ObjectRow:
    with Archive(root) as archive:
        rows = archive.objects(study.visit.study_instance_uid)
    return next(row for row in rows if row.sop_class in REPORT_CLASSES)


def test_a_file_that_comes_twice_counts_once(
    study: StudyInHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a"
    once = file_of(root, study.captures[0].key)
    shutil.copy(once, once.with_name("copy.dcm"))
    (once.parent / "note.txt").write_text("not DICOM", "utf-8")
    told = show(root, study, capsys)
    assert ["once more" in p for p in told["problems"]] == [True, False]
    assert "was not stored by this archive" in told["problems"][1]


@pytest.mark.requirement("S20")
def test_record_export_of_a_folder_says_what_is_wrong_with_its_files(
    study: StudyInHand, other: tuple[StudyInHand, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, folder = tmp_path / "a", tmp_path / "folder"
    told = demonstration("normal")
    images = dict(zip((i.image_uid for i in told.images), (c.key for c in study.captures), strict=False))
    record = replace(with_uids(told, images), patient=Identity(patient_id="P1"))
    record = replace(record, images=record.images[:3])
    item = encode_encounter(
        record, study.visit.study(), Series(Phase.PRE, 900, description="pre encounter"), [], sop_instance_uid="2.25.9"
    )
    with Archive(root) as archive:
        archive.put(item)
        for row in archive.objects(study.visit.study_instance_uid):
            folder.mkdir(exist_ok=True)
            shutil.copy(row.file, folder)
    assert main(["record-export", str(folder), "--json"]) == 0
    sound = capsys.readouterr()
    assert sound.err == ""
    shutil.copy(file_of(other[1], other[0].captures[0].key), folder)
    shutil.copy(folder / f"{study.captures[0].key}.dcm", folder / "twice.dcm")
    (folder / f"{study.captures[1].key}.dcm").unlink()
    assert main(["record-export", str(folder), "--json"]) == 0
    now = capsys.readouterr()
    assert now.out == sound.out, "what is said goes to standard error"
    sentences = sorted(line.partition(": ")[2] for line in now.err.splitlines())
    assert len(sentences) == 3
    assert any("of another patient than the record" in s for s in sentences)
    assert any("comes twice" in s and "counted once" in s for s in sentences)
    assert any(study.captures[1].key in s and "is not here" in s for s in sentences)
    file_of(root, study.captures[2].key).unlink()
    assert main(["record-export", study.visit.study_instance_uid, "--archive", str(root), "--json"]) == 0
    kept = capsys.readouterr()
    assert kept.out == sound.out and "is missing" in kept.err and "is not here" in kept.err


def test_a_file_that_lost_its_patient_is_not_called_another_patients(tmp_path: Path) -> None:
    named, nameless = ultrasound(patient="P2"), ultrasound(patient="")
    for item in (named, nameless):
        (tmp_path / f"{item.sop_instance_uid}.dcm").write_bytes(b"".join(p for p in item if isinstance(p, bytes)))
    told = found_files(sorted(tmp_path.glob("*.dcm"))).told("P1", [])
    assert sorted(sentence.partition(".dcm ")[2] for sentence in told) == [
        "does not say whose it is: it is left out.",
        "is of another patient than the record: it is left out.",
    ]
