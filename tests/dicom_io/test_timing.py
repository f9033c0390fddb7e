from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_io.dataset.timing import (
    LONGEST_VECTOR_CHARACTERS,
    frame_times,
    mean_rate,
    moment_text,
    parts,
    zone_of,
    zone_text,
)
from tests.dicom_io.material import times_ns


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=300), st.integers(0, 10**15))
def test_every_frame_keeps_its_time_to_half_a_tenth_of_a_millisecond(intervals: list[int], start: int) -> None:
    times = [start]
    for interval in intervals:
        times.append(times[-1] + interval)
    steps = frame_times(times).increments_ms
    assert len(steps) == len(times)
    assert steps[0] == "0"
    total_ms = 0.0
    for step, time in zip(steps, times, strict=True):
        total_ms += float(step)
        assert abs(total_ms - (time - start) / 1e6) <= 0.0501, "rounding must not add up"


def test_a_clock_that_steps_back_is_told_and_the_vector_never_runs_backwards() -> None:
    found = frame_times([0, 33_000_000, 20_000_000, 66_000_000])
    assert found.increments_ms == ("0", "33", "0", "33")
    assert found.mended == 1
    assert found.seconds == pytest.approx(0.066)


@given(st.integers(10, 400), st.integers(1, 200))
def test_parts_hold_every_frame_once_and_each_fits(longest: int, count: int) -> None:
    times = times_ns(count, 30)
    slices = parts(times, longest)
    assert [i for piece in slices for i in range(piece.start, piece.stop)] == list(range(count))
    for piece in slices:
        assert len("\\".join(frame_times(times[piece]).increments_ms)) <= longest


def test_five_minutes_at_sixty_a_second_need_two_instances_and_three_minutes_one() -> None:
    assert len(parts(times_ns(5 * 60 * 60, 60))) == 2
    assert len(parts(times_ns(3 * 60 * 60, 60))) == 1
    longest = parts(times_ns(5 * 60 * 60, 60))[0]
    used = len("\\".join(frame_times(times_ns(5 * 60 * 60, 60)[longest]).increments_ms))
    assert 0.9 * LONGEST_VECTOR_CHARACTERS < used <= LONGEST_VECTOR_CHARACTERS


def test_the_rate_is_the_one_that_came_not_the_one_that_was_promised() -> None:
    assert mean_rate(times_ns(101, 24), 30) == pytest.approx(24, rel=0.01)
    assert mean_rate([5], 30) == 30
    assert mean_rate([5, 5], 30) == 30


def test_moments_carry_their_offset_from_utc() -> None:
    zone = timezone(timedelta(hours=-3, minutes=-30))
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=zone)
    assert moment_text(moment) == "20260102030405.678901-0330"
    assert zone_text(zone_of(moment)) == "-0330"
    assert zone_text(UTC) == "+0000"
