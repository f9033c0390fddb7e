"""DIMSE's command sets (PS3.7, 6.3 and annex E): group 0000 in implicit VR little endian, as element to value."""

from __future__ import annotations

import struct
from typing import Final

from dicom_io.errors import WrongAnswer
from dicom_io.network.items import text

AFFECTED_CLASS: Final = 0x0002
REQUESTED_CLASS: Final = 0x0003
FIELD: Final = 0x0100
MESSAGE_ID: Final = 0x0110
ANSWERED_ID: Final = 0x0120
MOVE_DESTINATION: Final = 0x0600
PRIORITY: Final = 0x0700
DATA_SET_TYPE: Final = 0x0800
STATUS: Final = 0x0900
ERROR_COMMENT: Final = 0x0902
AFFECTED_UID: Final = 0x1000
REQUESTED_UID: Final = 0x1001
EVENT_TYPE: Final = 0x1002
ACTION_TYPE: Final = 0x1008
REMAINING: Final = 0x1020
COMPLETED: Final = 0x1021
FAILED: Final = 0x1022
WARNED: Final = 0x1023

C_STORE: Final = 0x0001
C_GET: Final = 0x0010
C_FIND: Final = 0x0020
C_MOVE: Final = 0x0021
C_ECHO: Final = 0x0030
N_EVENT_REPORT: Final = 0x0100
N_SET: Final = 0x0120
N_ACTION: Final = 0x0130
N_CREATE: Final = 0x0140
C_CANCEL: Final = 0x0FFF
RESPONSE: Final = 0x8000  #: added to a request's field

NO_DATA_SET: Final = 0x0101
_WITH_DATA_SET: Final = 0x0000

_UIDS = {AFFECTED_CLASS, REQUESTED_CLASS, AFFECTED_UID, REQUESTED_UID}
_TEXTS = {MOVE_DESTINATION, ERROR_COMMENT, 0x1030}
_NUMBERS = {
    FIELD, MESSAGE_ID, ANSWERED_ID, PRIORITY, DATA_SET_TYPE, STATUS, EVENT_TYPE, ACTION_TYPE, REMAINING, COMPLETED, FAILED,
    WARNED, 0x0903, 0x1031,
}  # fmt: skip

Command = dict[int, int | str]


def request(field: int, message_id: int, *, data_set: bool) -> Command:
    """The elements that every request has."""
    return {FIELD: field, MESSAGE_ID: message_id, DATA_SET_TYPE: _WITH_DATA_SET if data_set else NO_DATA_SET}


def answer(to: Command, status: int, *, data_set: bool = False) -> Command:
    """The response to a request: the same class, instance and number."""
    found: Command = {
        FIELD: int(to[FIELD]) | RESPONSE,
        ANSWERED_ID: to.get(MESSAGE_ID, 0),
        DATA_SET_TYPE: _WITH_DATA_SET if data_set else NO_DATA_SET,
        STATUS: status,
    }
    for name, other in ((AFFECTED_CLASS, REQUESTED_CLASS), (AFFECTED_UID, REQUESTED_UID)):
        if name in to or other in to:
            found[name] = to.get(name, to.get(other, ""))
    return found


def has_data_set(command: Command) -> bool:
    """Whether a data set follows."""
    return command.get(DATA_SET_TYPE) != NO_DATA_SET


def encode(command: Command) -> bytes:
    """The command set's bytes, group length first."""
    elements = []
    for element in sorted(command):
        value = command[element]
        if isinstance(value, int):
            data = struct.pack("<H", value)
        else:
            data = value.encode("ascii")
            data += (b"\0" if element in _UIDS else b" ") * (len(data) & 1)
        elements.append(struct.pack("<HHI", 0, element, len(data)) + data)
    body = b"".join(elements)
    return struct.pack("<HHII", 0, 0, 4, len(body)) + body


def decode(data: bytes) -> Command:
    """The elements that are known here, of a command set; others are passed over. Raises WrongAnswer."""
    found: Command = {}
    at = 0
    while at < len(data):
        if at + 8 > len(data):
            raise WrongAnswer("A command came that ends in the middle of an element: it is not followed.")
        group, element, length = struct.unpack_from("<HHI", data, at)
        if group != 0 and found:
            break  # Orthanc's C-GET appends its list of failures to the command
        at += 8
        if group != 0 or at + length > len(data):
            raise WrongAnswer("A command came with an element that is none: it is not followed.")
        value = data[at : at + length]
        at += length
        if element in _NUMBERS and length == 2:
            found[element] = struct.unpack("<H", value)[0]
        elif element in _UIDS or element in _TEXTS:
            found[element] = text(value)
    if FIELD not in found:
        raise WrongAnswer("A command came that does not say what it is: it is not followed.")
    return found
