"""The report: what a person said about the pictures, as a TID 1500 Comprehensive SR.

Only confirmed findings enter; what was merely suggested stays outside until a person takes it over. So reading a report
gives the confirmed part of the document that was written (`confirmed`), equal to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from annotation import Document, Finding, ImageNote
from dicom_io.context import Series, Study
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotReportable
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header
from dicom_io.report.changes import ReportedChange
from dicom_io.report.content import report_dataset
from dicom_io.report.revision import Revision
from imaging.scale import Scale

_FIRST: Final = Revision()  #: what a report is that replaces none


def confirmed(document: Document) -> Document:
    """The part of a document that a report holds: confirmed findings, and notes that say something."""
    return Document(
        findings=tuple(f for f in document.findings if f.status == "confirmed"),
        notes=tuple(n for n in document.notes if n.plane or n.landmark),
    )


def encode_report(
    document: Document,
    study: Study,
    series: Series,
    images: Sequence[EncodedObject],
    *,
    scales: Mapping[str, Sequence[Scale]] | None = None,
    sop_instance_uid: str,
    instance_number: int = 1,
    software_version: str = "",
    revision: Revision = _FIRST,
    changes: Sequence[ReportedChange] = (),
) -> EncodedObject:
    """The confirmed part of `document` as a report on `images`, which it names by SOP Instance UID and frame (from 0).

    `scales` (by SOP Instance UID) are told beside each length that rests on them; `changes` of vessels since before the
    procedure are a part of the report. Raises NotReportable where nothing is
    confirmed (a new version may withdraw all), or where a finding or `revision` names no picture, one that is not among
    `images`, or a frame that it has not.
    """
    part = confirmed(document)
    entries: list[Finding | ImageNote] = [*part.findings, *part.notes]
    named = {entry.image for entry in entries}
    withdrawn = [uid for uid in revision.pictures if uid not in named]
    if not entries and not withdrawn:
        raise NotReportable("Nothing is confirmed, so there is nothing to report: confirm a finding first.")
    by_uid = {image.sop_instance_uid: image for image in images}
    for uid in withdrawn:
        if uid not in by_uid:
            raise NotReportable(f"The earlier report is on picture {uid}, which is not saved with this one.")
    for entry in entries:
        if entry.image is None:
            raise NotReportable("A finding or note names no picture: tell which picture it is on.")
        image = by_uid.get(entry.image)
        if image is None:
            raise NotReportable(f"A finding or note is on picture {entry.image}, which is not saved with this report.")
        if entry.frame >= image.number_of_frames:
            raise NotReportable(
                f"A finding or note is on frame {entry.frame} of {entry.image}, which has {image.number_of_frames} frames."
            )
    made = report_dataset(
        *(part, study, series, by_uid, scales or {}, sop_instance_uid, software_version, revision, withdrawn, changes)
    )
    made.InstanceNumber = instance_number
    head = file_header(made, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(made, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))
