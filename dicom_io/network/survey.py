"""Looks over a received data set before anything parses it: who it is, and whether it can be parsed in bounded memory.

A stranger's bytes may nest a thousand deep, hold ten million empty items, or tell lengths that reach beyond the file. pydicom
would follow them all. So each element before the pixel data is walked over once, without recursion, and counted.
"""

from __future__ import annotations

import mmap
import re
import struct
from pathlib import Path
from typing import Final

from dicom_io.errors import CannotOpen, NotDicom

MOST_HEADER_BYTES: Final = 64 << 20
MOST_ELEMENTS: Final = 200_000
DEEPEST: Final = 32
_MOST_UNKNOWN_BYTES: Final = 1 << 20

_IMPLICIT: Final = "1.2.840.10008.1.2"
_UNDEFINED: Final = 0xFFFFFFFF
_ITEM: Final = b"\xfe\xff\x00\xe0"
_ITEM_TAG, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG: Final = {b"OB", b"OW", b"SQ", b"UN", b"UT", b"UC", b"UR", b"OD", b"OF", b"OL", b"OV", b"SV", b"UV"}
_SHORT: Final = {
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FL", b"FD", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS", b"ST",
    b"TM", b"UI", b"UL", b"US",
}  # fmt: skip
_WANTED: Final = {0x00080016: "class", 0x00080018: "instance", 0x0020000D: "study", 0x0020000E: "series"}
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def is_uid(text: str) -> bool:
    """Whether a text is a UID: digits and dots, 64 at most. Such a name can be no path."""
    return len(text) <= 64 and _UID.fullmatch(text) is not None


def survey(path: Path, offset: int, transfer_syntax_uid: str) -> dict[str, str]:
    """The UIDs of a data set that begins at `offset` of a file: `class`, `instance`, `study`, `series`.

    Raises NotDicom where they are not there, are no UIDs, or the data set is not one that we parse; CannotOpen.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = walk(data, offset, transfer_syntax_uid == _IMPLICIT)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise CannotOpen(f"{path} cannot be read ({error}).") from error
    for name in _WANTED.values():
        uid = found.get(name, "")
        if not is_uid(uid):
            raise NotDicom(f"The object does not say its {name}, or not by a UID.")
    return found


def walk(data: mmap.mmap | bytes, at: int, implicit: bool) -> dict[str, str]:
    """Walks to the pixel data or the end; returns the UIDs that it came by. Raises NotDicom.

    `ends` are where the open sequences and items end (None: at a delimiter), `plain` whether implicit VR holds in each: it
    does in what is unknown (UN) and of no told length (PS3.5, 6.2.2).
    """
    found: dict[str, str] = {}
    ends: list[int | None] = []
    plain = [implicit]
    begin, size = at, len(data)
    last = 0
    for _ in range(MOST_ELEMENTS):
        while ends and ends[-1] is not None and at >= ends[-1]:
            if at > ends[-1]:
                raise NotDicom("An element reaches beyond the sequence that holds it.")
            ends.pop()
            plain.pop()
        if at == size and not ends:
            return found
        if at + 8 > size or at - begin > MOST_HEADER_BYTES:
            raise NotDicom("The data set is cut short, or its header is larger than we take.")
        group, element = struct.unpack_from("<HH", data, at)
        tag = group << 16 | element
        if tag in (_ITEM_END, _SEQUENCE_END):
            if not ends or ends[-1] is not None:
                raise NotDicom("A sequence ends that did not begin.")
            ends.pop()
            plain.pop()
            at += 8
            continue
        if not ends:
            if tag >= 0x7FE00008:  # float, double and plain pixel data: what is behind it is not looked at
                return found
            if tag <= last:
                raise NotDicom("The data set's elements are not in order.")
            last = tag
        start, length, is_sequence = _head(data, at, tag, plain[-1], size)
        if length != _UNDEFINED and start + length > (_limit(ends) or size):
            raise NotDicom("An element is longer than what holds it.")
        if is_sequence or length == _UNDEFINED:
            if len(ends) >= 2 * DEEPEST:
                raise NotDicom(f"The data set is nested deeper than {DEEPEST} levels.")
            ends.append(None if length == _UNDEFINED else start + length)
            plain.append(plain[-1] or data[at + 4 : at + 6] == b"UN")
            at = start
            continue
        if not ends and tag in _WANTED:
            found[_WANTED[tag]] = data[start : start + min(length, 70)].decode("ascii", "replace").strip("\0 ")
        at = start + length
    raise NotDicom(f"The data set has more than {MOST_ELEMENTS} elements before its picture.")


def _limit(ends: list[int | None]) -> int | None:
    """Where the nearest thing ends that tells its length."""
    return next((end for end in reversed(ends) if end is not None), None)


def _head(data: mmap.mmap | bytes, at: int, tag: int, implicit: bool, size: int) -> tuple[int, int, bool]:
    """Where the value begins, its length, and whether items are in it (or it is an item)."""
    if tag == _ITEM_TAG:
        return at + 8, struct.unpack_from("<I", data, at + 4)[0], True
    if implicit:
        start, length = at + 8, struct.unpack_from("<I", data, at + 4)[0]
        return start, length, data[start : start + 4] == _ITEM and length >= 8
    vr = data[at + 4 : at + 6]
    if vr in _SHORT:
        return at + 8, struct.unpack_from("<H", data, at + 6)[0], False
    if vr not in _LONG or at + 12 > size:
        raise NotDicom("An element is of no kind that DICOM knows.")
    start, length = at + 12, struct.unpack_from("<I", data, at + 8)[0]
    if length == _UNDEFINED and vr not in (b"SQ", b"UN"):
        raise NotDicom("An element that is no sequence does not tell its length.")
    if vr == b"UN" and length != _UNDEFINED and length > _MOST_UNKNOWN_BYTES and data[start : start + 4] == _ITEM:
        raise NotDicom("An unknown element holds a sequence larger than we take.")  # a parser might follow it
    return start, length, vr == b"SQ"
