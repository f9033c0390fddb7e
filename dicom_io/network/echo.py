"""C-ECHO (PS3.4, annex A): does a server answer, and does it know us?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from dicom_io.errors import Refused
from dicom_io.network import command as dimse
from dicom_io.network.associate import associate
from dicom_io.network.negotiate import Proposal
from dicom_io.network.node import Node, Patience

VERIFICATION: Final = "1.2.840.10008.1.1"
IMPLICIT_VR_LITTLE_ENDIAN: Final = "1.2.840.10008.1.2"


@dataclass(frozen=True, slots=True)
class Echo:
    """`answered_ms` is from the connection's beginning to the answer; `implementation` how the server calls its software."""

    answered_ms: float
    implementation: str
    longest_pdu: int


def echo(node: Node, patience: Patience | None = None) -> Echo:
    """Ask the node for an answer. Raises NetworkError's kinds."""
    began_s = time.monotonic()
    with associate(node, [Proposal(VERIFICATION, (IMPLICIT_VR_LITTLE_ENDIAN,))], patience) as association:
        number = association.next_id()
        context = association.context_of(VERIFICATION, IMPLICIT_VR_LITTLE_ENDIAN)
        association.send(
            context, dimse.request(dimse.C_ECHO, number, data_set=False) | {dimse.AFFECTED_CLASS: VERIFICATION}
        )
        status = int(association.answer_to(number, dimse.C_ECHO).command[dimse.STATUS])
        if status:
            raise Refused(f"{node} answers the echo with status {status:04X}H.", status)
        answered_ms = (time.monotonic() - began_s) * 1000
    return Echo(round(answered_ms, 1), association.agreed.implementation, association.agreed.longest_pdu)
