"""An association with a server (PS3.8): begun, used for one request after another, released.

    with associate(node, [Proposal(VERIFICATION, (IMPLICIT,))]) as association:
        ...

One thread uses it. It is released at the end of the block, and aborted where the block ends with an error.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from dicom_io.errors import ConnectionLost, NetworkError, NoAnswer, NotAccepted, WrongAnswer
from dicom_io.network import command as dimse
from dicom_io.network.command import Command
from dicom_io.network.fragments import Fragments, longest_fragment
from dicom_io.network.negotiate import Agreed, Proposal, accepted, rejected, request
from dicom_io.network.node import Node, Patience
from dicom_io.network.wire import (
    ABORT,
    ASSOCIATE_AC,
    ASSOCIATE_RJ,
    P_DATA,
    RELEASE_RP,
    RELEASE_RQ,
    Wire,
    connect,
)

_RELEASE_REQUEST: Final = struct.pack(">BxIxxxx", RELEASE_RQ, 4)
_RELEASE_REPLY: Final = struct.pack(">BxIxxxx", RELEASE_RP, 4)
_MOST_COMMAND_BYTES: Final = 16384
#: An identifier or a report of a commitment; objects are never received into memory.
MOST_DATA_SET_BYTES: Final = 32 << 20
_PROVIDER: Final = 2

_ABORT_REASONS: Final = {
    0: "it gives no reason",
    1: "it does not know the kind of PDU",
    2: "it did not expect this PDU",
    4: "it does not know a parameter",
    5: "it did not expect a parameter",
    6: "a parameter's value is not valid",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A command that came, on which context, and the data set behind it (empty where there is none)."""

    context: int
    command: Command
    data_set: bytes


class Released(ConnectionLost):
    """The peer released the association: in good order where it was the one that asked for it."""


