"""The first steps: each is done by the window's own buttons, makes place for the next, and can be left at any time."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest

from tests.gui.using import press, start
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.guide.steps import STEPS, Done, next_open
from workstation.settings import load_settings

pytestmark = pytest.mark.window


def test_whoever_follows_the_steps_ends_with_a_saved_study(program: Controller) -> None:
    window, bar = program.window, program.window.guide
    assert bar.isHidden(), "a window that was asked for in another way is not talked into"
    program.guide.show()
    assert bar.isVisible() and "1/5" in bar.number.text() and window.page == "scan"
    start(program)
    until(lambda: "2/5" in bar.number.text())
    press(window.live_panel.still)
    until(lambda: "3/5" in bar.number.text())
    assert window.page == "label"
    canvas = window.label_player.canvas
    until(lambda: canvas.picture is not None)
    QTest.keyClick(canvas, "E")
    QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(330, 230))
    QTest.mouseRelease(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(360, 240))
    assert "3/5" in bar.number.text(), "it has no name yet: nobody is taken away from naming it"
    QTest.keyClicks(window.annotate_panel.picker.line, "fa")
    QTest.keyClick(window.annotate_panel.picker.line, Qt.Key_Return)
    until(lambda: "4/5" in bar.number.text())
    assert window.page == "patient"
    QTest.keyClicks(window.visit_form.patient_id, "TEST-1")
    press(window.save)
    until(lambda: "5/5" in bar.number.text())
    until(lambda: window.review_panel.studies.count() > 0)
    window.review_panel.studies.setCurrentRow(0)
    press(window.review_panel.open)
    until(lambda: "F1" in bar.says.text())
    assert not bar.next.isVisible()
    press(bar.close_guide)
    assert bar.isHidden()
    until(program.settings.path.exists)
    assert load_settings(program.settings.path).guide_seen


def test_a_step_can_be_skipped_and_done_ones_are_not_asked_again() -> None:
    assert next_open(Done()) == 0 and next_open(Done(running=True, captures=2)) == 2
    assert next_open(Done(running=True), after=1) == 2
    everything = Done(running=True, captures=1, named=1, stored=True, opened=True)
    assert next_open(everything) == len(STEPS)


def test_the_help_shows_it_again(program: Controller) -> None:
    program.window.keys.show()
    program.window.keys.guide_wanted.emit()
    assert program.window.guide.isVisible() and not program.window.keys.isVisible()
    press(program.window.guide.next)
    assert "2/5" in program.window.guide.number.text()
