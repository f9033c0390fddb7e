"""C-STORE (PS3.4, annex B): files go to a server as they are, byte for byte, all through one association.

A JPEG stream is never encoded anew: for each kind of object the transfer syntax of the file is what is proposed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dicom_io.dataset.parse import opened
from dicom_io.errors import CannotOpen, NotDicom
from dicom_io.network import command as dimse
from dicom_io.network.associate import Association
from dicom_io.network.negotiate import Proposal

_HEAD_BYTES: Final = 1024  # meta information is shorter, mostly
_LONG_VRS: Final = {b"OB", b"OW", b"SQ", b"UN", b"UT", b"UC", b"UR", b"OD", b"OF", b"OL", b"OV", b"SV", b"UV"}
_SOP_CLASS, _SOP_INSTANCE, _SYNTAX = 0x0002, 0x0003, 0x0010

#: Stored, but… (PS3.4, B.2.3). The last one is not among the warnings there: the object lies there already.
_STORED_BUT: Final = {
    0xB000: "it changed some elements",
    0xB006: "it left some elements out",
    0xB007: "it finds that the object does not fit its SOP class",
    0x0111: "it has an object with this UID already",
}
_FAILURES: Final = {
    0x0117: "it finds the object's UID not valid",
    0x0122: "it does not take this kind of object",
    0x0124: "it does not allow us to store",
    0x0210: "it says that the message came twice",
    0x0211: "it does not know C-STORE",
}


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """A DICOM file: who it is (from its meta information), and where its data set lies."""

    path: Path
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The server's answer for one object. `what` is empty where it is plainly stored, else a sentence."""

    sop_instance_uid: str
    status: int
    what: str

    @property
    def ok(self) -> bool:
        """Whether the server has the object now."""
        return self.status == 0 or self.status in _STORED_BUT

    @property
    def passing(self) -> bool:
        """Whether the server may take it later: it is out of resources (A7xx) or fails inside (0110)."""
        return self.status == 0x0110 or self.status >> 8 == 0xA7


def object_file(path: Path) -> ObjectFile:
    """Read a file's meta information. Raises NotDicom, CannotOpen."""
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(_HEAD_BYTES)
        if head[128:132] != b"DICM" or head[132:140] != b"\x02\0\0\0UL\x04\0" or len(head) < 144:
            raise NotDicom(f"{path} is not a DICOM file with meta information: it is not sent.")
        end = 144 + struct.unpack_from("<I", head, 140)[0]
        if end > len(head):
            head += file.read(end - len(head))
    found: dict[int, str] = {}
    at = 144
    while at + 8 <= min(end, len(head)):
        group, element = struct.unpack_from("<HH", head, at)
        if head[at + 4 : at + 6] in _LONG_VRS:
            start, length = at + 12, struct.unpack_from("<I", head.ljust(at + 12, b"\0"), at + 8)[0]
        else:
            start, length = at + 8, struct.unpack_from("<H", head, at + 6)[0]
        if group == 2:
            found[element] = head[start : start + length].decode("ascii", "replace").strip("\0 ")
        at = start + length
    if at != end or end >= size or not all(found.get(e) for e in (_SOP_CLASS, _SOP_INSTANCE, _SYNTAX)):
        raise NotDicom(f"{path} is a damaged DICOM file: it is not sent.")
    return ObjectFile(path, found[_SOP_CLASS], found[_SOP_INSTANCE], found[_SYNTAX], end, size - end)


def proposals(files: Sequence[ObjectFile]) -> list[Proposal]:
    """One presentation context for each kind and transfer syntax among the files."""
    kinds = dict.fromkeys((file.sop_class_uid, file.transfer_syntax_uid) for file in files)
    return [Proposal(sop_class, (syntax,)) for sop_class, syntax in kinds]


def store(association: Association, file: ObjectFile) -> Stored:
    """Send one object and wait for the answer.

    Raises NotAccepted (the association is good for others still); ConnectionLost, NoAnswer, WrongAnswer (it is not).
    """
    context = association.context_of(file.sop_class_uid, file.transfer_syntax_uid)
    number = association.next_id()
    command = dimse.request(dimse.C_STORE, number, data_set=True) | {
        dimse.AFFECTED_CLASS: file.sop_class_uid,
        dimse.AFFECTED_UID: file.sop_instance_uid,
        dimse.PRIORITY: 0,
    }
    with opened(file.path) as source:
        if os.fstat(source.fileno()).st_size != file.offset + file.length:
            raise CannotOpen(f"{file.path} has changed since its sending was planned: it is not sent.")
        association.send_file(context, command, source.fileno(), file.offset, file.length)
    answer = association.answer_to(number, dimse.C_STORE)
    return _stored(
        association.told, file, int(answer.command[dimse.STATUS]), str(answer.command.get(dimse.ERROR_COMMENT, ""))
    )


def _stored(told: str, file: ObjectFile, status: int, comment: str) -> Stored:
    if not status:
        return Stored(file.sop_instance_uid, 0, "")
    if status in _STORED_BUT:
        what = f"{told} stored the object, but {_STORED_BUT[status]} (status {status:04X}H)."
    else:
        why = _FAILURES.get(status) or _by_kind(status)
        what = f"{told} did not store the object: {why} (status {status:04X}H{_quoted(comment)})."
    return Stored(file.sop_instance_uid, status, what)


def _by_kind(status: int) -> str:
    if status >> 8 == 0xA7:
        return "it has no room or no time for it now"
    if status >> 8 == 0xA9:
        return "it finds that the object does not fit its SOP class"
    if status >> 12 == 0xC:
        return "it cannot read the object"
    return "it says that it failed"


def _quoted(comment: str) -> str:
    """The server's own words, where it has some: what is no plain sign is left out, they go to a terminal."""
    plain = "".join(c for c in comment[:64] if c.isprintable())
    return f", '{plain}'" if plain else ""
