"""Every object that the demonstration stored, opened anew and compared with what was meant to be in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annotation import Document
from archive import ObjectRow
from dicom_io import OpenedImage, read_encounter
from dicom_io.report.read import read_stored_report
from procedure import Encounter
from workstation.studies.encounters import reported_changes
from workstation.studies.reading import REPORT_CLASSES
from workstation.studies.study import StudyInHand


class DemoFailed(Exception):
    """What was read back is not what was saved; the message says where."""


def read_back(objects: Sequence[ObjectRow], study: StudyInHand, encounter: Encounter, document: Path) -> None:
    """Raises DemoFailed where a frame, a label or the record of the encounter is not what it was."""
    by_uid = {row.sop_instance_uid: row for row in objects}
    for capture in study.captures:
        with OpenedImage(by_uid[capture.key].file) as image:
            kept = [image.frame_bytes(i) for i in range(image.number_of_frames)]
        if kept != [capture.clip.payload(i) for i in range(len(capture.clip.frames))]:
            raise DemoFailed(
                f"The frames in {capture.key} are not those that the probe sent: please report this fault."
            )
    read = [read_stored_report(row.file) for row in objects if row.sop_class in REPORT_CLASSES]
    if not _same(study.said(), [report.document for report in read]):
        raise DemoFailed("The labels in the saved reports are not those that were drawn: please report this fault.")
    told = {change for changes in reported_changes(encounter).values() for change in changes}
    if {change for report in read for change in report.changes} != told:
        raise DemoFailed("The changes in the saved reports are not those of the record: please report this fault.")
    stored = read_encounter(document)
    if stored.encounter != encounter or stored.json_agrees is False:
        raise DemoFailed("The saved record is not the encounter that was told: please report this fault.")


def _same(drawn: Document, read: Sequence[Document]) -> bool:
    """Whether some reports say together what one document said, whatever their order."""

    def key(entry: object) -> str:
        return repr(entry)

    findings = sorted((f for part in read for f in part.findings), key=key)
    notes = sorted((n for part in read for n in part.notes), key=key)
    return findings == sorted(drawn.findings, key=key) and notes == sorted(drawn.notes, key=key)
