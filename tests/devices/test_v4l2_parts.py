"""What of the V4L2 driver needs no camera: error numbers, descriptors, metadata records. The rest is in the device lab."""

from __future__ import annotations

import errno
import os
import struct
import sys
import threading

import pytest

if sys.platform != "linux":
    pytest.skip("Video4Linux is Linux's", allow_module_level=True)

from devices import hotplug
from devices.errors import (
    BandwidthExceeded,
    DeviceBusy,
    DeviceDenied,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    FormatNotSupported,
)
from devices.listening import Listener
from devices.source import DeviceInfo
from devices.v4l2.camera_button import CameraButton, button_of
from devices.v4l2.errors import explain
from devices.v4l2.formats import rounded_fps
from devices.v4l2.metadata import last_pts
from devices.v4l2.nodes import parse_clock_frequency_hz
from devices.v4l2.source import V4l2Driver, V4l2Source
from tests.device_lab.camera.descriptors import SIZES, Identity, describe

NOBODY = DeviceInfo("uvc:dead:beef:1", "Nobody", "uvc", "dead", "beef", "1", "9-9", "serial")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EBUSY, DeviceBusy),
        (errno.EACCES, DeviceDenied),
        (errno.EPERM, DeviceDenied),
        (errno.ENOSPC, BandwidthExceeded),
        (errno.EINVAL, FormatNotSupported),
        (errno.ENOMEM, FormatNotSupported),
        (errno.ENODEV, DeviceLost),
        (errno.EIO, DeviceLost),
        (errno.ENOENT, DeviceLost),
        (errno.EXDEV, DeviceLost),
    ],
)
def test_each_error_number_is_one_sentence_for_a_person(number: int, kind: type[DeviceError]) -> None:
    error = explain(OSError(number, os.strerror(number)), "The grabber", starting=True)
    assert type(error) is kind
    assert "he grabber" in str(error) and str(error).endswith(".") and "Errno" not in str(error)


@pytest.mark.parametrize("number", [n for n in errno.errorcode if n not in (errno.EAGAIN, errno.EINTR)])
def test_no_error_number_is_left_unmapped(number: int) -> None:
    for starting in (True, False):
        assert isinstance(explain(OSError(number, os.strerror(number)), "x", starting=starting), DeviceError)


def test_no_space_is_the_bus_and_not_the_disk() -> None:
    said = str(explain(OSError(errno.ENOSPC, "No space left on device"), "The grabber", starting=True))
    for word in ("USB", "the disk is not full", "another USB controller", "MJPEG", "smaller size", "lower rate"):
        assert word in said


def test_the_clock_frequency_is_read_from_the_descriptors() -> None:
    described = describe(Identity(), SIZES, 27_000_000)
    assert parse_clock_frequency_hz(described.device + described.configuration) == 27_000_000


@pytest.mark.parametrize("cut", [0, 1, 5, 30, 47, 60])
def test_descriptors_cut_short_have_no_frequency_or_the_right_one(cut: int) -> None:
    described = describe(Identity(), SIZES, 27_000_000)
    whole = described.device + described.configuration
    assert parse_clock_frequency_hz(whole[:cut]) in (None, 27_000_000)
    assert parse_clock_frequency_hz(bytes(cut)) is None


def record(flags: int, *fields: bytes) -> bytes:
    header = b"".join(fields)
    return struct.pack("<QHBB", 123, 45, len(header) + 2, flags) + header


def test_the_last_stamp_of_a_frame_counts() -> None:
    first = record(0x8C, struct.pack("<I", 1000), bytes(6))
    second = record(0x8C, struct.pack("<I", 2000), bytes(6))
    without = record(0x88, bytes(6))
    assert last_pts(first + second + without) == 2000
    assert last_pts(without) is None
    assert last_pts(b"") is None


@pytest.mark.parametrize("cut", range(1, 22))
def test_records_cut_short_are_no_trouble(cut: int) -> None:
    whole = record(0x8C, struct.pack("<I", 1000), bytes(6))
    assert last_pts(whole[:cut]) in (None, 1000)
    assert last_pts(bytes(cut)) is None


def test_rates_are_what_was_meant() -> None:
    assert [rounded_fps(10_000_000 / n) for n in (166_666, 333_333, 333_667, 400_000)] == [60.0, 30.0, 29.97, 25.0]


def test_a_device_that_is_not_there_is_not_found_or_lost() -> None:
    with pytest.raises(DeviceNotFound, match="Nobody"):
        V4l2Driver().open(NOBODY)
    source = V4l2Source(NOBODY)
    with pytest.raises(DeviceLost, match="plug it in"):
        source.start()
    assert source.stream_format is None
    source.close()


def test_a_camera_without_a_button_says_so() -> None:
    assert button_of(NOBODY) is None
    with pytest.raises(DeviceError, match="no button"):
        CameraButton(NOBODY, print)


def test_a_watch_begins_and_ends() -> None:
    with hotplug.watch(lambda: None) as watch:
        active = [watch.active]
    active.append(watch.active)
    assert active == [True, False]
    watch.close()
    assert "hot-plug watch" not in [thread.name for thread in threading.enumerate()]


def test_a_listener_turns_when_there_is_something_and_when_time_is_up() -> None:
    read, write = os.pipe()
    turns: list[bool] = []
    done = threading.Event()

    def turn(ready: bool) -> float | None:
        turns.append(ready)
        if ready:
            os.read(read, 1)
            return 0.01
        done.set()
        return None

    listener = Listener(read, "test listener", turn)
    os.write(write, b"x")
    assert done.wait(5)
    listener.close()
    listener.close()
    os.close(read)
    os.close(write)
    assert turns == [True, False]


def test_a_listener_may_be_closed_from_within_and_tells_an_error() -> None:
    read, write = os.pipe()
    ended: list[OSError] = []
    closed, told = threading.Event(), threading.Event()
    listeners: list[Listener] = []

    def close_it(_ready: bool) -> float | None:
        listeners[0].close()
        closed.set()
        return None

    def fail(_ready: bool) -> float | None:
        raise OSError(errno.ENODEV, "gone")

    listeners.append(Listener(read, "closes itself", close_it))
    os.write(write, b"x")
    assert closed.wait(5)

    def tell(error: OSError) -> None:
        ended.append(error)
        told.set()

    second = Listener(read, "fails", fail, tell)
    assert told.wait(5)
    second.close()
    os.close(read)
    os.close(write)
    assert ended[0].errno == errno.ENODEV
