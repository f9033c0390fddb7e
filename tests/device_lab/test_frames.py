"""Frames from the kernel's own UVC driver: whole, numbered, in time; what is missing is told."""

from __future__ import annotations

import itertools

import pytest

from tests.device_lab.camera.schedule import numbers
from tests.device_lab.conftest import Results

INTERVAL_NS = 1e9 / 30


def holes(found: list[int]) -> list[int]:
    """The numbers that are missing between the first and the last."""
    return sorted(set(range(found[0], found[-1] + 1)) - set(found))


@pytest.mark.requirement("C1")
def test_a_camera_is_found_with_its_identity_and_formats(lab: Results) -> None:
    found = lab["discovery"]
    info = found["info"]
    assert (info["id"], info["identity_rule"]) == ("uvc:1d6b:0102:SN-0001", "serial")
    assert (info["vendor_id"], info["product_id"], info["serial"]) == ("1d6b", "0102", "SN-0001")
    assert (info["port_path"], info["kind"], info["name"]) == ("1-1", "uvc", "UVC Portable Probe")
    assert found["manufacturer"] == "Software"
    assert [(f["encoding"], f["width"], f["height"]) for f in info["formats"]] == [
        (encoding, *size) for encoding in ("MJPEG", "YUYV") for size in ((1920, 1080), (1280, 720), (640, 480))
    ]
    assert all(f["fps"] == [60.0, 30.0, 15.0] for f in info["formats"])


def test_the_metadata_node_is_there_and_not_offered(lab: Results) -> None:
    assert lab["discovery"]["nodes"] == 2, "the camera has a capture and a metadata node; one device was found above"


def test_the_cameras_settings_can_be_read_and_set(lab: Results) -> None:
    found = lab["discovery"]
    assert found["controls"] == [["brightness", 40, 0, 100, 50]]
    assert found["taken"] == 70
    assert "0 to 100" in found["refused"]


@pytest.mark.requirement("C1")
def test_1080p_mjpeg_comes_byte_for_byte(lab: Results) -> None:
    found = lab["mjpeg_1080p"]
    assert found["agreed"] == "MJPEG 1920x1080 at 30/s"
    assert found["whole"] == len(found["frames"]) == 120
    assert found["damaged"] == []
    assert found["in_time"], "time stamps are not on the monotonic clock of the host"


def test_every_frame_that_was_sent_arrives_once_in_order(lab: Results) -> None:
    found = lab["mjpeg_1080p"]
    arrived = [frame[0] for frame in found["frames"]]
    sequence = [frame[1] for frame in found["frames"]]
    sent = numbers(found["stats"]["sent"])
    assert arrived == sent[: len(arrived)]
    assert sequence == list(range(len(sequence))), "the driver lost frames, or its numbers do not count them"


@pytest.mark.requirement("C1")
def test_yuyv_comes_byte_for_byte(lab: Results) -> None:
    found = lab["yuyv"]
    assert found["agreed"] == "YUYV 640x480 at 15/s"
    assert found["sizes"] == [640 * 480 * 2]
    assert found["ramp"]
    arrived = [frame[0] for frame in found["frames"]]
    assert set(arrived) <= set(numbers(found["stats"]["sent"]))
    assert arrived == sorted(set(arrived))


def test_frames_that_the_camera_never_sent_are_told_by_its_own_clock(lab: Results) -> None:
    found = lab["dropped_at_the_source"]
    frames = found["frames"]
    missing = holes([frame[0] for frame in frames])
    assert len(missing) >= 20
    sent = set(numbers(found["stats"]["sent"]))
    for before, after in itertools.pairwise(frames):
        # The driver counts what was sent, also where nobody took it in time; what was never sent it does not know of.
        lost_on_the_way = sum(number in sent for number in range(before[0] + 1, after[0]))
        assert after[1] - before[1] - 1 == lost_on_the_way, "the driver's own counter sees what was never sent"
    told = []
    for before, after in itertools.pairwise(frames):
        steps = round((after[3] - before[3]) / INTERVAL_NS)
        told += list(range(before[0] + 1, before[0] + steps))
    assert told == missing


def test_a_camera_without_time_stamps_gives_none(lab: Results) -> None:
    assert {frame[3] for frame in lab["without_time_stamps"]["frames"]} == {None}


def test_corrupt_frames_arrive_and_are_called_so(lab: Results) -> None:
    found = lab["corrupted"]
    arrived = {frame[0] for frame in found["frames"]}
    truly = [number for number in numbers(found["stats"]["corrupted"]) if number in arrived]
    assert sorted(map(int, found["damaged"])) == truly
    assert len(truly) >= 7
    assert all("cut short" in why for why in found["damaged"].values())


def test_a_raw_frame_that_the_driver_throws_away_leaves_a_hole_in_its_numbers(lab: Results) -> None:
    found = lab["raw_frames_cut_short"]
    arrived = {frame[0] for frame in found["frames"]}
    truly = set(numbers(found["stats"]["corrupted"]))
    assert not arrived & truly and found["damaged"] == []
    sequence = [frame[1] for frame in found["frames"]]
    thrown = [number for number in truly if number < max(arrived)]
    assert len(holes(sequence)) == len(thrown) >= 3


def test_another_size_than_agreed_ends_the_stream_with_the_reason(lab: Results) -> None:
    found = lab["size_changes"]
    assert (found["error"], found["size"]) == ("FrameSizeChanged", [640, 480])
    assert "640x480 instead of 1280x720" in found["said"]


def test_the_contract_of_every_source_holds_on_the_kernels_driver(lab: Results) -> None:
    found = lab["contract"]
    assert found["failed"] == {}
    assert found["code"] == 0 and len(found["passed"]) >= 20


def test_a_device_that_is_not_usb_streams_raw_pictures(lab: Results) -> None:
    found = lab["vivid"]
    info = found["info"]
    assert info["kind"] == "capture" and info["id"].startswith("capture:") and "/dev" not in info["id"]
    for stream in found["streams"].values():
        assert stream["sizes"] == [stream["expected"]]
        assert stream["damaged"] == [] and stream["rising"]
        counted = stream["sequence"][1:]  # vivid of kernel 6.1 now and then gives its first two frames the number 0
        assert counted == sorted(set(counted))
        assert set(stream["pts"]) == {None}


def test_frames_that_a_driver_lost_leave_holes_in_its_numbers(lab: Results) -> None:
    lossy = lab["vivid"]["lossy"][1:]
    assert lossy == sorted(set(lossy)) and holes(lossy)
