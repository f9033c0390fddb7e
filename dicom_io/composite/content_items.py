"""Single items of a structured report's content tree, written and read with pydicom alone (PS3.3, C.17.3).

Each maker answers one item with its concept name and the relationship 'contains'; each reader answers the item's value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from dicom_io.coding.concept import Concept, private
from dicom_io.dataset.attributes import AnyItem, Attributes
from dicom_io.dataset.plain_dataset import PlainDataset

WALL_CLOCK: Final = private("WALL_CLOCK", "clock that was read")
_DS_CHARACTERS: Final = 16
_ZONE_CHARACTERS: Final = 5  # +0100
Key = tuple[str, str]


def container(name: Concept, items: Iterable[PlainDataset], at: datetime | None = None) -> PlainDataset:
    """A container with what it contains; `at` is the time of what it tells about."""
    item = _item("CONTAINER", name)
    item.ContinuityOfContent = "SEPARATE"
    if at is not None:
        item.ObservationDateTime = moment_value(at)
    content = list(items)
    if content:
        item.ContentSequence = content
    return item


def text(name: Concept, value: str) -> PlainDataset:
    """A text, which is not empty."""
    item = _item("TEXT", name)
    item.TextValue = value
    return item


def person(name: Concept, value: str) -> PlainDataset:
    """A person's name, in the standard's form."""
    item = _item("PNAME", name)
    item.PersonName = value
    return item


def code(name: Concept, value: Concept) -> PlainDataset:
    """A code."""
    item = _item("CODE", name)
    item.ConceptCodeSequence = [value.item()]
    return item


def number(name: Concept, value: float, unit: Concept) -> PlainDataset:
    """A number with its unit. Where a decimal string cannot hold it, the double stands beside it."""
    item = _item("NUM", name)
    measured = PlainDataset()
    measured.NumericValue = decimal_string(value)
    if float(str(measured.NumericValue)) != value:
        measured.FloatingPointValue = float(value)
    measured.MeasurementUnitsCodeSequence = [unit.item()]
    item.MeasuredValueSequence = [measured]
    return item


def moment(name: Concept, value: datetime, zone: timezone) -> PlainDataset:
    """A date and time with its offset from UTC; `zone` is the document's own (Timezone Offset From UTC).

    DCMTK 3.6.7 refuses a whole report for a DATETIME with an offset below one hour, '+0000' too. Such a moment is told in the
    document's zone, without offset where that is below an hour itself; a modifier says which clock was read, where it was
    another one.
    """
    item = _item("DATETIME", name)
    if _dcmtk_reads(value):
        item.DateTime = moment_value(value)
        return item
    here = value.astimezone(zone)
    item.DateTime = moment_value(here) if _dcmtk_reads(here) else moment_value(here)[:-_ZONE_CHARACTERS]
    if value.utcoffset() != here.utcoffset():
        item.ContentSequence = [as_modifier(text(WALL_CLOCK, moment_value(value)[-_ZONE_CHARACTERS:]))]
    return item


def _dcmtk_reads(value: datetime) -> bool:
    return abs(value.utcoffset() or timedelta(0)) >= timedelta(hours=1)


def day(name: Concept, value: date) -> PlainDataset:
    """A date."""
    item = _item("DATE", name)
    item.Date = f"{value.year:04d}{value.month:02d}{value.day:02d}"
    return item


def uid(name: Concept, value: str) -> PlainDataset:
    """A UID that refers to no object of the study."""
    item = _item("UIDREF", name)
    item.UID = value
    return item


def image(name: Concept, sop_class_uid: str, sop_instance_uid: str, frame: int | None = None) -> PlainDataset:
    """A reference to an image, or to one frame of it (from 0; None for the whole image)."""
    item = _item("IMAGE", name)
    reference = PlainDataset()
    reference.ReferencedSOPClassUID = sop_class_uid
    reference.ReferencedSOPInstanceUID = sop_instance_uid
    if frame is not None:
        reference.ReferencedFrameNumber = frame + 1
    item.ReferencedSOPSequence = [reference]
    return item


def related(relationship: str, item: PlainDataset) -> PlainDataset:
    """The item in another relationship to what is above it."""
    item.RelationshipType = relationship
    return item


def as_modifier(item: PlainDataset) -> PlainDataset:
    """The item as one that says what is above it more closely."""
    return related("HAS CONCEPT MOD", item)


def as_context(item: PlainDataset) -> PlainDataset:
    """The item as a circumstance of the observation above it."""
    return related("HAS OBS CONTEXT", item)


def with_property(item: PlainDataset, below: PlainDataset) -> PlainDataset:
    """The item with one more item below it, as a property of it."""
    related("HAS PROPERTIES", below)
    item.ContentSequence = [*item.get("ContentSequence", []), below]
    return item


def _item(value_type: str, name: Concept) -> PlainDataset:
    item = PlainDataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = value_type
    item.ConceptNameCodeSequence = [name.item()]
    return item


def decimal_string(value: float) -> str:
    """The nearest number of at most 16 characters, never beyond the range of a double."""
    if float(value).is_integer() and abs(value) < 10**15:
        return str(int(value))
    for digits in range(_DS_CHARACTERS, 0, -1):
        short = f"{value:.{digits}g}"
        if len(short) <= _DS_CHARACTERS and math.isfinite(float(short)):
            return short
    return f"{math.copysign(1.7e308, value):.1e}"


def moment_value(value: datetime) -> str:
    """DT with microseconds and offset; a year of four digits always, which the platform's own formatting does not give."""
    offset = value.utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    clock = f"{value.year:04d}{value.month:02d}{value.day:02d}{value.hour:02d}{value.minute:02d}{value.second:02d}"
    return f"{clock}.{value.microsecond:06d}{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def name_of(item: AnyItem) -> Key:
    """Scheme and value of an item's concept name; two empty texts where it has none."""
    names = item.get("ConceptNameCodeSequence")
    return code_key(names[0]) if names else ("", "")


