"""The recorder: states, events, what goes wrong with a device, and an end that never hangs."""

from __future__ import annotations

import itertools
import threading
import time
from pathlib import Path

import pytest

from acquisition import (
    Gap,
    GapFound,
    NoFrameYet,
    Recorder,
    RunBegan,
    RunEnded,
    StateChanged,
    StreamEvent,
    StreamState,
)
from acquisition.states import NEXT, ImpossibleStep, StateMachine
from devices.errors import FrameSizeChanged
from tests.acquisition.pictures import frame, near
from tests.acquisition.scripted import FILE, LOST, Manners, Plug, Step, frames, live
from tests.acquisition.waiting import until

pytestmark = pytest.mark.usefixtures("no_thread_stays")


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
