"""Reading a product's GS1 code: GTIN, lot, expiry and serial from the text that a scanner gives.

Both forms are read: as scanned, with the separator FNC1 (group separator, 0x1D) after fields of variable length, and as
printed, with the identifiers in brackets. Rules: GS1 General Specifications, sections 3 (identifiers), 7.8 (data), 7.9
(check digit), 7.12 (century). Other identifiers are kept as they stand, in `rest`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from procedure.errors import NotGs1
from procedure.products import Product

_SEPARATOR: Final = "\x1d"
#: Length of the value by the identifier's first two digits; identifiers that are not here end at a separator.
_FIXED: Final = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_VARIABLE: Final = {"10": 20, "21": 20, "22": 20, "37": 8, "240": 30, "241": 30, "250": 30, "710": 20, "711": 20}
_SIGNS: Final = re.compile(r"[!\"%-?A-Z_a-z]+")  # GS1's character set 82
_PRINTED: Final = re.compile(r"\((\d{2,4})\)([^(]*)")


@dataclass(frozen=True, slots=True)
class Gs1:
    """What one code says; empty where it says nothing of it. `rest` holds (identifier, value) of everything else."""

    gtin: str = ""
    lot: str = ""
    expiry: date | None = None
    serial: str = ""
    rest: tuple[tuple[str, str], ...] = ()


def read_gs1(text: str, *, today: date) -> Gs1:
    """The fields of a GS1 code. `today` decides the century of a two-digit year.

    Raises NotGs1 where the text breaks a rule of the standard, a wrong check digit included.
    """
    plain = re.sub(r"^\](d2|C1|Q3|e0|J1)", "", text.strip(" \r\n")).lstrip(_SEPARATOR)
    if not plain:
        raise NotGs1("The code is empty: scan it again.")
    found = Gs1()
    rest: list[tuple[str, str]] = []
    seen: set[str] = set()
    for key, value in _printed(plain) if plain.startswith("(") else _scanned(plain):
        if key in seen:
            raise NotGs1(f"The code gives ({key}) twice: scan one code at a time.")
        seen.add(key)
        _check(key, value)
        match key:
            case "01":
                found = replace(found, gtin=value)
            case "10":
                found = replace(found, lot=value)
            case "17":
                found = replace(found, expiry=_day(value, today))
            case "21":
                found = replace(found, serial=value)
            case _:
                rest.append((key, value))
    return replace(found, rest=tuple(rest))


def product_from(code: str, product_id: str, brand: str, *, today: date) -> Product:
    """A product with what its code says. Raises NotGs1."""
    told = read_gs1(code, today=today)
    udi = code.strip().replace(_SEPARATOR, "")  # DICOM's text cannot hold the separator
    return Product(
        product_id=product_id,
        brand=brand,
        gtin=told.gtin,
        lot=told.lot,
        expiry=told.expiry,
        serial=told.serial,
        udi=udi,
    )


def _printed(text: str) -> list[tuple[str, str]]:
    pairs = _PRINTED.findall(text)
    if "".join(f"({key}){value}" for key, value in pairs) != text:
        raise NotGs1("The code is not in the form (01)… (17)… (10)…: scan it again or copy it as printed.")
    return [(key, value.strip()) for key, value in pairs]


def _scanned(text: str) -> list[tuple[str, str]]:
    pairs = []
    while text:
        key = next((text[:n] for n in (2, 3) if text[:n] in _FIXED or text[:n] in _VARIABLE), "")
        if not key:
            raise NotGs1(f"The code has an unknown identifier at {text[:4]!r}: enter lot and expiry by hand.")
        if key in _FIXED:
            end = len(key) + _FIXED[key]
            value, text = text[len(key) : end], text[end:].removeprefix(_SEPARATOR)
        else:
            value, _, text = text[len(key) :].partition(_SEPARATOR)
        pairs.append((key, value))
    return pairs


def _check(key: str, value: str) -> None:
    length = _FIXED.get(key)
    if length is not None and not (len(value) == length and value.isascii() and value.isdigit()):
        raise NotGs1(f"The code's field ({key}) is not {length} digits: scan it again.")
    if length is None and not (0 < len(value) <= _VARIABLE.get(key, 90) and _SIGNS.fullmatch(value)):
        raise NotGs1(f"The code's field ({key}) is empty, too long or holds a sign that GS1 does not know.")
    if key in ("00", "01", "02") and _check_digit(value[:-1]) != value[-1]:
        raise NotGs1(f"The check digit of the code's field ({key}) is wrong: scan it again.")


def _check_digit(digits: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def _day(value: str, today: date) -> date:
    """A day from YYMMDD; day 00 is the month's last. The century is the one that lies nearest (7.12)."""
    short, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    year = today.year - today.year % 100 + short
    apart = short - today.year % 100
    year += -100 if apart >= 51 else 100 if apart <= -50 else 0
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError) as error:
        raise NotGs1(f"The code's date {value} is no day of the calendar: scan it again.") from error
