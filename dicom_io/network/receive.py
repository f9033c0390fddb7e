"""C-STORE as the one who receives: objects come in from callers who are known, are looked over, and are handed on as files.

What a caller says is a name for nothing here: the file has a random name until whoever keeps it has given it one. It is
written as it comes, so memory does not grow with it; a caller that sends without end is cut off.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID

from dicom_io.errors import DicomError
from dicom_io.network import command as dimse
from dicom_io.network.admit import Offer
from dicom_io.network.command import Command
from dicom_io.network.serve import Handler, Visit
from dicom_io.network.survey import is_uid, survey
from dicom_io.picture.encapsulate import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION

MOST_BYTES: Final = 8 << 30
_SPARE_BYTES: Final = 256 << 20
_LOOK_EVERY_BYTES: Final = 64 << 20

NO_ROOM: Final = 0xA700
NO_MATCH: Final = 0xA900
NOT_UNDERSTOOD: Final = 0xC000
INVALID_UID: Final = 0x0117
DUPLICATE: Final = 0x0111

#: Whole, uncompressed or compressed by frames. Deflated ones are not taken: a few bytes can become gigabytes.
SYNTAXES: Final = frozenset(
    {
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.5",
        *(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70, 80, 81, 90, 91, 102, 103)),
    }
)


@dataclass(frozen=True, slots=True)
class Received:
    """An object as a file of its own in DICOM's form; whoever is handed it has it until he returns."""

    path: Path
    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str
    transfer_syntax_uid: str
    calling_title: str


#: Keeps an object; returns the status to answer (0: it is kept).
Keep = Callable[[Received], int]


def storage_offers() -> dict[str, Offer]:
    """What a receiver takes: every storage class of the standard."""
    from pynetdicom import AllStoragePresentationContexts

    return {str(context.abstract_syntax): Offer(SYNTAXES) for context in AllStoragePresentationContexts}


def store_handler(folder: Path, keep: Keep, most_bytes: int = MOST_BYTES) -> Handler:
    """What answers a C-STORE. Files lie in `folder` while they come."""

    def handle(visit: Visit, context: int, command: Command) -> None:
        sop_class, syntax = visit.association.agreed.by_number.get(context, ("", ""))
        fd, name = tempfile.mkstemp(prefix="receiving-", suffix=".part", dir=folder)
        path = Path(name)
        try:
            with os.fdopen(fd, "wb", buffering=0) as file:
                head = _head(sop_class, str(command.get(dimse.AFFECTED_UID, "")), syntax)
                room = _Room(file, path)
                room.write(head)
                visit.association.receive_data_into(context, command, room.write, most_bytes)
            status = room.status or _keep(visit, command, path, len(head), sop_class, syntax, keep)
        finally:
            path.unlink(missing_ok=True)
        visit.association.send(context, dimse.answer(command, status))

    return handle


class _Room:
    """Writes what comes, as long as the disk takes it; after that it only takes note."""

    def __init__(self, file: io.RawIOBase, path: Path) -> None:
        self.status = 0
        self._file, self._path = file, path
        self._until_look = 0

    def write(self, data: bytes | memoryview) -> None:
        if self.status:
            return
        try:
            if self._until_look <= 0:
                if shutil.disk_usage(self._path.parent).free < _SPARE_BYTES:
                    self.status = NO_ROOM
                    return
                self._until_look = _LOOK_EVERY_BYTES
            self._until_look -= len(data)
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) or 0 :]
        except OSError:
            self.status = NO_ROOM


def _keep(visit: Visit, command: Command, path: Path, offset: int, sop_class: str, syntax: str, keep: Keep) -> int:
    try:
        found = survey(path, offset, syntax)
    except DicomError:
        return NOT_UNDERSTOOD
    if found["class"] != sop_class or command.get(dimse.AFFECTED_CLASS) != sop_class:
        return NO_MATCH
    if found["instance"] != command.get(dimse.AFFECTED_UID):
        return INVALID_UID
    return keep(
        Received(path, sop_class, found["instance"], found["study"], found["series"], syntax, visit.calling_title)
    )


def _head(sop_class: str, sop_instance: str, syntax: str) -> bytes:
    """Preamble and meta information, the same for whoever sends: an object of ours comes back as it went.

    A UID that is none is found out afterwards.
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(sop_instance if is_uid(sop_instance) else "0")
    meta.TransferSyntaxUID = UID(syntax)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    buffer = DicomBytesIO()
    buffer.write(bytes(128) + b"DICM")
    write_file_meta_info(buffer, meta)
    return bytes(buffer.getvalue())
