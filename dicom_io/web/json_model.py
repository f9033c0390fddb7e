"""DICOM's model in JSON (PS3.18, annex F), as far as answers of servers need it: rows of attributes with plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pydicom.datadict import tag_for_keyword

from dicom_io.errors import WrongAnswer

Row = Mapping[str, Any]
_MOST_ROWS: Final = 100_000


def rows_of(text: bytes, server: object) -> list[Row]:
    """The rows of an answer to a search; none where it is empty. Raises WrongAnswer."""
    if not text.strip():
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongAnswer(f"{server} answers with something that is not JSON: check its address.") from error
    found = found if isinstance(found, list) else [found]
    if len(found) > _MOST_ROWS:
        raise WrongAnswer(f"{server} answers with {len(found)} rows: ask for less.")
    return [row for row in found if isinstance(row, dict)]


def tag(keyword: str) -> str:
    """The name of an attribute in JSON: eight hexadecimal digits."""
    number = tag_for_keyword(keyword)
    assert number is not None, keyword
    return f"{number:08X}"


def text_in(row: Row, keyword: str) -> str:
    """The first value of an attribute as text; empty where it has none. Several are joined by backslashes."""
    return "\\".join(_plain(value) for value in _values(row, keyword)).strip()


def items_in(row: Row, keyword: str) -> list[Row]:
    """The items of a sequence."""
    return [item for item in _values(row, keyword) if isinstance(item, dict)]


def number_in(row: Row, keyword: str) -> int:
    """A whole number; 0 where there is none."""
    try:
        return int(float(text_in(row, keyword)))
    except (ValueError, OverflowError):
        return 0


def _values(row: Row, keyword: str) -> list[Any]:
    element = row.get(tag(keyword))
    values = element.get("Value") if isinstance(element, dict) else None
    return values if isinstance(values, list) else []


def _plain(value: object) -> str:
    if isinstance(value, dict):  # a name: its parts by alphabet
        value = value.get("Alphabetic", "")
    return "" if value is None or isinstance(value, (dict, list)) else str(value)
