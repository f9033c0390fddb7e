"""Who, when, where: what every object of a study says beside its own content."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from procedure.phase import Phase as Phase


def new_uid() -> str:
    """A UID under 2.25 (a UUID), which needs no registered root."""
    return f"2.25.{uuid.uuid4().int}"


def derived_uid(*parts: object) -> str:
    """A UID under 2.25 that follows from its parts (a name-based UUID): the same parts give the same UID.

    Saving that was broken off by a crash is begun anew with the same UIDs, so that no object is stored twice.
    """
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(str(part) for part in parts)).int}"


@dataclass(frozen=True, slots=True)
class Patient:
    """`name` in DICOM's form, Family^Given; `sex` M, F, O or empty."""

    patient_id: str
    name: str = ""
    birth_date: date | None = None
    sex: Literal["M", "F", "O", ""] = ""


@dataclass(frozen=True, slots=True)
class Study:
    """One visit of one patient; `started_at` has a time zone."""

    patient: Patient
    started_at: datetime
    study_instance_uid: str = field(default_factory=new_uid)
    study_id: str = "1"
    description: str = "Ultrasound-guided facial aesthetic procedure"
    accession_number: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Objects of one phase, device and depth. `laterality` R, L, B; empty for a midline or unknown site.

    `region` is an id of the face's regions (clinical vocabulary), empty where nobody said.
    """

    phase: Phase
    number: int = 1
    series_instance_uid: str = field(default_factory=new_uid)
    laterality: Literal["R", "L", "B", ""] = ""
    region: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Equipment:
    """The probe that made the picture (General Equipment) and the device that captured its screen (Contributing)."""

    probe_manufacturer: str
    probe_model: str
    probe_serial: str
    capture_manufacturer: str
    capture_model: str
    capture_serial: str
    software_version: str
    simulated: bool = False
