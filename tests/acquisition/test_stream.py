"""The recorder: states, live view, clips cut from what is being recorded, and an end that never hangs."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquisition import (
    Clip,
    FramesGone,
    Gap,
    GapFound,
    NoFrameYet,
    Recorder,
    RunBegan,
    RunEnded,
    SpooledFrame,
    SpoolLimits,
    SpoolWriter,
    StateChanged,
    StreamEvent,
    StreamState,
    leftover_streams,
)
from acquisition.handover import HandOver
from acquisition.run import Run
from acquisition.states import NEXT, ImpossibleStep, StateMachine
from devices.errors import DeviceLost, FrameSizeChanged
from devices.source import Frame
from tests.acquisition.pictures import description, frame, jpeg, near
from tests.acquisition.scripted import FILE, Manners, Plug, Step, frames
from tests.acquisition.waiting import until

LOST = DeviceLost("The cable is out.")


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until(lambda: not [t for t in threading.enumerate() if t not in before])


def live(pause_s: float = 0.002, begin: int = 0) -> Iterator[Step]:
    for number in itertools.count(begin):
        yield frame(number)
        yield pause_s


def payloads(clip: Clip) -> list[bytes]:
    return [clip.payload(n) for n in range(len(clip.frames))]


# States


@pytest.mark.parametrize(("begin", "end"), list(itertools.product(StreamState, StreamState)))
def test_each_step_is_possible_or_refused(begin: StreamState, end: StreamState) -> None:
    seen: list[StreamState] = []
    machine = StateMachine(seen.append)
    machine._state = begin
    if begin is end:
        machine.to(end)
        assert seen == []
    elif end in NEXT[begin]:
        machine.to(end)
        assert (machine.state, seen) == (end, [end])
    else:
        with pytest.raises(ImpossibleStep):
            machine.to(end)
        assert machine.state is begin
    if not NEXT[begin]:
        machine.to_unless_ended(StreamState.LIVE)
        machine.frame_came()
        machine.keeping(False)
        assert machine.state is begin


def test_from_everywhere_the_end_is_reached() -> None:
    running = [s for s in StreamState if NEXT[s] and s is not StreamState.IDLE]
    assert all({StreamState.STOPPED, StreamState.FAILED} <= NEXT[s] for s in running)


@pytest.mark.requirement("C1")
def test_silence_loss_and_return_are_states(tmp_path: Path) -> None:
    events: list[StreamEvent] = []
    script: list[Step] = [*frames(0, 5), 1.2, *frames(5, 10), LOST]
    recorder = Recorder(Plug(script, live(begin=50)), tmp_path, reconnect_s=5.0, on_event=events.append)
    assert recorder.state is StreamState.IDLE and recorder.latest() is None and recorder.age_s is None
    recorder.start()
    until(lambda: recorder.counters.kept > 20)
    recorder.stop()
    states = [e.state for e in events if isinstance(e, StateChanged)]
    assert states == [
        StreamState.STARTING, StreamState.LIVE, StreamState.STALLED, StreamState.LIVE, StreamState.WAITING,
        StreamState.LIVE, StreamState.STOPPED,
    ]  # fmt: skip
    assert [e.why for e in events if isinstance(e, StateChanged) and e.why] == ["The cable is out."]
    assert [e.reason for e in events if isinstance(e, RunEnded)] == ["unplugged", "stopped"]
    assert len([e for e in events if isinstance(e, RunBegan)]) == 2
    assert list(tmp_path.iterdir()) == []  # nobody wanted anything kept


def test_gaps_are_events(tmp_path: Path) -> None:
    events: list[StreamEvent] = []
    recorder = Recorder(Plug([frame(n) for n in range(20) if n != 7], info=FILE), tmp_path, on_event=events.append)
    recorder.start()
    assert recorder.wait(5)
    recorder.stop()
    assert [e.gap for e in events if isinstance(e, GapFound)] == [Gap("sequence", 6, near(7 / 30), 1)]
    assert recorder.counters.lost == 1 and recorder.end_reason == "end-of-file"


def test_a_failing_watcher_harms_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)

    def fail(event: StreamEvent) -> None:
        raise ValueError("a watcher's own fault")

    recorder = Recorder(Plug(frames(0, 50), info=FILE), tmp_path, on_event=fail)
    recorder.start()
    assert recorder.wait(5)
    recorder.stop()
    assert recorder.counters.kept == 50 and len(told) == 1


def test_a_device_that_cannot_be_opened_is_a_failed_stream(tmp_path: Path) -> None:
    recorder = Recorder(Plug(), tmp_path)
    recorder.start()
    assert recorder.wait(5)
    assert recorder.state is StreamState.FAILED and str(recorder.error) == "It is not there."
    with pytest.raises(NoFrameYet):
        recorder.still()
    assert recorder.clip_last(10) == []
    recorder.stop()
    recorder.stop()
    assert recorder.state is StreamState.FAILED


def test_a_device_that_does_not_come_back_with_its_new_size_is_a_failed_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acquisition.grab.RETRY_S", 0.01)
    monkeypatch.setattr("acquisition.grab._RESTART_S", 0.05)
    script: list[Step] = [*frames(0, 5), FrameSizeChanged("Another size.", 32, 16)]
    recorder = Recorder(Plug(script), tmp_path, reconnect_s=0.0)
    recorder.start()
    assert recorder.wait(5)
    assert recorder.state is StreamState.FAILED and str(recorder.error) == "It is not there."
    recorder.stop()


def test_a_recorder_that_was_never_started_stops(tmp_path: Path) -> None:
    Recorder(Plug(), tmp_path).stop()


# Clips


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


def test_retrospective_bounds_hold_for_runs_that_ended(tmp_path: Path) -> None:
    limits = SpoolLimits(max_bytes=200_000)
    size = len(jpeg(0))
    scripts: list[list[Step]] = [[*(frame(n, jpeg(0)) for n in range(k * 40, k * 40 + 30)), LOST] for k in range(8)]
    recorder = Recorder(Plug(*scripts, live(begin=1000)), tmp_path, limits=limits)
    recorder.start()
    until(lambda: len(recorder.runs) == 9 and recorder.runs[-1].counts.kept > 3, 10)
    kept = [run for run in recorder.runs if not run.gone]
    assert sum(run.spool.bytes for run in kept) < 200_000 + 40 * size
    assert len(kept) < 9 and recorder.counters.kept > 240  # what is gone was counted all the same
    recorder.stop()


def test_runs_that_ended_go_while_pictures_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that nobody wants is not kept beyond its age because another one is being written."""
    monkeypatch.setattr("acquisition.keeper._HOUSEKEEPING_S", 0.01)
    recorder = Recorder(Plug([*frames(0, 20), LOST], live()), tmp_path, limits=SpoolLimits(max_age_s=0.4))
    recorder.start()
    try:
        until(lambda: len(recorder.runs) == 2)
        until(lambda: recorder.runs[0].gone)
        assert not recorder.runs[1].gone
    finally:
        recorder.stop()


