"""Recording for a given time: every frame is accounted for, whatever the device does."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from acquisition import SpoolDenied, leftover_streams, record
from acquisition.cine import Gap
from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceNotFound, DeviceStalled, FrameSizeChanged
from tests.acquisition.pictures import frame, jpeg, near
from tests.acquisition.scripted import FILE, Plug, ScriptedSource, frames

LOST = DeviceLost("The cable is out.")


@pytest.mark.requirement("N3")
def test_a_file_is_recorded_to_its_end_byte_for_byte(tmp_path: Path) -> None:
    told: list[tuple[float, float]] = []
    result = record(Plug(frames(0, 60), info=FILE), tmp_path, 100.0, progress=lambda *p: told.append(p))
    assert (result.ended, result.why) == ("end-of-file", "")
    assert (result.frames_arrived, result.frames_saved, result.frames_corrupt, result.frames_lost) == (60, 60, 0, 0)
    (clip,) = result.clips
    assert [clip.payload(n) for n in range(60)] == [jpeg(n) for n in range(60)]
    assert result.gaps == () and result.measured_fps == pytest.approx(30.0, abs=0.1)
    assert result.first_frame_s is not None and 0 <= result.first_frame_s < 2
    assert told[-1] == (100.0, 100.0)
    assert leftover_streams(tmp_path) == []  # not yet saved, and ours
    result.release()
    result.release()
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_is_silent_when_the_time_is_up_is_told(tmp_path: Path) -> None:
    result = record(Plug([*frames(0, 5), 30.0]), tmp_path, 1.0)
    assert (result.ended, result.frames_arrived, result.why) == ("done", 5, "")
    assert result.notes == ("The device sent no picture in the last 0.9 s of the recording.",)
    result.release()


def test_the_time_is_that_of_the_frames(tmp_path: Path) -> None:
    result = record(Plug(frames(0, 300)), tmp_path, 1.0)
    assert (result.ended, result.frames_arrived, result.notes) == (
        "done",
        31,
        (),
    )  # 30 intervals of 33.333333 ms are just below 1 s
    result.release()


@pytest.mark.requirement("N3")
def test_lost_and_corrupt_frames_are_told_with_their_place(tmp_path: Path) -> None:
    script = [frame(n, jpeg(n)[:-2] if n in (5, 6) else None) for n in range(40) if n not in (10, 11, 20)]
    result = record(Plug(script, info=FILE), tmp_path, 100.0)
    assert (result.frames_arrived, result.frames_saved, result.frames_corrupt, result.frames_lost) == (37, 35, 2, 3)
    assert [(g.kind, g.after_frame, g.missing) for g in result.gaps] == [
        ("corrupt", 4, 1), ("corrupt", 4, 1), ("sequence", 7, 2), ("sequence", 15, 1),
    ]  # fmt: skip
    (clip,) = result.clips
    assert len(clip.frames) == 35 and clip.gaps == result.gaps and not any(f.corrupt for f in clip.frames)
    assert [g.at_s for g in result.gaps] == pytest.approx([5 / 30, 6 / 30, 10 / 30, 20 / 30], abs=1e-3)
    result.release()


@pytest.mark.requirement("C1")
def test_a_device_that_comes_back_goes_on_as_a_run_of_its_own(tmp_path: Path) -> None:
    plug = Plug([*frames(0, 20), LOST], DeviceNotFound("Not yet."), DeviceBusy("Not yet."), frames(50, 400))
    result = record(plug, tmp_path, 79.5 / 30, reconnect_s=5.0)
    assert result.ended == "done"
    assert [len(clip.frames) for clip in result.clips] == [20, 30]
    assert result.frames_saved == 50 and result.frames_lost == 0
    assert [g for g in result.gaps if g.kind == "unplugged"] == [Gap("unplugged", 19, near(19 / 30), 0)]
    assert all(source.closed for source in plug.opened)
    assert len({clip.stream.stream_id for clip in result.clips}) == 2
    result.release()


def test_gaps_of_later_runs_count_over_the_whole_recording(tmp_path: Path) -> None:
    later = [frame(n) for n in range(50, 400) if n != 60]
    result = record(Plug([*frames(0, 20), LOST], later), tmp_path, 79.5 / 30, reconnect_s=5.0)
    assert result.gaps[-1] == Gap("sequence", 29, near(60 / 30), 1)
    assert result.clips[1].gaps == (Gap("sequence", 9, near(10 / 30), 1),)
    result.release()


def test_a_device_that_stays_away_leaves_what_came(tmp_path: Path) -> None:
    result = record(Plug([*frames(0, 20), LOST]), tmp_path, 10.0, reconnect_s=0.3)
    assert (result.ended, result.frames_saved) == ("device-lost", 20)
    assert result.why == "The cable is out." and result.gaps[-1].kind == "unplugged"
    result.release()


def test_a_device_lost_behind_the_last_frame_is_not_missed(tmp_path: Path) -> None:
    result = record(Plug([*frames(0, 30), LOST]), tmp_path, 1.0, reconnect_s=0.3)
    assert (result.ended, result.why, result.gaps, result.frames_saved) == ("done", "", (), 30)
    result.release()


def test_another_device_is_not_taken_for_the_lost_one(tmp_path: Path) -> None:
    first = Plug([*frames(0, 20), LOST])
    other = Plug(frames(20, 40), info=FILE)
    turns = [first, other]

    def open_next() -> ScriptedSource:
        return turns.pop(0)() if turns else first()

    result = record(open_next, tmp_path, 10.0, reconnect_s=0.6)
    assert (result.ended, result.frames_saved) == ("device-lost", 20)
    result.release()


def test_a_change_of_size_ends_the_run_and_nothing_is_lost(tmp_path: Path) -> None:
    script = [frame(n, jpeg(n, 32, 16) if 10 <= n < 20 else None) for n in range(30)]
    result = record(Plug(script, info=FILE), tmp_path, 100.0)
    assert [(len(c.frames), c.stream.width, c.stream.height) for c in result.clips] == [
        (10, 64, 48), (10, 32, 16), (10, 64, 48),
    ]  # fmt: skip
    assert [run.ended for run in result.runs] == ["size-changed", "size-changed", "end-of-file"]
    assert (result.frames_saved, result.frames_lost, result.gaps) == (30, 0, ())
    result.release()


def test_a_size_change_that_the_driver_reports_starts_it_anew(tmp_path: Path) -> None:
    plug = Plug([*frames(0, 10), FrameSizeChanged("Another size.", 32, 16)], frames(10, 400))
    result = record(plug, tmp_path, 1.0, reconnect_s=0.0)
    assert (result.ended, [run.ended for run in result.runs]) == ("done", ["size-changed", "done"])
    result.release()


def test_a_device_that_falls_silent_ends_with_the_time(tmp_path: Path) -> None:
    result = record(Plug(frames(0, 10)), tmp_path, 1.0)
    assert (result.ended, result.frames_saved) == ("done", 10)
    result.release()


@pytest.mark.parametrize("error", [DeviceBusy("Another program has it."), DeviceNotFound("It is not there.")])
def test_a_device_that_cannot_be_opened_raises_its_own_error(tmp_path: Path, error: DeviceError) -> None:
    with pytest.raises(type(error), match=str(error)):
        record(Plug(error), tmp_path / "spool", 1.0)
    assert list((tmp_path / "spool").iterdir()) == []
    assert not [
        t for t in threading.enumerate() if t is not threading.main_thread() and not t.name.startswith("pytest")
    ]


def test_a_device_that_never_sends_a_picture_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acquisition.session._FIRST_FRAME_S", 0.3)
    with pytest.raises(DeviceStalled, match="check the probe"):
        record(Plug([]), tmp_path, 1.0)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_before_the_device_is_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    plug = Plug(frames(0, 10))
    with pytest.raises(SpoolDenied):
        record(plug, tmp_path / "file" / "spool", 1.0)
    assert plug.opened == []


@pytest.mark.requirement("N4")
def test_the_intent_lies_beside_each_run_and_left_frames_are_found(tmp_path: Path) -> None:
    intent = {"patient_id": "P1", "study_instance_uid": "1.2.3"}
    plug = Plug([*frames(0, 20), LOST], frames(50, 400))
    result = record(plug, tmp_path, 79.5 / 30, reconnect_s=5.0, intent=intent)
    result.leave()
    left = leftover_streams(tmp_path)
    assert [len(stream.frames) for stream in left] == [20, 30]
    assert [stream.read_intent() for stream in left] == [intent, intent]
    assert [stream.state.state for stream in left] == ["kept", "kept"]
    for stream in left:
        stream.discard()


def test_all_frames_corrupt_give_no_clip_and_are_told(tmp_path: Path) -> None:
    result = record(Plug([frame(n, b"no picture") for n in range(5)], info=FILE), tmp_path, 10.0)
    assert (result.clips, result.frames_arrived, result.frames_corrupt) == ((), 5, 5)
    result.release()
