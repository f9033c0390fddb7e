"""Whose report it is, and which version of it."""

from __future__ import annotations

from dataclasses import dataclass

from dicom_io.composite.sr_document import Attestation
from dicom_io.encoded import Instance


@dataclass(frozen=True, slots=True)
class Revision:
    """Whose report it is, and which version. A report without `predecessors` is a first one.

    `author` answers for the labels, `entered_by` made this version; `reason` is why the predecessors were not right.
    `pictures` (SOP Instance UIDs) are those that the predecessors were about: one that has no label any more is told so.
    """

    author: str = ""
    entered_by: str = ""
    reason: str = ""
    predecessors: tuple[Instance, ...] = ()
    pictures: tuple[str, ...] = ()
    attested: Attestation | None = None