def key(concept: Concept) -> Key:
    """A code as readers compare it: scheme and value."""
    return concept.scheme, concept.value


def code_value(item: AnyItem) -> Key:
    """Scheme and value of a code."""
    return code_key(item.ConceptCodeSequence[0])


def code_key(code: AnyItem) -> Key:
    """Scheme and value of an item of a code sequence."""
    return code.code if isinstance(code, Attributes) else (str(code.CodingSchemeDesignator), str(code.CodeValue))


def number_value(item: AnyItem) -> float:
    """A number, exactly as it was written."""
    measured = item.MeasuredValueSequence[0]
    return float(measured.FloatingPointValue if "FloatingPointValue" in measured else measured.NumericValue)


def item_moment(item: AnyItem, zone: timezone) -> datetime:
    """The moment of a DATETIME item, as `moment` wrote it in a document of this zone. Raises ValueError."""
    value = str(item.DateTime).strip()
    if value[-_ZONE_CHARACTERS:-4] not in ("+", "-"):
        value += datetime(2000, 1, 1, tzinfo=zone).strftime("%z")
    found = moment_of(value)
    for below in item.get("ContentSequence") or []:
        if name_of(below) == (WALL_CLOCK.scheme, WALL_CLOCK.value):
            return found.astimezone(zone_of_text(str(below.TextValue)))
    return found


def moment_of(value: str) -> datetime:
    """The moment of a DT with microseconds and offset. Raises ValueError where it is not whole."""
    whole, _, rest = value.strip().partition(".")
    fraction, sign, zone = rest[:6], rest[6:7], rest[7:]
    if len(whole) != 14 or len(fraction) != 6 or sign not in ("+", "-") or len(zone) != 4:
        raise ValueError(f"the date-time {value!r} is not whole")
    year, month, date_, hour, minute, second = int(whole[:4]), *(int(whole[p : p + 2]) for p in range(4, 14, 2))
    return datetime(year, month, date_, hour, minute, second, int(fraction), tzinfo=zone_of_text(sign + zone))


def zone_of_text(value: str) -> timezone:
    """The zone of an offset such as '+0100'. Raises ValueError."""
    if len(value) != _ZONE_CHARACTERS or value[0] not in "+-":
        raise ValueError(f"the offset {value!r} is not whole")
    minutes = int(value[1:3]) * 60 + int(value[3:])
    return timezone(timedelta(minutes=-minutes if value[0] == "-" else minutes)) if minutes else UTC


def day_of(value: str) -> date:
    """The day of a DA. Raises ValueError."""
    if len(value) != 8:
        raise ValueError(f"the date {value!r} is not whole")
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))
