"""C-FIND (PS3.4, annexes C and K): asks a server for what it has, or for what is scheduled. Broken answers are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydicom.dataset import Dataset

from dicom_io.errors import Refused, WrongAnswer
from dicom_io.network import command as dimse
from dicom_io.network.associate import Association, associate
from dicom_io.network.identifier import EXPLICIT, IMPLICIT, decoded, encoded
from dicom_io.network.negotiate import Proposal
from dicom_io.network.node import Node, Patience

T = TypeVar("T")

MODALITY_WORKLIST: Final = "1.2.840.10008.5.1.4.31"
STUDY_ROOT_FIND: Final = "1.2.840.10008.5.1.4.1.2.2.1"
MOST_ANSWERS: Final = 10_000
_PENDING: Final = (0xFF00, 0xFF01)
_CANCELLED: Final = 0xFE00

_FAILURES: Final = {
    0xA700: "it has no room or no time for it now",
    0xA900: "it finds that the question does not fit the service",
    0x0122: "it does not offer this service",
    0x0124: "it does not allow us to ask",
}


@dataclass(frozen=True)
class Found:
    """The answers in the server's order; `broken` came and could not be read; not `complete` where we stopped it."""

    rows: tuple[Dataset, ...]
    broken: int
    complete: bool

    def each(self, read: Callable[[Dataset], T]) -> tuple[list[T], int]:
        """Every answer as `read` takes it, and how many are broken, those among them for which it raises WrongAnswer."""
        taken: list[T] = []
        broken = self.broken
        for row in self.rows:
            try:
                taken.append(read(row))
            except WrongAnswer:
                broken += 1
        return taken, broken


def find(
    node: Node, sop_class_uid: str, question: Dataset, patience: Patience | None = None, most: int = MOST_ANSWERS
) -> Found:
    """Ask; at most `most` answers are taken, then the server is told to stop. Raises NetworkError's kinds."""
    with associate(node, [Proposal(sop_class_uid, (EXPLICIT, IMPLICIT))], patience) as association:
        ((_, syntax),) = association.agreed.by_number.values()
        context = association.context_of(sop_class_uid, syntax)
        number = association.next_id()
        command = dimse.request(dimse.C_FIND, number, data_set=True) | {
            dimse.AFFECTED_CLASS: sop_class_uid,
            dimse.PRIORITY: 0,
        }
        association.send(context, command, encoded(question, syntax))
        return _answers(association, context, number, syntax, most)


def _answers(association: Association, context: int, number: int, syntax: str, most: int) -> Found:
    rows: list[Dataset] = []
    broken, cancelled = 0, False
    while True:
        message = association.answer_to(number, dimse.C_FIND)
        status = int(message.command[dimse.STATUS])
        if status in _PENDING:
            if cancelled:
                continue
            try:
                rows.append(decoded(message.data_set, syntax))
            except WrongAnswer:
                broken += 1
            if len(rows) + broken >= most:
                cancel: dimse.Command = {
                    dimse.FIELD: dimse.C_CANCEL,
                    dimse.ANSWERED_ID: number,
                    dimse.DATA_SET_TYPE: dimse.NO_DATA_SET,
                }
                association.send(context, cancel)
                cancelled = True
            continue
        if status not in (0, _CANCELLED):
            why = _FAILURES.get(status, "it says that it failed")
            raise Refused(f"{association.told} does not answer the question: {why} (status {status:04X}H).", status)
        return Found(tuple(rows), broken, complete=not cancelled)


def text_of(dataset: Dataset, keyword: str) -> str:
    """An answer's value as text: the first of several, without signs that cannot be printed; empty where there is none."""
    value: Any = dataset.get(keyword)
    if value is None:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str) and not hasattr(value, "components"):
        value = next(iter(value), "")
    return "".join(c for c in str(value) if c.isprintable()).strip()


def day_of(text: str) -> str:
    """YYYYMMDD as YYYY-MM-DD; anything else as it is."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdigit() else text
