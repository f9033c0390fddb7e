"""Clips and stills cut from what is being recorded: what was seen is what is kept."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

import pytest

from acquisition import (
    Clip,
    FramesGone,
    Gap,
    Recorder,
    SpoolLimits,
    leftover_streams,
)
from acquisition.run import Run
from devices.source import Frame
from tests.acquisition.pictures import frame, jpeg
from tests.acquisition.scripted import LOST, Plug, frames, live
from tests.acquisition.waiting import until

pytestmark = pytest.mark.usefixtures("no_thread_stays")


def payloads(clip: Clip) -> list[bytes]:
    return [clip.payload(n) for n in range(len(clip.frames))]


@pytest.mark.requirement("N4")
def test_the_last_seconds_are_kept_after_the_event(tmp_path: Path) -> None:
    recorder = Recorder(Plug(live()), tmp_path)
    recorder.start()
    until(lambda: recorder.counters.kept > 60)
    (clip,) = recorder.clip_last(1.0)
    assert len(clip.frames) == 31
    assert payloads(clip) == [jpeg(f.sequence or 0) for f in clip.frames]
    assert clip.gaps == ()
    still = recorder.still(clip.frames[3].timestamp_ns + 5)
    newest = recorder.still()
    assert still.frames[0] == clip.frames[3] and newest.frames[0].index >= clip.frames[-1].index
    recorder.stop()
    # Nothing of it is saved yet: the frames stay, and so does the stream.
    assert payloads(clip) and leftover_streams(tmp_path) == []
    for wanted in (clip, still):
        recorder.release(wanted)
        assert payloads(newest)
    recorder.release(newest)
    assert list(tmp_path.iterdir()) == []


def test_everything_released_leaves_nothing(tmp_path: Path) -> None:
    recorder = Recorder(Plug(live()), tmp_path)
    recorder.start()
    until(lambda: recorder.counters.kept > 5)
    (clip,), still = recorder.clip_last(1.0), recorder.still()
    recorder.release(still)
    recorder.stop()
    assert any(tmp_path.iterdir())
    recorder.release(clip)
    recorder.release(clip)
    assert list(tmp_path.iterdir()) == []


def test_clips_have_whole_frames_and_tell_their_gaps(tmp_path: Path) -> None:
    script = [frame(n, jpeg(n)[:-2] if n in (0, 12, 39) else None) for n in range(40) if n not in (20, 21)]
    recorder = Recorder(Plug([*script, 30.0]), tmp_path)
    recorder.start()
    until(lambda: recorder.counters.arrived == 38)
    ns = [f.timestamp_ns for f in recorder.runs[0].spool.frames]
    (clip,) = recorder.clip_between(ns[0], ns[-1])
    assert len(clip.frames) == 35 and not any(f.corrupt for f in clip.frames)
    assert [(g.kind, g.after_frame, g.missing) for g in clip.gaps] == [("corrupt", 10, 1), ("sequence", 17, 2)]
    (part,) = recorder.clip_between(ns[15], ns[30])
    assert [(g.kind, g.after_frame, g.missing) for g in part.gaps] == [("sequence", 4, 2)]
    assert recorder.clip_between(0, 5) == []
    recorder.release(clip)
    recorder.release(part)
    recorder.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_clip_over_a_replug_is_one_for_each_run(tmp_path: Path) -> None:
    recorder = Recorder(Plug([*frames(0, 20), LOST], [*frames(40, 60), 30.0]), tmp_path)
    recorder.start()
    until(lambda: recorder.counters.kept == 40)
    clips = recorder.clip_last(10.0)
    assert [len(c.frames) for c in clips] == [20, 20]
    for clip in clips:
        recorder.release(clip)
    recorder.stop()


@pytest.mark.requirement("N4")
def test_a_marked_recording_outlasts_the_bounds(tmp_path: Path) -> None:
    limits = SpoolLimits(max_age_s=1.0)
    recorder = Recorder(Plug([*frames(0, 150, 0.001), LOST], live(0.001, 200)), tmp_path, limits=limits)
    recorder.start()
    until(lambda: recorder.counters.kept > 100)
    first = recorder.runs[0].spool.frames[0].index
    assert first > 0  # the bounds have taken the beginning
    mark = recorder.mark()
    until(lambda: len(recorder.runs) == 2 and recorder.runs[1].counts.kept > 150)
    clips = recorder.clip_since(mark)
    assert recorder.clip_since(mark) == []
    assert len(clips) == 2
    assert clips[0].frames[-1].sequence == 149 and clips[1].frames[0].sequence == 200
    assert [f.index for f in clips[1].frames] == list(range(len(clips[1].frames)))
    held = len(recorder.runs[1].spool.frames)
    for clip in clips:
        recorder.release(clip)
    until(lambda: recorder.counters.kept > 500)
    assert len(recorder.runs[1].spool.frames) < held + 40
    recorder.stop()


def test_a_picture_that_the_disk_did_not_take_is_not_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, append = threading.Event(), Run.append

    def late(self: Run, frame: Frame, lost_before: int) -> list[Gap]:
        stuck.wait(10)
        return append(self, frame, lost_before)

    monkeypatch.setattr(Run, "append", late)
    recorder = Recorder(Plug([*frames(0, 100), 30.0]), tmp_path, hand_over_bytes=20 * len(jpeg(0)))
    recorder.start()
    until(lambda: recorder.latest_numbered()[0] == 100)
    stuck.set()
    seen = recorder.latest()
    assert seen is not None
    with pytest.raises(FramesGone, match="look at the disk"):
        recorder.still(seen.timestamp_ns)
    kept = recorder.runs[0].spool.frames[-1]
    assert recorder.still(kept.timestamp_ns + 5).frames[0] == kept
    assert recorder.still().frames[0] == kept
    recorder.stop()


def test_a_still_is_the_picture_that_was_seen_however_slow_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acquisition import run as run_module

    append = run_module.Run.append
    slow = threading.Event()

    def slowly(self: Run, frame: Frame, lost_before: int) -> list[Gap]:
        slow.wait(10)
        return append(self, frame, lost_before)

    monkeypatch.setattr(run_module.Run, "append", slowly)
    recorder = Recorder(Plug([*frames(0, 5), 30.0]), tmp_path)
    recorder.start()
    until(lambda: recorder.latest_numbered()[0] == 5)
    seen = recorder.latest()
    assert seen is not None
    taken: list[Clip] = []
    asking = threading.Thread(target=lambda: taken.append(recorder.still(seen.timestamp_ns)))
    asking.start()
    asking.join(0.3)  # longer than it once waited, when it then said that there is no picture yet
    assert asking.is_alive()
    slow.set()
    asking.join(10)
    assert list(taken[0].timestamps_ns) == [seen.timestamp_ns]
    recorder.stop()


def test_what_is_seen_can_be_kept(tmp_path: Path) -> None:
    """A still of a frame that the live view has just shown is that frame, also of the very first one."""
    recorder = Recorder(Plug(live(0.001)), tmp_path)
    recorder.start()
    try:
        seen = 0
        for _ in range(60):
            until(functools.partial(lambda before: recorder.latest_numbered()[0] > before, seen))
            seen, shown = recorder.latest_numbered()
            assert shown is not None
            still = recorder.still(shown.timestamp_ns)
            assert still.frames[0].timestamp_ns == shown.timestamp_ns
            recorder.release(still)
    finally:
        recorder.stop()
