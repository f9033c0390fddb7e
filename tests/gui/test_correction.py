"""A saved label that changes: the window asks why, and what was saved stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtTest import QTest

from annotation import Add, Finding, Point
from archive import Archive
from tests.gui.using import press
from tests.gui.waiting import until
from tests.workstation.recordings import recorded_clip
from workstation.controller import Controller
from workstation.studies.reading import reports_json, reports_of

pytestmark = pytest.mark.window


@pytest.mark.requirement("S20")
def test_the_reason_is_asked_for_once_there_is_something_to_correct(program: Controller, tmp_path: Path) -> None:
    window, desk = program.window, program.desk
    capture = desk.add(recorded_clip(tmp_path / "spool", 1), still=True)
    program.tell_visit("patient_id", "P-7")
    window.show_page("label")
    until(lambda: window.label_player.canvas.picture is not None)
    shape = Point(at=(10, 20))
    desk.history.do(Add(Finding(kind="point", shape=shape, by=desk.operator, image=capture.key, frame=0)))
    assert not window.annotate_panel.reason.isVisible()
    press(window.save)
    until(lambda: window.save.text() == "Saved", 60)
    assert not window.annotate_panel.reason.isVisible()

    window.label_player.canvas.undo()
    assert window.annotate_panel.reason.isVisible()
    QTest.keyClicks(window.annotate_panel.reason, "not that vein")
    press(window.save)
    until(lambda: window.save.text() == "Saved", 60)
    assert desk.study.reason == "" and not window.annotate_panel.reason.isVisible()
    with Archive(desk.archive_root) as archive:
        rows = reports_json(reports_of(archive.objects(desk.study.visit.study_instance_uid)).reports)
    assert [(row["version"], row["reason"], row["labels"]) for row in rows] == [(1, "", 1), (2, "not that vein", 0)]
