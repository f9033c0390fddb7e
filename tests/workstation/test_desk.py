"""The study in hand at the window: what is saved, what is not, and pictures to be labelled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from acquisition import Clip, leftover_streams
from annotation import (
    Add,
    Document,
    Ellipse,
    Finding,
    ImageNote,
    Line,
    Point,
    Replace,
    SetNote,
    measurements,
)
from archive import Archive
from devices.errors import UnreadableFile
from dicom_io.composite.printed import Printed
from imaging.scale import Scale, two_point_scale
from procedure import Phase, StepNotPossible
from procedure.answers import Side
from procedure.demonstration import demonstration
from procedure.encounter import Note
from procedure.images import Plane
from procedure.states import State
from tests.workstation.recordings import recorded_clip
from workstation.desk import Desk, reel_of, scale_of_capture, title_of
from workstation.drafts import encounters_left, keep, restore
from workstation.encounter.in_hand import now
from workstation.encounter.saving import save_both
from workstation.encounter.scanning import Here, with_capture, with_exposure, with_read
from workstation.probe_screen.screens import Told
from workstation.review.open_study import open_study
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "archive", operator="AB")


def test_nothing_captured_is_nothing_to_save(desk: Desk) -> None:
    desk.tell(phase="during")
    desk.touch()
    assert not desk.dirty and not desk.has_patient


def test_an_operator_who_did_nothing_leaves_the_record(desk: Desk) -> None:
    """The one who is logged in is the operator until somebody tells who scans: that alone makes nobody a participant."""
    desk.tell(operator="CD")
    assert [person.name for person in desk.encounter.record.people] == ["CD"]
    desk.encounter.add("Note", notes=Note(at=now(), by="CD", text="seen"))
    desk.tell(operator="EF")
    assert [person.name for person in desk.encounter.record.people] == ["CD", "EF"], "who did something stays"


def test_a_save_covers_what_it_began_with(desk: Desk, tmp_path: Path) -> None:
    clip = recorded_clip(tmp_path / "spool", 3)
    desk.add(clip, still=False)
    draft = desk.draft()
    desk.add(clip.still(1), still=True)
    assert len(draft.study.captures) == 1, "later captures do not reach a save that is under way"
    desk.saved(draft)
    assert desk.dirty and desk.stored
    desk.saved(desk.draft())
    assert not desk.dirty


def test_what_a_screen_tells_follows_the_capture_and_a_save_waits_for_it(desk: Desk, tmp_path: Path) -> None:
    clip = recorded_clip(tmp_path / "spool", 2)
    capture = desk.add_unread(clip.still(0), still=True)
    other = desk.add_unread(clip.still(1), still=True)
    assert desk.unread and not capture.scales
    with pytest.raises(StepNotPossible, match="still being read"):
        desk.to_save()
    line = Line(start=(10, 10), end=(10, 110))
    desk.history.do(
        Add(Finding(kind="distance", shape=line, image=capture.key, by="AB", measurements=measurements(line, None)))
    )
    given, seen = (
        Scale(0.1, 0.1, (0, 0, 640, 480), "two-point", 0.02),
        Scale(0.2, 0.2, (0, 0, 640, 480), "screen-ruler", 0.02),
    )
    desk.calibrate(other.key, given)
    told = Told((seen,), (Printed("mechanical_index", 0.9, ""),), ("contact-loss",))
    read = desk.read(capture.key, told)
    assert (read.scales, read.printed, read.hints, read.unread) == (told.scales, told.printed, told.hints, False)
    assert desk.history.document.findings[0].measurements[0].unit == "mm"
    desk.history.undo()
    desk.history.redo()
    assert desk.history.document.findings[0].measurements[0].unit == "mm", "in the past and future of the document, too"
    assert desk.unread
    assert desk.read(other.key, told).scales == (given,), "a person gave it"
    assert desk.to_save().study.captures == desk.study.captures
    with pytest.raises(KeyError):
        desk.read("1.2.3", told)


def test_the_exposure_log_has_the_indices_that_were_read_after_the_probe_had_left(desk: Desk, tmp_path: Path) -> None:
    here = Here("nlf-1", Side.LEFT, Phase.PRE, "pyriform-rim", Plane.TRANSVERSE)
    capture = desk.add_unread(recorded_clip(tmp_path / "spool", 1), still=True)
    record = with_capture(desk.encounter.record, here, capture, "AB")
    record = with_exposure(record, here, 12.0, "AB", now())
    record = with_exposure(record, replace(here, station_id="nlf-2"), 5.0, "AB", now())
    assert record.images[0].settings is None and record.exposures[0].mechanical_index is None
    told = Told(
        (), (Printed("mechanical_index", 0.9, ""), Printed("thermal_index_soft_tissue", 0.3, "")), ("contact-loss",)
    )
    record = with_read(record, desk.read(capture.key, told))
    settings = record.images[0].settings
    assert settings is not None and settings.mechanical_index == 0.9 and record.images[0].hints
    assert [(e.mechanical_index, e.thermal_index) for e in record.exposures] == [(0.9, 0.3), (None, None)]


def test_the_patient_of_a_stored_study_stays(desk: Desk, tmp_path: Path) -> None:
    desk.tell(patient_id="P1")
    desk.add(recorded_clip(tmp_path / "spool", 1), still=True)
    desk.saved(desk.draft())
    with pytest.raises(ValueError, match="new study"):
        desk.tell(patient_id="P2")
    desk.tell(patient_id="P1", phase="post")
    first = desk.study.visit.study_instance_uid
    desk.new_study()
    assert not desk.has_patient and desk.study.visit.study_instance_uid != first
    assert desk.history.document == Document()


@pytest.mark.requirement("C5")
def test_a_picture_that_is_taken_twice_is_one_object(desk: Desk, tmp_path: Path) -> None:
    """A frozen picture can be taken as often as somebody presses Still; the archive has it once, and proves it."""
    desk.tell(patient_id="P1")
    clip = recorded_clip(tmp_path / "spool", 3)
    released: list[str] = []
    first = desk.add(clip.still(1), still=True, told=Told(()), release=lambda: released.append("first"))
    desk.tell(phase="during")
    second = desk.add(clip.still(1), still=True, told=Told(()), release=lambda: released.append("second"))
    other = desk.add(clip.still(2), still=True, told=Told(()))
    assert first is second and desk.study.captures == [first, other]
    assert desk.add_unread(clip.still(1), still=True, release=lambda: released.append("third")) is first
    assert not desk.unread and desk.study.captures == [first, other]
    with Archive(desk.archive_root) as archive:
        saved = desk.draft().study.save(archive)
        assert len(set(saved.files)) == len(saved.files) == 2
        assert archive.verify().problems == ()
    for release in desk.take_releases():
        release()
    assert released == ["first", "second", "third"]


def test_a_fact_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="phase"):
        desk.tell(phase="afterwards")
    assert desk.study.visit.phase == "pre"


def test_a_capture_can_be_looked_at_frame_by_frame(desk: Desk, tmp_path: Path) -> None:
    capture = desk.add(recorded_clip(tmp_path / "spool", 5), still=False)
    reel = reel_of(capture)
    assert reel.place(3) == (capture.key, 3) and len(reel.timestamps_s) == 5 and reel.timestamps_s[0] == 0
    assert list(reel.timestamps_s) == sorted(reel.timestamps_s)
    assert reel.frame(4).shape == (480, 640, 3)
    assert not np.array_equal(reel.frame(0), reel.frame(4))
    assert scale_of_capture(capture) is not None
    assert title_of(1, capture).startswith("1  Clip 0.1 s")


def test_a_damaged_frame_is_said(desk: Desk, tmp_path: Path) -> None:
    clip = recorded_clip(tmp_path / "spool", 2)
    with clip.frames[1].path.open("r+b") as file:
        file.seek(clip.frames[1].offset)
        file.write(b"\0" * 200)
    reel = reel_of(desk.add(clip, still=False))
    assert reel.frame(0).shape == (480, 640, 3)
    with pytest.raises(UnreadableFile, match="Frame 2"):
        reel.frame(1)


def test_a_draft_is_kept_and_restored_with_its_labels(desk: Desk, tmp_path: Path) -> None:
    """As after a crash: the frames are in the spool, the labels in the draft, nothing in the archive."""
    desk.tell(patient_id="P1")
    clip = recorded_clip(desk.archive_root / "spool", 6)
    capture = desk.add(Clip(clip.stream, clip.frames[1:5]), still=False)
    desk.add(clip.still(3), still=True)
    finding = Finding(kind="point", shape=Point(at=(3, 4)), name="tip", image=capture.key, frame=2, by="AB")
    desk.history.do(Add(finding))
    keep(desk.draft().study, desk.autosave_path)
    streams = leftover_streams(desk.archive_root / "spool")
    assert len(streams) == 1
    (saved,) = restore(desk.archive_root, streams)
    assert saved.study_instance_uid == desk.study.visit.study_instance_uid
    opened = open_study(desk.archive_root, saved.study_instance_uid)
    opened.close()
    assert opened.document == desk.history.document
    assert [len(r.timestamps_s) for r in opened.reels] == [4, 1]
    assert not desk.autosave_path.exists()


def test_a_draft_is_restored_with_its_gaps_and_not_where_a_frame_in_it_is_lost(desk: Desk, tmp_path: Path) -> None:
    desk.tell(patient_id="P1")
    clip = recorded_clip(desk.archive_root / "spool", 6)
    desk.add(clip, still=False, told=Told(()))
    keep(desk.draft().study, desk.autosave_path)
    with clip.frames[3].path.open("r+b") as file:  # a byte of a frame in the middle
        file.seek(clip.frames[3].offset + 700)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    streams = leftover_streams(desk.archive_root / "spool")
    assert restore(desk.archive_root, streams) == [] and desk.autosave_path.exists()
    text = desk.autosave_path.read_text()
    assert '"frames": 6' in text
    desk.autosave_path.write_text(text.replace('"frames": 6', '"frames": 5'))  # as if it had come corrupt
    (saved,) = restore(desk.archive_root, streams)
    (stored,) = saved.files
    assert "broken and left out: 1 (1 after frame 3)" in dcmread(stored, stop_before_pixels=True).ImageComments


def test_a_draft_without_its_frames_stays(desk: Desk, tmp_path: Path) -> None:
    desk.add(recorded_clip(tmp_path / "elsewhere", 2), still=False)
    keep(desk.draft().study, desk.autosave_path)
    (desk.autosave_path.parent / "torn.json").write_text("{")
    assert restore(desk.archive_root, []) == []
    assert desk.autosave_path.exists()


def test_what_is_saved_opens_again_with_its_labels(desk: Desk, tmp_path: Path) -> None:
    desk.tell(patient_id="P1", region="mala")
    clip = recorded_clip(tmp_path / "spool", 6)
    capture = desk.add(clip, still=False)
    desk.add(clip.still(2), still=True)
    reel = reel_of(capture)
    shape = Ellipse.around((300, 200), (30, 20))
    finding = Finding(
        kind="vessel", vessel_kind="artery", term="tfa", name="transverse facial artery", shape=shape,
        image=capture.key, frame=4, by="AB",
    )  # fmt: skip
    desk.history.do(Add(finding))
    desk.history.do(SetNote(ImageNote(image=capture.key, frame=4, plane="transverse", landmark="malar-point")))
    with Archive(desk.archive_root) as archive:
        saved = desk.draft().study.save(archive)
    opened = open_study(desk.archive_root, saved.study_instance_uid)
    assert opened.document == desk.draft().study.said() and opened.document.findings[0].grey is not None
    plain = tuple(f.changed(grey=None) for f in opened.document.findings)
    assert (plain, opened.document.notes) == (desk.history.document.findings, desk.history.document.notes)
    assert [len(r.timestamps_s) for r in opened.reels] == [6, 1]
    again = opened.reels[0]
    assert (
        again.place(4) == (capture.key, 4)
        and again.index_of(capture.key, 4) == 4
        and again.scale is not None
        and reel.scale is not None
    )
    assert again.scale.mm_per_pixel_x == pytest.approx(reel.scale.mm_per_pixel_x, rel=1e-6)
    assert np.array_equal(again.frame(4), reel.frame(4))
    assert again.timestamps_s[-1] == pytest.approx(reel.timestamps_s[-1], abs=0.01)
    opened.close()
    with pytest.raises(UnreadableFile, match="closed"):
        again.frame(0)
    assert opened.labels() == ["1:5   transverse facial artery"] and len(opened.titles()) == 2


def test_two_points_give_a_scale_that_survives_undo_a_crash_and_the_archive(desk: Desk, tmp_path: Path) -> None:
    desk.tell(patient_id="P1")
    capture = desk.add(recorded_clip(desk.archive_root / "spool", 3), still=False, told=Told())
    line = Line(start=(200, 100), end=(200, 300))
    finding = Finding(
        kind="distance", shape=line, image=capture.key, frame=1, by="AB", measurements=measurements(line, None)
    )
    desk.history.do(Add(finding))
    desk.history.do(Replace(finding.changed(name="known")))
    desk.calibrate(capture.key, two_point_scale(line.start, line.end, 20.0, (0, 0, 640, 480)))
    for _ in range(2):
        (measured,) = desk.history.document.findings[0].measurements
        assert (measured.value, measured.unit) == (20.0, "mm"), "undo leads back to a label, never to another scale"
        desk.history.undo()
        desk.history.redo()
        desk.history.undo()
    desk.history.redo()
    with pytest.raises(KeyError):
        desk.calibrate("1.2.3", None)

    keep(desk.draft().study, desk.autosave_path)
    (saved,) = restore(desk.archive_root, leftover_streams(desk.archive_root / "spool"))
    opened = open_study(desk.archive_root, saved.study_instance_uid)
    opened.close()
    scale = opened.reels[0].scale
    assert scale is not None and scale.mm_per_pixel_y == pytest.approx(0.1)
    assert opened.document.findings[0].measurements == (measured,)


def test_an_encounter_without_a_picture_is_kept_and_saved_after_a_crash(desk: Desk) -> None:
    """An emergency has no picture: what was told of it is found again all the same."""
    desk.encounter.add("Complication", complications=demonstration("occlusion-rescue").complications[0])
    draft = desk.draft()
    keep(draft.study, desk.autosave_path, draft.encounter)
    assert encounters_left(desk.archive_root) == 1
    (saved,) = restore(desk.archive_root, [])
    assert encounters_left(desk.archive_root) == 0 and not desk.autosave_path.exists()
    assert newest_encounter(found_files(saved.files)).encounter == desk.encounter.record


def test_what_is_told_after_a_save_is_the_next_version(desk: Desk) -> None:
    """A record in the archive is never overwritten, and the log says why there is another one."""
    desk.tell(patient_id="P1")
    with Archive(desk.archive_root) as archive:
        for text in ("first", "second"):
            desk.touch()
            desk.encounter.add(f"Note: {text}", notes=Note(at=now(), by="AB", text=text))
            draft = desk.to_save()
            files = save_both(archive, draft.study, draft.encounter).files
            desk.saved(draft)
            assert desk.to_save().encounter == draft.encounter, "nothing was told since"
    newest = newest_encounter(found_files(files)).encounter
    assert newest == desk.encounter.record and newest.version == 2
    assert newest.earlier_versions[0].reason == "Note: second"
    desk.encounter.finalise()
    desk.encounter.add("Note: third", notes=Note(at=now(), by="AB", text="third"))
    corrected = desk.encounter.record
    assert corrected.state is State.DRAFT and corrected.earlier_versions[-1].reason == "Note: third"
