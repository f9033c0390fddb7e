"""Corrections of labels in the archive: new versions, two authors, and saves that are broken off."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from annotation import Document, Finding, ImageNote, Point
from archive import Archive
from dicom_io.report.read import StoredReport
from tests.workstation.conftest import ROOT, environment_of
from tests.workstation.recordings import recorded_clip
from workstation.drafts import KeptStudy
from workstation.review.open_study import open_study
from workstation.studies.reading import labels_of, reports_json, reports_of
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudyInHand:
    """Two stills, nothing labelled."""
    monkeypatch.setenv("SONOFILL_READ_SCREENS", "off")
    clip = recorded_clip(tmp_path / "spool", 2)
    study = StudyInHand(Visit.begin("P1", operator="Anna"))
    for index in range(2):
        study.add_still(clip.still(index))
    return study


def point(study: StudyInHand, picture: int, column: float = 10, by: str = "Anna", **facts: object) -> Finding:
    shape = Point(at=(column, 20))
    image = study.captures[picture].key
    return Finding.model_validate({"kind": "point", "shape": shape, "by": by, "image": image, **facts})


def save(study: StudyInHand, root: Path, *findings: Finding, notes: tuple[ImageNote, ...] = ()) -> int:
    """Saves with these labels; how many reports are in the archive now."""
    study.document = Document(findings=findings, notes=notes)
    with Archive(root) as archive:
        study.save(archive)
        return len(_reports(archive, study))


def _reports(archive: Archive, study: StudyInHand) -> tuple[StoredReport, ...]:
    return reports_of(archive.objects(study.visit.study_instance_uid)).reports


def shown(study: StudyInHand, root: Path) -> list[tuple[float, str]]:
    """Column and author of the labels that hold, in order of author and column."""
    with Archive(root) as archive:
        reports = _reports(archive, study)
    return sorted((row["points"][0][0], row["by"]) for row in labels_of(reports))


@pytest.mark.requirement("S20")
@pytest.mark.requirement("N6")
def test_a_changed_label_is_a_new_version_that_names_the_one_before(study: StudyInHand, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    first = point(study, 0)
    assert save(study, root, first) == 1
    assert save(study, root, first) == 1, "saving the same again is no version"
    study.reason = "it was on the other vessel"
    moved = first.changed(shape=Point(at=(99, 20)))
    assert save(study, root, moved) == 2
    assert shown(study, root) == [(99, "Anna")]
    with Archive(root) as archive:
        assert archive.verify().ok
        reports = _reports(archive, study)
    old, new = reports_json(reports)
    assert (old["version"], old["superseded_by"], old["predecessors"]) == (1, new["sop_instance_uid"], [])
    assert (new["version"], new["superseded_by"], new["predecessors"]) == (2, None, [old["sop_instance_uid"]])
    assert (new["author"], new["entered_by"], new["reason"]) == ("Anna", "Anna", "it was on the other vessel")
    assert new["at"] >= old["at"] and old["reason"] == ""
    # Back to what it was at first is a third version, not the first one.
    assert save(study, root, first) == 3
    assert shown(study, root) == [(10, "Anna")]


def test_labels_on_another_picture_are_a_report_beside(study: StudyInHand, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    one, other = point(study, 0), point(study, 1, 50)
    save(study, root, one)
    assert save(study, root, one, other) == 2
    assert shown(study, root) == [(10, "Anna"), (50, "Anna")]
    with Archive(root) as archive:
        rows = reports_json(_reports(archive, study))
    assert [row["predecessors"] for row in rows] == [[], []]
    # A change on the second picture corrects the second report alone.
    save(study, root, one, other.changed(shape=Point(at=(51, 20))))
    with Archive(root) as archive:
        rows = reports_json(_reports(archive, study))
    assert [row["version"] for row in rows] == [1, 1, 2]
    assert rows[2]["predecessors"] == [rows[1]["sop_instance_uid"]]


@pytest.mark.requirement("S20")
def test_two_persons_labels_on_one_picture_are_two_reports(study: StudyInHand, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    annas = point(study, 0)
    note = ImageNote(image=study.captures[0].key, plane="transverse")
    assert save(study, root, annas, notes=(note,)) == 1
    mine = point(study, 0, 70, by="Bea")
    assert save(study, root, annas, mine, notes=(note,)) == 2, "Anna's report, with its note, stands"
    assert shown(study, root) == [(10, "Anna"), (70, "Bea")]
    opened = open_study(root, study.visit.study_instance_uid)
    opened.close()
    assert [label.rpartition(" by ")[2] for label in opened.labels()] == ["Anna", "Bea"]
    # Bea takes Anna's label over: it is Bea's now, and Anna's report says nothing of it any more.
    assert save(study, root, annas.changed(by="Bea"), mine, notes=(note,)) == 4
    assert shown(study, root) == [(10, "Bea"), (70, "Bea")]
    opened = open_study(root, study.visit.study_instance_uid)
    opened.close()
    assert "2 earlier versions" in opened.told and opened.document.notes[0].plane == "transverse"


def test_both_versions_of_one_vessel_by_two_persons_are_shown(study: StudyInHand, tmp_path: Path) -> None:
    """Another program, or another seat, wrote a report with the same tracking UID."""
    root = tmp_path / "archive"
    annas = point(study, 0)
    save(study, root, annas)
    beside = replace(study, reported=frozenset(), document=Document())
    beside.visit = study.visit.model_copy(update={"operator": "Bea"})
    other = annas.changed(by="Bea", tracking_uid="2.25.7", shape=Point(at=(70, 20)))
    assert save(beside, root, other) == 2, "Anna's labels are not in hand there, so her report is left alone"
    assert shown(study, root) == [(10, "Anna"), (70, "Bea")]


@pytest.mark.requirement("S20")
def test_labels_that_are_all_taken_back_are_told_as_withdrawn(study: StudyInHand, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    save(study, root, point(study, 0))
    assert save(study, root) == 2
    assert shown(study, root) == []
    assert save(study, root) == 2
    assert save(study, root, point(study, 0, 30)) == 3
    with Archive(root) as archive:
        rows = reports_json(_reports(archive, study))
    assert [row["version"] for row in rows] == [1, 2, 3]
    # Labels that this study in hand never knew of are not taken back by it.
    bare = replace(study, reported=frozenset())
    assert save(bare, root) == 3
    assert shown(study, root) == [(30, "Anna")]


def test_a_draft_remembers_which_reports_are_its_own(study: StudyInHand) -> None:
    study.reported, study.reason = frozenset({"2.25.5"}), "why"
    kept = KeptStudy.model_validate_json(KeptStudy.of(study).model_dump_json())
    assert (kept.reported, kept.reason) == (study.reported, "why")


@pytest.mark.requirement("S20")
def test_a_correction_killed_at_any_write_and_begun_again_is_one_version(study: StudyInHand, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    first = point(study, 0)
    save(study, root, first)
    study.document = Document(findings=(first.changed(shape=Point(at=(99, 20))),))
    draft = tmp_path / "draft.json"
    draft.write_text(KeptStudy.of(study).model_dump_json())
    spool = study.captures[0].clip.frames[0].path.parents[1]
    subprocess.run(
        [sys.executable, "-m", "tests.workstation.dying_save", root, draft, spool],
        cwd=ROOT, env=environment_of(tmp_path), check=True, timeout=200,
    )  # fmt: skip
    copies = sorted(tmp_path.glob("archive-*"))
    assert len(copies) > 5
    for copy in copies:
        with Archive(copy) as archive:
            study.save(archive)
            written = _reports(archive, study)
            assert archive.verify().ok
        assert len(written) == 2, f"died at step {copy.name}"
        assert shown(study, copy) == [(99, "Anna")]
