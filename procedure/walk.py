"""Every value of a record with its place: for rules that hold wherever a value stands."""

from __future__ import annotations

from collections.abc import Iterator

from procedure.record import Field, Record, fields_of


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
