"""Counts over many records: each record once, shares with intervals, the trend as published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import Verdict
from audit.fleet import JudgedRecord, fleet_of, trend


def record(number: int, verdict: Verdict, who: str = "A", region: str = "nlf") -> JudgedRecord:
    day = date(2026, 1, 5) + timedelta(days=30 * (number % 6))
    return JudgedRecord(f"1.2.{number}", f"1.3.{number}", day, (who,), (region,), True, (("AC1", verdict),))


def test_the_trend_is_the_published_one() -> None:
    """Agresti, Categorical Data Analysis, 2nd ed., 5.3.5: malformation and alcohol, z² = 6.57, P = 0.010."""
    absent, present = (17066, 14464, 788, 126, 37), (48, 38, 5, 1, 1)
    scores = (0, 0.5, 1.5, 4, 7)
    found = trend([(s, a + p, p) for s, a, p in zip(scores, absent, present, strict=True)])
    assert (
        found is not None and found.z**2 == pytest.approx(6.57, abs=0.005) and found.p == pytest.approx(0.010, abs=5e-4)
    )
    assert trend([(0, 5, 1), (1, 5, 2)]) is None and trend([(0, 5, 0), (1, 5, 0), (2, 5, 0)]) is None


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from("ABC"), st.sampled_from(("nlf", "lipu"))), max_size=40)
)
def test_nothing_is_counted_twice_or_lost(drawn: list[tuple[Verdict, str, str]]) -> None:
    fleet = fleet_of(record(k, *each) for k, each in enumerate(drawn))
    assert fleet.records == fleet.simulated == len(drawn)
    if not drawn:
        assert fleet.rows == {}
        return
    row = fleet.rows["AC1"]
    said = [verdict for verdict, _, _ in drawn]
    assert row.every.failed == said.count(Verdict.NOT_MET) + said.count(Verdict.PARTIAL)
    assert row.every.asked == row.every.failed + said.count(Verdict.MET)
    assert row.every.asked + row.every.not_applicable + row.every.needs_reviewer == len(drawn)
    for groups in (row.practitioners, row.regions, row.months):
        assert sum(tally.asked for tally in groups.values()) == row.every.asked
        assert sum(tally.failed for tally in groups.values()) == row.every.failed
    share = row.every.share
    assert (share is None) == (row.every.asked == 0)
    if share is not None and share.low is not None and share.high is not None:
        assert 0 <= share.low <= share.value <= share.high <= 1