class Association:
    """An open association. `agreed` tells what both sides took on."""

    def __init__(self, wire: Wire, agreed: Agreed, patience: Patience, told: str) -> None:
        self.agreed = agreed
        self.told = told
        self._wire = wire
        self._patience = patience
        self._fragments = Fragments(longest_fragment(agreed.longest_pdu))
        self._last_id = 0
        self._open = True
        self._waiting: deque[tuple[int, int, bytes]] = deque()

    def __enter__(self) -> Association:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self.release()
        else:
            self.abort()

    def next_id(self) -> int:
        """A number for the next request."""
        self._last_id = self._last_id % 0xFFFF + 1
        return self._last_id

    def context_of(self, sop_class_uid: str, transfer_syntax_uid: str) -> int:
        """The presentation context's number. Raises NotAccepted."""
        found = self.agreed.contexts.get((sop_class_uid, transfer_syntax_uid))
        if found is None:
            raise NotAccepted(
                f"{self.told} does not take {name_of(sop_class_uid)} in {name_of(transfer_syntax_uid)}: "
                "have it switched on there."
            )
        return found

    def send(self, context: int, command: Command, data_set: bytes = b"") -> None:
        """Send a command and the data set that it announces."""
        data = self._fragments.small(context, dimse.encode(command), is_command=True)
        if data_set:
            data += self._fragments.small(context, data_set, is_command=False)
        self._wire.send(data, self._patience.answer_s)

    def send_file(self, context: int, command: Command, fd: int, offset: int, length: int) -> None:
        """Send a command and `length` bytes of an open file as its data set, in constant memory.

        A data set that is broken off (the file cannot be read) ends the association: nothing may follow it.
        """
        head = self._fragments.small(context, dimse.encode(command), is_command=True)
        try:
            for piece in self._fragments.of_file(context, head, fd, offset, length):
                self._wire.send(piece, self._patience.answer_s)
        except BaseException:
            self.abort()
            raise

    def answer_to(self, message_id: int, field: int) -> Message:
        """The response to our request. Raises WrongAnswer where another comes."""
        message = self.receive()
        if (
            message.command.get(dimse.ANSWERED_ID) != message_id
            or message.command[dimse.FIELD] != field | dimse.RESPONSE
            or not isinstance(message.command.get(dimse.STATUS), int)
        ):
            raise WrongAnswer(f"{self.told} answers something that was not asked: the association is ended.")
        return message

    def receive(self) -> Message:
        """The next command and its data set. Raises NoAnswer, ConnectionLost, WrongAnswer."""
        context, command = self.receive_command()
        return Message(context, command, self.receive_data_set(context, command))

    def receive_command(self) -> tuple[int, Command]:
        """The next command, and on which context it came; its data set is still to be received."""
        pieces: list[bytes] = []
        context = self._gather(pieces.append, is_command=True, most=_MOST_COMMAND_BYTES)
        if context not in self.agreed.by_number:
            raise WrongAnswer(f"{self.told} uses a context that was not agreed on: the association is ended.")
        return context, dimse.decode(b"".join(pieces))

    def receive_data_set(self, context: int, command: Command) -> bytes:
        """The data set that belongs to a command; empty where it has none."""
        pieces: list[bytes] = []
        self.receive_data_into(context, command, pieces.append, MOST_DATA_SET_BYTES)
        return b"".join(pieces)

    def receive_data_into(self, context: int, command: Command, take: Callable[[bytes], object], most: int) -> None:
        """Hand the data set of a command to `take`, piece by piece. Raises WrongAnswer for more than `most` bytes."""
        if dimse.has_data_set(command) and self._gather(take, is_command=False, most=most) != context:
            raise WrongAnswer(f"{self.told} sends a data set that belongs to no command: the association is ended.")

    def has_input(self, timeout_s: float) -> bool:
        """Whether something comes within so many seconds."""
        return bool(self._waiting) or self._wire.has_input(timeout_s)

    def release(self) -> None:
        """End it in good order. What the peer does with the request does not matter: the work is done."""
        if not self._open:
            return
        with suppress(NetworkError):
            self._wire.send(_RELEASE_REQUEST, self._patience.associate_s)
            while self._wire.pdu(self._patience.associate_s)[0] not in (RELEASE_RP, ABORT):
                pass
        self._close()

    def abort(self) -> None:
        """End it at once."""
        if not self._open:
            return
        with suppress(NetworkError):
            self._wire.send(struct.pack(">BxIxxBB", ABORT, 4, 0, 0), 1.0)
        self._close()

    def _close(self) -> None:
        self._open = False
        self._wire.close()

    def _gather(self, take: Callable[[bytes], object], *, is_command: bool, most: int) -> int:
        """Hand the fragments of one command or data set to `take`; returns their context."""
        size, first = 0, 0
        while True:
            while not self._waiting:  # a PDU may hold several fragments, of the command and of its data set
                self._waiting += self._values()
            context, kind, data = self._waiting.popleft()
            size += len(data)
            if bool(kind & 1) != is_command or size > most or (first and context != first):
                raise WrongAnswer(f"{self.told} sends parts that do not belong together: the association is ended.")
            first = context
            take(data)
            if kind & 2:
                return context

    def _values(self) -> list[tuple[int, int, bytes]]:
        """The presentation data values of the next P-DATA-TF PDU: context, kind, bytes."""
        kind, body = self._wire.pdu(self._patience.answer_s)
        if kind == ABORT:
            self._close()
            raise ConnectionLost(f"{self.told} aborted the association: {_abort_reason(body)}.")
        if kind == RELEASE_RQ:
            self._wire.send(_RELEASE_REPLY, self._patience.associate_s)
            self._close()
            raise Released(f"{self.told} ended the association before the work was done: try again later.")
        if kind != P_DATA:
            raise WrongAnswer(f"{self.told} sends a PDU that does not belong here: the association is ended.")
        found = []
        at = 0
        while at < len(body):
            if at + 6 > len(body):
                raise WrongAnswer(f"{self.told} sends a damaged PDU: the association is ended.")
            length, context, control = struct.unpack_from(">IBB", body, at)
            if length < 2 or at + 4 + length > len(body):
                raise WrongAnswer(f"{self.told} sends a damaged PDU: the association is ended.")
            found.append((context, control, bytes(body[at + 6 : at + 4 + length])))
            at += 4 + length
        return found


def associate(node: Node, proposals: Sequence[Proposal], patience: Patience | None = None) -> Association:
    """An association with the node.

    Raises BadCertificate, Unreachable, NotLetIn, NotAccepted (it takes none of what is proposed),
    ConnectionLost, NoAnswer, WrongAnswer.
    """
    patience = patience or Patience()
    asked = request(node, proposals)
    wire = connect(node, patience)
    try:
        wire.send(asked, patience.associate_s)
        kind, body = wire.pdu(patience.associate_s)
        if kind == ASSOCIATE_RJ:
            raise rejected(bytes(body), node)
        if kind == ABORT:
            raise ConnectionLost(f"{node} aborted the association: {_abort_reason(body)}.")
        if kind != ASSOCIATE_AC:
            raise WrongAnswer(f"{node} answers something else than an association: check that this is a DICOM server.")
        agreed = accepted(bytes(body), proposals, str(node))
        association = Association(wire, agreed, patience, str(node))
        if not agreed.contexts:
            association.release()
            what = ", ".join(sorted({name_of(p.sop_class_uid) for p in proposals}))
            raise NotAccepted(f"{node} takes nothing of what was proposed ({what}): have it switched on there.")
    except NoAnswer as error:
        wire.close()
        raise NoAnswer(f"{node} does not answer to the association within {patience.associate_s:.0f} s.") from error
    except BaseException:
        wire.close()
        raise
    return association


def name_of(uid: str) -> str:
    """A UID's name in the standard, for a person."""
    from pydicom.uid import UID

    return UID(uid).name


def _abort_reason(body: memoryview) -> str:
    if len(body) >= 4 and body[2] == _PROVIDER:
        return _ABORT_REASONS.get(body[3], "its reason is not one of DICOM's")
    return "it gives no reason"
