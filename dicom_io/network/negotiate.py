"""What is agreed on when an association begins (PS3.8, 7.1): which objects, in which transfer syntax, in PDUs of which size.

pynetdicom writes our request; what a stranger answers is read by `items`, which believes no length.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
    SCP_SCU_RoleSelectionNegotiation,
)
from pynetdicom.presentation import PresentationContext

from dicom_io.errors import DicomError, NotAccepted, NotLetIn, WrongAnswer
from dicom_io.network.items import (
    CONTEXT_ANSWERED,
    HEAD_BYTES,
    IMPLEMENTATION_NAME,
    MAXIMUM_LENGTH,
    TRANSFER_SYNTAX,
    USER_INFORMATION,
    items,
    text,
)
from dicom_io.network.node import Node
from dicom_io.network.wire import LONGEST_PDU
from dicom_io.picture.encapsulate import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION

APPLICATION_CONTEXT: Final = "1.2.840.10008.3.1.1.1"
MOST_CONTEXTS: Final = 128
_SMALLEST_PDU: Final = 128

_AboutUs = MaximumLengthNotification | ImplementationClassUIDNotification | ImplementationVersionNameNotification

#: A rejection's source and reason (PS3.8, table 9-21), for a person.
_REASONS: Final = {
    (1, 1): "it gives no reason",
    (1, 2): "it does not know DICOM's application context",
    (1, 3): "it does not know our title {calling}: have it entered there",
    (1, 7): "there it is not called {called}: check its AE title",
    (2, 1): "it gives no reason",
    (2, 2): "it speaks another version of the protocol",
    (3, 1): "it is too busy now",
    (3, 2): "it takes no more connections now",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One presentation context: a SOP class and the transfer syntaxes that we offer for it, the best first.

    `as_scp`: the peer shall be the one that asks (a C-GET's storage, a commitment's report).
    """

    sop_class_uid: str
    transfer_syntax_uids: tuple[str, ...]
    as_scp: bool = False


@dataclass(frozen=True)
class Agreed:
    """What both sides took on. `by_number` are the accepted contexts: SOP class, transfer syntax; `longest_pdu` 0: any."""

    by_number: dict[int, tuple[str, str]]
    longest_pdu: int
    implementation: str

    @cached_property
    def contexts(self) -> dict[tuple[str, str], int]:
        """The number of each accepted context by SOP class and transfer syntax; the first where there are several."""
        return {kind: number for number, kind in sorted(self.by_number.items(), reverse=True)}


def request(node: Node, proposals: Sequence[Proposal]) -> bytes:
    """The A-ASSOCIATE-RQ PDU. Raises NotAccepted for more contexts than one association has."""
    if len(proposals) > MOST_CONTEXTS:
        raise NotAccepted(f"{len(proposals)} kinds of objects do not fit into one association ({MOST_CONTEXTS}).")
    asked = A_ASSOCIATE()
    asked.application_context_name = APPLICATION_CONTEXT
    asked.calling_ae_title, asked.called_ae_title = node.calling_title, node.ae_title
    contexts = []
    for number, proposal in enumerate(proposals):
        context = PresentationContext()
        context.context_id = 2 * number + 1
        context.abstract_syntax = proposal.sop_class_uid
        context.transfer_syntax = list(proposal.transfer_syntax_uids)
        contexts.append(context)
    asked.presentation_context_definition_list = contexts
    asked.user_information = [*_about_us(), *map(_role, sorted({p.sop_class_uid for p in proposals if p.as_scp}))]
    return A_ASSOCIATE_RQ(asked).encode()


def _about_us() -> list[_AboutUs]:
    longest, ours, version = (
        MaximumLengthNotification(),
        ImplementationClassUIDNotification(),
        ImplementationVersionNameNotification(),
    )
    longest.maximum_length_received = LONGEST_PDU
    ours.implementation_class_uid = IMPLEMENTATION_CLASS_UID
    version.implementation_version_name = IMPLEMENTATION_VERSION
    return [longest, ours, version]


def _role(sop_class_uid: str) -> SCP_SCU_RoleSelectionNegotiation:
    role = SCP_SCU_RoleSelectionNegotiation()
    role.sop_class_uid = sop_class_uid
    role.scu_role, role.scp_role = False, True
    return role


def accepted(body: bytes, proposals: Sequence[Proposal], told: str) -> Agreed:
    """What an A-ASSOCIATE-AC says. Raises WrongAnswer."""
    taken: dict[int, tuple[str, str]] = {}
    longest, name = 0, ""
    for kind, value in items(body[HEAD_BYTES:]):
        if kind == CONTEXT_ANSWERED:
            number, syntax = _context(value)
            if number % 2 == 0 or number // 2 >= len(proposals):
                raise WrongAnswer(f"{told} accepts what was not proposed: it is not used.")
            proposal = proposals[number // 2]
            if syntax in proposal.transfer_syntax_uids:
                taken[number] = (proposal.sop_class_uid, syntax)
        elif kind == USER_INFORMATION:
            for about, said in items(value):
                if about == MAXIMUM_LENGTH and len(said) == 4:
                    (longest,) = struct.unpack(">I", said)
                elif about == IMPLEMENTATION_NAME:
                    name = text(said)[:16]
    if 0 < longest < _SMALLEST_PDU:
        raise WrongAnswer(f"{told} takes PDUs of {longest} bytes only: nothing can be sent so.")
    return Agreed(taken, longest, name)


def _context(value: bytes) -> tuple[int, str]:
    """An answered context's number, and its transfer syntax; no syntax where it is rejected."""
    if len(value) < 4:
        raise WrongAnswer("An association's answer is cut short: check that the other side speaks DICOM.")
    syntaxes = [text(v) for kind, v in items(value[4:]) if kind == TRANSFER_SYNTAX]
    return value[0], syntaxes[0] if syntaxes and value[2] == 0 else ""


def rejected(body: bytes, node: Node) -> DicomError:
    """What an A-ASSOCIATE-RJ says, as an error to raise."""
    if len(body) < 4:
        return WrongAnswer(f"{node} rejects the association with a damaged PDU: check that this is a DICOM server.")
    result, source, reason = body[1:4]
    why = _REASONS.get((source, reason), "its reason is not one of DICOM's")
    why = why.format(calling=node.calling_title, called=node.ae_title)
    return NotLetIn(f"{node} does not let us in: {why}.", passing=source == 3 or result == 2)
