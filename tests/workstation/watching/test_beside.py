"""The process beside the picture: it looks, answers, does slow work meanwhile, and its death is no harm."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence

import psutil
import pytest

from devices.source import Frame, PixelFormat
from imaging import Picture
from workstation.watching import Beside, Fact, Said
from workstation.watching.turns import Analysis, Turns

SIZE = (64, 48)


class Playing:
    """A stream whose frames are grey pictures of the level that the test sets."""

    def __init__(self) -> None:
        self.level = 0
        self.count = 0

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        time.sleep(0.005)
        self.count += 1
        data = bytes([self.level]) * (SIZE[0] * SIZE[1])
        return self.count, Frame(data, PixelFormat.GREY, *SIZE, time.monotonic_ns(), self.count)


class Level:
    """How bright the frame is; and, slowly, twice that."""

    name = "level"

    def __init__(self, slow_s: float = 0.3) -> None:
        self._slow_s = slow_s
        self._level = -1
        self._doubled: int | None = None
        self._for = -1

    def look(self, picture: Picture) -> Said:
        self._level = int(picture.bgr.mean())
        return Said((Fact("level", f"{self._level}"), Fact("twice", f"{self._doubled}"), Fact("pid", f"{os.getpid()}")))

    def slow(self) -> Callable[[], Callable[[], None]] | None:
        if self._for == self._level:
            return None
        self._for = level = self._level

        def double() -> Callable[[], None]:
            time.sleep(self._slow_s)

            def hand_over() -> None:
                self._doubled = 2 * level

            return hand_over

        return double


def make() -> Sequence[Analysis]:
    return (Level(),)


@pytest.fixture
def watched() -> Iterator[tuple[Playing, Beside]]:
    playing = Playing()
    beside = Beside(playing, make)
    beside.start()
    yield playing, beside
    beside.end()


def fact(beside: Beside, topic: str) -> str:
    seen = beside.seen
    return next((f.text for f in seen.facts if f.topic == topic), "") if seen else ""


def until(holds: Callable[[], bool], timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def test_quick_looks_go_on_while_slow_work_is_done(watched: tuple[Playing, Beside]) -> None:
    playing, beside = watched
    playing.level = 40
    until(lambda: fact(beside, "level") == "40")
    playing.level = 50
    until(lambda: fact(beside, "level") == "50" and fact(beside, "twice") != "100")
    until(lambda: fact(beside, "twice") == "100")


def test_a_process_that_dies_is_started_again(watched: tuple[Playing, Beside]) -> None:
    playing, beside = watched
    playing.level = 7
    until(lambda: fact(beside, "level") == "7")
    first = int(fact(beside, "pid"))
    os.kill(first, signal.SIGKILL)
    until(lambda: fact(beside, "pid") not in ("", str(first)))
    assert beside.deaths == 1 and not beside.failed


def test_nothing_is_left_when_it_ends() -> None:
    playing = Playing()
    beside = Beside(playing, make)
    beside.start()
    until(lambda: beside.seen is not None)
    child = int(fact(beside, "pid"))
    beside.end()
    beside.end()
    until(lambda: not psutil.pid_exists(child), 5)


def test_an_analysis_that_is_slow_looks_less_often() -> None:
    """Each has a share of one core: one look of 20 ms at a share of a tenth leaves 180 ms to the others."""

    class Burning:
        name = "burning"
        looks = 0

        def look(self, picture: Picture) -> Said:
            self.looks += 1
            until_s = time.thread_time() + 0.02
            while time.thread_time() < until_s:
                pass
            return Said()

        def slow(self) -> None:
            return None

    import numpy as np

    burning = Burning()
    turns = Turns([burning], share=0.1)
    picture = Picture(0, 0.0, np.zeros((8, 8, 3), np.uint8))
    end_s = time.monotonic() + 1.0
    while time.monotonic() < end_s:
        if turns.due():
            turns.look(picture, 0)
        time.sleep(0.001)
    turns.close()
    assert 2 <= burning.looks <= 6
