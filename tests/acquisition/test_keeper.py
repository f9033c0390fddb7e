"""What the keeper makes of a device, a disk and a clock that are not what they were."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from acquisition import DiskStopped, DiskTroubled, Recorder, StreamEvent, StreamState, record
from acquisition.description import INTENT_FILE
from acquisition.recovery import LeftoverStream
from devices.jpeg.structure import layout
from tests.acquisition.pictures import frame, jpeg
from tests.acquisition.scripted import FILE, Plug, live, taken
from tests.acquisition.waiting import until

pytestmark = pytest.mark.usefixtures("no_thread_stays")


def of_size(number: int, width: int, height: int) -> bytes:
    """Picture `number` with another size in its headers, all else unchanged: what a wrong byte does."""
    data = bytearray(jpeg(number))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    assert (layout(bytes(data)).width, layout(bytes(data)).height) == (width, height)
    return bytes(data)


@pytest.mark.requirement("N3")
def test_one_picture_of_another_size_is_one_corrupt_frame(tmp_path: Path) -> None:
    odd = {5: (64, 49), 11: (60000, 48), 19: (64, 49)}
    result = record(
        Plug([frame(n, of_size(n, *odd[n]) if n in odd else None) for n in range(20)], info=FILE), tmp_path, 9.0
    )
    assert (result.frames_arrived, result.frames_saved, result.frames_corrupt) == (20, 17, 3)
    (clip,) = result.clips
    assert [(g.kind, g.after_frame) for g in clip.gaps] == [("corrupt", 4), ("corrupt", 9), ("corrupt", 16)]
    result.release()


@pytest.mark.requirement("N3")
def test_two_pictures_of_another_size_are_a_change_of_size(tmp_path: Path) -> None:
    script = [frame(n, jpeg(n, 32, 16) if n >= 6 else None) for n in range(12)]
    result = record(Plug(script, info=FILE), tmp_path, 9.0)
    first, second = result.clips
    assert (len(first.frames), first.stream.width) == (6, 64) and result.gaps == ()
    assert (len(second.frames), second.stream.width, second.stream.height) == (6, 32, 16), "the first of them included"
    assert result.runs[0].ended == "size-changed"
    result.release()


def test_a_size_that_the_device_tells_too_is_believed_at_once(tmp_path: Path) -> None:
    script = [frame(n, jpeg(n, 32, 16), width=32, height=16) if n >= 6 else frame(n) for n in range(12)]
    result = record(Plug(script, info=FILE), tmp_path, 9.0)
    assert [len(clip.frames) for clip in result.clips] == [6, 6] and result.gaps == ()
    result.release()


@pytest.mark.requirement("N4")
@pytest.mark.parametrize(("set_s", "way"), [(90, "forward by 90"), (-3600, "back by 3600")])
def test_a_clock_that_is_set_begins_a_run_that_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_s: int, way: str
) -> None:
    """Nobody knows which of the two hours is right: each run tells its own, and the later one says why it begins."""
    set_ns, wall_ns = [0], time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: wall_ns() + set_ns[0])

    recorder = Recorder(Plug(taken()), tmp_path, keep_all=True)
    recorder.start()
    try:
        until(lambda: recorder.counters.kept > 10)
        set_ns[0] = set_s * 10**9
        until(lambda: len(recorder.runs) == 2 and recorder.runs[1].counts.kept > 10)
        before, after = (run.spool for run in recorder.runs)
        assert recorder.runs[0].ended == "clock-set" and recorder.counters.lost == 0
        last, first = before.frames[-1], after.frames[0]
        assert first.sequence == (last.sequence or 0) + 1, "no picture is lost for it"
        hour = after.description.utc_of(first.timestamp_ns) - before.description.utc_of(last.timestamp_ns)
        assert abs(hour.total_seconds() - set_s) < 2
        assert before.description.note == "" and f"set {way}" in after.description.note
        told = LeftoverStream(tmp_path, after.stream_id).description
        assert told == after.description, "a crash forgets none of it"
    finally:
        recorder.stop()
        for run in recorder.runs:
            run.discard()


def test_an_intent_that_cannot_be_written_is_told_as_what_it_is(tmp_path: Path) -> None:
    events: list[StreamEvent] = []
    recorder = Recorder(Plug(live()), tmp_path, on_event=events.append, keep_all=True)
    recorder.start()
    try:
        until(lambda: recorder.counters.kept > 5)
        in_the_way = recorder.runs[0].spool.folder / f"{INTENT_FILE}.new"
        in_the_way.mkdir()
        recorder.set_intent({"whose": "A"})
        until(lambda: recorder.intent_error is not None)
        kept = recorder.counters.kept
        until(lambda: recorder.counters.kept > kept + 5)
        assert recorder.state is StreamState.LIVE and recorder.error is None and recorder.disk_error is None
        assert "The pictures are kept" in str(recorder.intent_error) and "as nobody's" in str(recorder.intent_error)
        in_the_way.rmdir()
        recorder.set_intent({"whose": "B"})
        until(lambda: recorder.intent_error is None)
    finally:
        recorder.stop()
        for run in recorder.runs:
            run.discard()
    assert [e.reason for e in events if isinstance(e, DiskTroubled)] and not any(
        isinstance(e, DiskStopped) for e in events
    )
