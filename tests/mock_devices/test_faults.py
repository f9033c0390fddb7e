"""Each fault happens at exactly the places it says, and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np
import pytest

from devices.errors import DeviceLost, DeviceNotFound, DeviceStalled, FrameSizeChanged
from devices.jpeg import structure
from devices.source import FormatRequest, Frame, PixelFormat
from mock_devices import SCENARIOS, Scenario, SimulatedDriver, SimulatedProbe
from mock_devices.faults import Corrupt, Drop, Fault, FaultPlan, Late, Stall, Unplug, WrongSize

FAST = FormatRequest(width=640, height=480, fps=60.0)


def probe_with(*faults: Fault) -> SimulatedProbe:
    return SimulatedProbe(Scenario("test", 20, "SIM-TEST", plan=FaultPlan(faults)))


def read(probe: SimulatedProbe, count: int, request: FormatRequest = FAST) -> list[Frame]:
    with probe:
        probe.start(request)
        return [probe.read() for _ in range(count)]


def whole(data: bytes) -> bool:
    try:
        structure.layout(data)
    except structure.BrokenJpeg:
        return False
    return True


def numbers(frames: Iterable[Frame]) -> list[int]:
    return [frame.sequence for frame in frames if frame.sequence is not None]


def test_dropped_frames_are_jumps_of_the_sequence() -> None:
    got = numbers(read(SimulatedProbe(SCENARIOS["drop"]), 50))
    missing = sorted(set(range(got[-1] + 1)) - set(got))
    assert missing == [16, 33, 50]
    assert tuple(missing) == SCENARIOS["drop"].plan.dropped(got[-1] + 1)


def test_corrupt_frames_are_cut_short() -> None:
    got = read(SimulatedProbe(SCENARIOS["corrupt"]), 50)
    assert numbers(got) == list(range(50)), "a broken frame arrives and is counted"
    broken = tuple(n for n, frame in enumerate(got) if not whole(frame.data))
    assert broken == (22, 45) == SCENARIOS["corrupt"].plan.corrupt(50)
    assert all(frame.damage is None for frame in got), "whoever looks into a JPEG finds it, no driver can"


def test_a_short_raw_frame_is_called_damaged_by_the_driver() -> None:
    got = read(probe_with(Corrupt(every=3)), 6, FormatRequest(PixelFormat.YUYV, 640, 480, 60.0))
    assert [frame.damage is not None for frame in got] == [False, False, True] * 2
    assert len(got[2].data) == int(0.6 * 640 * 480 * 2)


def test_a_stall_is_told_and_ends() -> None:
    with probe_with(Stall(after=5, seconds=0.8)) as probe:
        probe.start(FAST)
        got = [probe.read() for _ in range(5)]
        with pytest.raises(DeviceStalled):
            probe.read(0.2)
        got += [probe.read() for _ in range(3)]
    assert numbers(got) == list(range(8)), "what was never taken leaves no gap in the sequence"
    steps_s = np.diff([frame.timestamp_ns for frame in got]) / 1e9
    assert steps_s[4] == pytest.approx(0.8 + 1 / 60, abs=1e-6)
    assert np.allclose(np.delete(steps_s, 4), 1 / 60, atol=1e-6)


def test_unplugged_it_is_away_and_comes_back_the_same() -> None:
    driver = SimulatedDriver([Scenario("test", 20, "SIM-TEST", plan=FaultPlan((Unplug(after=6, away_s=0.6),)))])
    info = driver.discover()[0]
    probe = driver.open(info)
    probe.start(FAST)
    assert numbers(probe.read() for _ in range(6)) == [0, 1, 2, 3, 4, 5]
    for _ in range(2):
        with pytest.raises(DeviceLost):
            probe.read()
    assert driver.discover() == []
    with pytest.raises(DeviceNotFound):
        driver.open(info)
    probe.close()
    with pytest.raises(DeviceLost):
        probe.start(FAST)
    until = time.monotonic() + 5
    while not driver.discover() and time.monotonic() < until:
        time.sleep(0.02)
    assert driver.discover() == [info]
    got = read(driver.open(info), 12)
    assert numbers(got) == list(range(12)), "once is enough: it stays"


def test_late_frames_jitter_in_time_and_the_devices_clock_does_not() -> None:
    got = read(SimulatedProbe(SCENARIOS["late"]), 40)
    assert numbers(got) == list(range(40))
    arrivals = np.array([frame.timestamp_ns for frame in got])
    taken = np.array([frame.device_pts_ns for frame in got], np.int64)
    assert (np.diff(arrivals) > 0).all()
    assert np.allclose(np.diff(taken) / 1e9, 1 / 60, atol=1e-6)
    late_s = (arrivals - arrivals[0] - taken) / 1e9
    assert np.flatnonzero(np.isclose(late_s, 0.05, atol=1e-6)).tolist() == [10, 21, 32]
    # At 60/s three frames wait behind a late one.
    assert np.flatnonzero(late_s > 1e-6).tolist() == [10, 11, 12, 13, 21, 22, 23, 24, 32, 33, 34, 35]


def test_the_size_changes_in_mid_stream() -> None:
    probe = probe_with(WrongSize(after=4, width=1024, height=768))
    with probe:
        probe.start(FAST)
        assert numbers(probe.read() for _ in range(4)) == [0, 1, 2, 3]
        with pytest.raises(FrameSizeChanged) as caught:
            probe.read()
        assert (caught.value.width, caught.value.height) == (1024, 768)
        probe.stop()
        probe.start(FAST)
        assert numbers(probe.read() for _ in range(6)) == list(range(6)), "started again, it goes on"


def test_faults_together() -> None:
    got = read(probe_with(Drop(every=5), Corrupt(every=7), Late(every=3, by_s=0.01)), 16)
    seen = numbers(got)
    plan = FaultPlan((Drop(every=5), Corrupt(every=7)))
    assert set(range(seen[-1] + 1)) - set(seen) == set(plan.dropped(seen[-1] + 1)) == {4, 9, 14}
    assert {n for n, frame in zip(seen, got, strict=True) if not whole(frame.data)} == {6, 13}


def test_normal_has_no_fault() -> None:
    plan = SCENARIOS["normal"].plan
    assert plan.dropped(1000) == plan.corrupt(1000) == ()
    assert [plan.arrival_ns(n, 20.0) for n in range(4)] == [0, 50_000_000, 100_000_000, 150_000_000]
    assert plan.unplug is None and plan.wrong_size is None
