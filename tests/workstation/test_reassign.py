"""Saved under the wrong patient: made again under the right one, once, and the old ones hidden."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from acquisition.cine import FileRange
from annotation import Document, Ellipse, Finding, Point
from archive import Archive, ObjectRow
from dicom_io import OpenedImage, Phase, Series, encode_encounter, read_encounter
from dicom_io.reidentify.images import reidentified
from procedure.demonstration import demonstration
from procedure.patient import Identity
from procedure.steps import finalise
from procedure.walk import with_uids
from tests.workstation.conftest import ROOT, environment_of
from tests.workstation.dying_reassign import TO_P2
from tests.workstation.recordings import recorded_clip
from workstation.cli import main
from workstation.studies.reading import labels_of, reports_of
from workstation.studies.reassigning import reassign
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit

TO = ["--to-patient-id", "P2", "--to-patient-name", "Right^山田", "--reason", "picked the wrong line", "--by", "Anna"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StudyInHand, Path]]:
    """Two stills and a clip with labels on all, corrected once, and an encounter that names them; all of patient P1."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("SONOFILL_READ_SCREENS", "off")
        yield _made(folder), folder / "archive"


def _made(tmp_path: Path) -> StudyInHand:
    clip = recorded_clip(tmp_path / "spool", 3)
    study = StudyInHand(Visit.begin("P1", patient_name="Wrong^Name", operator="Anna"))
    study.add_still(clip.still(0))
    study.add_still(clip.still(1))
    study.add_clip(clip)
    vessel = Finding(
        kind="vessel",
        vessel_kind="artery",
        shape=Ellipse.around((100, 100), (9, 9)),
        by="Anna",
        image=study.captures[0].key,
    )
    more = [Finding(kind="point", shape=Point(at=(n, 20)), by="Anna", image=study.captures[n].key) for n in (1, 2)]
    with Archive(tmp_path / "archive") as archive:
        study.document = Document(findings=(vessel, *more))
        study.save(archive)
        study.document = Document(findings=(vessel.changed(name="seen twice"), *more))
        study.save(archive)
    return study


@pytest.fixture
def study(made: tuple[StudyInHand, Path], tmp_path: Path) -> StudyInHand:
    """The study, in an archive of the test's own."""
    shutil.copytree(made[1], tmp_path / "archive")
    return replace(made[0], captures=list(made[0].captures))


@pytest.fixture
def archive(study: StudyInHand, tmp_path: Path) -> Path:
    return tmp_path / "archive"


def rows(root: Path, uid: str, hidden: bool = False) -> list[ObjectRow]:
    with Archive(root) as archive:
        return archive.objects(uid, hidden=hidden)


