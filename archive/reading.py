"""Reads what the index needs of an object from the head of its file; the pixels are not touched.

Imported where a file is read, not before: pydicom takes longer to import than a list to print.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from acquisition.cine import FileRange
from archive.errors import NotStorable
from archive.header import Header
from archive.layout import is_uid
from dicom_io.context import Phase, derived_uid
from dicom_io.dataset.attributes import AnyItem, CannotTell
from dicom_io.dataset.parse import damage_as, dataset_in, read_with, watched
from dicom_io.encoded import EncodedObject
from dicom_io.errors import CannotOpen, DicomError, NotDicom
from dicom_io.reidentify.rejection import rejected_by

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
    # not for the index: what a picture is a copy of, and its size
    "ImageType",
    "SourceImageSequence",
    "Rows",
    "Columns",
]

_T = TypeVar("_T")
_LARGEST = 1 << 31
_ENDS = 1 << 16

# CID 12002: complication and follow-up are 'after' there, so the series' description, which names the phase, goes first.
_STAGE_CODES = {"307153007": Phase.PRE, "307154001": Phase.DURING, "303110006": Phase.POST}


def phase_of(dataset: AnyItem) -> str:
    """The phase of the procedure that an object's series belongs to; empty where the object does not say."""
    words = str(dataset.get("SeriesDescription") or "").lower().replace("-", "").split()
    if words and words[0].strip(",:;") in set(Phase):
        return words[0].strip(",:;")
    for stage in dataset.get("StageCodeSequence") or []:
        if stage.get("CodeValue") in _STAGE_CODES:
            return _STAGE_CODES[stage.CodeValue]
    return ""


def _number(dataset: AnyItem, keyword: str) -> int:
    try:
        value = int(dataset.get(keyword) or 0)
    except (TypeError, ValueError, OverflowError):  # a value that is no number, or several
        return 0
    return value if abs(value) < _LARGEST else 0


def _frames(dataset: AnyItem) -> int:
    """NumberOfFrames where it stands; 1 for a picture without it; 0 for reports and other objects without pixels."""
    if "NumberOfFrames" in dataset:
        return max(_number(dataset, "NumberOfFrames"), 0)
    return 1 if _text(dataset, "Modality") in ("US", "OT", "XC") else 0


def _text(dataset: AnyItem, keyword: str) -> str:
    """A value as text that any other program can store; several values as the file has them, parted by backslashes."""
    value = dataset.get(keyword)
    several = value if isinstance(value, MutableSequence) else [value]
    text = "\\".join("" if one is None else str(one) for one in several)
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def read_header(path: Path) -> Header:
    """What the head of a DICOM file says. Raises NotStorable where it is none; OSError where it cannot be read.

    An object of another maker that lacks a UID, or has one that is none, gets one that follows from what it has: the same
    file is always the same object.
    """
    return read_head(path).header


def as_object(path: Path, header: Header) -> EncodedObject:
    """The file as an object to be stored, byte for byte; `header` is what its head says. Raises OSError."""
    return EncodedObject(
        sop_instance_uid=header.sop_instance_uid,
        sop_class_uid=header.sop_class_uid,
        transfer_syntax_uid=header.transfer_syntax_uid,
        study_instance_uid=header.study_instance_uid,
        series_instance_uid=header.series_instance_uid,
        number_of_frames=header.frames,
        parts=(FileRange(path.absolute(), 0, path.stat().st_size),),
    )


@dataclass(frozen=True, slots=True)
class Head:
    """A file read once: what the index needs of it, and its attributes, of which readers may ask for those of `_TAGS`."""

    header: Header
    attributes: AnyItem


def read_head(path: Path) -> Head:
    """The head of a DICOM file. Raises as `read_header`."""

    def by_pydicom() -> Head:
        with watched(path) as file, damage_as(lambda error: NotDicom(f"it is damaged: {type(error).__name__}")):
            dataset = dataset_in(file, stop_before_pixels=True, only=_TAGS)
            return Head(_header(path, dataset), dataset)

    try:
        return read_with(path, lambda found: Head(_header(path, found), found), by_pydicom)
    except CannotOpen as e:
        if isinstance(e.__cause__, OSError):
            raise e.__cause__ from e
        raise NotStorable(str(e)) from e
    except DicomError as e:
        raise NotStorable(f"{path.name} cannot be read as a DICOM file ({e}).") from e


def _header(path: Path, dataset: AnyItem) -> Header:
    study, series, sop = _identity(path, dataset)
    day = _text(dataset, "StudyDate")
    return Header(
        study_instance_uid=study,
        series_instance_uid=series,
        sop_instance_uid=sop,
        sop_class_uid=_text(dataset, "SOPClassUID") or _text(dataset.file_meta, "MediaStorageSOPClassUID"),
        transfer_syntax_uid=_text(dataset.file_meta, "TransferSyntaxUID"),
        patient_id=_text(dataset, "PatientID"),
        study_date=f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 else day,
        study_time=_text(dataset, "StudyTime"),
        phase=_unless_damaged(lambda: phase_of(dataset), ""),
        series_number=_number(dataset, "SeriesNumber"),
        instance_number=_number(dataset, "InstanceNumber"),
        frames=_frames(dataset),
        rejects=_unless_damaged(lambda: rejected_by(dataset), ()),
    )


def _unless_damaged(read: Callable[[], _T], otherwise: _T) -> _T:
    """What `read` answers; `otherwise` where the values that it looks at are damaged: the object is listed all the same."""
    try:
        with damage_as(lambda error: NotDicom(str(error))):
            return read()
    except NotDicom as error:
        if isinstance(error.__cause__, CannotTell):
            raise error.__cause__ from error  # pydicom may know
        return otherwise


def _identity(path: Path, dataset: AnyItem) -> tuple[str, str, str]:
    """Study, series and object, as the file says or as follows from it."""
    study, series, sop = (_text(dataset, k).strip() for k in _UIDS[:3])
    if is_uid(study) and is_uid(series) and is_uid(sop):
        return study, series, sop
    if not is_uid(sop):
        said = _text(dataset.file_meta, "MediaStorageSOPInstanceUID").strip()
        sop = said if is_uid(said) else derived_uid("object without a UID", _fingerprint(path))
    if not is_uid(study):
        of = [_text(dataset, k) for k in ("PatientID", "StudyDate", "StudyTime")]
        study = derived_uid("study without a UID", *(of if any(of) else [sop]))
    if not is_uid(series):
        of = [_text(dataset, k) for k in ("Modality", "SeriesNumber", "SeriesDescription")]
        series = derived_uid("series without a UID", study, *of)
    return study, series, sop


def _fingerprint(path: Path) -> str:
    """A digest of a file's beginning, end and size, which tells one object without a UID from another."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        digest.update(file.read(_ENDS))
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _ENDS, 0))
        digest.update(file.read(_ENDS))
    return f"{size} {digest.hexdigest()}"
