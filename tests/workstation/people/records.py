"""Drafts in a clinic's archive, each by one author."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archive import Archive
from dicom_io import Study
from dicom_io.context import Patient, derived_uid
from procedure import Encounter
from procedure.demonstration import demonstration
from procedure.people import Person, Role
from workstation.studies.encounters import store_encounter

_TOLD = demonstration("normal")
#: The same with nothing told of it: whose it is is read of many of them.
_BARE = Encounter(
    encounter_uid=_TOLD.encounter_uid,
    simulated=True,
    started_at=_TOLD.started_at,
    clock=_TOLD.clock,
    patient=_TOLD.patient,
)


def store_draft(root: Path, study_uid: str, author: str) -> Path:
    """An encounter that is a draft, with `author` as its only operator."""
    draft = replace(
        _BARE,
        encounter_uid=derived_uid(study_uid, "encounter"),
        people=(Person(name=author, role=Role.OPERATOR),),
    )
    study = Study(Patient(draft.patient.patient_id, "Demo^Patient"), draft.started_at, study_uid)
    with Archive(root) as archive:
        return store_encounter(archive, draft, study)
