"""Between the grab loop and the disk: a slow disk costs counted frames and no live picture."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from acquisition import (
    Gap,
    Recorder,
)
from acquisition.handover import HandOver
from acquisition.run import Run
from devices.source import Frame
from tests.acquisition.pictures import frame, jpeg
from tests.acquisition.scripted import FILE, Plug, frames
from tests.acquisition.waiting import until

pytestmark = pytest.mark.usefixtures("no_thread_stays")


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
