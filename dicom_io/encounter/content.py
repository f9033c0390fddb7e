"""An encounter as coded content, field by field, and back: one rule for every record, as for its JSON.

A record becomes a container, its fields the items in it, in the order of the record; a list becomes several items of one
name; a blank becomes no item. A container's Observation DateTime is the record's `at`. What names an image of the study is
a reference to the image, with its frame; other UIDs stand as UIDs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from enum import StrEnum
from typing import Any, Final, TypeVar

from dicom_io.coding.concept import Concept
from dicom_io.coding.encounter import (
    ID_FIELDS,
    NO,
    UNCERTAINTY,
    YES,
    field_concept,
    id_concept,
    id_of,
    unit_of,
    word_concept,
    word_of,
)
from dicom_io.coding.words import single_name
from dicom_io.composite import content_items as items
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.encoded import Picture
from procedure.answers import Estimate
from procedure.images import ImageRef
from procedure.record import Field, Record, fields_of

US_MULTIFRAME: Final = "1.2.840.10008.5.1.4.1.1.3.1"
_PERSONS: Final = frozenset({"by", "noticed_by", "named_by", "signed_by", "answered_by", "prescriber"})
_PLAIN_NAME: Final = re.compile(r"[^\\=^\n\t]{1,60}")  # what a PN value keeps as it is
_AT: Final = "at"
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Within:
    """What the content stands in: the study's objects by SOP Instance UID, and the document's time zone."""

    images: Mapping[str, Picture]
    zone: timezone


def content_of(record: Record, within: Within) -> list[PlainDataset]:
    """The items of a record's fields."""
    return [
        item
        for field in fields_of(type(record))
        if not _is_moment_of_record(field)
        for value in _values(field, getattr(record, field.name))
        for item in _items(field, value, within)
    ]


def _is_moment_of_record(field: Field) -> bool:
    return field.name == _AT and field.base is datetime


def _values(field: Field, value: Any) -> tuple[Any, ...]:
    if field.many:
        return tuple(value)
    return () if value is None or value == "" else (value,)


def _items(field: Field, value: Any, within: Within) -> Iterator[PlainDataset]:
    name = field_concept(field.name)
    if isinstance(value, Estimate):
        yield _estimate(name, value, unit_of(field.name))
    elif isinstance(value, ImageRef) and (reference := _reference(name, value, within)) is not None:
        yield reference
    elif isinstance(value, Record):
        yield items.container(name, content_of(value, within), getattr(value, _AT, None))
    elif isinstance(value, StrEnum):
        yield items.code(name, word_concept(value))
    elif isinstance(value, bool):
        yield items.code(name, YES if value else NO)
    elif isinstance(value, int | float):
        yield items.number(name, value, unit_of(field.name))
    elif isinstance(value, datetime):
        yield items.moment(name, value, within.zone)
    elif isinstance(value, date):
        yield items.day(name, value)
    elif field.is_uid:
        known = within.images.get(value)
        yield items.uid(name, value) if known is None else items.image(name, known.sop_class_uid, value)
    else:
        yield _text(field, name, value)


def _text(field: Field, name: Concept, value: str) -> PlainDataset:
    concept = id_concept(value) if field.name in ID_FIELDS else None
    if concept is not None:
        return items.code(name, concept)
    if field.name in _PERSONS and _PLAIN_NAME.fullmatch(value):
        return items.person(name, single_name(value))
    return items.text(name, value)


def _estimate(name: Concept, value: Estimate, unit: Concept) -> PlainDataset:
    item = items.number(name, value.value, unit)
    if value.uncertainty is None:
        return item
    return items.with_property(item, items.number(UNCERTAINTY, value.uncertainty, unit))


def _reference(name: Concept, value: ImageRef, within: Within) -> PlainDataset | None:
    """The reference to one frame; None where the study has no such image, or the image no such frame."""
    known = within.images.get(value.image_uid)
    if known is None or not 0 <= value.frame < max(1, known.number_of_frames):
        return None
    has_frames = known.sop_class_uid == US_MULTIFRAME
    return items.image(name, known.sop_class_uid, value.image_uid, value.frame if has_frames else None)


def record_of(kind: type[R], content: Sequence[AnyItem], zone: timezone, at: str | None = None) -> R:
    """The record of some items; items that it knows nothing of are left alone.

    `zone` is the document's; `at` the container's Observation DateTime. Raises ValueError, LookupError, AttributeError or
    FieldWrong where the items are not such a record.
    """
    by_name: dict[items.Key, list[AnyItem]] = {}
    for item in content:
        by_name.setdefault(items.name_of(item), []).append(item)
    values: dict[str, Any] = {}
    for field in fields_of(kind):
        if _is_moment_of_record(field):
            values[field.name] = items.moment_of(at) if at else None
            continue
        concept = field_concept(field.name)
        found = by_name.get((concept.scheme, concept.value), [])
        read = tuple(_value(field, item, zone) for item in found)
        if field.many:
            values[field.name] = read
        elif len(read) > 1:
            raise ValueError(f"{kind.__name__}, {field.name}: it stands there {len(read)} times")
        else:
            blank = "" if field.base is str and not field.optional and not field.is_uid else None
            values[field.name] = read[0] if read else blank
    return kind(**values)


def _value(field: Field, item: AnyItem, zone: timezone) -> Any:
    base, value_type = field.base, str(item.ValueType)
    if value_type == "IMAGE":
        reference = item.ReferencedSOPSequence[0]
        image_uid = str(reference.ReferencedSOPInstanceUID)
        if issubclass(base, ImageRef):
            return ImageRef(image_uid=image_uid, frame=int(reference.get("ReferencedFrameNumber") or 1) - 1)
        return image_uid
    if base is Estimate:
        below = [
            i for i in item.get("ContentSequence", []) if items.name_of(i) == (UNCERTAINTY.scheme, UNCERTAINTY.value)
        ]
        return Estimate(items.number_value(item), items.number_value(below[0]) if below else None)
    if issubclass(base, Record):
        at = item.get("ObservationDateTime")
        return record_of(base, list(item.get("ContentSequence", [])), zone, str(at) if at else None)
    if value_type == "CODE":
        return _coded(field, *items.code_value(item))
    if value_type == "NUM":
        number = items.number_value(item)
        return int(number) if base is int else number
    if value_type == "DATETIME":
        return items.item_moment(item, zone)
    if value_type == "DATE":
        return items.day_of(str(item.Date))
    if value_type == "UIDREF":
        return str(item.UID)
    return str(item.PersonName).removesuffix("^") if value_type == "PNAME" else str(item.TextValue)


def _coded(field: Field, scheme: str, value: str) -> Any:
    if field.base is bool:
        return {(YES.scheme, YES.value): True, (NO.scheme, NO.value): False}[scheme, value]
    if issubclass(field.base, StrEnum):
        word = word_of(field.base, scheme, value)
        if word is None:
            raise ValueError(f"{field.name}: no word has the code {scheme} {value}")
        return word
    found = id_of(scheme, value)
    if found is None:
        raise ValueError(f"{field.name}: no id has the code {scheme} {value}")
    return found