@pytest.mark.requirement("N4")
def test_frames_of_two_intents_never_share_a_stream(tmp_path: Path) -> None:
    """What came before the intent was told anew is another's, and after a crash it is saved as that other's."""
    recorder = Recorder(Plug([*frames(0, 5), LOST], live(begin=10)), tmp_path, intent={"whose": "A"}, keep_all=True)
    recorder.start()
    try:
        until(lambda: recorder.counters.kept > 20)
        recorder.set_intent({"whose": "A", "side": "L"})
        seen = recorder.latest()
        recorder.set_intent({"whose": "B"}, anew=True)
        until(lambda: len(recorder.runs) == 3 and recorder.runs[2].counts.kept > 20)
        recorder.set_intent({"whose": "B", "side": "R"})
        until(lambda: (recorder.runs[2].spool.read_intent() or {}).get("side") == "R")
        assert seen is not None
        first, second, third = (run.spool for run in recorder.runs)
        assert first.read_intent() == second.read_intent() == {"whose": "A", "side": "L"}
        assert third.frames[0].timestamp_ns > seen.timestamp_ns >= second.frames[0].timestamp_ns
        assert third.frames[0].sequence == (second.frames[-1].sequence or 0) + 1  # none is lost between them
        last = recorder.clip_last(1000.0)
        assert [clip.stream.stream_id for clip in last] == [third.stream_id]
        assert [run.ended for run in recorder.runs] == ["unplugged", "new-intent", None]
    finally:
        recorder.stop()
        for run in recorder.runs:
            run.discard()


