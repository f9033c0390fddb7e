"""The process aside: it answers, says what went wrong there, its death is told, and it never outlives who asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from acquisition import Recorder
from devices.errors import FrameSizeChanged
from devices.source import FormatRequest
from imaging.errors import CannotTell
from mock_devices.probe import SimulatedProbe
from workstation.aside import Aside, AsideLost
from workstation.aside.turn import Turn


def until(holds: Callable[[], bool], timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    made = Aside()
    yield made
    made.end()


def whose(word: str) -> tuple[str, int, int]:
    return word, os.getpid(), os.nice(0)


def refuse() -> None:
    raise CannotTell("There is no ruler on this screen.")


def resize() -> None:
    raise FrameSizeChanged("It sends another size.", 640, 480)


def held(gate: Path) -> float:
    """Keeps its interpreter busy, as Python does that works, till the file is there; the seconds of processor it took."""
    while not gate.exists():
        sum(range(20_000))
    return time.process_time()


def test_a_job_is_done_by_another_process_below_this_one(aside: Aside) -> None:
    word, pid, niceness = aside.do(whose, "so")
    assert word == "so" and pid == aside.pid != os.getpid() and niceness > os.nice(0)
    assert aside.do(whose, "again")[1] == pid, "it is kept"


def test_what_a_job_raises_is_raised_here(aside: Aside) -> None:
    with pytest.raises(CannotTell, match="no ruler"):
        aside.do(refuse)
    with pytest.raises((FrameSizeChanged, RuntimeError), match="another size"):  # its arguments are not its message
        aside.do(resize)
    assert aside.do(whose, "so")[0] == "so" and aside.deaths == 0


def test_a_death_is_told_and_the_next_job_gets_a_new_process(aside: Aside, tmp_path: Path) -> None:
    pid = aside.do(whose, "")[1]
    killing = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
    killing.start()
    with pytest.raises(AsideLost, match=r"without an answer \(exit code -9\)"):
        aside.do(held, tmp_path / "never")
    killing.join()
    assert aside.do(whose, "so")[1] != pid and aside.deaths == 1


def test_one_that_gives_no_answer_is_given_up(tmp_path: Path) -> None:
    hasty = Aside(patience_s=0.2)
    with pytest.raises(AsideLost):
        hasty.do(held, tmp_path / "never")
    assert hasty.pid is None
    hasty.end()


def test_the_end_lets_go_who_waits_and_leaves_nothing(tmp_path: Path) -> None:
    ending, said = Aside(), []

    def ask() -> None:
        try:
            ending.do(held, tmp_path / "never")
        except AsideLost as error:
            said.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: ending.pid is not None)
    child = ending.pid
    assert child is not None
    ending.end()
    ending.end()
    for thread in threads:
        thread.join(30)
    assert len(said) == 2 and all("ending" in sentence for sentence in said)
    until(lambda: not psutil.pid_exists(child))


def test_it_does_not_outlive_a_window_that_was_killed() -> None:
    asking = "import sys; from workstation.aside import Aside; from tests.workstation.aside.test_aside import whose; "
    asking += "print(Aside().do(whose, '')[1], flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", asking], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as window:
        assert window.stdout is not None
        child = int(window.stdout.readline())
        assert psutil.pid_exists(child)
        window.kill()
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_whoever_a_person_waits_for_comes_first() -> None:
    turn, order, threads = Turn(), [], []

    def have(name: str, first: bool) -> None:
        with turn.had(first=first):
            order.append(name)

    with turn.had():
        for name, first in (("still 1", False), ("still 2", False), ("suggestion", True)):
            threads.append(threading.Thread(target=have, args=(name, first)))
            threads[-1].start()
            until(lambda: len(turn._waiting) == len(threads))
    for thread in threads:
        thread.join(30)
    assert order == ["suggestion", "still 1", "still 2"]


@pytest.mark.requirement("N3")
def test_frames_are_kept_while_it_works(aside: Aside, tmp_path: Path) -> None:
    """The job ends only when 45 frames have come, and none of its work is done by the process that records them.

    The probe holds as many frames as a machine at its limits may be late with: how fast that machine is, is not asked here.
    """
    gate = tmp_path / "enough"
    spent: list[float] = []
    working = threading.Thread(target=lambda: spent.append(aside.do(held, gate)))
    working.start()
    recorder = Recorder(
        lambda: SimulatedProbe(backlog=10_000), tmp_path / "spool", FormatRequest(width=640, height=480)
    )
    recorder.start()
    until(lambda: recorder.counters.kept + recorder.counters.lost >= 45, 120)
    counters = recorder.counters
    assert working.is_alive()
    gate.touch()
    working.join(60)
    recorder.stop()
    assert (counters.lost, counters.corrupt) == (0, 0) and spent[0] > 0
