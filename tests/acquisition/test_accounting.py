"""Gaps: exact where numbers tell, nearly always right where only times do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition.accounting import account, gaps_of
from acquisition.cine import Gap, SpooledFrame
from tests.acquisition.pictures import near

INTERVAL_NS = 33_333_333


def frame(index: int, sequence: int | None = None, at_ns: int | None = None, **changes: object) -> SpooledFrame:
    at = (index if sequence is None else sequence) * INTERVAL_NS if at_ns is None else at_ns
    return SpooledFrame(index, at, Path("0"), 8, 10, 0, sequence, **changes)  # type: ignore[arg-type]


@pytest.mark.requirement("N3")
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=300))
def test_sequence_gaps_and_corrupt_frames_are_exact(plan: list[tuple[int, bool]]) -> None:
    frames, sequence, expected, whole = [], 0, [], 0
    for index, (lost, corrupt) in enumerate(plan):
        lost = lost if index else 0
        if lost:
            expected.append(("sequence", whole - 1, lost))
        sequence += lost
        frames.append(frame(index, sequence, corrupt=corrupt))
        if corrupt:
            expected.append(("corrupt", whole - 1, 1))
        whole += not corrupt
        sequence += 1
    done = account(frames, 30.0)
    assert [(g.kind, g.after_frame, g.missing) for g in done.gaps] == expected
    counts = done.counts
    assert (counts.arrived, counts.kept, counts.corrupt) == (len(plan), whole, len(plan) - whole)
    assert counts.lost == sum(m for kind, _, m in expected if kind == "sequence") and counts.unsent == 0


def test_a_gap_stands_where_the_first_missing_frame_was_due() -> None:
    frames = [frame(n, n if n < 10 else n + 2) for n in range(40)]
    assert gaps_of(frames, 30.0) == (Gap("sequence", 9, near(10 / 30, abs=1e-3), 2),)
    unsent = [frame(n, n, (n if n < 20 else n + 3) * INTERVAL_NS) for n in range(60)]
    assert gaps_of(unsent, 30.0) == (Gap("time", 19, near(20 / 30, abs=1e-3), 3),)


def test_a_driver_that_counts_anew_and_one_that_counts_not() -> None:
    assert gaps_of([frame(n, n % 7, n * INTERVAL_NS) for n in range(50)], 30.0) == ()
    assert gaps_of([frame(n, lost_before=4 if n == 5 else 0) for n in range(9)], 30.0)[0].missing == 4


def test_lost_and_unsent_together_are_not_counted_twice() -> None:
    # Five are lost by the host (numbers), and three more were never sent (times) at the same place.
    frames = [frame(n, n if n < 50 else n + 5, (n if n < 50 else n + 8) * INTERVAL_NS) for n in range(100)]
    assert {(g.kind, g.after_frame, g.missing) for g in gaps_of(frames, 30.0)} == {("sequence", 49, 5), ("time", 49, 3)}


def test_frames_that_a_damaged_spool_lacks_are_told() -> None:
    frames = [frame(n, n) for n in range(40) if n not in (10, 11)]
    assert [(g.kind, g.after_frame, g.missing) for g in gaps_of(frames, 30.0)] == [("corrupt", 9, 2)]


Delays = Callable[[np.random.Generator, int], np.ndarray]


def exponential(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.exponential(0.007, count)


def uniform(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.uniform(0, 0.024, count)


def bursts(rng: np.random.Generator, count: int) -> np.ndarray:
    """Now and then the host sleeps, and hands over some frames at once."""
    late = rng.exponential(0.001, count)
    for start in np.nonzero(rng.random(count) < 0.02)[0].tolist():
        for n in range(min(5, count - start)):
            late[start + n] = max(late[start + n], (5 - n) / 30)
    return late


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("delays", [exponential, uniform, bursts])
@pytest.mark.parametrize("actual", [1.0, 1.02, 0.97])
def test_of_frames_never_sent_nine_in_ten_are_told(delays: Delays, actual: float) -> None:
    """Arrival times at 30 frames/s with intervals of about 17 to 84 ms without any hole, as in an emulated machine."""
    unsent = told = false = arrived = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        sent = rng.random(600) >= 0.025
        sent[:2] = sent[-1] = True
        times = np.maximum.accumulate(np.arange(600) * actual / 30 + delays(rng, 600))[sent]
        numbers = np.nonzero(sent)[0]
        holes = {k - 1: int(numbers[k] - numbers[k - 1] - 1) for k in range(1, len(numbers))}
        frames = [frame(k, k, int(t * 1e9)) for k, t in enumerate(times)]
        for gap in gaps_of(frames, 30.0):
            assert gap.kind == "time"
            near = [k for k in holes if abs(k - gap.after_frame) <= 4 and holes[k]]
            for k in sorted(near, key=lambda k: abs(k - gap.after_frame)):
                found = min(gap.missing, holes[k])
                holes[k] -= found
                told += found
                gap = Gap("time", gap.after_frame, gap.at_s, gap.missing - found)
            false += gap.missing
        unsent += 600 - len(times)
        arrived += len(times)
    assert told >= 0.9 * unsent, (told, unsent)
    assert false <= 0.02 * arrived, (false, arrived)


def test_the_device_clock_is_believed_before_arrival() -> None:
    rng = np.random.default_rng(1)
    sent = [n for n in range(300) if n not in (50, 51, 120, 200)]
    frames = [
        frame(k, k, int((n / 30 + rng.uniform(0, 0.08)) * 1e9), device_pts_ns=n * INTERVAL_NS + 7)
        for k, n in enumerate(sent)
    ]
    assert [(g.after_frame, g.missing) for g in gaps_of(frames, 30.0)] == [(49, 2), (117, 1), (196, 1)]


@pytest.mark.parametrize("fps", [60.0, 25.0, 15.0])
def test_another_rate_than_promised_is_no_gap(fps: float) -> None:
    frames = [frame(n, n, int(n / fps * 1e9)) for n in range(400)]
    done = account(frames, 30.0)
    assert done.gaps == ()
    assert done.counts.measured_fps == pytest.approx(fps, rel=0.01)


def test_a_rate_that_falls_in_the_dark_makes_few_false_gaps() -> None:
    at = [n / 30 if n < 500 else 500 / 30 + (n - 500) / 15 for n in range(1000)]
    assert sum(g.missing for g in gaps_of([frame(n, n, int(t * 1e9)) for n, t in enumerate(at)], 30.0)) <= 40


def test_a_pause_is_one_gap() -> None:
    frames = [frame(n, n, (n if n < 200 else n + 300) * INTERVAL_NS) for n in range(400)]
    ((kind, after, missing),) = [(g.kind, g.after_frame, g.missing) for g in gaps_of(frames, 30.0)]
    assert (kind, after, missing) == ("time", 199, 300)


@given(st.lists(st.integers(0, 10**10), max_size=250), st.lists(st.none() | st.integers(0, 10**10), max_size=250))
def test_nonsense_times_raise_nothing(times: list[int], clocks: list[int | None]) -> None:
    clocks += [None] * len(times)
    gaps_of([frame(n, None, t, device_pts_ns=clocks[n]) for n, t in enumerate(times)], 30.0)


def test_frames_let_go_at_the_very_end_are_counted() -> None:
    done = account([frame(n) for n in range(5)], 30.0)
    assert [(g.kind, g.after_frame, g.missing) for g in done.finish(lost=3)] == [("sequence", 4, 3)]
    assert done.counts.lost == 3