@pytest.mark.parametrize("taken", ["acquisition.spool.out_of_bounds", "acquisition.spool.unpinned"])
def test_what_is_pinned_just_when_it_should_go_stays_or_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    """Whoever pins finds frames that are there, also between the finding of what is free and its removal."""
    module, name = taken.rsplit(".", 1)
    choose = getattr(__import__(module, fromlist=[name]), name)
    limits = SpoolLimits(max_age_s=0.4 if name == "out_of_bounds" else 600.0, segment_bytes=50_000)
    writer = SpoolWriter.create(tmp_path, description(), limits)
    found: list[SpooledFrame] = []

    def pin() -> None:
        writer.pin()
        found.extend(writer.frames)

    def choose_and_be_overtaken(*args: object) -> object:
        free = choose(*args)
        if free and not started:
            started.append(threading.Thread(target=pin))
            started[0].start()
            started[0].join(0.1)
        return free

    started: list[threading.Thread] = []
    monkeypatch.setattr(taken, choose_and_be_overtaken)
    for number in range(60):
        writer.append(frame(number))
    if name == "unpinned":
        assert writer._give_up_oldest()
    started[0].join()
    assert found and all(f.path.exists() for f in found)
    writer.discard()


@pytest.mark.requirement("N4")
def test_behind_a_sleep_of_the_machine_the_frames_have_the_right_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frames' clock stands while the machine sleeps, the wall clock goes on."""
    slept = [0]
    monkeypatch.setattr("acquisition.keeper.asleep_ns", lambda: slept[0])
    wall_ns = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: wall_ns() + slept[0])

    def taken() -> Iterator[Step]:
        for number in itertools.count():
            yield frame(number, timestamp_ns=time.monotonic_ns())
            yield 0.002

    recorder = Recorder(Plug(taken()), tmp_path, keep_all=True)
    recorder.start()
    try:
        until(lambda: recorder.counters.kept > 10)
        slept[0] = 3600 * 10**9
        until(lambda: len(recorder.runs) == 2 and recorder.runs[1].counts.kept > 10)
        before, after = (run.spool for run in recorder.runs)
        assert recorder.runs[0].ended == "suspended" and recorder.counters.lost == 0
        last, first = before.frames[-1], after.frames[0]
        assert first.sequence == (last.sequence or 0) + 1 and first.timestamp_ns - last.timestamp_ns < 10**9
        told_s = (
            after.description.utc_of(first.timestamp_ns) - before.description.utc_of(last.timestamp_ns)
        ).total_seconds()
        assert 3599 < told_s < 3602
    finally:
        recorder.stop()
        for run in recorder.runs:
            run.discard()


# The two ends of the hand-over


