"""A picture whose screen tells no scale gets one from a distance that the person knows, on the label page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest

from tests.gui.using import press
from tests.gui.waiting import until
from tests.workstation.recordings import recorded_clip
from workstation.controller import Controller
from workstation.desk import scale_of_capture
from workstation.probe_screen.scales import picture_of
from workstation.probe_screen.screens import Told
from workstation.probe_screen.two_points import recalled

pytestmark = pytest.mark.window


def drawn_distance(program: Controller) -> float:
    """Draw a distance with the mouse; its length in pixels."""
    canvas = program.window.label_player.canvas
    QTest.keyClick(canvas, "D")
    QTest.mousePress(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(400, 150))
    QTest.mouseMove(canvas, QPoint(400, 300))
    QTest.mouseRelease(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(400, 350))
    (finding,) = program.desk.history.document.findings
    assert finding.measurements[0].unit == "px"
    return finding.measurements[0].value


def test_a_known_distance_gives_millimetres_and_can_be_taken_back(program: Controller, tmp_path: Path) -> None:
    said: list[str] = []
    program.labels.notice.connect(said.append)
    still = recorded_clip(tmp_path / "archive" / "spool", 1)
    capture = program.desk.add(still, still=True, told=Told())
    program.labels.list_captures()
    window, row = program.window, program.window.annotate_panel.known_length
    window.show_page("label")
    until(lambda: window.label_player.canvas.picture is not None)
    until(lambda: row.isVisible())
    assert "No scale" in row.says.text() and not row.set.isVisible()

    pixels = drawn_distance(program)
    assert row.set.isVisible() and not row.take_away.isVisible()
    row.length.setValue(12.0)
    press(row.set)
    until(lambda: said, 180)
    (finding,) = program.desk.history.document.findings
    assert (finding.measurements[0].unit, finding.measurements[0].value) == ("mm", 12.0)
    assert "remembered" in said[-1] and row.take_away.isVisible() and not row.set.isVisible()
    until(lambda: window.label_player.canvas.board.selected is not None)
    scale = scale_of_capture(program.desk.study.captures[0])
    assert scale is not None and scale.mm_per_pixel_y == pytest.approx(12.0 / pixels, rel=1e-3)
    picture = picture_of(still, 0)
    assert picture is not None
    known = recalled(picture)
    assert known is not None and known.scale.mm_per_pixel_y == scale.mm_per_pixel_y

    press(row.take_away)
    until(lambda: len(said) == 2, 180)
    (finding,) = program.desk.history.document.findings
    assert finding.measurements[0].unit == "px" and recalled(picture) is None and row.says.isVisible()

    program.tell_visit("patient_id", "P-7")
    program.save()
    until(lambda: program.desk.stored, 180)
    until(lambda: window.label_player.canvas.board.image == capture.key)
    window.label_player.canvas.board.select(finding.tracking_uid)
    press(row.set)
    until(lambda: "saved already" in said[-1], 180)
    assert not program.desk.study.captures[0].scales
