"""The whole window on a real X server: the real recorder on the simulated probe, a real archive, mouse and keyboard."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from annotation import Ellipse
from archive import Archive
from mock_devices.faults import FaultPlan, Stall
from mock_devices.scenarios import SCENARIOS
from tests.gui.using import press, start
from tests.gui.waiting import until
from workstation.capture.recovery import leftovers
from workstation.controller import Controller
from workstation.drafts import KeptStudy
from workstation.palette import TARGET_PX, dress
from workstation.watching import Fact
from workstation.window import PAGES

pytestmark = pytest.mark.window


def trouble(program: Controller) -> str:
    return program.window._notice_text.text() if program.window.notice.isVisible() else ""


@pytest.mark.requirement("C3")
@pytest.mark.usefixtures("screens_read")
def test_a_visit_from_probe_to_reopened_study(program: Controller) -> None:
    window = program.window
    start(program)
    press(window.live_panel.still)
    press(window.live_panel.clip)
    QTest.qWait(600)
    press(window.live_panel.clip)
    until(lambda: window.live_panel.captures.count() == 2, 60)
    press(window.live_panel.last)
    until(lambda: window.live_panel.captures.count() == 3, 60)
    until(lambda: not program.desk.unread, 60)

    window.show_page("label")
    program.labels.show_capture(0)
    canvas = window.label_player.canvas
    until(lambda: canvas.picture is not None)
    QTest.keyClick(canvas, "E")
    centre = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, centre)
    QTest.mouseMove(canvas, centre + QPoint(40, 30))
    QTest.mouseRelease(canvas, Qt.LeftButton, Qt.NoModifier, centre + QPoint(60, 40))
    (vessel,) = program.desk.history.document.findings
    assert isinstance(vessel.shape, Ellipse) and vessel.term is None
    QTest.keyClicks(window.annotate_panel.picker.line, "fv")
    QTest.keyClick(window.annotate_panel.picker.line, Qt.Key_Return)
    named = program.desk.history.document.findings[0]
    assert (named.term, named.vessel_kind, named.measurements[0].unit) == ("fv", "vein", "mm")

    window.show_page("patient")
    QTest.keyClicks(window.visit_form.patient_id, "P-7")
    QTest.keyClick(window.visit_form.patient_id, Qt.Key_Return)
    press(window.save)
    until(lambda: program.desk.stored)
    assert window.save.text() == "Saved" and not trouble(program)

    window.show_page("review")
    until(lambda: window.review_panel.studies.count() == 1)
    first = window.review_panel.studies.item(0)
    assert first is not None and "P-7" in first.text()
    window.review_panel.studies.setCurrentRow(0)
    press(window.review_panel.open)
    until(lambda: window.review_panel.pictures.count() == 3)
    until(lambda: window.review_player.canvas.board.findings)
    (stored,) = window.review_player.canvas.board.findings
    assert stored.grey is not None, "a saved label tells its display grey"
    assert stored.changed(grey=None) == named
    assert not window.review_player.canvas.editable


def test_saving_asks_for_what_is_missing(program: Controller) -> None:
    window = program.window
    press(window.save)
    assert "nothing to save" in window.strip.said.text()
    start(program)
    press(window.live_panel.still)
    until(lambda: window.live_panel.captures.count() == 1)
    press(window.save)
    assert window.page == "patient" and "patient id" in window.strip.said.text()
    with Archive(program.desk.archive_root) as archive:
        assert archive.studies() == []


def test_the_frozen_picture_is_the_one_that_is_kept(program: Controller) -> None:
    window = program.window
    start(program)
    press(window.live_panel.freeze)
    frozen = window.live_view.frame
    assert frozen is not None
    QTest.qWait(300)
    press(window.live_panel.still)
    until(lambda: program.desk.study.captures)
    assert program.desk.study.captures[0].clip.frames[0].timestamp_ns == frozen.timestamp_ns


def test_labels_are_in_a_file_after_each_action(program: Controller) -> None:
    window = program.window
    start(program)
    press(window.live_panel.still)
    until(lambda: window.live_panel.captures.count() == 1)
    window.show_page("label")
    canvas = window.label_player.canvas
    until(lambda: canvas.picture is not None)
    QTest.keyClick(canvas, "P")
    QTest.mouseClick(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(200, 200))
    path = program.desk.autosave_path
    until(lambda: path.exists() and KeptStudy.model_validate_json(path.read_bytes()).document.findings)
    kept = KeptStudy.model_validate_json(path.read_bytes())
    assert kept.document == program.desk.history.document and len(kept.captures) == 1


def test_a_device_that_goes_away_is_said_and_waited_for(program: Controller) -> None:
    start(program, "mock:unplug")
    strip = program.window.strip
    until(lambda: "gone" in strip.state.text())
    assert trouble(program)
    until(lambda: strip.state.text() == "Live")


def test_a_device_that_falls_silent_is_stale_on_the_picture(
    program: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = replace(SCENARIOS["stall"], plan=FaultPlan((Stall(seconds=600),)))  # on a busy machine 3 s may go unseen
    monkeypatch.setitem(SCENARIOS, "stall", silent)
    start(program, "mock:stall")
    until(lambda: program.window.live_view.stale)


def test_another_patient_is_another_study(program: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    window = program.window
    start(program)
    press(window.live_panel.still)
    until(lambda: window.live_panel.captures.count() == 1)
    first = program.desk.study.visit.study_instance_uid
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.Cancel)
    program.new_study()
    assert program.desk.study.visit.study_instance_uid == first, "cancelled"
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.Yes)
    program.new_study()
    assert program.desk.study.visit.study_instance_uid != first
    assert window.live_panel.captures.count() == 0 and window.label_player.reel is None


NOT_SAVED = """
import sys
from pathlib import Path
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from tests.gui.using import press, start
from tests.gui.waiting import until
from workstation.controller import Controller
app = QApplication([])
program = Controller(Path(sys.argv[1]), device_id="mock:normal")
program.window.show()
program.begin()
program.tell_visit("patient_id", "P-9")
until(lambda: program.window.live_view.frame is not None)
program.live.still()
until(lambda: program.desk.study.captures)
if sys.argv[2] == "crash":
    import os, signal
    from annotation import Add, Finding, Point
    from workstation.drafts import KeptStudy
    key, path = program.desk.study.captures[0].key, program.desk.autosave_path
    program.desk.history.do(Add(Finding(kind="point", shape=Point(at=(9, 9)), name="tip", image=key, by="AB")))
    until(lambda: path.exists() and KeptStudy.model_validate_json(path.read_bytes()).document.findings)
    QTest.qWait(700)
    os.kill(os.getpid(), signal.SIGKILL)
