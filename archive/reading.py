"""Reads what the index needs of an object from the head of its file; the pixels are not touched.

Imported where a file is read, not before: pydicom takes longer to import than a list to print.
"""

from __future__ import annotations

from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from archive.errors import NotStorable
from archive.header import Header
from dicom_io.context import Phase
from dicom_io.errors import DicomError, NotDicom
from dicom_io.parse import damage_as
from dicom_io.rejection import rejected_by

_UIDS = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"]
_TAGS = [
    *_UIDS,
    "StudyDate",
    "StudyTime",
    "PatientID",
    "Modality",
    "SeriesNumber",
    "SeriesDescription",
    "InstanceNumber",
    "NumberOfFrames",
    "StageCodeSequence",
    "ConceptNameCodeSequence",
    "CurrentRequestedProcedureEvidenceSequence",
]

# CID 12002: complication and follow-up are 'after' there, so the series' description, which names the phase, goes first.
_STAGE_CODES = {"307153007": Phase.PRE, "307154001": Phase.DURING, "303110006": Phase.POST}


def phase_of(dataset: Dataset) -> str:
    """The phase of the procedure that an object's series belongs to; empty where the object does not say."""
    words = str(dataset.get("SeriesDescription") or "").lower().replace("-", "").split()
    if words and words[0].strip(",:;") in set(Phase):
        return words[0].strip(",:;")
    for stage in dataset.get("StageCodeSequence") or []:
        if stage.get("CodeValue") in _STAGE_CODES:
            return _STAGE_CODES[stage.CodeValue]
    return ""


def _number(dataset: Dataset, keyword: str) -> int:
    try:
        return int(dataset.get(keyword) or 0)
    except (TypeError, ValueError):  # a value that is no number, or several
        return 0


def _frames(dataset: Dataset) -> int:
    """NumberOfFrames where it stands; 1 for a picture without it; 0 for reports and other objects without pixels."""
    if "NumberOfFrames" in dataset:
        return _number(dataset, "NumberOfFrames")
    return 1 if str(dataset.get("Modality") or "") in ("US", "OT", "XC") else 0


def read_header(path: Path) -> Header:
    """Reads the head of a DICOM file. Raises NotStorable where it is none; OSError where it cannot be read."""
    try:
        with damage_as(lambda error: NotDicom(f"it is damaged: {type(error).__name__}")):
            dataset = dcmread(path, stop_before_pixels=True, specific_tags=list(_TAGS))
            syntax = str(dataset.file_meta.get("TransferSyntaxUID", ""))
            study, series, sop, sop_class = (str(dataset.get(k) or "") for k in _UIDS)
            rejects = rejected_by(dataset)
    except (InvalidDicomError, DicomError) as e:
        raise NotStorable(f"{path.name} cannot be read as a DICOM file ({e}).") from e
    day = str(dataset.get("StudyDate") or "")
    return Header(
        study_instance_uid=study,
        series_instance_uid=series,
        sop_instance_uid=sop,
        sop_class_uid=sop_class,
        transfer_syntax_uid=syntax,
        patient_id=str(dataset.get("PatientID") or ""),
        study_date=f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 else day,
        study_time=str(dataset.get("StudyTime") or ""),
        phase=phase_of(dataset),
        series_number=_number(dataset, "SeriesNumber"),
        instance_number=_number(dataset, "InstanceNumber"),
        frames=_frames(dataset),
        rejects=rejects,
    )
