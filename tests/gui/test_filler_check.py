"""Filler is asked about as it is drawn: shadow and anisotropy look alike; and how bright a thing looks is one press."""

from __future__ import annotations

import pytest

from annotation import Add, Ellipse, Finding
from procedure.answers import Answer
from procedure.observing import unchecked_fillers
from tests.gui.using import press, take_still
from workstation.annotate.looks import ASKED
from workstation.controller import Controller

pytestmark = pytest.mark.window


@pytest.mark.requirement("S2")
@pytest.mark.requirement("S22")
def test_a_drawn_filler_asks_for_its_check_and_the_answer_is_in_the_record(program: Controller) -> None:
    take_still(program)
    window, desk = program.window, program.desk
    window.show_page("label")
    looks = window.annotate_panel.looks
    assert not looks.question.isVisible() and not looks.brightness.isVisible()
    shape = Ellipse.around((200, 150), (20, 10))
    filler = Finding(kind="filler", shape=shape, by="AB", image=desk.study.captures[0].key)
    desk.history.do(Add(filler))
    board = window.label_player.canvas.board
    board.select(filler.tracking_uid)
    window.label_player.canvas.selection_changed.emit()
    assert looks.question.isVisible() and ASKED in window.strip.said.text()
    assert unchecked_fillers(desk.history.document, desk.encounter.record) != ()

    press(looks.checks["second_plane"]._buttons["yes"])
    press(looks.checks["angle_changed"]._buttons["no"])
    (check,) = desk.encounter.record.filler_checks
    assert (check.tracking_uid, check.second_plane, check.angle_changed) == (
        filler.tracking_uid,
        Answer.YES,
        Answer.NO,
    )
    assert unchecked_fillers(desk.history.document, desk.encounter.record) == ()
    assert desk.encounter.changes[-1].what == "Filler check: angle changed no"

    press(looks.brightness._buttons["hypoechoic"])
    assert board.selected is not None and board.selected.echogenicity == "hypoechoic"
    press(looks.brightness._buttons["hypoechoic"])
    assert board.selected.echogenicity is None, "the same again takes it back"
    program.labels._board.history.undo()
    assert board.selected.echogenicity == "hypoechoic"
