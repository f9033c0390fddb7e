"""The camera's clock: 32 bits that wrap, hosts that are late, cameras that state a wrong frequency."""

from __future__ import annotations

import logging
import random

import pytest

from devices.v4l2.device_clock import DeviceClock

HZ = 48_000_000
INTERVAL_NS = 33_333_333
WRAP = 1 << 32


def pts(at_ns: int, offset: int = 0, hz: int = HZ) -> int:
    return (at_ns * hz // 1_000_000_000 + offset) % WRAP


def test_intervals_are_the_cameras_own_however_late_the_host_was() -> None:
    chance, clock, last = random.Random(1), DeviceClock(HZ), None
    for number in range(300):
        at_ns = number * INTERVAL_NS
        found = clock.time_ns(pts(at_ns, 77), at_ns + chance.randrange(90_000_000))
        assert found is not None
        if last is not None:
            assert abs(found - last - INTERVAL_NS) < 100
        last = found


def test_the_stamp_wraps_in_32_bits() -> None:
    clock = DeviceClock(HZ)
    times = [clock.time_ns(pts(n * INTERVAL_NS, WRAP - 10), 10**12 + n * INTERVAL_NS) for n in range(5)]
    assert times[0] == 0
    assert [round(t / INTERVAL_NS) for t in times if t is not None] == [0, 1, 2, 3, 4]


def test_a_pause_of_several_wraps_is_counted() -> None:
    clock = DeviceClock(HZ)
    pause_ns = 200_000_000_000  # 89.5 s is one wrap
    clock.time_ns(pts(0), 0)
    found = clock.time_ns(pts(pause_ns), pause_ns + 30_000_000)
    assert found is not None and abs(found - pause_ns) < 100


def test_a_clock_that_begins_anew_costs_one_stamp() -> None:
    clock = DeviceClock(HZ)
    clock.time_ns(pts(5_000_000_000), 5_000_000_000)
    assert clock.time_ns(pts(0), 5_033_000_000) is None
    found = clock.time_ns(pts(INTERVAL_NS), 5_066_000_000)
    assert found is not None and abs(found - 66_333_333) < 1000
    assert clock.believed


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.3, 2.0])
def test_a_clock_that_runs_at_another_rate_than_stated_is_not_believed(
    factor: float, caplog: pytest.LogCaptureFixture
) -> None:
    clock = DeviceClock(HZ)
    with caplog.at_level(logging.WARNING):
        found = [clock.time_ns(pts(n * INTERVAL_NS, hz=int(HZ * factor)), n * INTERVAL_NS) for n in range(200)]
    assert found[0] == 0 and found[-1] is None
    assert not clock.believed
    assert len(caplog.records) == 1


def test_a_slightly_wrong_clock_is_believed() -> None:
    clock = DeviceClock(HZ)
    for n in range(400):
        assert clock.time_ns(pts(n * INTERVAL_NS, hz=int(HZ * 1.001)), n * INTERVAL_NS) is not None


def test_a_clock_needs_a_frequency() -> None:
    with pytest.raises(ValueError, match="frequency"):
        DeviceClock(0)
