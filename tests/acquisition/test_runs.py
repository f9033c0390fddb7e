"""Runs: what ends one, whose its frames are, and how long it stays."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from acquisition import (
    Recorder,
    SpooledFrame,
    SpoolLimits,
    SpoolWriter,
)
from tests.acquisition.pictures import description, frame, jpeg
from tests.acquisition.scripted import LOST, Plug, Step, frames, live, taken
from tests.acquisition.waiting import until

pytestmark = pytest.mark.usefixtures("no_thread_stays")


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


@pytest.mark.parametrize("taken", ["acquisition.contents.out_of_bounds", "acquisition.contents.unpinned"])
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
    monkeypatch.setattr("acquisition.clocks.asleep_ns", lambda: slept[0])
    wall_ns = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: wall_ns() + slept[0])

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
