"""The table's intervals are what they say, and a goal holds or fails by its bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.benchmark.figures import Goal, bootstrap_mean, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Brown, Cai and DasGupta 2001; Newcombe, Stat. Med. 1998;17:857, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (29, 29, 0.8830, 1.0)],
)
def test_wilson_is_the_published_interval(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    draw = np.random.default_rng(1)
    held = sum(low <= 0.9 <= high for low, high in (wilson(int(draw.binomial(150, 0.9)), 150) for _ in range(2000)))
    assert 0.93 < held / 2000 < 0.975
    means = [bootstrap_mean(list(draw.exponential(0.3, 80))) for _ in range(300)]
    assert sum(low <= 0.3 <= high for low, high in means) / 300 > 0.89


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(hits_of: tuple[int, int]) -> None:
    hits, of = hits_of
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of + 1e-12 and hits / of - 1e-12 <= high <= 1


def test_a_goal_holds_by_its_bounds() -> None:
    assert Goal("a", "share", least=0.95).row([1] * 19 + [0]).holds
    assert not Goal("a", "share", least=0.95).row([1] * 18 + [0] * 2).holds
    assert not Goal("a", "share", most=0.0).row([0] * 99 + [1]).holds
    assert Goal("a", "mean", most=0.3, unit=" mm").row([0.1, 0.4]).holds
    assert Goal("a", "share", least=0.93, most=0.97).row([1] * 95 + [0] * 5).target == "93 % to 97 %"


def test_what_was_not_observed_does_not_hold() -> None:
    row = Goal("a", "mean", most=math.inf).row([])
    assert row.value is None and not row.holds and row.n == 0
