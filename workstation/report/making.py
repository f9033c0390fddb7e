"""Which document a person asked for, made whole: from what was gathered to the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from procedure.documents import Printed, handover_document, patient_document, record_document
from procedure.protocol import Protocol
from workstation.report.gather import Gathered
from workstation.report.typeset import TooLong, Typeset, typeset
from workstation.studies.clinic_protocols import held_protocols

Kind = Literal["record", "handover", "patient"]
KINDS: Final[tuple[Kind, ...]] = ("record", "handover", "patient")
#: Rows of one table that a page of one sheet may have, tried in this order until it fits.
_ROWS: Final = (None, 12, 6, 3, 1)


@dataclass(frozen=True, slots=True)
class Made:
    """A PDF, its title and pages, and the signs that had no picture in this computer's fonts."""

    kind: Kind
    title: str
    pdf: bytes
    pages: int
    unshown: tuple[str, ...]


def printed(
    found: Gathered,
    kind: Kind,
    by_whom: Printed | None = None,
    protocols: Mapping[str, Protocol] | None = None,
) -> Made:
    """The document of a kind. Raises NotPrintable. `protocols` are those that hold here where None (may raise ProtocolWrong).

    A handover waits for no protocol: a patient is on the way.
    """
    if kind == "handover":
        return _on_one_sheet(found, by_whom)
    if kind == "patient":
        page = patient_document(found.encounter, by_whom)
    else:
        known = held_protocols() if protocols is None else protocols
        page = record_document(found.encounter, found.sources, known, by_whom)
    return _made(kind, page.title, typeset(page))


def _on_one_sheet(found: Gathered, by_whom: Printed | None) -> Made:
    """The handover with as many rows as fit on its one sheet."""
    for rows in _ROWS[:-1]:
        page = handover_document(found.encounter, by_whom, rows)
        try:
            return _made("handover", page.title, typeset(page))
        except TooLong:
            continue
    page = handover_document(found.encounter, by_whom, _ROWS[-1])
    return _made("handover", page.title, typeset(page))


def _made(kind: Kind, title: str, done: Typeset) -> Made:
    return Made(kind, title, done.pdf, done.pages, done.unshown)
