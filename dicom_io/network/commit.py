"""Storage Commitment, push model (PS3.4, annex J): a server takes on to keep what we sent.

We ask with an N-ACTION. The answer is an N-EVENT-REPORT, later: on the same association, or on one that the server opens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from dicom_io.dataset.parse import damage_as
from dicom_io.errors import ConnectionLost, DicomError, Refused, WrongAnswer
from dicom_io.network import command as dimse
from dicom_io.network.admit import Offer
from dicom_io.network.associate import Association, associate
from dicom_io.network.command import Command
from dicom_io.network.identifier import EXPLICIT, IMPLICIT, decoded, encoded
from dicom_io.network.negotiate import Proposal
from dicom_io.network.node import Node, Patience
from dicom_io.network.serve import Handler, Visit

PUSH_MODEL: Final = "1.2.840.10008.1.20.1"
_INSTANCE: Final = "1.2.840.10008.1.20.1.1"
_REQUEST: Final = 1
_PROCESSING_FAILURE: Final = 0x0110

_REASONS: Final = {
    0x0110: "it failed while it looked",
    0x0112: "it does not have it",
    0x0213: "it has no room",
    0x0122: "it does not commit this kind of object",
    0x0119: "it has it as another kind of object",
    0x0131: "it is asked for this already",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A server's answer: SOP Instance UIDs that it commits to, and those that it does not, each with the reason."""

    transaction_uid: str
    committed: tuple[str, ...]
    failed: Mapping[str, str]


#: Takes a report; says whether it is one that was asked for.
Take = Callable[[Report], bool]


def request_commitment(
    node: Node,
    objects: Sequence[tuple[str, str]],
    transaction_uid: str,
    take: Take,
    *,
    wait_s: float = 0.0,
    until: Callable[[], bool] = lambda: False,
    patience: Patience | None = None,
) -> None:
    """Ask the node to commit to `objects` (SOP class, SOP instance).

    Afterwards the association is kept open up to `wait_s` seconds, or until `until()`, for a report that comes on it. One
    that comes by another way is for a `Server` with `report_handler`. Raises NetworkError's kinds.
    """
    with associate(node, [Proposal(PUSH_MODEL, (IMPLICIT,))], patience) as association:
        number = association.next_id()
        context = association.context_of(PUSH_MODEL, IMPLICIT)
        command = dimse.request(dimse.N_ACTION, number, data_set=True) | {
            dimse.REQUESTED_CLASS: PUSH_MODEL,
            dimse.REQUESTED_UID: _INSTANCE,
            dimse.ACTION_TYPE: _REQUEST,
        }
        association.send(context, command, _asked(objects, transaction_uid))
        status = int(association.answer_to(number, dimse.N_ACTION).command[dimse.STATUS])
        if status:
            raise Refused(f"{node} does not take the request for commitment (status {status:04X}H).", status)
        _wait(association, take, time.monotonic() + wait_s, until)


def _wait(association: Association, take: Take, until_s: float, until: Callable[[], bool]) -> None:
    visit = Visit(association, "", "")
    while time.monotonic() < until_s and not until():
        if not association.has_input(0.1):
            continue
        try:
            context, command = association.receive_command()
        except ConnectionLost:
            return  # the server has ended it: its report comes by another way, or never
        if command[dimse.FIELD] != dimse.N_EVENT_REPORT:
            raise WrongAnswer(f"{association.told} sends something that was not asked: the association is ended.")
        report_handler(take)(visit, context, command)


def _asked(objects: Sequence[tuple[str, str]], transaction_uid: str) -> bytes:
    data = Dataset()
    data.TransactionUID = transaction_uid
    data.ReferencedSOPSequence = []
    for sop_class, sop_instance in objects:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, sop_instance
        data.ReferencedSOPSequence.append(item)
    return encoded(data)


def commitment_offers() -> dict[str, Offer]:
    """What a `Server` offers to those who bring reports."""
    return {PUSH_MODEL: Offer(frozenset({IMPLICIT, EXPLICIT}), caller_serves=True)}


def report_handler(take: Take) -> Handler:
    """What answers an N-EVENT-REPORT: success where the report was asked for."""

    def handle(visit: Visit, context: int, command: Command) -> None:
        data = visit.association.receive_data_set(context, command)
        _, syntax = visit.association.agreed.by_number.get(context, ("", ""))
        try:
            known = take(read_report(data, syntax))
        except WrongAnswer:
            known = False
        answer = dimse.answer(command, 0 if known else _PROCESSING_FAILURE)
        visit.association.send(context, answer | {dimse.EVENT_TYPE: command.get(dimse.EVENT_TYPE, 0)})

    return handle


def read_report(data: bytes, transfer_syntax_uid: str = IMPLICIT) -> Report:
    """An event's data set. Raises WrongAnswer."""
    found = decoded(data, transfer_syntax_uid)
    with damage_as(_nonsense):
        transaction = str(found.TransactionUID)
        committed = tuple(str(item.ReferencedSOPInstanceUID) for item in found.get("ReferencedSOPSequence") or ())
        failed = {
            str(item.ReferencedSOPInstanceUID): _reason(int(item.get("FailureReason", 0)))
            for item in found.get("FailedSOPSequence") or ()
        }
    return Report(transaction, committed, failed)


def _reason(code: int) -> str:
    return f"{_REASONS.get(code, 'it gives no reason that is known')} ({code:04X}H)"


def _nonsense(error: Exception) -> DicomError:
    return WrongAnswer(f"A report of commitment cannot be read ({type(error).__name__}): it is not taken.")
