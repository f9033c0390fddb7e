"""A directory for interchange media: DICOMDIR for files that are copied byte for byte (PS3.10, clause 8; PS3.3, annex F).

pydicom's FileSet makes the records and the names of eight characters. It is given headers alone, so that no pixel data is
read or written again; the caller puts the files themselves where the directory names them. Two of its habits are put right:
of structured documents it would copy the whole content into the directory, and it leaves out when they were verified.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.fileset import DIRECTORY_RECORDERS, FileSet
from pydicom.uid import UID, ExplicitVRLittleEndian

from dicom_io.dataset.parse import damage_as, parse
from dicom_io.errors import NotDicom
from dicom_io.picture.encapsulate import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION

#: What a record must have (PS3.3, F.5), and what stands there where the file itself does not say it.
_REQUIRED: Final = {"PatientID": "UNKNOWN", "StudyID": "1", "SeriesNumber": 1, "InstanceNumber": 1, "Modality": "OT"}
_MAY_BE_EMPTY: Final = ("PatientName", "StudyDate", "StudyTime", "StudyDescription", "AccessionNumber")
_CONTENT: Final = ("SR DOCUMENT", "KEY OBJECT DOC")


@dataclass(frozen=True, slots=True)
class Medium:
    """A directory and where its files belong: `places` (folder names and the file's) for each file, in their order."""

    dicomdir: bytes
    places: tuple[tuple[str, ...], ...]


def medium_of(files: Sequence[Path]) -> Medium:
    """The DICOMDIR for these files. Raises CannotOpen, NotDicom, with the file that cannot be listed."""
    with tempfile.TemporaryDirectory(prefix="sonofill-medium-") as folder, _recorders():
        made = FileSet()
        try:
            uids = []
            for file in files:
                header = _header(file)
                with damage_as(_not_listed(file)):
                    made.add(header)
                uids.append(str(header.SOPInstanceUID))
            made.write(folder)
            places = {str(one.SOPInstanceUID): tuple(one.FileID.replace("\\", "/").split("/")) for one in made}
            return Medium((Path(folder) / "DICOMDIR").read_bytes(), tuple(places[uid] for uid in uids))
        finally:
            made._stage["t"].cleanup()  # its own temporary folder, which it leaves to the garbage collector


def _not_listed(file: Path) -> Callable[[Exception], NotDicom]:
    return lambda error: NotDicom(f"{file} cannot be listed in a DICOMDIR ({error}): export it as a folder.")


def _header(file: Path) -> Dataset:
    """What the directory says of a file; gaps are filled for the directory, never in the file."""
    header, _ = parse(file, stop_before_pixels=True)
    with damage_as(_not_listed(file)):
        for keyword, value in _REQUIRED.items():
            if header.get(keyword) in (None, ""):
                setattr(header, keyword, value)
        for keyword in _MAY_BE_EMPTY:
            if keyword not in header:
                setattr(header, keyword, "")
        syntax = header.file_meta.get("TransferSyntaxUID", ExplicitVRLittleEndian)
        header.file_meta.TransferSyntaxUID = syntax
        header.file_meta.MediaStorageSOPClassUID = header.SOPClassUID
        header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
        header.file_meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
        header.file_meta.ImplementationVersionName = IMPLEMENTATION_VERSION
        for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths", "EncapsulatedDocument"):
            header.pop(keyword, None)
    return header


class _recorders:  # noqa: N801 (a context, used as a function)
    """pydicom's makers of records, put right for as long as it lasts."""

    def __enter__(self) -> None:
        self._old: dict[str, Any] = {kind: DIRECTORY_RECORDERS[kind] for kind in _CONTENT}
        recorders: dict[str, Any] = DIRECTORY_RECORDERS
        for kind, old in self._old.items():
            recorders[kind] = _short(old)

    def __exit__(self, *_: object) -> None:
        DIRECTORY_RECORDERS.update(self._old)


def _short(record_of: Callable[[Dataset], Dataset]) -> Callable[[Dataset], Dataset]:
    """A maker whose record has of the content the modifiers of its title alone (PS3.3, F.5.25 and F.5.31)."""

    def made(dataset: Dataset) -> Dataset:
        record = record_of(dataset)
        content: list[Any] = list(record.get("ContentSequence") or [])
        modifiers = [item for item in content if item.get("RelationshipType") == "HAS CONCEPT MOD"]
        if modifiers:
            record.ContentSequence = modifiers
        else:
            record.pop("ContentSequence", None)
        verifiers = dataset.get("VerifyingObserverSequence") or []
        moments = [str(one.VerificationDateTime) for one in verifiers if one.get("VerificationDateTime")]
        if dataset.get("VerificationFlag") == "VERIFIED" and moments:
            record.VerificationDateTime = max(moments)
        return record

    return made