def run(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    status = main(list(map(str, words)))
    told = capsys.readouterr()
    assert status == 0, told.err
    return json.loads(told.out)


def pixels(row: ObjectRow) -> list[str]:
    with OpenedImage(row.file) as image:
        return [hashlib.sha256(image.frame_bytes(i)).hexdigest() for i in range(image.number_of_frames)]


@pytest.mark.requirement("S20")
def test_a_whole_study_is_made_again_and_the_old_one_hidden(
    study: StudyInHand, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old_uid = study.visit.study_instance_uid
    before = rows(archive, old_uid)
    digests = {row.file: hashlib.sha256(row.file.read_bytes()).hexdigest() for row in before}
    told = run(capsys, "archive", "reassign", old_uid, *TO, "--archive", archive, "--json")
    assert told["title"] == "DCM 113037" and told["already"] == 0 and told["not_remade"] == []
    assert {o["old"] for o in told["objects"]} == {row.sop_instance_uid for row in before}
    after = rows(archive, told["study_instance_uid"])
    assert [(r.sop_class, r.frames, r.transfer_syntax) for r in after] == [
        (r.sop_class, r.frames, r.transfer_syntax) for r in before
    ]
    new_of = {o["old"]: o["new"] for o in told["objects"]}
    by_uid = {row.sop_instance_uid: row for row in after}
    for row in before:
        new = by_uid[new_of[row.sop_instance_uid]]
        dataset, raw = dcmread(new.file), new.file.read_bytes()
        assert (dataset.PatientID, dataset.PatientName) == ("P2", "Right^山田")
        assert b"Wrong" not in raw and old_uid not in str(dataset.get("CurrentRequestedProcedureEvidenceSequence"))
        assert (
            dataset.OriginalAttributesSequence[0].ModifiedAttributesSequence[0].SOPInstanceUID == row.sop_instance_uid
        )
        if row.sop_class.startswith("1.2.840.10008.5.1.4.1.1.3.1"):
            assert pixels(row) == pixels(new)
    # The labels are the same, on the pictures that were made again, with the same tracking UIDs; the chain is kept.
    first, second = reports_of(before).reports, reports_of(after).reports
    assert [r.document.relocated(lambda i, f: (new_of[str(i)], f)) for r in first] == [r.document for r in second]
    assert [tuple(new_of[u] for u in r.predecessors) for r in first] == [r.predecessors for r in second]
    assert len(labels_of(second)) == 3
    with Archive(archive) as kept:  # what is sent of the old study is the note alone, so that a PACS hides it too
        assert [row.sop_instance_uid for row in kept.for_others(old_uid)] == [told["rejection_note"]]
        assert not kept.is_hidden(told["rejection_note"]) and kept.is_hidden(before[0].sop_instance_uid)
    # Nothing was erased, the old ones are left out unless they are asked for, and both archives verify.
    assert {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in digests} == digests
    assert main(["archive", "show", old_uid, "--archive", str(archive), "--json"]) == 1
    assert "--all" in capsys.readouterr().err
    shown = run(capsys, "archive", "show", old_uid, "--all", "--archive", archive, "--json")
    assert {o["hidden_by"] for o in shown["objects"]} == {told["rejection_note"]}
    listed = run(capsys, "archive", "list", "--archive", archive, "--json")
    assert [(s["patient_id"], s["objects"]) for s in listed] == [("P2", len(before))]
    everything = run(capsys, "archive", "list", "--all", "--archive", archive, "--json")
    assert {(s["patient_id"], s["objects"], s["hidden"]) for s in everything} == {
        ("P2", len(before), 0), ("P1", 0, len(before) + 1),
    }  # fmt: skip
    assert run(capsys, "archive", "verify", "--archive", archive, "--json")["ok"]
    for index in archive.glob("index.sqlite*"):
        index.unlink()
    assert run(capsys, "archive", "list", "--archive", archive, "--json") == listed
    assert run(capsys, "archive", "list", "--all", "--archive", archive, "--json") == everything


def test_again_is_once(study: StudyInHand, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uid = study.visit.study_instance_uid
    first = run(capsys, "archive", "reassign", uid, *TO, "--archive", archive, "--json")
    size = (archive / "ledger.jsonl").stat().st_size
    again = run(capsys, "archive", "reassign", uid, *TO, "--archive", archive, "--json")
    assert again == {**first, "already": len(first["objects"]) + 1}
    assert (archive / "ledger.jsonl").stat().st_size == size
    # To somebody else: not from the hidden study, but from the one that holds now.
    other = [*TO[:1], "P3", *TO[4:]]
    assert main(["archive", "reassign", uid, *other, "--archive", str(archive)]) == 1
    assert "hidden already" in capsys.readouterr().err
    third = run(capsys, "archive", "reassign", first["study_instance_uid"], *other, "--archive", archive, "--json")
    assert {s.patient_id for s in Archive(archive).studies()} == {"P3"} and len(third["objects"]) == len(
        first["objects"]
    )
    # A study in hand that is still open at the window goes on being saved where it is, and nothing is lost.
    with Archive(archive) as kept:
        study.add_still(study.captures[0].clip)
        study.save(kept)


@pytest.mark.requirement("S20")
def test_one_picture_moves_with_what_is_said_of_it(
    study: StudyInHand, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uid, moved = study.visit.study_instance_uid, study.captures[0].key
    told = run(capsys, "archive", "reassign", moved, *TO, "--archive", archive, "--json")
    new_of = {o["old"]: o["new"] for o in told["objects"]}
    (theirs,) = [r for r in reports_of(rows(archive, told["study_instance_uid"])).reports if r.predecessors]
    assert [f.image for f in theirs.document.findings] == [new_of[moved]] and theirs.pictures == {new_of[moved]}
    (ours,) = reports_of(rows(archive, uid)).reports
    assert {f.image for f in ours.document.findings} == {study.captures[1].key, study.captures[2].key}
    assert ours.reason == "picked the wrong line" and ours.entered_by == "Anna" and ours.author == "Anna"
    assert moved not in {row.sop_instance_uid for row in rows(archive, uid)}
    assert moved in {row.sop_instance_uid for row in rows(archive, uid, hidden=True)}
    before = [rows(archive, at, hidden=True) for at in (uid, told["study_instance_uid"])]
    again = run(capsys, "archive", "reassign", moved, *TO, "--archive", archive, "--json")
    assert {o["old"]: o["new"] for o in again["objects"]} == new_of
    assert before == [rows(archive, at, hidden=True) for at in (uid, told["study_instance_uid"])]


@pytest.mark.requirement("S20")
def test_an_emergency_without_a_name_gets_it_later(
    study: StudyInHand, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The encounter's record follows: a new version with a reason, about the pictures that were made again."""
    uid = study.visit.study_instance_uid
    images = {i.image_uid: c.key for i, c in zip(demonstration("normal").images, study.captures, strict=False)}
    encounter = replace(
        with_uids(demonstration("normal"), images), patient=Identity(patient_id="TEMP-1", name="Unknown")
    )
    if encounter.state == "draft":
        encounter = finalise(encounter, "Anna", datetime(2026, 11, 30, tzinfo=UTC))
    document = encode_encounter(
        encounter,
        study.visit.study(),
        Series(Phase.PRE, 900, description="pre encounter"),
        [],
        sop_instance_uid="2.25.900",
    )
    with Archive(archive) as kept:
        kept.put(document)
    told = run(capsys, "archive", "reassign", uid, *TO, "--to-sex", "F", "--archive", archive, "--json")
    new_of = {o["old"]: o["new"] for o in told["objects"]}
    found = read_encounter(next(r.file for r in rows(archive, told["study_instance_uid"]) if r.frames == 0 and
                                r.sop_instance_uid == new_of["2.25.900"]))  # fmt: skip
    new = found.encounter
    assert (new.patient.patient_id, new.patient.name, new.patient.sex) == ("P2", "Right^山田", "F")
    assert (new.version, new.state, new.encounter_uid) == (encounter.version + 1, "draft", encounter.encounter_uid)
    assert found.predecessors == ("2.25.900",) and found.json_agrees
    (change,) = new.identity_changes
    assert (change.before, change.by, change.reason) == (Identity(patient_id="TEMP-1"), "Anna", "picked the wrong line")
    assert {i.image_uid for i in new.images} >= {new_of[key] for key in images.values()}
    assert [v.tracking_uid for v in new.vessels] == [v.tracking_uid for v in encounter.vessels]


def test_what_cannot_be_made_again_is_said_and_hidden(
    study: StudyInHand, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uid = study.visit.study_instance_uid
    lost = next(row for row in rows(archive, uid) if row.frames == 3)
    lost.file.unlink()
    assert main(["archive", "reassign", uid, *TO, "--archive", str(archive), "--json"]) == 0
    told = capsys.readouterr()
    (left,) = json.loads(told.out)["not_remade"]
    assert left["sop_instance_uid"] == lost.sop_instance_uid and "cannot be opened" in left["why"]
    assert lost.sop_instance_uid in told.err
    assert main(["archive", "show", uid, "--archive", str(archive)]) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--to-patient-id", " "], "say something"),
        (["--to-patient-id", "a\\b"], "backslash"),
        (["--to-patient-name", "x" * 70], "longer than 64"),
        (["--by", ""], "say something"),
    ],
)
def test_what_cannot_stand_is_refused_before_anything_is_written(
    study: StudyInHand, archive: Path, capsys: pytest.CaptureFixture[str], words: list[str], why: str
) -> None:
    size = (archive / "ledger.jsonl").stat().st_size
    try:
        status = main(["archive", "reassign", study.visit.study_instance_uid, *TO, *words, "--archive", str(archive)])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status in (1, 2) and why in capsys.readouterr().err
    assert (archive / "ledger.jsonl").stat().st_size == size


def test_a_copy_of_the_files_alone_hides_the_same(
    study: StudyInHand, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the order in which the files are found."""
    uid = study.visit.study_instance_uid
    told = run(capsys, "archive", "reassign", uid, *TO, "--archive", archive, "--json")
    shutil.copytree(archive / "studies", tmp_path / "copy" / "studies")
    with Archive(tmp_path / "copy") as copy:
        copy.reindex()
        assert [s.study_instance_uid for s in copy.studies()] == [told["study_instance_uid"]]
        assert len(copy.objects(uid, hidden=True)) == len(told["objects"]) + 1


@pytest.mark.requirement("S20")
def test_killed_on_the_way_and_begun_again_it_is_done_once(study: StudyInHand, archive: Path, tmp_path: Path) -> None:
    uid = study.visit.study_instance_uid
    count = len(rows(archive, uid))
    subprocess.run(
        [sys.executable, "-m", "tests.workstation.dying_reassign", archive, uid],
        cwd=ROOT, env=environment_of(tmp_path), check=True, timeout=200,
    )  # fmt: skip
    copies = sorted(tmp_path.glob("archive-*"))
    assert len(copies) > 2
    found = set()
    for copy in copies:
        with Archive(copy) as kept:
            there = {row.study_instance_uid: row.objects for row in kept.studies()}
            assert there.get(uid, 0) in (0, count), "the old ones are hidden all at once, and last"
            assert there.get(uid) == count or sum(there.values()) == count
            done = reassign(kept, uid, frozenset(), TO_P2)
            found.add((done.study_instance_uid, done.objects, done.rejection_note))
            assert [row.objects for row in kept.studies()] == [count]
            assert len(kept.objects(uid, hidden=True)) == count + 1
            assert kept.verify().ok
    assert len(found) == 1


def test_pixels_are_handed_on_as_a_range_of_the_file(study: StudyInHand, archive: Path) -> None:
    (clip,) = [row for row in rows(archive, study.visit.study_instance_uid) if row.frames == 3]
    made = reidentified(clip.file, TO_P2, {})
    assert sum(len(part) for part in made if isinstance(part, bytes)) < 20_000
    (behind,) = [part for part in made if isinstance(part, FileRange)]
    assert behind.path == clip.file and behind.offset + behind.length == clip.file.stat().st_size
