"""A stored record made final, attested by a supervisor, or given back to its author: a new document beside the old one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Archive
from dicom_io import read_encounter
from dicom_io.composite.identity import study_of
from dicom_io.dataset.parse import parse
from procedure import Encounter
from procedure.steps import attest, finalise, not_attested, with_supervisor
from workstation.studies.encounters import newest_encounter, store_encounter
from workstation.studies.found_files import found_files

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Signed:
    """The record as it stands now, its file, and the documents (SOP Instance UIDs) that it took the place of."""

    encounter: Encounter
    path: Path
    predecessors: tuple[str, ...]


def finalise_stored(archive: Archive, study_uid: str, by: str, encounter_uid: str | None = None) -> Signed:
    """The newest record of a study made final. Raises NoOneEncounter, StepNotPossible, and the errors of `archive`."""
    return _stored(archive, study_uid, encounter_uid, lambda record, now: finalise(record, by, now))


def attest_stored(
    archive: Archive, study_uid: str, by: str, registration_number: str, encounter_uid: str | None = None
) -> Signed:
    """The newest record of a study attested by a supervisor, who is put among its people. Raises as `finalise_stored`."""

    def step(record: Encounter, now: datetime) -> Encounter:
        return attest(with_supervisor(record, by, registration_number), by, now)

    return _stored(archive, study_uid, encounter_uid, step)


def give_back_stored(
    archive: Archive,
    study_uid: str,
    by: str,
    registration_number: str,
    reason: str,
    encounter_uid: str | None = None,
) -> Signed:
    """The newest record of a study given back to its author, a draft again. Raises as `finalise_stored`."""

    def step(record: Encounter, now: datetime) -> Encounter:
        return not_attested(with_supervisor(record, by, registration_number), by, now, reason)

    return _stored(archive, study_uid, encounter_uid, step)


def _stored(
    archive: Archive, study_uid: str, encounter_uid: str | None, step: Callable[[Encounter, datetime], Encounter]
) -> Signed:
    newest = newest_encounter(found_files([row.file for row in archive.objects(study_uid)]), encounter_uid)
    header: Dataset
    header, _ = parse(newest.file)
    now = datetime.now(UTC).astimezone()  # as the clock on the wall shows it
    path = store_encounter(archive, step(newest.encounter, now), study_of(header), header)
    read = read_encounter(path)
    return Signed(read.encounter, path, read.predecessors)
