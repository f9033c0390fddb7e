"""From DICOM files to what an audit judges: the newest record among them, the labels that hold, the pictures. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from audit import Label, Material, PictureFile
from dicom_io.errors import DicomError
from dicom_io.labelled import copied_from
from dicom_io.parse import parse
from dicom_io.read_report import StoredReport, read_stored_report
from dicom_io.versions import versions
from procedure.protocol_files import built_in
from workstation.encounters import newest_encounter, says_dicom
from workstation.found_files import found_files
from workstation.reading import REPORT_CLASSES


def material_of(paths: Iterable[Path], encounter_uid: str | None = None) -> Material:
    """What the files tell of one encounter; pixels are not read. Files of other kinds are passed over, damaged ones told.

    Raises NoOneEncounter where the files hold none, or several and none is named.
    """
    every = list(paths)
    record = newest_encounter(every, encounter_uid)
    found = found_files(every)
    hidden = found.rejected
    reports: list[tuple[StoredReport, Path]] = []
    pictures: dict[str, PictureFile] = {}
    unread = [*record.unread, *found.told(record.encounter.patient.patient_id, ())]
    for path in every:
        try:
            header, _ = parse(path, stop_before_pixels=True)
            uid = str(header.get("SOPInstanceUID", ""))
            if uid in hidden:
                continue
            if str(header.get("SOPClassUID", "")) in REPORT_CLASSES:
                reports.append((read_stored_report(path), path))
            elif "Rows" in header and copied_from(header) is None:
                frames = int(header.get("NumberOfFrames") or 1)
                pictures[uid] = PictureFile(path, frames, int(header.Columns), int(header.Rows))
        except DicomError as error:
            if says_dicom(path):
                unread.append(str(error))
    files = {report.sop_instance_uid: path for report, path in reports}
    labels = tuple(
        Label(finding, files[report.sop_instance_uid])
        for report in versions([report for report, _ in reports]).newest
        for finding in report.document.findings
    )
    return Material(record.encounter, record.file, built_in(), labels, pictures, tuple(dict.fromkeys(unread)))
