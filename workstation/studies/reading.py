"""What stored objects say, in the words of the contracts: the labels of a study, from its reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive import ObjectRow
from dicom_io import code_of
from dicom_io.dataset.attributes import AnyItem
from dicom_io.errors import DicomError, NotAReport
from dicom_io.report.foreign import ForeignReport, read_foreign_report
from dicom_io.report.read import StoredReport, read_stored_report
from dicom_io.report.versions import number_of, versions

REPORT_CLASSES = ("1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.88.34")
#: What shows a report's labels to other programs. The report has them all, so none is read here.
LABEL_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.66.4": "segmentation",
    "1.2.840.10008.5.1.4.1.1.11.2": "presentation state",
    "1.2.840.10008.5.1.4.1.1.88.59": "selection",
}
COPY = "copy with labels"
ENCOUNTER_CLASS = "1.2.840.10008.5.1.4.1.1.88.22"  # our labels never stand in one of these

_SEVERAL = {COPY: "copies with labels"}
_KINDS = {
    "1.2.840.10008.5.1.4.1.1.3.1": "clip",
    "1.2.840.10008.5.1.4.1.1.6.1": "still",
    "1.2.840.10008.5.1.4.1.1.77.1.4": "photograph",
    **dict.fromkeys(REPORT_CLASSES, "report"),
    ENCOUNTER_CLASS: "encounter",
    "1.2.840.10008.5.1.4.1.1.88.40": "procedure log",
    "1.2.840.10008.5.1.4.1.1.104.1": "document",
    **LABEL_CLASSES,
}


def kind_of(row: ObjectRow) -> str:
    """What an object is, in words; a still is looked at to tell a copy with labels, a selection to tell a rejection note."""
    kind = _KINDS.get(row.sop_class, "object")
    try:
        if kind == "still" and is_copy(row):
            return COPY
        if kind == "selection" and not _is_of_interest(row):
            return "note on objects"
    except DicomError:
        return f"{kind} that cannot be read"
    return kind


def _is_of_interest(row: ObjectRow) -> bool:
    from dicom_io.documents.selection import OF_INTEREST, read_selection

    return read_selection(row.file).title == str(OF_INTEREST)


def is_copy(row: ObjectRow) -> bool:
    """Whether a picture is one of the study's own with labels burned in. Raises CannotOpen, NotDicom."""
    from dicom_io.dataset.parse import damage_as, damaged, read_with
    from dicom_io.labels.labelled import copied_from

    def copied(header: AnyItem) -> bool:
        with damage_as(damaged(row.file)):
            return copied_from(header) is not None

    return read_with(row.file, copied)


def counted(kinds: Mapping[str, int]) -> tuple[str, ...]:
    """Kinds of objects with how many there are of each, in words."""
    return tuple(f"{count} {kind if count == 1 else _SEVERAL.get(kind, f'{kind}s')}" for kind, count in kinds.items())


def superseded_series(reports: Sequence[StoredReport]) -> frozenset[str]:
    """The series (Series Instance UIDs) of what shows the labels of reports that a newer version has taken the place of."""
    from dicom_io.labels.labelled import LabelSeries, label_series_uid

    return frozenset(label_series_uid(uid, kind) for uid in versions(reports).superseded_by for kind in LabelSeries)


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a study, and a sentence for each that could not be read as one of ours: the others are shown.

    `foreign` are those of other makers, by SOP Instance UID, as far as they are understood.
    """

    reports: tuple[StoredReport, ...]
    unread: tuple[str, ...]
    foreign: dict[str, ForeignReport] = field(default_factory=dict)


def reports_of(objects: Sequence[ObjectRow]) -> Reports:
    """The reports among `objects`, in their order."""
    found: list[StoredReport] = []
    unread: list[str] = []
    foreign: dict[str, ForeignReport] = {}
    for item in objects:
        if item.sop_class in REPORT_CLASSES:
            try:
                found.append(read_stored_report(item.file))
            except NotAReport:
                report = foreign_report(item.file)
                if isinstance(report, str):
                    unread.append(report)
                else:
                    foreign[item.sop_instance_uid] = report
                    unread.append(report.told(item.file))
            except DicomError as error:
                unread.append(str(error))
    return Reports(tuple(found), tuple(unread), foreign)


def foreign_report(path: Path) -> ForeignReport | str:
    """What is understood of a report of another maker; the reason where nothing is."""
    try:
        return read_foreign_report(path)
    except DicomError as error:
        return str(error)


def foreign_labels(foreign: Mapping[str, ForeignReport]) -> list[dict[str, Any]]:
    """The labels of other makers' reports, as `labels_of` has ours; their status is 'foreign', their kind a graphic type."""
    return [
        {**asdict(label), "points": [list(place) for place in label.points], "measured": list(label.measured),
         "status": "foreign", "report": uid}
        for uid, report in foreign.items()
        for label in report.labels
    ]  # fmt: skip


def labels_of(reports: Sequence[StoredReport]) -> list[dict[str, Any]]:
    """The labels of the newest version of each of `reports`, in the order in which they were made.

    Each is `{kind, name, code, frame, points, value_mm, by, status, image, measured, report}`: frames from 0, points
    [column, row] in pixels, `image` the SOP Instance UID of the picture, `measured` each measurement for people, with its
    uncertainty, `report` the SOP Instance UID of the report. A label may be there twice where two persons made it.
    """
    return [
        {
            **row,
            "image": finding.image,
            "measured": [
                *(f"{measured.quantity} {measured}" for measured in finding.measurements),
                *([str(finding.grey)] if finding.grey else []),
            ],
            "report": report.sop_instance_uid,
        }
        for report in versions(reports).newest
        for row, finding in zip(report.document.labels_json(code_of), report.document.findings, strict=True)
    ]


def reports_json(reports: Sequence[StoredReport]) -> list[dict[str, Any]]:
    """Every version of every report: `{sop_instance_uid, author, version, at, entered_by, reason, verified_by, labels,
    predecessors, superseded_by}`; `superseded_by` is None for those that hold.
    """
    known = versions(reports)
    return [
        {
            "sop_instance_uid": report.sop_instance_uid,
            "author": report.author,
            "version": number_of(report, reports),
            "at": report.at.isoformat() if report.at else None,
            "entered_by": report.entered_by,
            "reason": report.reason,
            "verified_by": report.verified_by,
            "labels": len(report.document.findings),
            "predecessors": list(report.predecessors),
            "superseded_by": known.superseded_by.get(report.sop_instance_uid),
        }
        for report in reports
    ]
