"""A still is in the study with its press; its scale and settings follow, and nothing that is asked for in between is lost.

The reading of the screen is held up by a gate: what has to come before it comes while the gate is shut.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pydicom
import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest

from procedure.images import Mode
from procedure.states import State
from tests.gui.using import press, take_still
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.live.reading import ScreenReading

pytestmark = pytest.mark.window


@dataclass
class Gate:
    """Holds the reading up until it is opened; `begun` are the threads that came to it."""

    open: threading.Event = field(default_factory=threading.Event)
    begun: list[int] = field(default_factory=list)
    fault: Exception | None = None


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()

    real = ScreenReading._told

    def held(*words: Any) -> Any:
        made.begun.append(threading.get_ident())
        assert made.open.wait(60)
        if made.fault is not None:
            raise made.fault
        return real(*words)

    monkeypatch.setattr(ScreenReading, "_told", held)
    yield made
    made.open.set()


def draw_distance(program: Controller) -> None:
    canvas = program.window.label_player.canvas
    until(lambda: canvas.picture is not None)
    QTest.keyClick(canvas, "D")
    QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(300, 150))
    QTest.mouseMove(canvas, QPoint(300, 200))
    QTest.mouseRelease(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(300, 250))


def unit(program: Controller) -> str:
    (finding,) = program.desk.history.document.findings
    return finding.measurements[0].unit


def test_a_still_comes_before_its_screen_is_read_and_a_save_waits_for_it(program: Controller, gate: Gate) -> None:
    window, desk = program.window, program.desk
    program.tell_visit("patient_id", "P-7")
    program.tell_visit("laterality", "L")
    program.tell_visit("region", "nlf")
    program.encounter.scan.set_picture(mode=Mode.COLOUR)
    take_still(program)
    until(lambda: gate.begun)
    assert desk.unread and gate.begun[0] != threading.get_ident()
    (image,) = desk.encounter.record.images
    assert image.image_uid == desk.study.captures[0].key and image.mode is Mode.COLOUR

    window.show_page("label")
    draw_distance(program)
    assert unit(program) == "px" and "being read" in window.annotate_panel.known_length.says.text()
    canvas = window.label_player.canvas
    QTest.keyClick(canvas, "E")
    QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(400, 300))
    QTest.mouseMove(canvas, QPoint(420, 320))
    assert canvas.tool.draft is not None
    program.encounter.page.sign()
    assert "sign in a moment" in window._notice_text.text() and desk.encounter.record.state is State.DRAFT
    press(window.save)
    press(window.save)
    assert window.save.text() == "Saving…" and not desk.stored

    gate.open.set()
    until(lambda: not desk.unread)
    assert canvas.tool.draft is not None, "what is being drawn is not taken out of the hand"
    assert unit(program) == "mm" and not window.annotate_panel.known_length.isVisible()
    until(lambda: desk.stored)
    until(lambda: window.save.text() == "Saved")
    stored = pydicom.dcmread(
        next(desk.archive_root.rglob(f"{desk.study.captures[0].key}.dcm")), stop_before_pixels=True
    )
    assert stored.SequenceOfUltrasoundRegions[0].PhysicalDeltaX > 0
    program.encounter.page.sign()
    until(lambda: desk.encounter.fixed)
    until(lambda: not desk.dirty)


def test_a_fault_while_reading_is_said_and_keeps_no_study_from_the_archive(program: Controller, gate: Gate) -> None:
    gate.fault = RuntimeError("the engine is gone")
    program.tell_visit("patient_id", "P-7")
    take_still(program)
    press(program.window.save)
    gate.open.set()
    until(lambda: program.desk.stored)
    assert not program.desk.study.captures[0].scales


def test_a_window_closed_in_the_middle_of_a_save_closes_after_it(program: Controller, gate: Gate) -> None:
    program.tell_visit("patient_id", "P-7")
    take_still(program)
    press(program.window.save)
    program.window.close()
    assert program.window.isVisible() and "closes when it is" in program.window.strip.said.text()
    gate.open.set()
    until(lambda: not program.window.isVisible())
    assert program.desk.stored and not program.desk.dirty


def test_another_study_gets_nothing_of_the_one_before(program: Controller, gate: Gate) -> None:
    program.tell_visit("patient_id", "P-7")
    take_still(program)
    press(program.window.save)
    program.new_study()
    first = program.desk.study
    assert first.captures, "it begins when the first one is stored"
    gate.open.set()
    until(lambda: program.desk.study is not first)
    assert not program.desk.study.captures and not program.desk.stored and not program.desk.has_patient
    assert program.desk.encounter.record.images == ()
    start_again = program.window.live_panel
    press(start_again.still)
    until(lambda: start_again.captures.count() == 1)
    until(lambda: not program.desk.unread)
    assert len(program.desk.study.captures) == 1


@pytest.mark.usefixtures("screens_read")
def test_screens_are_read_by_another_process_and_its_death_keeps_the_still(program: Controller) -> None:
    said: list[str] = []
    program.live.notice.connect(said.append)
    take_still(program)
    killed: set[int] = set()

    def all_read() -> bool:
        pid = program.aside.pid
        if program.desk.unread and pid is not None and pid not in killed:  # the first only loaded its engine
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)
        return not program.desk.unread

    until(all_read)
    assert killed and os.getpid() not in killed
    assert len(program.desk.study.captures) == 1 and not program.desk.study.captures[0].scales
    assert "stay in pixels" in said[0] and "exit code -9" in said[0]
    assert program.aside.do(os.getpid) not in (os.getpid(), *killed), "the next one is read by a new process"
