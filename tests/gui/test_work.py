"""Slow work: answers come back in the window's thread, stale ones are dropped, faults show themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PyQt5.QtWidgets import QApplication

from archive import NotFound
from tests.gui.waiting import until
from workstation.work import Work

pytestmark = pytest.mark.window


@pytest.fixture
def work(app: QApplication) -> Iterator[Work]:
    made = Work(threads=2)
    yield made
    made.close()


def test_the_answer_comes_in_the_window_s_thread(work: Work) -> None:
    seen: list[tuple[int, int]] = []
    work.ask("sum", "Adding", lambda: (threading.get_ident(), 1 + 1), seen.append)
    until(lambda: seen)
    assert seen[0][1] == 2 and seen[0][0] != threading.get_ident()


def test_of_one_topic_only_the_newest_answer_counts(work: Work) -> None:
    seen: list[str] = []

    def slowly() -> str:
        time.sleep(0.2)
        return "old"

    first = work.ask("list", "Listing", slowly, seen.append)
    second = work.ask("list", "Listing", lambda: "new", seen.append)
    until(lambda: seen)
    until(lambda: not work._open)
    assert seen == ["new"] and second.number > first.number


def test_what_the_user_can_mend_is_said(work: Work) -> None:
    said: list[str] = []
    own: list[str] = []
    work.failed.connect(said.append)

    def missing() -> None:
        raise NotFound("There is no such study: list them again.")

    work.ask("open", "Opening", missing, lambda _none: None)
    work.ask("open mine", "Opening", missing, lambda _none: None, own.append)
    until(lambda: said and own)
    assert said == own == ["There is no such study: list them again."]


def test_it_says_what_is_being_done(work: Work) -> None:
    told: list[str] = []
    work.busy_changed.connect(told.append)
    work.ask("save", "Saving", lambda: time.sleep(0.05), lambda _none: None)
    until(lambda: told[-1:] == [""])
    assert told == ["Saving", ""]


def test_closing_finishes_what_was_asked_for_and_answers_nothing(app: QApplication) -> None:
    work = Work(threads=1)
    done: list[int] = []
    answered: list[object] = []
    for number in range(3):
        work.ask(f"write {number}", "Writing", lambda number=number: done.append(number), answered.append)  # type: ignore[misc]
    work.close()
    app.processEvents()
    assert done == [0, 1, 2] and not answered
