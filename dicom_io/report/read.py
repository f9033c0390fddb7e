"""A report back into the document that it was written from, from its coded content alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from annotation import Document, Finding, ImageNote
from annotation.grey import GreyLevel
from annotation.measure import Measured
from dicom_io.coding import codes
from dicom_io.composite.content_items import Key, code_key, key, moment_of, name_of, number_value
from dicom_io.composite.sr_document import named_by
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, read_with
from dicom_io.errors import NotAReport
from dicom_io.report.changes import ReportedChange, read_change
from dicom_io.report.shapes import DRAWN_AS, DrawnAs, shape_of_region

_FINDING_CATEGORY: Final = ("SCT", "276214006")
_FINDING_TYPE: Final = ("DCM", "121071")
_MEASUREMENT_GROUP: Final = ("DCM", "125007")
_TRACKING_UID: Final = ("DCM", "112040")
_IMAGE_REGION: Final = ("DCM", "111030")
_UPPER_UNCERTAINTY: Final = ("SCT", "371886008")
_KINDS: Final = {key(c): kind for kind, c in codes.CATEGORIES.items()}
_VESSEL_KINDS: Final = {key(c): kind for kind, c in codes.VESSEL_KINDS.items()}
_ECHOGENICITIES: Final = {key(c): word for word, c in codes.ECHOGENICITIES.items()}
_DRAWN: Final[dict[Key, DrawnAs]] = {key(codes.DRAWN[word]): word for word in DRAWN_AS}
_AROUNDS: Final = {key(c): word for word, c in codes.GREY_AROUNDS.items()}
_GREYS: Final = {
    "mean": codes.GREY_MEAN,
    "spread": codes.GREY_SPREAD,
    "around_mean": codes.AROUND_MEAN,
    "around_spread": codes.AROUND_SPREAD,
}
_QUANTITIES: Final = {key(c): quantity for quantity, c in codes.QUANTITIES.items()}
_UNITS: Final = {key(c): unit for unit, c in codes.UNITS.items()}
_REASONS: Final = {key(c): reason for reason, c in codes.NOT_IN_MM_REASONS.items()}


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it was read: what it says, and which version of whose labels it is.

    `predecessors` are the SOP Instance UIDs of the reports that it corrects, for `reason`; `at` is when it was made (UTC),
    None where it does not tell; `entered_by` who made this version. `pictures` are the SOP Instance UIDs it is about;
    `changes` how vessels changed since before the procedure.
    """

    document: Document
    sop_instance_uid: str
    sop_class_uid: str
    study_instance_uid: str
    series_instance_uid: str
    author: str = ""
    at: datetime | None = None
    entered_by: str = ""
    reason: str = ""
    predecessors: tuple[str, ...] = ()
    pictures: frozenset[str] = frozenset()
    verified_by: str = ""
    changes: tuple[ReportedChange, ...] = ()


def read_report(path: Path) -> Document:
    """The document of a report. Raises CannotOpen, NotDicom; NotAReport where this program did not write it."""
    return read_stored_report(path).document


def read_stored_report(path: Path) -> StoredReport:
    """A report with what it says of itself. Raises as `read_report`."""
    return read_with(path, lambda dataset: _read(dataset, path))


def _read(dataset: AnyItem, path: Path) -> StoredReport:
    def foreign(error: Exception) -> NotAReport:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else repr(error)
        return NotAReport(f"{path} is a measurement report, but not one that this program wrote ({why}).")

    with damage_as(foreign):
        if "ContentSequence" not in dataset or name_of(dataset) != key(codes.REPORT_TITLE):
            raise NotAReport(f"{path} is no measurement report.")
        return _stored(dataset)


