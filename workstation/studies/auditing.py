"""From DICOM files to what an audit judges: the newest record among them, the labels that hold, the pictures. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from audit import Label, Material, PictureFile
from dicom_io.dataset.parse import damage_as, damaged
from dicom_io.errors import DicomError
from dicom_io.labels.labelled import copied_from
from dicom_io.report.read import StoredReport, read_stored_report
from dicom_io.report.versions import versions
from workstation.studies.clinic_protocols import held_protocols
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files
from workstation.studies.reading import REPORT_CLASSES


def material_of(paths: Iterable[Path], encounter_uid: str | None = None, wrong: Sequence[str] = ()) -> Material:
    """What the files tell of one encounter; pixels are not read. Files of other kinds are passed over, damaged ones told.

    `wrong` are sentences on files that are not among `paths` because something is wrong with them. Raises NoOneEncounter
    where the files hold none, or several and none is named.
    """
    found = found_files(paths)
    record = newest_encounter(found, encounter_uid)
    unread = [*wrong, *record.unread, *found.told(record.encounter.patient.patient_id, ())]
    hidden = found.rejected
    reports: dict[Path, StoredReport] = {}
    pictures: dict[str, PictureFile] = {}
    for path, head in found.heads.items():
        header = head.header
        if header.sop_instance_uid in hidden:
            continue
        try:
            if header.sop_class_uid in REPORT_CLASSES:
                reports[path] = read_stored_report(path)
            elif header.frames:
                with damage_as(damaged(path)):
                    if copied_from(head.attributes) is None:
                        size = int(head.attributes.Columns), int(head.attributes.Rows)
                        pictures[header.sop_instance_uid] = PictureFile(path, header.frames, *size)
        except DicomError as error:
            unread.append(str(error))
    files = {report.sop_instance_uid: path for path, report in reports.items()}
    labels = tuple(
        Label(finding, files[report.sop_instance_uid])
        for report in versions(list(reports.values())).newest
        for finding in report.document.findings
    )
    return Material(record.encounter, record.file, held_protocols(), labels, pictures, tuple(dict.fromkeys(unread)))