program.window.hide()
program.end()
"""


@pytest.mark.parametrize("ending", ["closed", "crash"])
def test_what_was_not_saved_is_offered_at_the_next_start(app: QApplication, tmp_path: Path, ending: str) -> None:
    """A program of its own, because the spool is the living program's until it has ended."""
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", NOT_SAVED, str(tmp_path / "archive"), ending]
    done = subprocess.run(words, cwd=root, check=False, timeout=60)
    assert done.returncode == (0 if ending == "closed" else -9)
    (stream,) = leftovers(tmp_path / "archive")
    intent = stream.read_intent()
    assert stream.frames and intent is not None and intent["patient_id"] == "P-9"

    dress(app)
    program = Controller(tmp_path / "archive")
    program.window.show()
    program.begin()
    try:
        until(lambda: "left a recording" in trouble(program))
        press(program.window._notice_action)
        until(lambda: program.window.review_panel.studies.count() == 1)
        first = program.window.review_panel.studies.item(0)
        assert first is not None and "P-9" in first.text()
        assert leftovers(tmp_path / "archive") == []
        program.window.review_panel.studies.setCurrentRow(0)
        press(program.window.review_panel.open)
        until(lambda: program.review.opened is not None)
        assert program.review.opened is not None
        names = [f.name for f in program.review.opened.document.findings]
        assert names == (["tip"] if ending == "crash" else [])
    finally:
        program.window.close()
        program.end()
        program.window.deleteLater()


def test_it_says_what_it_is_and_promises_nothing(program: Controller) -> None:
    window = program.window
    assert window.strip.what.text() == "Documentation aid, not a diagnosis"
    start(program)
    assert window.live_view.simulated
    words = " ".join(
        [w.text() for w in window.findChildren(QLabel)]
        + [b.text() + b.toolTip() for b in window.findChildren(QPushButton)]
    ).casefold()
    for banned in ("safe", "detected", "diagnosed", "guarantee", "no vessel", "risk"):
        assert banned not in words


def test_what_is_pressed_is_large_enough(program: Controller) -> None:
    for page in PAGES:
        program.window.show_page(page)
        QTest.qWait(20)
        small = [
            button.text()
            for button in program.window.pages.currentWidget().findChildren(QPushButton)
            if button.isVisible() and button.height() < TARGET_PX - 2
        ]
        assert not small, page


def test_every_page_fits_the_smallest_window(program: Controller) -> None:
    """1280 x 720 less a title bar, with all that may stand there at once: a notice, the station guide, a dozen facts."""
    window = program.window
    program.tell_visit("region", "nlf")
    program.tell_visit("laterality", "L")
    window.live_panel.show_running(True)
    window.live_panel.facts.show_facts(
        [Fact(f"Topic {n}", "a sentence that is longer than a line " * 2) for n in range(12)]
    )
    window.tell("A sentence about something that is wrong.", trouble=True)
    for page in PAGES:
        window.show_page(page)
        QTest.qWait(20)
        assert window.minimumSizeHint().width() <= 1280, page
        assert window.minimumSizeHint().height() <= 680, page
    window.live_panel.show_running(False)
