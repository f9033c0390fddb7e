"""Items of a report's content tree as bytes (PS3.3, C.17.3); `content_items` makes the same as data sets, more slowly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from dicom_io.coding.concept import Concept, code
from dicom_io.composite.content_items import decimal_string
from dicom_io.dataset.raw_items import element, item, sequence

CONTAINS: Final = "CONTAINS"
CONTEXT: Final = "HAS OBS CONTEXT"
MODIFIER: Final = "HAS CONCEPT MOD"
PROPERTY: Final = "HAS PROPERTIES"
SELECTED_FROM: Final = "SELECTED FROM"


def content(
    value_type: str, relationship: str, name: Concept | None, *elements: bytes, below: Sequence[bytes] = ()
) -> bytes:
    """One item: its value type, how it hangs on the one above, its concept name, its value, and the items below it."""
    named = [code("ConceptNameCodeSequence", name)] if name is not None else []
    under = [sequence("ContentSequence", below)] if below else []
    return item(_word("RelationshipType", relationship), _word("ValueType", value_type), *named, *elements, *under)


@cache
def _word(keyword: str, value: str) -> bytes:
    return element(keyword, value)


def container(name: Concept, below: Sequence[bytes], *elements: bytes, template: str = "") -> bytes:
    """A container, of a template of the standard where one is named."""
    made = [element("ContinuityOfContent", "CONTINUOUS"), *elements]
    if template:
        made.append(template_of(template))
    return content("CONTAINER", CONTAINS, name, *made, below=below)


@cache
def template_of(number: str) -> bytes:
    """Which template of the standard's resource (PS3.16) the content is made by."""
    return sequence(
        "ContentTemplateSequence", [item(element("MappingResource", "DCMR"), element("TemplateIdentifier", number))]
    )


def text(name: Concept, value: str, relationship: str = CONTAINS) -> bytes:
    """A text, which is not empty."""
    return content("TEXT", relationship, name, element("TextValue", value))


def person(name: Concept, value: str, relationship: str = CONTAINS) -> bytes:
    """A person's name, in the standard's form."""
    return content("PNAME", relationship, name, element("PersonName", value))


def uid(name: Concept, value: str, relationship: str = CONTAINS) -> bytes:
    """A UID."""
    return content("UIDREF", relationship, name, element("UID", value))


@cache
def coded(name: Concept, value: Concept, relationship: str = CONTAINS) -> bytes:
    """A code."""
    return content("CODE", relationship, name, code("ConceptCodeSequence", value))


def number(
    name: Concept, value: float, unit: Concept, relationship: str = CONTAINS, *, below: Iterable[bytes] = ()
) -> bytes:
    """A number with its unit, as a decimal string and as the double that it is."""
    measured = item(
        element("NumericValue", decimal_string(value)),
        element("FloatingPointValue", float(value)),
        code("MeasurementUnitsCodeSequence", unit),
    )
    return content("NUM", relationship, name, sequence("MeasuredValueSequence", [measured]), below=tuple(below))


def image(name: Concept, sop_class_uid: str, sop_instance_uid: str, frame: int | None, relationship: str) -> bytes:
    """A reference to an image, or to one frame of it (from 1; None for the whole image)."""
    frames = [] if frame is None else [element("ReferencedFrameNumber", frame)]
    reference = item(
        element("ReferencedSOPClassUID", sop_class_uid), element("ReferencedSOPInstanceUID", sop_instance_uid), *frames
    )
    return content("IMAGE", relationship, name, sequence("ReferencedSOPSequence", [reference]))
