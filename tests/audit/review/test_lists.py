"""Drawing records and handing them out: the same for the same seed, nobody left out, repeats that come later."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.review import Listed, ListWrong, Method, WorkList, order_for, read_list, sample, write_list
from audit.review.sampling import WEIGHTS, risks_of, weight_of
from procedure.demonstration import demonstration

RISKY = tuple(WEIGHTS)


def listed(number: int, risks: tuple[str, ...] = ()) -> Listed:
    return Listed(study_uid=f"1.2.{number}", encounter_uid=f"1.3.{number}", day=date(2026, 3, 2), risks=risks)


def work(n: int, repeats: int = 0) -> WorkList:
    records = tuple(listed(k) for k in range(n))
    return WorkList(
        list_id="L", made_at=datetime(2026, 3, 2, tzinfo=UTC), method=Method.RANDOM, seed="s", candidates=n,
        records=records, repeats=tuple(r.encounter_uid for r in records[:repeats]),
    )  # fmt: skip


@settings(max_examples=40)
@given(st.integers(0, 30), st.integers(0, 40), st.text(max_size=8))
def test_a_draw_does_not_depend_on_the_order_and_is_no_larger_than_asked(n: int, m: int, seed: str) -> None:
    every = [listed(k) for k in range(m)]
    drawn = sample(every, n, seed)
    assert sample(every[::-1], n, seed) == drawn
    assert len(drawn) == len(set(drawn)) == min(n, m)
    assert drawn == sample(every, m, seed)[: len(drawn)], "a larger draw begins with the smaller one"


def test_each_record_has_the_same_chance_and_risk_raises_it() -> None:
    plain, risky = [listed(k) for k in range(20)], [listed(100 + k, RISKY) for k in range(20)]
    drawn = [sample([*plain, *risky], 4, str(seed)) for seed in range(500)]
    share = sum(record in risky for each in drawn for record in each) / 2000
    assert 0.46 < share < 0.54  # 0.5 within three and a half standard errors
    drawn = [sample([*plain, *risky], 1, str(seed), Method.RISK) for seed in range(500)]
    share = sum(record in risky for each in drawn for record in each) / 500
    expected = weight_of(RISKY) / (1 + weight_of(RISKY))
    assert abs(share - expected) < 0.05


def test_what_makes_a_record_risky() -> None:
    plain, rescue = demonstration("normal"), demonstration("occlusion-rescue")
    assert "a suspected complication" in risks_of(rescue) and "a suspected complication" not in risks_of(plain)
    lips = tuple(replace(site, region="lipu") for site in plain.sites)
    assert "a region over large arteries" not in risks_of(replace(plain, sites=lips))
    assert "not attested" not in risks_of(plain) and "not attested" in risks_of(
        replace(plain, state=type(plain.state).FINAL)
    )


@settings(max_examples=40)
@given(st.integers(1, 25), st.integers(0, 6), st.text(min_size=1, max_size=6))
def test_each_reader_gets_every_record_in_an_own_order_and_repeats_later(n: int, repeats: int, reader: str) -> None:
    made = work(n, min(repeats, n))
    order = order_for(made, reader)
    assert order == order_for(made, f" {reader.upper().lower()} ") or reader.upper().lower() != reader.lower()
    first = {r.record.encounter_uid: place for place, r in enumerate(order) if r.turn == 1}
    again = {r.record.encounter_uid: place for place, r in enumerate(order) if r.turn == 2}
    assert set(first) == {r.encounter_uid for r in made.records} and set(again) == set(made.repeats)
    for uid, place in again.items():
        assert place - first[uid] > min(5, (n - 1) // 2), "not one after the other"
    if n > 8:
        assert [r.record for r in order] != [r.record for r in order_for(made, "somebody else")]


def test_a_list_comes_back_and_a_wrong_one_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    write_list(work(3, 1), path)
    assert read_list(path) == work(3, 1)
    with pytest.raises(FileExistsError):
        write_list(work(3), path)
    whole = json.loads(path.read_text())
    for change, said in (
        ({"schema": "x"}, "schema"),
        ({"readers": 0}, "at least 1"),
        ({"repeats": ["1.9"]}, "not one of the records"),
        ({"records": whole["records"] * 2}, "stands twice"),
        ({"method": "dice"}, "method"),
        ({"more": 1}, "more"),
    ):
        path.write_text(json.dumps({**whole, **change}))
        with pytest.raises(ListWrong, match=said):
            read_list(path)
    path.write_text("{")
    with pytest.raises(ListWrong, match="not JSON"):
        read_list(path)
