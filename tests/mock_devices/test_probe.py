"""The simulated probe as a source: formats, time, determinism, the backlog, the driver."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from devices.cv import cv2
from devices.errors import DeviceLost, DeviceNotFound, DeviceStalled, FormatNotSupported
from devices.jpeg import structure
from devices.source import FormatRequest, Frame, PixelFormat, StreamFormat
from mock_devices import SCENARIOS, Scenario, SimulatedDriver, SimulatedProbe, scenario
from mock_devices.faults import FaultPlan, Stall
from mock_devices.truth import screen_text

SMALL = FormatRequest(width=640, height=480, fps=60.0)


def frames(request: FormatRequest, count: int, name: str = "normal") -> list[Frame]:
    with SimulatedProbe(SCENARIOS[name]) as probe:
        probe.start(request)
        return [probe.read() for _ in range(count)]


def test_what_it_streams_when_nothing_is_asked() -> None:
    with SimulatedProbe() as probe:
        assert probe.start() == StreamFormat(PixelFormat.MJPEG, 1280, 720, 30.0)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (FormatRequest(fps=60.0), StreamFormat(PixelFormat.MJPEG, 1280, 720, 60.0)),
        (FormatRequest(width=1920, height=1080), StreamFormat(PixelFormat.MJPEG, 1920, 1080, 30.0)),
        (FormatRequest(PixelFormat.YUYV), StreamFormat(PixelFormat.YUYV, 1280, 720, 30.0)),
        (FormatRequest(width=640), StreamFormat(PixelFormat.MJPEG, 640, 480, 30.0)),
    ],
)
def test_what_is_left_open_is_the_probes_own(request_: FormatRequest, expected: StreamFormat) -> None:
    with SimulatedProbe() as probe:
        assert probe.start(request_) == expected


def test_it_offers_every_size_and_rate_in_both_encodings() -> None:
    offered = set(SimulatedProbe().info.formats)
    assert len(offered) == 24
    assert {f.fps for f in offered} == {15.0, 20.0, 30.0, 60.0}
    with SimulatedProbe() as probe, pytest.raises(FormatNotSupported):
        probe.start(FormatRequest(fps=25.0))


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = frames(SMALL, 5), frames(SMALL, 5)
    assert [f.data for f in first] == [f.data for f in second]
    assert len({f.data for f in first}) == 5
    assert frames(SMALL, 1, "late")[0].data != first[0].data


def test_mjpeg_is_baseline_422_with_tables_and_names_its_frame() -> None:
    for frame in frames(SMALL, 3):
        layout = structure.layout(frame.data)
        assert (layout.width, layout.height, layout.subsampling) == (640, 480, "4:2:2")
        assert layout.has_huffman_tables and layout.end == len(frame.data)
        assert f"sonofill simulated frame {frame.sequence}".encode() in frame.data


def test_yuyv_is_the_same_picture() -> None:
    raw = frames(FormatRequest(PixelFormat.YUYV, 640, 480, 60.0), 1)[0]
    assert len(raw.data) == 640 * 480 * 2
    packed = np.frombuffer(raw.data, np.uint8).reshape(480, 640, 2)
    from_raw = cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_YUY2).astype(int)
    from_jpeg = cv2.imdecode(np.frombuffer(frames(SMALL, 1)[0].data, np.uint8), cv2.IMREAD_COLOR)
    assert from_jpeg is not None
    assert np.abs(from_raw - from_jpeg.astype(int)).mean() < 4


def test_frames_come_at_their_times() -> None:
    got = frames(SMALL, 12)
    steps_ms = np.diff([f.timestamp_ns for f in got]) / 1e6
    assert np.allclose(steps_ms, 1000 / 60, atol=0.001)
    pts = [f.device_pts_ns for f in got]
    assert pts[0] == 0 and pts[-1] == round(11 / 60 * 1e9)
    assert [f.sequence for f in got] == list(range(12))


def test_a_frame_is_not_given_before_its_time() -> None:
    with SimulatedProbe() as probe:
        probe.start(SMALL)
        for _ in range(5):
            frame = probe.read()
            assert frame.timestamp_ns <= time.monotonic_ns()
        with pytest.raises(DeviceStalled):
            probe.read(0.0)


def test_a_slow_reader_loses_the_newest_frames_and_can_count_them() -> None:
    with SimulatedProbe(backlog=4) as probe:
        probe.start(SMALL)
        assert probe.read().sequence == 0
        time.sleep(0.5)
        kept = [probe.read().sequence for _ in range(5)]
    assert kept[:4] == [1, 2, 3, 4], "what was queued is the oldest, as with a driver that has no free buffer"
    assert kept[4] is not None and kept[4] >= 25


def test_close_ends_a_read_that_waits_for_a_frame_far_away() -> None:
    probe = SimulatedProbe(Scenario("test", 20, "SIM-TEST", plan=FaultPlan((Stall(after=1, seconds=60.0),))))
    probe.start(SMALL)
    probe.read()
    closer = threading.Timer(0.2, probe.close)
    closer.start()
    began = time.monotonic()
    with pytest.raises(DeviceLost):
        probe.read(timeout_s=20.0)
    assert time.monotonic() - began < 5
    closer.join()


def test_truth_by_sequence_number() -> None:
    probe = SimulatedProbe()
    with pytest.raises(RuntimeError):
        probe.truth(0)
    with probe:
        probe.start(SMALL)
        frame = probe.read()
        assert frame.sequence is not None
        told = probe.truth(frame.sequence)
        assert (told.width, told.height, told.fps, told.seed) == (640, 480, 60.0, 20)
    assert probe.truth(3).frame_number == 3


@pytest.mark.requirement("C2")
def test_the_driver_shows_every_scenario() -> None:
    driver = SimulatedDriver()
    found = driver.discover()
    assert driver.name == "mock"
    assert [info.id for info in found] == [
        *("mock:normal", "mock:drop", "mock:corrupt", "mock:stall", "mock:unplug", "mock:late", "mock:wrong-size"),
    ]
    normal = found[0]
    assert (normal.kind, normal.identity_rule, normal.profile) == ("simulated", "name", "simulated-portable")
    assert (normal.name, normal.serial, normal.manufacturer) == ("Simulated portable probe", "SIM-0001", "sonofill")
    assert len({info.serial for info in found}) == len(found)


def test_an_unknown_scenario_is_refused_by_name() -> None:
    with pytest.raises(DeviceNotFound, match="mock:normal, mock:drop"):
        scenario("mock:nonsense")
    with pytest.raises(DeviceNotFound):
        scenario("normal")


def test_no_text_on_the_screen_names_a_person() -> None:
    assert set(screen_text(30.0)).isdisjoint({"patient", "name", "patient_name", "id", "birth_date"})
    assert "Not a patient" in screen_text(30.0)["notice"]
