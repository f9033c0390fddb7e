"""The published JSON schema of an encounter (draft 2020-12), made from the records themselves: it cannot fall behind them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from procedure.as_json import LATER, SCHEMA
from procedure.encounter import Encounter
from procedure.record import Field, Record, fields_of

_TYPES: Final[dict[type, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def encounter_schema() -> dict[str, Any]:
    """The schema as plain JSON values; each record is a definition of its own."""
    kinds: dict[str, type[Record]] = {}
    _collect(Encounter, kinds)
    definitions = {name: _object(kind) for name, kind in sorted(kinds.items()) if kind is not Encounter}
    whole = _object(Encounter)
    whole["properties"] = {"schema": {"const": SCHEMA}, **whole["properties"]}
    whole["required"] = ["schema", *whole["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One encounter of sonofill",
        **whole,
        "$defs": definitions,
    }


def _collect(kind: type[Record], kinds: dict[str, type[Record]]) -> None:
    if kind.__name__ in kinds:
        return
    kinds[kind.__name__] = kind
    for field in fields_of(kind):
        if issubclass(field.base, Record):
            _collect(field.base, kinds)


def _object(kind: type[Record]) -> dict[str, Any]:
    return {
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "object",
        "properties": {field.name: _field(field) for field in fields_of(kind)},
        "required": [f.name for f in fields_of(kind) if f.name not in LATER.get(kind.__name__, ())],
        "additionalProperties": False,
    }


def _field(field: Field) -> dict[str, Any]:
    one: dict[str, Any]
    if issubclass(field.base, Record):
        one = {"$ref": f"#/$defs/{field.base.__name__}"}
    elif issubclass(field.base, StrEnum):
        one = {"enum": [str(word) for word in field.base]}
    elif field.is_uid:
        one = {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+$", "maxLength": 64}
    else:
        one = dict(_TYPES[field.base])
    if field.many:
        return {"type": "array", "items": one}
    return {"anyOf": [one, {"type": "null"}]} if field.optional else one


if __name__ == "__main__":
    import json
    import sys

    json.dump(encounter_schema(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
