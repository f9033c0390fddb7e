"""The portable driver, on captures that OpenCV itself opens: files here, real cameras in the device lab.

A file goes through the same class as a camera; what only a camera does (go silent, go away) is played by a double of
`cv2.VideoCapture`, the hardware's side of the driver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg

from devices.cv import cv2
from devices.errors import DeviceBusy, DeviceLost, DeviceNotFound, DeviceStalled, FormatNotSupported, FrameSizeChanged
from devices.opencv.driver import OpenCvDriver, OpenCvSource, kernel_cameras, name_cameras
from devices.opencv.modes import classify
from devices.opencv.source import FrameClock
from devices.source import DeviceInfo, FormatRequest, FrameSource, PixelFormat
from tests.contracts.silent_contract import SilentSourceContract
from tests.contracts.source_contract import SourceContract
from tests.devices.clips import drawn, drawn_jpegs, write_mjpeg

INFO = DeviceInfo("capture:a-file", "A file", "capture", identity_rule="name")
MANY = 60


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mjpeg(tmp_path_factory.mktemp("opencv") / "many.mkv", drawn_jpegs(MANY))


def packets_of(path: Path) -> Callable[[], Any]:
    return lambda: cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])


def pictures_of(path: Path) -> Callable[[], Any]:
    return lambda: cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)


class TestUntouched(SourceContract):
    expected_size = (160, 120)
    expected_format = PixelFormat.MJPEG
    counts_frames = False

    @pytest.fixture
    def make_source(self, video: Path) -> Callable[[], FrameSource]:
        return lambda: OpenCvSource(INFO, packets_of(video))


class TestDecoded(SourceContract):
    expected_size = (160, 120)
    expected_format = PixelFormat.BGR24
    counts_frames = False

    @pytest.fixture
    def make_source(self, video: Path) -> Callable[[], FrameSource]:
        return lambda: OpenCvSource(INFO, pictures_of(video))


class Camera:
    """What OpenCV shows of a camera: pictures one after another, then `after`: 'gone', 'silent' or 'error'."""

    def __init__(
        self, pictures: Iterator[np.ndarray], after: str = "gone", wait_s: float = 0.4, driver_clock: bool = True
    ):
        self._pictures = pictures
        self._after = after
        self._wait_s = wait_s
        self._driver_clock = driver_clock
        self._position_ms = 0.0
        self.released = False

    def isOpened(self) -> bool:
        return True

    def get(self, name: int) -> float:
        return {
            cv2.CAP_PROP_FRAME_WIDTH: 160.0,
            cv2.CAP_PROP_FRAME_HEIGHT: 120.0,
            cv2.CAP_PROP_FPS: 30.0,
            cv2.CAP_PROP_POS_MSEC: self._position_ms,
        }.get(name, 0.0)

    def set(self, name: int, value: float) -> bool:
        return False

    def read(self) -> tuple[bool, np.ndarray | None]:
        picture = next(self._pictures, None)
        if picture is not None:
            time.sleep(0.005)
            self._position_ms = (time.monotonic_ns() - 3_000_000) / 1e6 if self._driver_clock else 0.0
            return True, picture
        if self._after == "error":
            raise cv2.error("broken")
        if self._after == "silent":
            time.sleep(self._wait_s)
        return False, None

    def release(self) -> None:
        self.released = True


def as_row(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.uint8).reshape(1, -1)


def rows(count: int) -> Iterator[np.ndarray]:
    return iter([as_row(data) for data in drawn_jpegs(count)])


class TestSilentCamera(SilentSourceContract):
    @pytest.fixture
    def make_silent_source(self) -> Callable[[], FrameSource]:
        def make() -> FrameSource:
            source = OpenCvSource(INFO, lambda: Camera(rows(1), "silent"))
            start = source.start

            def start_and_take(request: FormatRequest | None = None) -> Any:
                agreed = start(request)
                source.read()  # OpenCV shows what it delivers by its first frame alone: after that it is silent
                return agreed

            source.start = start_and_take  # type: ignore[method-assign]
            return source

        return make


@pytest.mark.requirement("N3")
def test_mjpeg_is_handed_over_untouched_and_said_to_be(video: Path) -> None:
    with OpenCvSource(INFO, packets_of(video)) as source:
        assert "Not known" in source.delivers
        source.start()
        frames = [source.read() for _ in range(MANY)]
        assert [frame.data for frame in frames] == drawn_jpegs(MANY)
        assert "untouched" in source.delivers and "arrival" in source.delivers
        assert {frame.sequence for frame in frames} == {None}


def test_decoded_pictures_are_said_to_be_decoded(video: Path) -> None:
    with OpenCvSource(INFO, pictures_of(video)) as source:
        source.start()
        frame = source.read()
        wanted = simplejpeg.decode_jpeg(drawn_jpegs(1)[0], colorspace="BGR")
        got = np.frombuffer(frame.data, np.uint8).reshape(120, 160, 3)
        assert np.abs(got.astype(int) - wanted).mean() < 4
        assert "decoded" in source.delivers


def test_a_slow_reader_of_a_file_loses_nothing(video: Path) -> None:
    with OpenCvSource(INFO, packets_of(video)) as source:
        source.start()
        time.sleep(0.3)  # the thread fills what may wait, and waits itself
        assert [source.read().data for _ in range(MANY)] == drawn_jpegs(MANY)


def test_the_driver_s_times_are_taken_where_they_are_monotonic() -> None:
    with OpenCvSource(INFO, lambda: Camera(rows(8))) as source:
        source.start()
        frames = [source.read() for _ in range(8)]
        assert "driver's" in source.delivers
        times = [frame.timestamp_ns for frame in frames]
        assert times == sorted(times) and len(set(times)) == 8


@pytest.mark.parametrize("nonsense", [0.0, -1.0, float("inf"), 1e12, float("nan")])
def test_times_that_make_no_sense_are_not_believed(nonsense: float) -> None:
    clock = FrameClock()
    now = 50_000_000_000
    assert clock.stamp(nonsense, now) == now
    assert clock.of_driver is False
    assert clock.stamp(50_000.5, now + 1_000_000) == now + 1_000_000, "once wrong, never asked again"


def test_a_clock_that_stands_still_is_given_up() -> None:
    clock = FrameClock()
    assert clock.stamp(1000.0, 1_001_000_000) == 1_000_000_000
    assert clock.stamp(1000.0, 1_034_000_000) == 1_034_000_000
    assert clock.of_driver is False


def test_a_device_that_goes_away_is_lost_once_its_frames_are_read() -> None:
    camera = Camera(rows(3), "gone")
    with OpenCvSource(INFO, lambda: camera) as source:
        source.start()
        for _ in range(3):
            source.read()
        for _ in range(2):
            with pytest.raises(DeviceLost):
                source.read(3.0)
    assert camera.released


def test_an_error_inside_opencv_is_a_lost_device() -> None:
    with OpenCvSource(INFO, lambda: Camera(rows(2), "error")) as source:
        source.start()
        source.read(), source.read()
        with pytest.raises(DeviceLost):
            source.read(3.0)


def test_a_device_that_never_sends_is_a_stall_at_the_start() -> None:
    camera = Camera(iter(()), "silent")
    source = OpenCvSource(INFO, lambda: camera)
    with pytest.raises(DeviceStalled):
        source.start()
    assert camera.released and source.stream_format is None


def test_a_device_that_cannot_be_opened_is_busy(tmp_path: Path) -> None:
    source = OpenCvSource(INFO, packets_of(tmp_path / "none.avi"))
    with pytest.raises(DeviceBusy, match="another program"):
        source.start()


@pytest.mark.parametrize("kind", ["jpeg", "picture"])
def test_a_change_of_size_is_told(kind: str) -> None:
    small = as_row(drawn_jpegs(1, 80, 60)[0]) if kind == "jpeg" else drawn(0, 80, 60)
    large = as_row(drawn_jpegs(1)[0]) if kind == "jpeg" else drawn(0)
    with OpenCvSource(INFO, lambda: Camera(iter([large, large, small, small]))) as source:
        source.start()
        source.read(), source.read()
        if kind == "jpeg":
            assert "80x60 instead of" in (source.read().damage or ""), "one alone may be a wrong byte in its headers"
        with pytest.raises(FrameSizeChanged) as caught:
            source.read()
    assert (caught.value.width, caught.value.height) == (80, 60)


def test_a_jpeg_cut_short_is_handed_on_for_the_recorder_to_count() -> None:
    whole = drawn_jpegs(1)[0]
    with OpenCvSource(INFO, lambda: Camera(iter([as_row(whole), as_row(whole[:700]), as_row(whole)]))) as source:
        source.start()
        assert [source.read().data for _ in range(3)] == [whole, whole[:700], whole]


def test_raw_frames_are_told_by_their_shape() -> None:
    size = (160, 120)
    assert classify(np.zeros((120, 160, 3), np.uint8), size) is PixelFormat.BGR24
    assert classify(np.zeros((120, 160, 2), np.uint8), size) is PixelFormat.YUYV
    assert classify(np.zeros((120, 160), np.uint8), size, "GREY") is PixelFormat.GREY
    assert classify(np.zeros((120, 160), np.uint8), size, "MJPG") is None, "FFmpeg's brightness without the colours"
    assert classify(np.zeros((1, 160 * 240), np.uint8), size) is PixelFormat.YUYV
    assert classify(as_row(drawn_jpegs(1)[0]), size) is PixelFormat.MJPEG
    assert classify(np.zeros((180, 160), np.uint8), size) is None, "NV12: not known above"
    assert classify(np.zeros((120, 160), np.uint16), size) is None


def test_a_format_that_does_not_come_is_refused() -> None:
    yuyv = np.zeros((120, 160, 2), np.uint8)
    source = OpenCvSource(INFO, lambda: Camera(iter([yuyv] * 4)))
    with pytest.raises(FormatNotSupported, match="YUYV"):
        source.start(FormatRequest(pixel_format=PixelFormat.MJPEG))
    assert source.start(FormatRequest(pixel_format=PixelFormat.YUYV)).pixel_format is PixelFormat.YUYV
    source.close()


def test_ids_are_names_and_hold_numbers_only_where_names_are_alike() -> None:
    assert name_cameras({0: "USB3 HDMI: Capture", 2: "Cam", 4: "Cam", 5: ""}) == {
        "capture:usb3-hdmi-capture": (0, "USB3 HDMI: Capture"),
        "capture:cam-2": (2, "Cam"),
        "capture:cam-4": (4, "Cam"),
        "capture:camera-5": (5, "Camera 5"),
    }


def test_cameras_of_the_kernel_s_list_without_their_metadata_nodes(tmp_path: Path) -> None:
    for node, index, name in (
        ("video0", "0", "A"),
        ("video1", "1", "A"),
        ("video12", "0", "B"),
        ("v4l-subdev0", "0", "C"),
    ):
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(index + "\n")
        (tmp_path / node / "name").write_text(name + "\n")
    (tmp_path / "video7").mkdir()  # going away: its files are gone already
    assert kernel_cameras(tmp_path) == {0: "A", 12: "B"}
    driver = OpenCvDriver(tmp_path)
    assert [info.id for info in driver.discover()] == ["capture:a", "capture:b"]
    with pytest.raises(DeviceNotFound, match="capture:a, capture:b"):
        driver.open(INFO)


def test_a_camera_number_that_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "video63").mkdir()
    (tmp_path / "video63" / "index").write_text("0")
    (tmp_path / "video63" / "name").write_text("Gone")
    driver = OpenCvDriver(tmp_path)
    with pytest.raises(DeviceBusy):
        driver.open(driver.discover()[0]).start()
