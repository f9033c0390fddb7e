"""What of a study may leave the workstation: all but drafts of its encounter. No Qt.

A draft is not yet what somebody stands for: it leaves only where somebody says so. Beside a final version the drafts (those
before it, and a correction that is being written) stay here. A study without an encounter's document may go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive import ObjectRow
from dicom_io import read_encounter
from dicom_io.errors import NotAReport
from procedure.states import State
from workstation.studies.reading import ENCOUNTER_CLASS


class StillADraft(Exception):
    """No version of the encounter is final; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The objects that may leave, in order, and the drafts that stay."""

    study_instance_uid: str
    objects: tuple[ObjectRow, ...]
    staying: tuple[ObjectRow, ...]


def leaving(study_instance_uid: str, objects: Sequence[ObjectRow], *, drafts: bool = False) -> Leaving:
    """What may leave of a study's objects; with `drafts` all of them. Raises StillADraft, DicomError."""
    drafted = []
    final: dict[str, bool] = {}
    for row in () if drafts else objects:
        if row.sop_class != ENCOUNTER_CLASS:
            continue
        try:
            encounter = read_encounter(row.file).encounter
        except NotAReport:
            continue  # an Enhanced SR of another kind
        is_draft = encounter.state == State.DRAFT
        if is_draft:
            drafted.append(row)
        final[encounter.encounter_uid] = final.get(encounter.encounter_uid, False) or not is_draft
    if not all(final.values()):
        raise StillADraft(
            f"The encounter of study {study_instance_uid} is a draft, and only a final one leaves the workstation: "
            "make it final, or say --draft."
        )
    return Leaving(study_instance_uid, tuple(row for row in objects if row not in drafted), tuple(drafted))
