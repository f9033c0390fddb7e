"""The other side of an association's beginning: what a caller asks for, whether it is let in, and what we agree to.

What came is a stranger's; `items` believes no length. Our answers are short, and written here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dicom_io.errors import WrongAnswer
from dicom_io.network.items import (
    ABSTRACT_SYNTAX,
    APPLICATION,
    CONTEXT_ANSWERED,
    CONTEXT_ASKED,
    HEAD_BYTES,
    IMPLEMENTATION_NAME,
    IMPLEMENTATION_UID,
    MAXIMUM_LENGTH,
    ROLE,
    TRANSFER_SYNTAX,
    USER_INFORMATION,
    items,
    text,
)
from dicom_io.network.negotiate import APPLICATION_CONTEXT, MOST_CONTEXTS, Agreed
from dicom_io.network.wire import ASSOCIATE_AC, ASSOCIATE_RJ, LONGEST_PDU
from dicom_io.picture.encapsulate import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION

_ACCEPTED, _NO_SUCH_SERVICE, _NO_SUCH_SYNTAX = 0, 3, 4
_SMALLEST_PDU: Final = 128

#: Why a caller is turned away: result, source, reason (PS3.8, table 9-21).
UNKNOWN_CALLER: Final = (1, 1, 3)
UNKNOWN_TITLE: Final = (1, 1, 7)
WRONG_PROTOCOL: Final = (1, 2, 2)
TOO_MANY: Final = (2, 3, 2)


@dataclass(frozen=True, slots=True)
class Offer:
    """What we take for one SOP class: `caller_serves` where the caller is its SCP (a commitment's report)."""

    transfer_syntax_uids: frozenset[str]
    caller_serves: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An A-ASSOCIATE-RQ. `contexts`: number, SOP class, transfer syntaxes; `head` is what an answer repeats."""

    called_title: str
    calling_title: str
    contexts: tuple[tuple[int, str, tuple[str, ...]], ...]
    longest_pdu: int
    serves: frozenset[str]
    implementation: str
    head: bytes = field(repr=False)


def asked(body: bytes) -> Asked:
    """What an A-ASSOCIATE-RQ asks for. Raises WrongAnswer."""
    if len(body) < HEAD_BYTES:
        raise WrongAnswer("A caller's request is cut short: it is not let in.")
    contexts: dict[int, tuple[str, tuple[str, ...]]] = {}
    longest, name, application = 0, "", ""
    serves = set()
    for kind, value in items(body[HEAD_BYTES:]):
        if kind == APPLICATION:
            application = text(value)
        elif kind == CONTEXT_ASKED:
            number, sop_class, syntaxes = _context(value)
            if number % 2 == 0 or number in contexts or len(contexts) >= MOST_CONTEXTS:
                raise WrongAnswer("A caller's request numbers its contexts wrongly: it is not let in.")
            contexts[number] = (sop_class, syntaxes)
        elif kind == USER_INFORMATION:
            for about, said in items(value):
                if about == MAXIMUM_LENGTH and len(said) == 4:
                    (longest,) = struct.unpack(">I", said)
                elif about == IMPLEMENTATION_NAME:
                    name = text(said)[:16]
                elif about == ROLE and len(said) >= 4:
                    (length,) = struct.unpack_from(">H", said)
                    if len(said) == length + 4 and said[-1] == 1:
                        serves.add(text(said[2:-2]))
    if application != APPLICATION_CONTEXT or not contexts or 0 < longest < _SMALLEST_PDU:
        raise WrongAnswer("A caller's request is none of DICOM's: it is not let in.")
    return Asked(
        called_title=text(body[4:20]),
        calling_title=text(body[20:36]),
        contexts=tuple((number, *context) for number, context in contexts.items()),
        longest_pdu=longest,
        serves=frozenset(serves),
        implementation=name,
        head=body[4:HEAD_BYTES],
    )


def _context(value: bytes) -> tuple[int, str, tuple[str, ...]]:
    if len(value) < 4:
        raise WrongAnswer("A caller's request is cut short: it is not let in.")
    sop_class, syntaxes = "", []
    for kind, said in items(value[4:]):
        if kind == ABSTRACT_SYNTAX:
            sop_class = text(said)
        elif kind == TRANSFER_SYNTAX:
            syntaxes.append(text(said))
    return value[0], sop_class, tuple(syntaxes)


def rejection(why: tuple[int, int, int]) -> bytes:
    """The A-ASSOCIATE-RJ PDU."""
    return struct.pack(">BxIxBBB", ASSOCIATE_RJ, 4, *why)


def acceptance(request: Asked, offers: Mapping[str, Offer]) -> tuple[bytes, Agreed]:
    """The A-ASSOCIATE-AC PDU, and what is agreed by it: of each context the caller's first transfer syntax that we take."""
    taken: dict[int, tuple[str, str]] = {}
    answers = [_item(APPLICATION, APPLICATION_CONTEXT.encode())]
    roles = []
    for number, sop_class, syntaxes in request.contexts:
        offer = offers.get(sop_class)
        syntax = next((s for s in syntaxes if offer and s in offer.transfer_syntax_uids), "")
        result = _ACCEPTED if syntax else _NO_SUCH_SYNTAX if offer else _NO_SUCH_SERVICE
        answers.append(
            _item(
                CONTEXT_ANSWERED,
                bytes([number, 0, result, 0]) + _item(TRANSFER_SYNTAX, (syntax or "1.2.840.10008.1.2").encode()),
            )
        )
        if syntax:
            taken[number] = (sop_class, syntax)
            if offer and offer.caller_serves and sop_class in request.serves:
                roles.append(_role(sop_class))
    about = [
        _item(MAXIMUM_LENGTH, struct.pack(">I", LONGEST_PDU)),
        _item(IMPLEMENTATION_UID, IMPLEMENTATION_CLASS_UID.encode()),
        *dict.fromkeys(roles),
        _item(IMPLEMENTATION_NAME, IMPLEMENTATION_VERSION.encode()),
    ]
    body = b"\0\1\0\0" + request.head + b"".join(answers) + _item(USER_INFORMATION, b"".join(about))
    return struct.pack(">BxI", ASSOCIATE_AC, len(body)) + body, Agreed(
        taken, request.longest_pdu, request.implementation
    )


def _role(sop_class: str) -> bytes:
    uid = sop_class.encode()
    return _item(ROLE, struct.pack(">H", len(uid)) + uid + b"\0\1")


def _item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(value)) + value
