"""The items of association PDUs (PS3.8, 9.3.2 to 9.3.4), taken apart: bytes of a stranger, so every length is checked."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from dicom_io.errors import WrongAnswer

APPLICATION: Final = 0x10
CONTEXT_ASKED: Final = 0x20
CONTEXT_ANSWERED: Final = 0x21
ABSTRACT_SYNTAX: Final = 0x30
TRANSFER_SYNTAX: Final = 0x40
USER_INFORMATION: Final = 0x50
MAXIMUM_LENGTH: Final = 0x51
IMPLEMENTATION_UID: Final = 0x52
IMPLEMENTATION_NAME: Final = 0x55
ROLE: Final = 0x54

#: Protocol version, two titles, reserved bytes: what stands before the items of a request and of an acceptance.
HEAD_BYTES: Final = 68


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each item's type and value. Raises WrongAnswer where one is longer than what holds it."""
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise WrongAnswer("An association's item is cut short: check that the other side speaks DICOM.")
        kind, length = struct.unpack_from(">BxH", data, at)
        at += 4
        if at + length > len(data):
            raise WrongAnswer("An association's item is longer than its PDU: check that the other side speaks DICOM.")
        yield kind, data[at : at + length]
        at += length


def text(value: bytes) -> str:
    """A UID, title or name: ASCII without what pads it; a sign that is none becomes a question mark."""
    plain = value.decode("ascii", "replace").strip("\0 ")
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in plain)
