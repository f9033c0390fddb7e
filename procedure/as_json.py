"""An encounter as JSON: the whole record in one text, in one fixed form, and back.

Canonical: the fields in the order of their records, blanks written as blanks, no paths, UTF-8, one space of indentation, a
line feed at the end. Equal encounters give equal bytes. Reading is strict: an unknown or missing field, a field of another
sort, a word that is not on its list, a key that comes twice are refused, with their place. Fields that came after the first
records were stored (`LATER`) stand there only where something is told in them: the text and digest of an older record stay
what they were.

Moments keep the offset of the wall clock that they were read from (ISO 8601), so that the record shows the hour that the
clinic's clock showed, across midnight and daylight saving.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

from procedure.encounter import Encounter
from procedure.errors import FieldWrong, RecordUnreadable
from procedure.record import Field, Record, fields_of

SCHEMA: Final = "sonofill-encounter/1"
#: By record: its fields that may be missing.
LATER: Final = {
    "Plan": frozenset({"face_path", "deposits"}),
    "Injection": frozenset({"on_face"}),
    "Encounter": frozenset({"photograph_marks"}),
}
R = TypeVar("R", bound=Record)


def to_json(encounter: Encounter) -> bytes:
    """The canonical JSON of an encounter."""
    document = {"schema": SCHEMA, **to_dict(encounter)}
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def from_json(text: bytes | str) -> Encounter:
    """The encounter of a JSON text. Raises RecordUnreadable, with the place that it could not read."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RecordUnreadable(f"The record is not JSON text: {error}.") from error
    if not isinstance(document, dict):
        raise RecordUnreadable("The record is not one JSON object.")
    schema = document.pop("schema", None)
    if schema != SCHEMA:
        raise RecordUnreadable(f"The record's schema is {schema!r}; this program reads {SCHEMA!r}.")
    return from_dict(Encounter, document)


def digest(encounter: Encounter) -> str:
    """SHA-256 of the canonical JSON, hex: what a later version names its predecessor by."""
    return hashlib.sha256(to_json(encounter)).hexdigest()


def to_dict(record: Record) -> dict[str, Any]:
    """A record as plain JSON values."""
    plain: dict[str, Any] = {}
    later = LATER.get(type(record).__name__, frozenset())
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        if field.name in later and value in (None, ()):
            continue
        if value is None:
            plain[field.name] = None
        elif field.many:
            plain[field.name] = [_plain(field, one) for one in value]
        else:
            plain[field.name] = _plain(field, value)
    return plain


def _plain(field: Field, value: Any) -> Any:
    if isinstance(value, Record):
        return to_dict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if field.base is float:
        return float(value) + 0.0  # a whole number is written like any other, and minus zero as zero
    return str(value) if isinstance(value, StrEnum) else value


def from_dict(kind: type[R], document: object, where: str = "") -> R:
    """A record of one kind from plain JSON values. Raises RecordUnreadable with the place."""
    if not isinstance(document, dict):
        raise _at(where, "it is not an object")
    fields = fields_of(kind)
    names = [field.name for field in fields]
    for key in document:
        if key not in names:
            raise _at(_under(where, key), "this program knows no such field")
    values: dict[str, Any] = {}
    for field in fields:
        place = _under(where, field.name)
        if field.name not in document:
            if field.name in LATER.get(kind.__name__, ()):
                continue
            raise _at(place, "the field is missing")
        values[field.name] = _value(field, document[field.name], place)
    try:
        return kind(**values)
    except FieldWrong as error:
        raise _at(where, str(error).rstrip(".")) from error


def _value(field: Field, plain: object, where: str) -> Any:
    if plain is None:
        if not field.optional:
            raise _at(where, "it cannot be blank")
        return None
    if not field.many:
        return _one(field, plain, where)
    if not isinstance(plain, list):
        raise _at(where, "it is not a list")
    return tuple(_one(field, item, f"{where}[{place}]") for place, item in enumerate(plain))


def _one(field: Field, plain: object, where: str) -> Any:
    base = field.base
    if issubclass(base, Record):
        return from_dict(base, plain, where)
    if issubclass(base, StrEnum):
        words = [str(word) for word in base]
        if not isinstance(plain, str) or plain not in words:
            raise _at(where, f"it is none of {', '.join(words)}")
        return base(plain)
    if base in _FROM_TEXT:
        try:
            return _FROM_TEXT[base](str(plain)) if isinstance(plain, str) else _fail()
        except ValueError as error:
            raise _at(where, f"it is no {'moment' if base is datetime else 'day'} in ISO 8601") from error
    if base is float and isinstance(plain, int) and not isinstance(plain, bool):
        try:
            return float(plain)
        except OverflowError as error:
            raise _at(where, "the number is too large") from error
    return plain  # its sort is checked by the record itself


_FROM_TEXT: Final[dict[type, Callable[[str], Any]]] = {datetime: datetime.fromisoformat, date: date.fromisoformat}


def _fail() -> NoReturn:
    raise ValueError("not a text")


def _under(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _at(where: str, what: str) -> RecordUnreadable:
    return RecordUnreadable(f"The record cannot be read: {where or 'the whole text'}: {what}.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} comes twice in one object")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
