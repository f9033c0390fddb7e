"""Hypothesis strategies for every kind of record, made from its fields: what the types allow, they draw."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, TypeVar

from hypothesis import strategies as st

from procedure import Encounter
from procedure.record import Field, Record, fields_of

R = TypeVar("R", bound=Record)

signs = st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t\\^=ÄЖ漢ع👁")
texts = st.just("") | st.text(signs, max_size=20).map(str.strip)
uids = st.integers(1, 2**128 - 1).map(lambda n: f"2.25.{n}")
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9).map(float)
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(
    lambda us, zone: (datetime(1970, 1, 2, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(zone),
    st.integers(0, 4 * 10**15),
    offsets,
)
_PLAIN: dict[type, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**31), 2**31 - 1),
    float: numbers,
    bool: st.booleans(),
    datetime: moments,
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
}


_MADE: dict[tuple[type, int], st.SearchStrategy[Any]] = {}


def records(kind: type[R], many: int = 2) -> st.SearchStrategy[R]:
    """Any record of one kind; lists have at most `many` entries, and fewer further in."""
    if (kind, many) not in _MADE:
        _MADE[kind, many] = st.builds(kind, **{field.name: _values(field, many) for field in fields_of(kind)})
    return _MADE[kind, many]


def _values(field: Field, many: int) -> st.SearchStrategy[Any]:
    one = _one(field, many)
    if field.many:
        entries = one.filter(bool) if field.base is str else one
        return st.lists(entries, max_size=many).map(tuple)
    return st.none() | one if field.optional else one


def _one(field: Field, many: int) -> st.SearchStrategy[Any]:
    if issubclass(field.base, Record):
        return records(field.base, max(0, many - 1))
    if issubclass(field.base, StrEnum):
        return st.sampled_from(list(field.base))
    return uids if field.is_uid else _PLAIN[field.base]


_ANY = {field.name: _values(field, 2) for field in fields_of(Encounter)}


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    """Any encounter: the simple fields, and of the many lists those that a draw names."""
    lists = [field.name for field in fields_of(Encounter) if field.many]
    filled = draw(st.sets(st.sampled_from(lists), max_size=5))
    values: dict[str, Any] = {
        field.name: () if field.many and field.name not in filled else draw(_ANY[field.name])
        for field in fields_of(Encounter)
    }
    return Encounter(**values)


def kinds_of_records() -> list[type[Record]]:
    """Every kind of record that an encounter may hold, itself included."""
    found: list[type[Record]] = [Encounter]
    for kind in found:
        for field in fields_of(kind):
            if issubclass(field.base, Record) and field.base not in found:
                found.append(field.base)
    return found
