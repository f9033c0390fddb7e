"""A saved study holds its labels for other programs too: made once, of the version that holds, and not shown twice here."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread

from annotation import Add, Document, Ellipse, Finding, History, Polyline
from archive import Archive
from dicom_io.documents.selection import read_selection
from dicom_io.encoded import EncodedObject
from dicom_io.labels.labelled import CopiedFrom, LabelSeries, copied_from, label_series_uid
from dicom_io.labels.presentation import read_presentation
from dicom_io.labels.segmentation import read_segmentation
from tests.workstation.recordings import recorded_clip
from workstation.review.open_study import open_study
from workstation.studies.reading import kind_of, reports_of, superseded_series
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudyInHand:
    """A clip with a vessel on three frames and a still with layers, labelled and not saved."""
    monkeypatch.setenv("SONOFILL_READ_SCREENS", "off")
    made = StudyInHand(Visit.begin("P1", operator="AB", region="mala", laterality="L"))
    clip = recorded_clip(tmp_path / "spool", 6)
    key = made.add_clip(clip).key
    still = made.add_still(clip.still(2)).key
    history = History(Document())
    for frame in (0, 2, 5):
        history.do(
            Add(
                Finding(
                    tracking_uid="2.25.41",
                    kind="vessel",
                    vessel_kind="artery",
                    term="fa",
                    name="facial artery",
                    shape=Ellipse.around((200 + 10 * frame, 200), (20, 12)),
                    image=key,
                    frame=frame,
                    by="AB",
                )
            )
        )
    for term, row in (("smas", 100.0), ("musc", 150.0)):
        line = Polyline(vertices=((100, row), (500, row + 9)))
        history.do(Add(Finding(kind="layer", term=term, name=term, shape=line, image=still, by="AB")))
    made.document = history.document
    return made


def kinds(archive: Archive, study: StudyInHand) -> list[str]:
    return [kind_of(row) for row in archive.objects(study.visit.study_instance_uid)]


@pytest.mark.requirement("S20")
def test_saving_makes_them_once(study: StudyInHand, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        saved = study.save(archive)
        assert kinds(archive, study) == [
            "clip", "still", "report", *["segmentation"] * 2, *["presentation state"] * 2, *["copy with labels"] * 4,
            "selection",
        ]  # fmt: skip
        again = study.save(archive)
        assert again.already_there == len(again.files) == len(saved.files) == 12
        assert archive.verify().ok


def test_each_names_the_capture_and_frame_that_it_shows(study: StudyInHand, tmp_path: Path) -> None:
    clip, still = (capture.key for capture in study.captures)
    with Archive(tmp_path / "archive") as archive:
        study.save(archive)
        rows = archive.objects(study.visit.study_instance_uid)
    by_kind: dict[str, list[Path]] = {}
    for row in rows:
        by_kind.setdefault(kind_of(row), []).append(row.file)
    areas = [segment for path in by_kind["segmentation"] for segment in read_segmentation(path)]
    assert {(s.image, s.frame, s.tracking_uid) for s in areas if s.label == "facial artery"} == {
        (clip, frame, "2.25.41") for frame in (0, 2, 5)
    }
    assert [(s.image, s.label) for s in areas if s.label != "facial artery"] == [(still, "smas")]
    drawn = [d for path in by_kind["presentation state"] for d in read_presentation(path)]
    assert {(d.image, d.frame) for d in drawn} == {(clip, 0), (clip, 2), (clip, 5), (still, 0)}
    copies = {copied_from(dcmread(path)) for path in by_kind["copy with labels"]}
    assert copies == {CopiedFrom(clip, 0), CopiedFrom(clip, 2), CopiedFrom(clip, 5), CopiedFrom(still, None)}
    (selection,) = by_kind["selection"]
    selected = read_selection(selection).selected
    assert [(s.sop_instance_uid, s.frames) for s in selected[:2]] == [(clip, (0, 2, 5)), (still, ())]


def test_the_review_shows_each_picture_once(study: StudyInHand, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        study.save(archive)
    opened = open_study(tmp_path / "archive", study.visit.study_instance_uid)
    opened.close()
    assert [len(reel.timestamps_s) for reel in opened.reels] == [6, 1]
    assert len(opened.labels()) == 5
    assert sorted(opened.for_others) == [
        "1 selection",
        "2 presentation states",
        "2 segmentations",
        "4 copies with labels",
    ]


def test_a_corrected_report_has_its_own_and_the_old_ones_are_hidden(study: StudyInHand, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        study.save(archive)
        (first,) = reports_of(archive.objects(study.visit.study_instance_uid)).reports
        study.document = Document(findings=study.document.findings[:1])
        study.reason = "wrong side"
        study.save(archive)
        rows = archive.objects(study.visit.study_instance_uid)
        hidden = superseded_series(reports_of(rows).reports)
    assert hidden == {label_series_uid(first.sop_instance_uid, kind) for kind in LabelSeries}
    assert len([row for row in rows if row.file.parent.name in hidden]) == 9
    opened = open_study(tmp_path / "archive", study.visit.study_instance_uid)
    opened.close()
    assert [len(reel.timestamps_s) for reel in opened.reels] == [6, 1]
    assert sorted(opened.for_others) == ["1 copy with labels", "1 presentation state", "1 segmentation", "1 selection"]


def test_a_save_that_was_broken_off_between_them_is_finished_by_the_next(
    study: StudyInHand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(tmp_path / "archive") as archive:
        put_all, calls = archive.put_all, 0

        def dying(items: list[EncodedObject]) -> list[Path]:
            """The pictures are stored; of what is said of them only the report and one object more."""
            nonlocal calls
            calls += 1
            if calls == 1:
                return put_all(items)
            put_all(items[:2])
            raise KeyboardInterrupt

        monkeypatch.setattr(archive, "put_all", dying)
        with pytest.raises(KeyboardInterrupt):
            study.save(archive)
        monkeypatch.undo()
        assert len(kinds(archive, study)) == 4
        assert study.save(archive).already_there == 4
        assert len(kinds(archive, study)) == 12