def _stored(dataset: AnyItem) -> StoredReport:
    groups = [(group, _Below(group)) for group in _groups(dataset)]
    document = _document(groups)
    root = _Below(dataset)
    observers = [_observed(item) for item in root.all(key(codes.OBSERVER_NAME))]
    by_each = {finding.by for finding in document.findings}
    verifiers = dataset.get("VerifyingObserverSequence") or []
    entered = [p for p in dataset.get("ParticipantSequence") or [] if p.get("ParticipationType") == "ENT"]
    reasons = [str(item.TextValue) for item in root.all(key(codes.CORRECTION_REASON))]
    return StoredReport(
        document=document,
        sop_instance_uid=str(dataset.SOPInstanceUID),
        sop_class_uid=str(dataset.SOPClassUID),
        study_instance_uid=str(dataset.StudyInstanceUID),
        series_instance_uid=str(dataset.SeriesInstanceUID),
        # Reports of versions before 0.2 name their persons at each finding only.
        author=observers[0] if observers else by_each.pop() if len(by_each) == 1 else "",
        at=_made_at(dataset),
        entered_by=_plain(entered[0].PersonName) if entered else "",
        reason=reasons[0] if reasons else "",
        predecessors=named_by(dataset, "PredecessorDocumentsSequence"),
        pictures=frozenset(named_by(dataset, "CurrentRequestedProcedureEvidenceSequence")),
        verified_by=_plain(verifiers[0].VerifyingObserverName) if verifiers else "",
        changes=_changes(groups),
    )


def _made_at(dataset: AnyItem) -> datetime | None:
    """Content Date and Time with the document's zone."""
    day, time = str(dataset.get("ContentDate") or ""), str(dataset.get("ContentTime") or "")
    zone = str(dataset.get("TimezoneOffsetFromUTC") or "+0000")
    whole, _, fraction = time.partition(".")
    try:
        return datetime.strptime(f"{day}{whole:0<6}.{fraction or '0'}{zone}", "%Y%m%d%H%M%S.%f%z").astimezone(UTC)
    except ValueError:
        return None


def _plain(name: Any) -> str:
    return str(name).removesuffix("^")


def _observed(item: AnyItem) -> str:
    return _plain(item.PersonName) if item.ValueType == "PNAME" else str(item.TextValue)


def _document(groups: Sequence[_Group]) -> Document:
    findings: list[Finding] = []
    notes: list[ImageNote] = []
    for group, below in groups:
        category = below.code(_FINDING_CATEGORY)
        if category == key(codes.PICTURE_NOTE):
            notes.append(_note(group, below))
        elif category not in (key(codes.WITHDRAWN), key(codes.CHANGE)):
            findings.append(_finding(group, below, _KINDS[category]))
    return Document(findings=tuple(findings), notes=tuple(notes))


def _changes(groups: Sequence[_Group]) -> tuple[ReportedChange, ...]:
    return tuple(
        read_change(group, _observed(below.first(key(codes.OBSERVER_NAME))))
        for group, below in groups
        if below.code(_FINDING_CATEGORY) == key(codes.CHANGE)
    )


def _groups(root: AnyItem) -> Iterator[AnyItem]:
    for item in root.ContentSequence:
        if item.ValueType == "CONTAINER":
            if name_of(item) == _MEASUREMENT_GROUP:
                yield item
            elif "ContentSequence" in item:
                yield from _groups(item)


