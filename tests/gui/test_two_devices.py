"""Two devices side by side, recorded into one study: each with its own counters, one of them heard by foot and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest

from archive import Archive
from mock_devices.faults import FaultPlan, Stall
from mock_devices.scenarios import SCENARIOS
from tests.gui.events import choose, press
from tests.gui.using import start
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.live.view import LiveView

pytestmark = [pytest.mark.window, pytest.mark.requirement("C1")]


def begin_two(program: Controller, second: str) -> None:
    """The simulated probe, and another one beside it."""
    start(program)
    press(program.window.live_panel.second)
    panel = program.window.second_device.panel
    until(lambda: panel.devices.findData(second) >= 0)
    choose(panel.devices, second)
    press(panel.run)
    until(lambda: program.window.second_device.view.frame is not None)


def test_two_devices_are_recorded_into_one_study(program: Controller) -> None:
    window, beside = program.window, program.window.second_device
    begin_two(program, "mock:late")
    assert window.width() == 1280 and abs(window.live_view.width() - beside.view.width()) < 8
    assert window.live_view.footed and not beside.view.footed
    until(lambda: beside.strip.kept.text().split()[0] not in ("", "0"))
    QTest.keyClick(window, Qt.Key_F7)
    until(lambda: len(program.desk.study.captures) == 1)

    QTest.mouseClick(beside.view, Qt.LeftButton)
    assert beside.view.footed and not window.live_view.footed
    QTest.keyClick(window, Qt.Key_F7)
    until(lambda: len(program.desk.study.captures) == 2)
    assert beside.view.flashing == "Still"
    QTest.keyClick(window, Qt.Key_C)
    assert program.pair.second.clipping and not program.live.clipping, "the key speaks to it as the foot does"
    program.new_study()
    assert "A clip is running" in window.strip.said.text(), "of the second device too"
    press(beside.panel.clip)
    until(lambda: len(program.desk.study.captures) == 3)
    devices = [capture.clip.stream.device.id for capture in program.desk.study.captures]
    assert devices == ["mock:normal", "mock:late", "mock:late"] and window.live_panel.captures.count() == 3

    program.tell_visit("patient_id", "P-1")
    until(lambda: not program.desk.unread)
    press(window.save)
    until(lambda: program.desk.stored and not program.desk.dirty)
    with Archive(program.desk.archive_root, create=False) as archive:
        rows = archive.objects(program.desk.study.visit.study_instance_uid)
    assert {one.key for one in program.desk.study.captures} <= {row.sop_instance_uid for row in rows}

    press(window.live_panel.second)
    assert not beside.isVisible() and not program.pair.second.running
    assert program.live.running and program.pair.focus is program.live and not window.live_view.footed


def test_one_device_is_not_opened_twice(program: Controller) -> None:
    start(program)
    press(program.window.live_panel.second)
    beside = program.window.second_device
    until(lambda: beside.panel.devices.findData("mock:normal") >= 0)
    choose(beside.panel.devices, "mock:normal")
    press(beside.panel.run)
    assert "shown beside already" in beside.view.message and not program.pair.second.running


def test_each_says_for_itself_that_it_is_stale(program: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = replace(SCENARIOS["stall"], plan=FaultPlan((Stall(seconds=600),)))
    monkeypatch.setitem(SCENARIOS, "stall", silent)
    begin_two(program, "mock:stall")
    first, second = program.window.live_view, program.window.second_device.view

    def told_stale(view: LiveView) -> bool:
        return any(text.startswith("STALE") for text in view.said)

    until(lambda: told_stale(second) and not told_stale(first) and second.age_s > first.age_s)
