"""From DICOM files to what an audit judges: the newest record among them, the labels that hold, the pictures. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from audit import Label, Material, PictureFile
from dicom_io.errors import DicomError
from dicom_io.labelled import copied_from
from dicom_io.parse import parse
from dicom_io.read_report import StoredReport, read_stored_report
from dicom_io.versions import versions
from procedure.protocol_files import built_in
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files
from workstation.studies.reading import ENCOUNTER_CLASS, REPORT_CLASSES


def material_of(paths: Iterable[Path], encounter_uid: str | None = None, wrong: Sequence[str] = ()) -> Material:
    """What the files tell of one encounter; pixels are not read. Files of other kinds are passed over, damaged ones told.

    `wrong` are sentences on files that are not among `paths` because something is wrong with them. Raises NoOneEncounter
    where the files hold none, or several and none is named.
    """
    every = list(paths)
    found = found_files(every)
    known = {path for path, _ in found.headers}
    records = found.of_class(ENCOUNTER_CLASS)
    record = newest_encounter([path for path in every if path in records or path not in known], encounter_uid)
    unread = [*wrong, *record.unread, *found.told(record.encounter.patient.patient_id, ())]
    hidden = found.rejected
    reports: dict[Path, StoredReport] = {}
    pictures: dict[str, PictureFile] = {}
    for path, header in found.headers:
        if header.sop_instance_uid in hidden:
            continue
        try:
            if header.sop_class_uid in REPORT_CLASSES:
                reports[path] = read_stored_report(path)
            elif header.frames:
                head, _ = parse(path, stop_before_pixels=True)
                if copied_from(head) is None:
                    picture = PictureFile(path, header.frames, int(head.Columns), int(head.Rows))
                    pictures[header.sop_instance_uid] = picture
        except DicomError as error:
            unread.append(str(error))
    files = {report.sop_instance_uid: path for path, report in reports.items()}
    labels = tuple(
        Label(finding, files[report.sop_instance_uid])
        for report in versions(list(reports.values())).newest
        for finding in report.document.findings
    )
    return Material(record.encounter, record.file, built_in(), labels, pictures, tuple(dict.fromkeys(unread)))
