"""Cables pulled, silence, a busy device, two cameras at once: real kernel, real driver."""

from __future__ import annotations

import pytest

from tests.device_lab.camera.schedule import numbers
from tests.device_lab.conftest import Results


@pytest.mark.requirement("C1")
def test_a_pulled_camera_is_lost_and_comes_back_under_its_id(lab: Results) -> None:
    found = lab["unplug_and_replug"]
    assert len(found["rounds"]) == 3
    for each in found["rounds"]:
        assert each["error"] == "DeviceLost" and "cable" in each["said"]
        assert "is connected" in each["gone"]
        assert each["same_id"]
        assert len(each["after"]) == 5
    assert len(found["nodes"]) > 1, "it never came back under another node: the test shows less than it says"


def test_nothing_that_was_sent_before_the_pull_is_missing(lab: Results) -> None:
    found = lab["unplug_and_replug"]
    sent = numbers(found["stats"]["sent"])
    for each in found["rounds"]:
        read = each["numbers"]
        assert read == [number for number in sent if read[0] <= number <= read[-1]]


def test_a_silent_camera_is_stalled_and_goes_on(lab: Results) -> None:
    found = lab["stall_and_go"]
    assert (found["error"], found["again"]) == ("DeviceStalled", "DeviceStalled")
    assert "sent no picture for 1 s" in found["said"]
    assert 0.45 < found["waited_s"] < 5.0
    assert found["numbers"] == list(range(found["numbers"][0], found["numbers"][-1] + 1))


def test_a_camera_in_use_is_busy_and_still_listed(lab: Results) -> None:
    found = lab["busy"]
    assert found["refused"] == "DeviceBusy" and "another program" in found["said"]
    assert found["frames"] == 5, "the first reader was disturbed"
    assert found["listed"] == [found["id"]]


@pytest.mark.requirement("C1")
def test_two_cameras_stream_at_once(lab: Results) -> None:
    found = lab["two_cameras_at_once"]
    assert found["ids"] == ["uvc:1d6b:0102:A", "uvc:1d6b:0102:B"]
    for device_id, stats in zip(found["ids"], found["stats"], strict=True):
        read = found["numbers"][device_id]
        assert len(read) == 40
        assert read == [number for number in numbers(stats["sent"]) if read[0] <= number <= read[-1]]


@pytest.mark.requirement("C1")
def test_two_cameras_without_a_serial_are_told_apart_by_port_and_asked_about_when_moved(lab: Results) -> None:
    found = lab["two_without_a_serial"]
    assert found["apart"] == [
        ["uvc:1d6b:0102@1-1", "port", "1-1", None],
        ["uvc:1d6b:0102@1-2", "port", "1-2", None],
    ]
    assert found["asked"] == "DeviceAmbiguous"
    assert found["candidates"] == ["uvc:1d6b:0102@1-3"], "the one that was seen beside it is not a candidate"


def test_two_cameras_with_one_serial_go_by_port_also_when_one_is_gone(lab: Results) -> None:
    found = lab["two_with_one_serial"]
    assert found["both"] == [["uvc:1d6b:0102@1-1", "port"], ["uvc:1d6b:0102@1-2", "port"]]
    assert found["alone"] == [["uvc:1d6b:0102@1-1", "port"]]


def test_plugging_and_pulling_are_noticed_once_each_without_udevd(lab: Results) -> None:
    found = lab["hot_plug"]
    assert found["active"]
    assert (found["plugged"], found["pulled"]) == (1, 1)


def test_the_cameras_button_is_an_event(lab: Results) -> None:
    assert lab["button"] == {"presses": 2, "in_time": True}


def test_closing_ends_a_waiting_read(lab: Results) -> None:
    found = lab["close_while_reading"]
    assert found["ended"] == ["DeviceLost"]
    assert found["seconds"] < 5.0
