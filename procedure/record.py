"""What every part of an encounter is: an immutable record of plainly typed fields, and the list of those fields.

A field holds a text, a UID, a number, a whole number, yes or no, a moment, a day, a word of a closed list (`StrEnum`),
another record, or a tuple of one of these; it may be blank (None, or "" for a text). Nothing else is allowed, so that one
rule writes and reads every record: as JSON (`procedure.as_json`), as a JSON schema (`procedure.schema`), as coded content.

The constructor checks the sort of each value, never its size: a dose of 15 000 000 IU is stored as it was said, and asked
about (`procedure.questions`).
"""

from __future__ import annotations

import math
import re
import types
import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from procedure.errors import FieldWrong

_UID_MARK: Final = "uid"
Uid = Annotated[str, _UID_MARK]  #: a DICOM UID, at most 64 characters
_UID: Final = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
_LARGEST_WHOLE: Final = 10**15  # what a double and a decimal string of 16 characters both hold
_DAY_MINUTES: Final = (-12 * 60, 14 * 60)  # the offsets that DICOM's date-times know (PS3.5, 6.2, DT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The base of every part. Raises FieldWrong where a value is not of its field's sort."""

    def __post_init__(self) -> None:
        for field in fields_of(type(self)):
            problem = field.problem(getattr(self, field.name))
            if problem:
                raise FieldWrong(f"{type(self).__name__}, {field.name}: {problem}.")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `base` is the type of one value, `many` a tuple of them, `optional` whether it may be None."""

    name: str
    base: type
    is_uid: bool
    optional: bool
    many: bool

    def problem(self, value: object) -> str:
        """Why `value` cannot stand here, in a few words; empty where it can."""
        if value is None:
            return "" if self.optional else "it cannot be blank"
        if self.many:
            if not isinstance(value, tuple):
                return "it is a tuple"
            if self.base is str and "" in value:
                return "a text in a list is not blank"
            return next((why for why in map(self._problem_of_one, value) if why), "")
        return self._problem_of_one(value)

    def _problem_of_one(self, value: object) -> str:
        if self.base is float:
            if isinstance(value, bool) or not isinstance(value, int | float):
                return "it is a number"
            return "" if math.isfinite(value) else "it is a finite number"
        if not isinstance(value, self.base) or (self.base is int and isinstance(value, bool)):
            return f"it is {_SORTS.get(self.base, f'a {self.base.__name__}')}"
        if isinstance(value, StrEnum):
            return ""
        if self.base is int and isinstance(value, int):
            return "" if abs(value) < _LARGEST_WHOLE else "a whole number has at most 15 digits"
        if isinstance(value, str):
            return _uid_problem(value) if self.is_uid else _text_problem(value)
        if isinstance(value, datetime):
            return _moment_problem(value)
        if self.base is date and isinstance(value, datetime):
            return "it is a day, not a moment"
        return ""


_SORTS: Final[dict[type, str]] = {
    str: "a text",
    int: "a whole number",
    bool: "yes or no",
    datetime: "a moment",
    date: "a day",
}


def _uid_problem(text: str) -> str:
    return "" if len(text) <= 64 and _UID.fullmatch(text) else "it is a DICOM UID"


def _text_problem(text: str) -> str:
    """DICOM's text loses spaces at its end and cannot hold control characters (PS3.5, 6.1.3)."""
    if text != text.strip():
        return "a text has no space at its ends"
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        return "a text holds no control characters"
    return ""


def _moment_problem(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        return "a moment has a time zone"
    minutes, rest = divmod(offset.total_seconds(), 60)
    low, high = _DAY_MINUTES
    return "" if not rest and low <= minutes <= high else "a time zone is whole minutes from -12:00 to +14:00"


_KNOWN: Final[dict[type, tuple[Field, ...]]] = {}


def fields_of(record: type[Record]) -> tuple[Field, ...]:
    """The fields of a kind of record, in the order in which they are stored."""
    if record not in _KNOWN:
        hints = get_type_hints(record, include_extras=True)
        _KNOWN[record] = tuple(_field(field.name, hints[field.name]) for field in fields(record))
    return _KNOWN[record]


def _field(name: str, hint: Any) -> Field:
    optional = many = is_uid = False
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (arm for arm in get_args(hint) if arm is not type(None))
        optional = True
    if get_origin(hint) is tuple:
        hint, _ = get_args(hint)
        many = True
    if get_origin(hint) is Annotated:
        hint, mark = get_args(hint)
        is_uid = mark == _UID_MARK
    return Field(name, hint, is_uid, optional, many)
