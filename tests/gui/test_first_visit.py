"""What somebody meets who sits down at the window for the first time: who is scanned, names, and what is said."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QWidget

from archive import Archive
from tests.gui.using import press, take_still
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.palette import DONE, WARNING

pytestmark = pytest.mark.window


def visit_the_patient_field(program: Controller, typed: str = "") -> None:
    """Put the focus into the patient id, type, and take the focus out again."""
    window = program.window
    window.show_page("patient")
    window.visit_form.patient_id.setFocus()
    QTest.keyClicks(window.visit_form.patient_id, typed)
    window.visit_form.operator.setFocus()
    window.show_page("scan")


def written_in(label: QWidget) -> str:
    """The colour that a label's text has on the screen."""
    return label.palette().color(label.foregroundRole()).name()


def rub_out(program: Controller) -> None:
    """Delete what stands in the patient id, with the keys."""
    line = program.window.visit_form.patient_id
    program.window.show_page("patient")
    line.setFocus()
    QTest.keyClick(line, Qt.Key_A, Qt.ControlModifier)
    QTest.keyClick(line, Qt.Key_Delete)


def assert_still_asks(program: Controller) -> None:
    assert not program.desk.has_patient
    press(program.window.save)
    assert program.window.page == "patient" and "patient id" in program.window.strip.said.text()
    with Archive(program.desk.archive_root) as archive:
        assert archive.studies() == []


@pytest.mark.parametrize("typed", ["", "   "])
def test_a_patient_field_left_empty_tells_no_patient(program: Controller, typed: str) -> None:
    take_still(program)
    visit_the_patient_field(program, typed)
    assert_still_asks(program)


def test_a_patient_id_that_was_deleted_is_no_patient(program: Controller) -> None:
    take_still(program)
    visit_the_patient_field(program, "P-7")
    assert program.desk.has_patient
    rub_out(program)
    program.window.visit_form.operator.setFocus()
    assert program.window.visit.text().startswith("Patient not told yet")
    assert_still_asks(program)


@pytest.mark.parametrize("typed", ["", "P-8"])
def test_the_save_key_saves_under_what_stands_in_the_field(program: Controller, typed: str) -> None:
    """The key takes no focus out of the field: what was typed last counts all the same."""
    take_still(program)
    visit_the_patient_field(program, "P-7")
    rub_out(program)
    QTest.keyClicks(program.window.visit_form.patient_id, typed)
    program.save()
    if typed:
        until(lambda: program.desk.stored)
        assert program.desk.study.visit.patient_id == "P-8"
    else:
        assert_still_asks(program)


def test_the_save_key_saves_nothing_under_an_id_that_is_refused(program: Controller) -> None:
    take_still(program)
    visit_the_patient_field(program, "P-7")
    rub_out(program)
    QTest.keyClicks(program.window.visit_form.patient_id, "a\\b")
    program.save()
    assert program.window.notice.isVisible() and program.window.save.text() == "Save study"
    QTest.qWait(300)
    assert not program.desk.stored


def test_looking_at_a_saved_study_leaves_it_saved(program: Controller) -> None:
    take_still(program)
    visit_the_patient_field(program, "P-7")
    press(program.window.save)
    until(lambda: program.desk.stored)
    visit_the_patient_field(program)
    assert not program.desk.dirty and program.window.save.text() == "Saved"


def draw_vessel(program: Controller, at: QPoint) -> None:
    """Draw an ellipse around `at` (pixels of the canvas) with the mouse."""
    window = program.window
    window.show_page("label")
    canvas = window.label_player.canvas
    until(lambda: canvas.picture is not None)
    canvas.choose_tool("vessel-ellipse")
    QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, at)
    QTest.mouseMove(canvas, at + QPoint(20, 20))
    QTest.mouseRelease(canvas, Qt.LeftButton, Qt.NoModifier, at + QPoint(40, 30))


def focus() -> QWidget:
    """What the keyboard speaks to."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_what_is_typed_after_drawing_is_the_name(program: Controller) -> None:
    take_still(program)
    draw_vessel(program, QPoint(300, 200))
    assert focus() is program.window.annotate_panel.picker.line
    QTest.keyClicks(focus(), "fv")
    QTest.keyClick(focus(), Qt.Key_Return)
    assert [f.term for f in program.desk.history.document.findings] == ["fv"]
    assert focus() is program.window.label_player.canvas


def test_the_keys_of_the_canvas_work_from_the_empty_name(program: Controller) -> None:
    take_still(program)
    draw_vessel(program, QPoint(300, 200))
    QTest.keyClick(focus(), Qt.Key_Z, Qt.ControlModifier)
    assert program.desk.history.document.findings == ()
    assert focus() is program.window.label_player.canvas
    draw_vessel(program, QPoint(300, 200))
    QTest.keyClick(focus(), Qt.Key_Escape)
    assert focus() is program.window.label_player.canvas
    assert len(program.desk.history.document.findings) == 1


def test_saving_says_where_and_what_has_no_name(program: Controller) -> None:
    take_still(program)
    visit_the_patient_field(program, "P-7")
    said, uid = program.window.strip.said, program.desk.study.visit.study_instance_uid
    press(program.window.save)
    until(lambda: program.desk.stored)
    assert said.text() == f"Saved 1 file in …/studies/{uid}"
    assert said.toolTip() == f"Saved 1 file in {program.desk.archive_root / 'studies' / uid}"
    assert written_in(said) == DONE
    draw_vessel(program, QPoint(300, 200))
    draw_vessel(program, QPoint(400, 300))
    press(program.window.save)
    until(lambda: not program.desk.dirty)
    assert said.text() == f"Saved 6 files in …/studies/{uid}   ·   2 labels have no name"
    assert program.window.width() == 1280, "a long sentence makes the window no wider"


def test_what_was_not_done_is_amber(program: Controller) -> None:
    said = program.window.strip.said
    press(program.window.save)
    assert "nothing to save" in said.text() and written_in(said) == WARNING
    take_still(program)
    press(program.window.save)
    assert "Whose study" in said.text() and written_in(said) == WARNING


def test_a_long_device_name_is_there_in_whole(program: Controller) -> None:
    devices = program.window.live_panel.devices
    until(lambda: devices.count() > 0)
    program.window.live_panel.choose("mock:wrong-size")
    assert devices.currentText().endswith("(mock:wrong-size)") and devices.toolTip() == devices.currentText()
    devices.showPopup()
    longest = max(devices.fontMetrics().horizontalAdvance(devices.itemText(n)) for n in range(devices.count()))
    assert devices.view().width() > longest
    devices.hidePopup()
