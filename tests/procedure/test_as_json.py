from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedure import Encounter, FieldWrong, RecordUnreadable
from procedure.as_json import LATER, digest, from_dict, from_json, to_dict, to_json
from procedure.patient import Identity
from procedure.people import Clock
from procedure.record import Record, fields_of
from procedure.schema import encounter_schema
from tests.procedure.strategies import encounters, kinds_of_records, records

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "encounter.schema.json"


def small() -> Encounter:
    return Encounter(
        encounter_uid="2.25.1",
        simulated=True,
        started_at=datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=1))),
        clock=Clock(),
        patient=Identity(patient_id="DEMO-0001"),
    )


@pytest.mark.requirement("S20")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(encounters())
def test_any_encounter_comes_back_equal_and_in_the_same_bytes(encounter: Encounter) -> None:
    text = to_json(encounter)
    again = from_json(text)
    assert again == encounter
    assert to_json(again) == text
    assert digest(again) == digest(encounter)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(kinds_of_records()).flatmap(records))
def test_any_record_comes_back_equal(record: Record) -> None:
    plain = json.loads(json.dumps(to_dict(record)))
    assert from_dict(type(record), plain) == record
    later = LATER.get(type(record).__name__, frozenset())
    told = [f.name for f in fields_of(type(record)) if f.name not in later or getattr(record, f.name) not in (None, ())]
    assert list(plain) == told, "a field that came later stands there only where something is told in it"


def test_moments_keep_the_clock_on_the_wall() -> None:
    before = small()
    assert '"started_at": "2026-03-29T01:30:00+01:00"' in to_json(before).decode()
    assert from_json(to_json(before)).started_at.utcoffset() == timedelta(hours=1)


def _at(document: dict[str, Any], place: str) -> dict[str, Any]:
    for part in place.split(".")[:-1]:
        document = document[part]
    return document


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("patient.shoe_size", 42, "patient.shoe_size: this program knows no such field"),
        ("patient.birth_date", "29 February", "patient.birth_date: it is no day"),
        ("started_at", "2026-01-01T10:00:00", "started_at: a moment has a time zone"),
        ("started_at", 5, "started_at: it is no moment"),
        ("state", "perfect", "state: it is none of draft, final, attested"),
        ("state", ["draft"], "state: it is none of"),
        ("version", 1.5, "version: it is a whole number"),
        ("version", True, "version: it is a whole number"),
        ("notes", {}, "notes: it is not a list"),
        ("notes", [3], "notes[0]: it is not an object"),
        ("simulated", None, "simulated: it cannot be blank"),
        ("simulated", "yes", "simulated: it is yes or no"),
        ("encounter_uid", "1.2.x", "encounter_uid: it is a DICOM UID"),
        ("patient.name", "A\u0000", "name: a text holds no control characters"),
        ("patient.name", "A ", "name: a text has no space at its ends"),
        ("clock.offset_s", 10**400, "clock.offset_s: the number is too large"),
        ("clock.offset_s", "0", "offset_s: it is a number"),
        ("schema", "sonofill-encounter/9", "this program reads 'sonofill-encounter/1'"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(place: str, value: object, told: str) -> None:
    document = json.loads(to_json(small()))
    _at(document, place)[place.split(".")[-1]] = value
    with pytest.raises(RecordUnreadable) as refused:
        from_json(json.dumps(document))
    assert told in str(refused.value)


def test_a_missing_field_a_doubled_key_and_other_texts_are_refused() -> None:
    document = json.loads(to_json(small()))
    del document["patient"]["sex"]
    with pytest.raises(RecordUnreadable, match=r"patient\.sex: the field is missing"):
        from_json(json.dumps(document))
    for text, told in (
        ('{"schema": 1, "schema": 2}', "'schema' comes twice"),
        ("[]", "not one JSON object"),
        ("{", "not JSON text"),
        ('{"schema": NaN}', "NaN is no number"),
        (b"\xff\xfe\x00", "not JSON text"),
        ("[" * 100_000, "not JSON text"),
    ):
        with pytest.raises(RecordUnreadable, match=told):
            from_json(text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_text_that_was_cut_or_changed_never_breaks_the_reader(data: st.DataObject) -> None:
    text = bytearray(to_json(small()))
    if data.draw(st.booleans()):
        del text[data.draw(st.integers(0, len(text) - 3)) :]
    else:
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    try:
        from_json(bytes(text))
    except RecordUnreadable as refused:
        assert str(refused).endswith(".")


def test_a_value_of_another_sort_is_no_record() -> None:
    for wrong in (
        {"offset_s": float("nan")},
        {"offset_s": float("inf")},
        {"checked_at": datetime(2026, 1, 1)},  # noqa: DTZ001 (a moment without a zone is just what is refused)
        {"checked_at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=30)))},
        {"synchronised": "yes"},
    ):
        with pytest.raises(FieldWrong, match="Clock, "):
            Clock(**wrong)
    with pytest.raises(FieldWrong, match="it is a tuple"):
        Encounter(
            encounter_uid="2.25.1",
            simulated=True,
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            clock=Clock(),
            patient=Identity(),
            notes=[],  # type: ignore[arg-type]
        )


def test_equal_numbers_have_equal_bytes() -> None:
    def with_offset(offset: float) -> bytes:
        return to_json(from_dict(Encounter, to_dict(small()) | {"clock": to_dict(Clock(offset_s=offset))}))

    assert with_offset(2) == with_offset(2.0)
    assert with_offset(-0.0) == with_offset(0)


def test_the_published_schema_is_the_records_own() -> None:
    """`python -m procedure.schema > docs/reference/encounter.schema.json` makes it."""
    assert json.loads(PUBLISHED.read_text("utf-8")) == encounter_schema()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(encounters())
def test_the_schema_describes_what_is_written(encounter: Encounter) -> None:
    schema = encounter_schema()
    _holds(json.loads(to_json(encounter)), schema, schema["$defs"], "")


def _holds(value: object, schema: dict[str, Any], definitions: dict[str, Any], where: str) -> None:
    """As much of draft 2020-12 as the published schema uses."""
    if "$ref" in schema:
        return _holds(value, definitions[schema["$ref"].rsplit("/", 1)[1]], definitions, where)
    if "anyOf" in schema:
        one, null = schema["anyOf"]
        assert null == {"type": "null"}
        return None if value is None else _holds(value, one, definitions, where)
    if "enum" in schema or "const" in schema:
        assert value in schema.get("enum", [schema.get("const")]), where
        return None
    sorts = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list, "object": dict}
    assert isinstance(value, sorts[schema["type"]]), where
    if isinstance(value, dict):
        assert list(value) == [key for key in schema["properties"] if key in value], where
        assert set(schema["required"]) <= set(value), where
        for key, inner in value.items():
            _holds(inner, schema["properties"][key], definitions, f"{where}.{key}")
    if isinstance(value, list):
        for inner in value:
            _holds(inner, schema["items"], definitions, where)
    return None


def test_kinds_of_records_have_names_of_their_own() -> None:
    names = [kind.__name__ for kind in kinds_of_records()]
    assert len(set(names)) == len(names)
    assert all(kind.__doc__ for kind in kinds_of_records())
