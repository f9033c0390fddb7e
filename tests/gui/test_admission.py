"""The window where sign-in is set up: who comes in, what is hidden, what goes on; an emergency waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLabel, QMainWindow

from archive import Archive
from procedure.states import State
from tests.gui.using import press, start
from tests.gui.waiting import until
from tests.workstation.people.clinic import PASSWORD, clinic, make_hashing_quick
from tests.workstation.people.records import store_draft
from workstation.admission import ReaderLock
from workstation.controller import Controller
from workstation.people import Gate, Role, load_accounts
from workstation.work import Work

pytestmark = [pytest.mark.window, pytest.mark.requirement("S20")]


@pytest.fixture
def program(app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    make_hashing_quick(monkeypatch)
    clinic(tmp_path / "archive")
    store_draft(tmp_path / "archive", "2.25.1", "C. Clinician")
    made = Controller(tmp_path / "archive")
    made.window.resize(1280, 700)
    made.window.show()
    made.window.activateWindow()
    assert QTest.qWaitForWindowActive(made.window)
    made.begin()
    yield made
    made.desk.saved(made.desk.draft())
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def sign_in(program: Controller, account: str, password: str = PASSWORD) -> None:
    page = program.admission.page
    until(lambda: page.name.findData(account) >= 0 and page.enter.isEnabled())
    page.name.setCurrentIndex(page.name.findData(account))
    page.password.setFocus()
    QTest.keyClicks(page.password, password)
    QTest.keyClick(page.password, Qt.Key_Return)
    until(lambda: page.enter.isEnabled())


def told(program: Controller) -> list[tuple[str, str]]:
    from audit.trail import read_message

    with Archive(program.desk.archive_root) as kept:
        events = [read_message(message) for _, message in kept.told()]
    return [(event.act.word, event.by) for event in events if event.act.word != "accounts changed"]


def test_nothing_is_seen_or_pressed_before_somebody_signs_in(program: Controller) -> None:
    window, admission = program.window, program.admission
    assert admission.is_locked and not window.centralWidget().isVisible() and admission.page.isVisible()
    assert admission.page.size() == window.size()
    QTest.keyClick(window, Qt.Key_1, Qt.ControlModifier)
    QTest.keyClick(window, Qt.Key_F1)
    assert window.page == "scan" and not window.keys.isVisible()
    sign_in(program, "clinician", "not the right words")
    assert admission.is_locked and "do not fit" in admission.page.sentence.text()
    sign_in(program, "clinician")
    assert not admission.is_locked and window.who.text() == "C. Clinician"
    assert program.desk.study.visit.operator == program.desk.operator == "C. Clinician"
    assert not program.tell_visit("operator", "Somebody Else")
    QTest.keyClick(window, Qt.Key_1, Qt.ControlModifier)
    assert window.page == "patient"


def test_who_may_read_only_has_those_pages_and_an_administrator_none(program: Controller) -> None:
    sign_in(program, "administrator")
    assert program.admission.is_locked and "opens no records" in program.admission.page.sentence.text()
    sign_in(program, "reviewer")
    buttons = program.window.page_buttons
    assert {name for name, button in buttons.items() if button.isEnabled()} == {"compare", "review"}
    assert program.window.page == "compare" and not program.admission.may_capture()
    program.save()
    assert "may not record" in program.window._notice_text.text()


def test_a_trainee_does_not_go_on_with_another_s_record(program: Controller) -> None:
    sign_in(program, "trainee")
    program.window.show_page("review")
    until(lambda: program.window.review_panel.studies.count() > 0)
    program.review.open("2.25.1")
    until(lambda: program.review.opened is not None)
    program._go_on()
    assert not program.desk.stored and "somebody else's" in program.window._notice_text.text()
    program.window.who.click()
    sign_in(program, "clinician")
    assert program.review.opened is None, "what another had open is closed"
    program.review.open("2.25.1")
    until(lambda: program.review.opened is not None)
    program._go_on()
    assert program.desk.stored
    program.encounter.page.sign()
    assert program.desk.encounter.record.state is State.FINAL
    until(lambda: not program.saving.saving and not program.desk.dirty)
    program.encounter.page.attest()
    assert "may not attest a record" in program.window._notice_text.text(), "it is her own"
    assert program.desk.encounter.record.state is State.FINAL
    until(lambda: ("opened", "clinician") in told(program))
    assert ("refused", "trainee") in told(program) and ("signed out", "trainee") in told(program)


def test_it_locks_when_idle_but_not_in_the_middle_and_recording_goes_on(program: Controller) -> None:
    sign_in(program, "trainee")
    start(program)
    admission, panel = program.admission, program.window.live_panel
    admission._idle_s = 0.0
    press(panel.clip)
    until(lambda: program.live.clipping)
    admission._look()
    assert not admission.is_locked, "a clip is running"
    press(panel.clip)
    until(lambda: panel.captures.count() == 1)
    admission._look()
    assert admission.is_locked and "T. Trainee's work is in hand" in admission.page.meanwhile.text()
    assert not program.window.live_view.isVisible() and program.live.running
    program.hands._do("short", None)
    until(lambda: panel.captures.count() == 2)
    admission._idle_s = 600.0
    sign_in(program, "reviewer")
    assert admission.is_locked and "only T. Trainee or a clinician" in admission.page.sentence.text()
    sign_in(program, "trainee")
    assert not admission.is_locked and program.window.live_view.isVisible()
    assert ("signed out", "trainee") in told(program)


@pytest.mark.requirement("S15")
def test_a_complication_waits_for_nobody(program: Controller) -> None:
    QTest.keyClick(program.window, Qt.Key_F12)
    until(lambda: program.encounter.complication.running)
    admission, window = program.admission, program.window
    assert not admission.is_locked and window.page == "encounter" and window.who.text() == "Not signed in"
    assert not window.page_buttons["review"].isEnabled() and window.page_buttons["scan"].isEnabled()
    admission._idle_s = 0.0
    admission._look()
    assert not admission.is_locked, "it runs"
    program.tell_visit("patient_id", "E-1")
    program.save()
    until(lambda: program.desk.stored and not program.saving.saving)
    with Archive(program.desk.archive_root) as kept:
        assert any(study.patient_id == "E-1" for study in kept.studies())
    until(lambda: "emergency" in [word for word, _ in told(program)])
    admission._idle_s = 600.0
    window.who.click()
    sign_in(program, "clinician")
    assert program.encounter.complication.running and window.who.text() == "C. Clinician"


def test_the_reviewer_s_window_locks_and_only_the_reader_comes_back(
    app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_hashing_quick(monkeypatch)
    gate = Gate(clinic(tmp_path / "archive", (Role.REVIEWER,)).root)
    reader = load_accounts(gate.root).find("reviewer")
    assert reader is not None
    work, window = Work(), QMainWindow()
    window.setCentralWidget(QLabel("a patient's picture"))
    lock = ReaderLock(window, work, gate, reader, idle_s=600.0)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    lock.begin()
    lock._look()
    assert not lock.is_locked
    lock.idle_s = 0.0
    lock._look()
    assert lock.is_locked and not window.centralWidget().isVisible() and not lock.page.rescue.isVisible()
    assert [lock.page.name.itemData(n) for n in range(lock.page.name.count())] == ["reviewer"]
    for password, locked in (("not the right words", True), (PASSWORD, False)):
        lock.idle_s = 600.0
        QTest.keyClicks(lock.page.password, password)
        QTest.keyClick(lock.page.password, Qt.Key_Return)
        until(lambda: lock.page.enter.isEnabled())
        assert lock.is_locked is locked
    assert window.centralWidget().isVisible()
    lock.end()
    work.close()
    window.close()
    window.deleteLater()
