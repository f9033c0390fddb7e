"""How values are told: nothing rounded, every unit there, every word of a closed list readable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure import telling
from procedure.answers import Estimate, Side
from procedure.demonstration import demonstration
from procedure.phase import Phase
from procedure.record import fields_of
from procedure.wording import banned_in
from tests.procedure.strategies import kinds_of_records


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_all_its_digits(value: float) -> None:
    assert float(telling.number(value)) == value


def test_numbers_moments_and_estimates() -> None:
    assert telling.value("dose_iu", 15_000_000.0) == "15000000 IU"
    assert telling.value("depth_mm", Estimate(4.8, 0.2)) == "4.8 ± 0.2 mm"
    assert telling.value("depth_mm", Estimate(4.8)) == "4.8 mm (uncertainty not recorded)"
    assert telling.value("clock_angle_deg", 45.0) == "45°"
    assert telling.value("pulsatile", True) == "yes"
    assert telling.moment(datetime(2026, 3, 29, 1, 59, 59, 500_000, UTC)) == "2026-03-29 01:59:59.500 +00:00"
    assert telling.clock(datetime(2026, 3, 29, 1, 2, 3, 66_667, UTC)) == "01:02:03.066"
    assert telling.value("row", 123.79086506775359) == "123.8 px"
    india = timezone(timedelta(hours=-3, minutes=-30))
    assert telling.moment(datetime(2026, 3, 29, 1, 2, 3, tzinfo=india)) == "2026-03-29 01:02:03 -03:30"
    assert telling.word(Phase.PRE) == "before" and telling.word(Side.LEFT) == "left"
    assert telling.site("nlf", Side.LEFT) == "nasolabial fold, pyriform fossa, left"
    assert telling.region("own") == "own"


def test_labels_and_words_keep_to_the_wording() -> None:
    for kind in kinds_of_records():
        for field in fields_of(kind):
            words = [telling.label(field.name)]
            if issubclass(field.base, StrEnum):
                words += [telling.word(word) for word in field.base]
            for text in words:
                assert text and text == text.strip() and "_" not in text and not banned_in(text)


@pytest.mark.requirement("S20")
def test_facts_leave_out_blanks_and_nothing_else() -> None:
    dose = demonstration("occlusion-rescue").complications[0].doses[0]
    told = dict(telling.facts(dose, skip=("by",)))
    assert told["dose"] == "150 IU" and told["lot"] == "DEMO-H1" and told["route"] == "perivascular"
    assert "by whom" not in told and "" not in told.values()


def test_numbers_beside_each_other_have_the_same_decimals() -> None:
    assert telling.estimate("depth_mm", Estimate(0.7, 0.142)) == "0.700 ± 0.142 mm"
    assert telling.estimate("depth_mm", Estimate(2.988, 0.1)) == "2.988 ± 0.100 mm"
    assert telling.estimate("heart_rate_per_min", Estimate(59, 2)) == "59 ± 2 /min"
    assert telling.alike("1e-07", "0.5") == ("1e-07", "0.5")


def test_a_place_in_the_record_reads_as_words() -> None:
    assert telling.place("complications[0].doses[1].expiry") == "complication 1, dose 2, expiry"
    assert telling.place("follow_ups[3].at") == "follow up 4, when"
    assert telling.place("people[0]") == "person 1"
    assert telling.place("nlf-1-L-PRE") == "nlf-1-L-PRE"


def test_a_name_reads_as_people_write_it() -> None:
    assert telling.person("Demo^Simulated") == "Demo, Simulated"
    assert telling.person("Yamada^Tarou=山田^太郎=やまだ^たろう") == "Yamada, Tarou (山田, 太郎; やまだ, たろう)"
    assert telling.person("Adams^John Robert Quincy^^Rev.^B.A. M.Div.") == "Adams, Rev. John Robert Quincy, B.A. M.Div."
    assert telling.person("") == "" and telling.person("=山田^太郎") == "山田, 太郎"