def _finding(group: AnyItem, below: _Below, kind: str) -> Finding:
    region = below.first(_IMAGE_REGION)
    image, frame = _source(region)
    kinds = [_VESSEL_KINDS[code_key(i.ConceptCodeSequence[0])] for i in below.all(key(codes.VESSEL_KIND))]
    bright = [_ECHOGENICITIES[code_key(i.ConceptCodeSequence[0])] for i in below.all(key(codes.ECHOGENICITY))]
    drawn = [_DRAWN[code_key(i.ConceptCodeSequence[0])] for i in below.all(key(codes.DRAWN_AS))]
    names = [str(item.TextValue) for item in below.all(key(codes.NAME))]
    observer = below.first(key(codes.OBSERVER_NAME))
    fields: dict[str, Any] = {
        "tracking_uid": str(below.first(_TRACKING_UID).UID),
        "kind": kind,
        "term": codes.term_of(*below.code(_FINDING_TYPE)),
        "name": names[0] if names else "",
        "shape": shape_of_region(
            str(region.GraphicType), _list(region.GraphicData), drawn[0] if drawn else None, distance=kind == "distance"
        ),
        "image": image,
        "frame": frame,
        "by": _observed(observer),
        "at": moment_of(str(group.ObservationDateTime)),
        "status": "confirmed",
        "vessel_kind": kinds[0] if kinds else None,
        "echogenicity": bright[0] if bright else None,
        "measurements": tuple(_measurements(below)),
        "grey": _grey(below),
    }
    return Finding.model_validate(fields)


def _measurements(group: _Below) -> Iterator[Measured]:
    for name, item in group.items:
        if name not in _QUANTITIES or item.ValueType != "NUM":
            continue
        below = _Below(item)
        reasons = [_REASONS[code_key(i.ConceptCodeSequence[0])] for i in below.all(key(codes.NOT_IN_MM))]
        yield Measured.model_validate(
            {
                "quantity": _QUANTITIES[name],
                "value": number_value(item),
                "unit": _UNITS[code_key(item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0])],
                "uncertainty": number_value(below.first(_UPPER_UNCERTAINTY)),
                "reason": reasons[0] if reasons else None,
            }
        )


def _grey(group: _Below) -> GreyLevel | None:
    if not group.all(key(codes.GREY_MEAN)):
        return None
    told: dict[str, Any] = {
        field: number_value(item) for field, name in _GREYS.items() for item in group.all(key(name))[:1]
    }
    for item in group.all(key(codes.GREY_AROUND)):
        told["around"] = _AROUNDS[code_key(item.ConceptCodeSequence[0])]
    return GreyLevel.model_validate(told)


def _note(group: AnyItem, below: _Below) -> ImageNote:
    image, frame = _source(group)
    fields: dict[str, Any] = {"image": image, "frame": frame}
    for field, concept in (("plane", codes.IMAGE_VIEW), ("landmark", codes.LANDMARK)):
        for item in below.all(key(concept)):
            fields[field] = codes.term_of(*code_key(item.ConceptCodeSequence[0]))
    return ImageNote.model_validate(fields)


def _source(item: AnyItem) -> tuple[str, int]:
    """The picture below an item, and its frame from 0."""
    (reference,) = (i.ReferencedSOPSequence[0] for i in item.ContentSequence if i.ValueType == "IMAGE")
    numbers = _list(reference.get("ReferencedFrameNumber") or 1)
    return str(reference.ReferencedSOPInstanceUID), int(numbers[0]) - 1


def _list(value: Any) -> list[Any]:
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else [value]


class _Below:
    """The content items below an item by their names: each name is taken apart once, however many are asked for."""

    def __init__(self, item: AnyItem) -> None:
        self.items: list[tuple[Key, AnyItem]] = [(name_of(i), i) for i in item.get("ContentSequence") or []]
        self._by_name: dict[Key, list[AnyItem]] = {}
        for name, below in self.items:
            self._by_name.setdefault(name, []).append(below)

    def all(self, name: Key) -> list[AnyItem]:
        """Every item of this name, in order."""
        return self._by_name.get(name, [])

    def first(self, name: Key) -> AnyItem:
        """The first item of this name; KeyError without one."""
        found = self.all(name)
        if not found:
            raise KeyError(f"no content item {name[0]} {name[1]}")
        return found[0]

    def code(self, name: Key) -> Key:
        """The code that the first item of this name holds; KeyError without one."""
        return code_key(self.first(name).ConceptCodeSequence[0])


_Group: TypeAlias = "tuple[AnyItem, _Below]"