@pytest.mark.requirement("N3")
def test_a_slow_disk_costs_counted_frames_and_no_live_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from acquisition import run as run_module

    append = run_module.Run.append
    slow = threading.Event()

    def slowly(self: Run, frame: Frame, lost_before: int) -> list[Gap]:
        slow.wait(10)
        return append(self, frame, lost_before)

    monkeypatch.setattr(run_module.Run, "append", slowly)
    unnumbered = [frame(n, sequence=None) for n in range(200)]
    recorder = Recorder(Plug([*unnumbered, 30.0]), tmp_path, hand_over_bytes=20 * len(jpeg(0)))
    recorder.start()
    until(lambda: recorder.latest_numbered()[0] == 200)  # the live view saw all
    assert recorder.counters.arrived == 0
    slow.set()
    until(lambda: recorder.counters.waiting_bytes == 0)
    recorder.stop()
    counters = recorder.counters
    assert 5 < counters.arrived < 60 and counters.arrived + counters.lost == 200
    assert sum(g.missing for g in recorder.runs[0].gaps if g.kind == "sequence") == counters.lost


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


def test_a_file_waits_for_the_disk(tmp_path: Path) -> None:
    recorder = Recorder(Plug(frames(0, 500), info=FILE), tmp_path, hand_over_bytes=3 * len(jpeg(0)))
    recorder.start()
    assert recorder.wait(20)
    recorder.stop()
    assert (recorder.counters.arrived, recorder.counters.lost) == (500, 0)


def test_the_hand_over_is_bounded_in_bytes() -> None:
    queue: HandOver[int] = HandOver(100)
    assert queue.put(1, 500)  # one is always taken
    assert not queue.put(2, 1)
    assert queue.put(3)  # messages have no size
    assert queue.bytes == 500
    assert queue.take(0) == 1 and not queue.wait_until_done(0.01)
    assert queue.put(4, 60) and queue.put(5, 40) and not queue.put(6, 1, wait_s=0.01)
    assert [queue.take(0) for _ in range(4)] == [3, 4, 5, None]
    assert queue.wait_until_done(0.01) and not queue.drained
    assert queue.put(6) and queue.take(0) == 6 and queue.put(7)
    waited: list[bool] = []
    asking = threading.Thread(target=lambda: waited.append(queue.wait_until_done(10)))
    asking.start()
    assert queue.take(0) == 7 and queue.put(8) and queue.take(0) == 8
    asking.join(10)
    assert waited == [True], "what comes meanwhile is not waited for"
    assert queue.take(0) is None
    queue.close()
    assert queue.drained and queue.take(10) is None


# The end


@pytest.mark.parametrize(("manners", "at_most_s"), [("polite", 1.0), ("rude", 3.5), ("deaf", 6.5)])
def test_stop_does_not_hang_in_a_device_that_waits(tmp_path: Path, manners: Manners, at_most_s: float) -> None:
    recorder = Recorder(Plug([*frames(0, 5), 7.0], manners=manners), tmp_path)
    recorder.start()
    until(lambda: recorder.counters.kept == 5)
    began = time.monotonic()
    recorder.stop()
    assert time.monotonic() - began < at_most_s
    assert recorder.state is StreamState.STOPPED and recorder.counters.kept == 5


def test_stop_while_waiting_for_a_lost_device(tmp_path: Path) -> None:
    recorder = Recorder(Plug([*frames(0, 5), LOST]), tmp_path, reconnect_s=1000.0)
    recorder.start()
    until(lambda: recorder.state is StreamState.WAITING)
    began = time.monotonic()
    recorder.stop()
    assert time.monotonic() - began < 1.0
    assert recorder.end_reason == "stopped"


@pytest.mark.requirement("C1")
def test_unplugged_twenty_times_nothing_that_arrived_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acquisition.grab.RETRY_S", 0.01)
    scripts = [[*frames(k * 10, k * 10 + 7), LOST] for k in range(20)]
    recorder = Recorder(Plug(*scripts), tmp_path, reconnect_s=0.2, keep_all=True)
    recorder.start()
    assert recorder.wait(20)
    assert recorder.counters.kept == 140 and recorder.counters.lost == 0
    assert [len(run.spool.frames) for run in recorder.runs] == [7] * 20
    recorder.stop()
    for run in recorder.runs:
        run.discard()


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
