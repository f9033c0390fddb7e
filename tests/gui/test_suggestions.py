"""Vision suggests on the label page, a person accepts or rejects with a key, and only what was accepted is a finding."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest

from annotation import Document
from dicom_io import read_report
from imaging.errors import CannotTell
from tests.gui.using import press, take_still
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.studies.reading import REPORT_CLASSES

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def still_on_the_label_page(program: Controller) -> None:
    take_still(program)
    until(lambda: not program.desk.unread, 180)
    program.window.show_page("label")
    until(lambda: program.window.label_player.canvas.picture is not None)


def document(program: Controller) -> Document:
    return program.desk.history.document


def test_suggestions_are_judged_one_by_one_and_only_accepted_ones_are_reported(program: Controller) -> None:
    window, canvas = program.window, program.window.label_player.canvas
    press(window.annotate_panel.suggest)
    assert not window.annotate_panel.suggest.isEnabled(), "one search at a time"
    until(lambda: document(program).findings, 180)
    found = document(program).findings
    assert len(found) >= 3 and {f.status for f in found} == {"suggested"} and window.annotate_panel.suggest.isEnabled()
    assert canvas.board.selected == found[0] and window.annotate_panel.confirm.isVisible()

    QTest.keyClick(canvas, "A")
    assert canvas.board.selected == found[1], "the next one comes up by itself"
    QTest.keyClick(canvas, "R")
    QTest.keyClick(canvas, Qt.Key_Return)
    left = document(program).findings
    assert [f.tracking_uid for f in left if f.status == "confirmed"] == [found[0].tracking_uid, found[2].tracking_uid]
    assert found[1].tracking_uid not in {f.tracking_uid for f in left}
    assert {f.by for f in left if f.status == "confirmed"} == {program.desk.operator}
    canvas.undo()
    canvas.undo()
    assert found[1] in document(program).findings, "what was rejected comes back"
    canvas.redo()
    canvas.redo()

    press(window.annotate_panel.suggest)
    until(lambda: window.annotate_panel.suggest.isEnabled(), 180)
    again = document(program).findings
    assert [f for f in again if f.status == "confirmed"] == [f for f in left if f.status == "confirmed"]
    assert len([f for f in again if f.status == "suggested"]) == len(found), "those that waited are replaced"

    program.tell_visit("patient_id", "P-9")
    program.save()
    until(lambda: program.desk.stored, 180)
    reports = [p for p in program.desk.archive_root.rglob("*.dcm") if _is_report(p)]
    assert reports
    told = [f for path in reports for f in read_report(path).findings]
    assert {f.tracking_uid for f in told} == {found[0].tracking_uid, found[2].tracking_uid}


def _is_report(path: Path) -> bool:
    import pydicom

    return str(pydicom.dcmread(path, stop_before_pixels=True).SOPClassUID) in REPORT_CLASSES


def test_the_window_answers_while_the_search_runs(program: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search is held up; keys and the picture go on, and its answer is of the frame that it was asked for."""
    gate, threads = threading.Event(), []
    real = program.aside.do

    def held(*words: Any, first: bool = False) -> Any:
        assert first, "a person waits for it"
        threads.append(threading.get_ident())
        gate.wait(20)
        return real(*words, first=first)

    monkeypatch.setattr(program.aside, "do", held)
    canvas = program.window.label_player.canvas
    press(program.window.annotate_panel.suggest)
    until(lambda: threads)
    QTest.keyClick(canvas, "E")
    assert canvas.tool.id == "vessel-ellipse" and threads[0] != threading.get_ident()
    assert not document(program).findings
    gate.set()
    until(lambda: document(program).findings, 180)

    def refuse(*_words: Any, first: bool = False) -> Any:
        raise CannotTell("No ultrasound picture is seen: nothing is suggested.")

    said: list[str] = []
    program.labels.notice.connect(said.append)
    monkeypatch.setattr(program.aside, "do", refuse)
    before = document(program)
    press(program.window.annotate_panel.suggest)
    until(lambda: said, 180)
    assert "No ultrasound picture" in said[0] and program.window.annotate_panel.suggest.isEnabled()
    assert document(program) == before
