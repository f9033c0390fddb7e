"""What a user tells of a visit is checked before the recording, and one bad study keeps no other from being recovered."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquisition import leftover_streams
from archive import Archive
from devices.source import FormatRequest
from dicom_io.errors import NotEncodable
from tests.acquisition.waiting import until
from tests.workstation.conftest import Sonofill
from tests.workstation.recordings import recorded_clip
from workstation.capture.recovery import NotAllSaved, save, save_all
from workstation.capture.sources import device_registry
from workstation.live.feed import Feed
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit

BAD = [["--region", "nowhere"], ["--operator", "a\\b"], ["--operator", "x" * 80], ["--patient-name", "a^b^c^d^e^f"]]


@pytest.mark.parametrize("words", BAD)
def test_what_cannot_be_stored_is_refused_before_anything_is_recorded(
    sonofill: Sonofill, tmp_path: Path, words: list[str]
) -> None:
    archive = tmp_path / "archive"
    ran = sonofill(
        "record", "--device", "mock:normal", "--seconds", 60, "--patient-id", "P1", "--phase", "pre",
        "--archive", archive, "--json", *words,
    )  # fmt: skip
    assert ran.status == 2 and ran.out == "" and "Traceback" not in ran.err
    assert ran.err.startswith("sonofill: ") and ran.err.count("\n") == 1
    assert not archive.exists()


def test_a_fact_that_cannot_be_stored_does_not_enter_the_study() -> None:
    study = StudyInHand(Visit.begin("P1"))
    with pytest.raises(ValueError, match="operator's name"):
        study.with_visit(operator="x" * 80)
    assert study.visit.operator == ""
    with pytest.raises(NotEncodable):
        Visit.begin("a\\b").check()


def leave_behind(archive: Path, visit: dict[str, object]) -> None:
    recorded_clip(archive / "spool", 3)
    (stream,) = [s for s in leftover_streams(archive / "spool") if s.read_intent() is None]
    stream.write_intent(visit)


def test_what_cannot_be_read_of_a_recording_is_never_thrown_away(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    for name in ("P1", "P2", "P3"):
        leave_behind(archive, Visit.begin(name).model_dump(mode="json"))
    streams = {str((s.read_intent() or {})["patient_id"]): s for s in leftover_streams(archive / "spool")}
    journal = streams["P1"].folder / "000000.journal"
    journal.write_bytes(bytes(journal.stat().st_size))  # its frames lie there, and nothing says where
    (streams["P2"].folder / "000001.items").mkdir()  # a segment that the system does not read
    (streams["P2"].folder / "000001.journal").write_bytes(b"")
    with pytest.raises(NotAllSaved, match="look at the disk"):
        save_all(archive, leftover_streams(archive / "spool"))
    with Archive(archive) as kept:
        assert {row.patient_id for row in kept.studies()} == {"P2", "P3"}
    left = {s.stream_id for s in leftover_streams(archive / "spool")}
    assert left == {streams["P1"].stream_id, streams["P2"].stream_id}


def test_a_crash_after_the_next_patient_was_told_gives_each_its_own_pictures(tmp_path: Path) -> None:
    """The spool holds the last minutes: what was scanned of the patient before is not the next one's."""
    archive = tmp_path / "archive"
    first, second = Visit.begin("P1"), Visit.begin("P2")
    feed = Feed(device_registry(), "mock:normal", archive, first, FormatRequest())
    feed._recorder.start()
    recorder = feed._recorder
    until(lambda: recorder.counters.kept > 5, 60.0)  # the simulated probe has to be loaded first
    feed.tell(first.model_copy(update={"laterality": "L"}))
    before = recorder.latest()
    feed.tell(second)
    until(lambda: len(recorder.runs) == 2 and recorder.runs[1].counts.kept > 5, 20.0)
    feed.tell(second.model_copy(update={"laterality": "R"}))
    until(lambda: "R" in str(recorder.runs[1].spool.read_intent()))
    held = recorder.mark()  # so that stopping leaves the newest run as a crash does
    old = recorder.runs[0].spool.pin()
    recorder.stop()
    for run in recorder.runs:
        run.spool.let_go()
    streams = leftover_streams(archive / "spool")
    assert before is not None and len(streams) == 2
    assert [str((s.read_intent() or {})["patient_id"]) for s in streams] == ["P1", "P2"]
    assert streams[0].frames[-1].timestamp_ns <= before.timestamp_ns < streams[1].frames[0].timestamp_ns
    save_all(archive, streams)
    with Archive(archive) as kept:
        told = {row.patient_id: row.study_instance_uid for row in kept.studies()}
        assert told == {"P1": first.study_instance_uid, "P2": second.study_instance_uid}
    assert held is not None and old is not None


@pytest.mark.parametrize("bad", [{"operator": "x" * 80}, {"not_a_fact": 1}])
def test_one_study_that_cannot_be_made_keeps_no_other_back(tmp_path: Path, bad: dict[str, object]) -> None:
    archive = tmp_path / "archive"
    leave_behind(archive, {**Visit.begin("P1").model_dump(mode="json"), **bad})
    leave_behind(archive, Visit.begin("P2").model_dump(mode="json"))
    leave_behind(archive, Visit.begin("P3").model_dump(mode="json"))
    with pytest.raises(NotAllSaved, match="2 of 3"):
        save_all(archive, leftover_streams(archive / "spool"))
    with Archive(archive) as kept:
        assert {row.patient_id for row in kept.studies()} == {"P2", "P3"}
    (left,) = leftover_streams(archive / "spool")
    assert len(left.frames) == 3
    with pytest.raises(NotAllSaved, match="0 of 1"):
        save(archive, [left])
