"""Every value of a record with its place: for rules that hold wherever a value stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from procedure.record import Field, Record, fields_of

R = TypeVar("R", bound=Record)


def leaves(record: Record, where: str = "") -> Iterator[tuple[str, Field, object]]:
    """(place, field, value) of every value that is no record itself, blanks left out; the place is that of the JSON.

    'injections[0].depth_mm' is the depth of the first injection. The order is that of the record.
    """
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        place = f"{where}.{field.name}" if where else field.name
        for index, one in enumerate(value if field.many else (value,)):
            at = f"{place}[{index}]" if field.many else place
            if isinstance(one, Record):
                yield from leaves(one, at)
            elif one is not None:
                yield at, field, one


def with_uids(record: R, uids: Mapping[str, str]) -> R:
    """The record with the new UID in place of each old one that `uids` names, wherever a UID stands in it."""
    changes: dict[str, Any] = {}
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        several = value if field.many else (value,)
        new = tuple(
            with_uids(one, uids) if isinstance(one, Record) else uids.get(one, one) if field.is_uid and one else one
            for one in several
        )
        if new != several:
            changes[field.name] = new if field.many else new[0]
    return replace(record, **changes) if changes else record
