"""Filler is asked about as it is drawn: shadow and anisotropy look alike; and how bright a thing looks is one press."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotation import Add, Ellipse, Finding
from procedure.answers import Answer
from procedure.observing import unchecked_fillers
from tests.gui.using import press
from tests.gui.waiting import until
from tests.workstation.recordings import recorded_clip
from workstation.annotate.looks import ASKED
from workstation.controller import Controller

pytestmark = pytest.mark.window


@pytest.mark.requirement("S2")
@pytest.mark.requirement("S22")
def test_a_drawn_filler_asks_for_its_check_and_the_answer_is_in_the_record(program: Controller, tmp_path: Path) -> None:
    window, desk = program.window, program.desk
    capture = desk.add(recorded_clip(tmp_path / "spool", 1), still=True)
    window.show_page("label")
    until(lambda: window.label_player.canvas.picture is not None, 60)
    panel = window.annotate_panel
    question, brightness = panel.filler_question, panel.brightness
    assert not question.isVisible() and not brightness.isVisible()
    shape = Ellipse.around((30, 20), (8, 5))
    filler = Finding(kind="filler", shape=shape, by="AB", image=capture.key)
    desk.history.do(Add(filler))
    board = window.label_player.canvas.board
    board.select(filler.tracking_uid)
    window.label_player.canvas.selection_changed.emit()
    assert question.isVisible() and brightness.isVisible() and ASKED in window.strip.said.text()
    assert unchecked_fillers(desk.history.document, desk.encounter.record) != ()

    press(question.checks["second_plane"]._buttons["yes"])
    press(question.checks["angle_changed"]._buttons["no"])
    (check,) = desk.encounter.record.filler_checks
    assert (check.tracking_uid, check.second_plane, check.angle_changed) == (
        filler.tracking_uid,
        Answer.YES,
        Answer.NO,
    )
    assert unchecked_fillers(desk.history.document, desk.encounter.record) == ()
    assert desk.encounter.changes[-1].what == "Filler check: angle changed no"

    brightness.setCurrentIndex(brightness.findData("hypoechoic"))
    brightness.activated.emit(brightness.currentIndex())
    assert board.selected is not None and board.selected.echogenicity == "hypoechoic"
    desk.history.undo()
    assert board.selected.echogenicity is None and brightness.currentData() == ""
