from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure import NotGs1
from procedure.gs1 import product_from, read_gs1

TODAY = date(2026, 3, 2)
SEPARATOR = "\x1d"
signs = "".join(chr(c) for c in range(33, 123) if chr(c) not in "#$@[\\]^`")


def gtin(digits: str) -> str:
    total = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


days = st.dates(date(1990, 1, 1), date(2075, 12, 31))


@pytest.mark.requirement("S31")
@given(
    st.text("0123456789", min_size=13, max_size=13),
    days,
    st.text(signs, min_size=1, max_size=20),
    st.text(signs, min_size=1, max_size=20),
    st.permutations(["01", "17", "10", "21"]),
    st.booleans(),
)
def test_a_code_as_scanned_or_as_printed_gives_its_fields(
    digits: str, day: date, lot: str, serial: str, order: list[str], printed: bool
) -> None:
    values = {"01": gtin(digits), "17": day.strftime("%y%m%d"), "10": lot, "21": serial}
    if printed:
        if "(" in lot + serial:
            return
        text = "".join(f"({key}){values[key]}" for key in order)
    else:
        text = "]d2" + "".join(f"{key}{values[key]}{SEPARATOR if key in ('10', '21') else ''}" for key in order)
    told = read_gs1(text, today=TODAY)
    assert (told.gtin, told.lot, told.expiry, told.serial, told.rest) == (gtin(digits), lot, day, serial, ())


def test_day_nought_is_the_months_last_and_the_century_is_the_nearest() -> None:
    for code, day in (
        ("17280200", date(2028, 2, 29)),
        ("17270200", date(2027, 2, 28)),
        ("17761231", date(2076, 12, 31)),
        ("17770101", date(1977, 1, 1)),
    ):
        assert read_gs1(code, today=TODAY).expiry == day
    assert read_gs1("17490101", today=date(2099, 1, 1)).expiry == date(2149, 1, 1)


def test_other_fields_are_kept_as_they_stand() -> None:
    told = read_gs1(f"240ABC{SEPARATOR}11250101", today=TODAY)
    assert told.rest == (("240", "ABC"), ("11", "250101"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("]d2", "empty"),
        ("0112345678901234", "check digit"),
        ("01123", "not 14 digits"),
        ("17991332", "no day of the calendar"),
        ("17251301", "no day of the calendar"),
        ("10", "empty, too long"),
        ("10" + "A" * 21, "empty, too long"),
        ("10LOT£", "a sign that GS1 does not know"),
        ("9912", "unknown identifier"),
        ("10A" + SEPARATOR + "10B", r"\(10\) twice"),
        ("(10)A(", "not in the form"),
        ("lot 5", "unknown identifier"),
        ("17\u0662\u0665\u0660\u0661\u0660\u0661", "not 6 digits"),
    ],
)
def test_what_breaks_the_standard_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotGs1, match=why) as refused:
        read_gs1(text, today=TODAY)
    assert str(refused.value).endswith(".")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_gs1(text, today=TODAY)
    except NotGs1 as refused:
        assert str(refused)


def test_a_product_bears_what_its_code_says() -> None:
    code = f"01{gtin('0123456789012')}17{(TODAY + timedelta(400)).strftime('%y%m%d')}10LOT-7{SEPARATOR}21S1"
    product = product_from(code, "syringe-1", "Demo", today=TODAY)
    assert (product.lot, product.serial, product.expiry) == ("LOT-7", "S1", TODAY + timedelta(400))
    assert SEPARATOR not in product.udi and product.udi.startswith("01")
