"""Whose a stored record is: what its DICOM files say of who made it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Archive, NotFound
from dicom_io import DicomError, read_encounter
from dicom_io.dataset.parse import read_with
from procedure.people import Role
from procedure.states import State
from workstation.people.acts import Whose
from workstation.studies.reading import ENCOUNTER_CLASS

if TYPE_CHECKING:
    from procedure import Encounter

_MAKERS = (Role.OPERATOR, Role.TRAINEE)


def authors_of(archive: Archive, study_uid: str) -> frozenset[str]:
    """The names of a study's authors, case folded: the encounter's operator and trainee, who made it final, and the
    Operators' Name of each series. Empty where there is no such study, or it does not say.
    """
    try:
        rows = archive.objects(study_uid, hidden=True)
    except NotFound:
        return frozenset()
    found: set[str] = set()
    series = set()
    for row in rows:
        if row.sop_class == ENCOUNTER_CLASS:
            try:
                found |= authors_in(read_encounter(row.file).encounter)
            except DicomError:
                continue  # of another kind or another maker, or damaged: it names nobody here
        elif row.file.parent not in series:
            series.add(row.file.parent)
            found |= _operators(row.file)
    return frozenset(found)


def authors_in(encounter: Encounter) -> set[str]:
    """The authors of an encounter, case folded."""
    makers = {person.name for person in encounter.people if person.role in _MAKERS}
    signers = {signature.by for signature in encounter.signatures if signature.state is State.FINAL}
    return {name.casefold() for name in makers | signers}


def whose(full_name: str, authors: frozenset[str]) -> Whose:
    """How a person stands to a record of these authors; one without any is nobody's own."""
    return Whose.OWN if full_name.casefold() in authors else Whose.OTHERS


def _operators(file: Path) -> set[str]:
    try:
        value = read_with(file, lambda item: item.get("OperatorsName")) or ""
    except DicomError:
        return set()
    names = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
    return {str(name).replace("^", " ").strip().casefold() for name in names} - {""}
