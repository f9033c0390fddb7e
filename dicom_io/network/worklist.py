"""Modality Worklist (PS3.4, annex K): who is scheduled, with the identity that is copied and never retyped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from pydicom.dataset import Dataset

from dicom_io.dataset.parse import damage_as
from dicom_io.errors import WrongAnswer
from dicom_io.network.find import MODALITY_WORKLIST, day_of, find, text_of
from dicom_io.network.node import Node, Patience


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One scheduled procedure step. Dates YYYY-MM-DD, times HH:MM[:SS]; empty where the server does not say."""

    patient_id: str
    patient_name: str
    birth_date: str
    sex: str
    accession_number: str
    study_instance_uid: str
    requested_procedure_id: str
    requested_procedure: str
    step_id: str
    step: str
    modality: str
    station_title: str
    start_date: str
    start_time: str
    physician: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Worklist:
    """The steps in order of their start; `broken` entries of the server could not be used."""

    steps: tuple[Scheduled, ...]
    broken: int
    complete: bool


def worklist(
    node: Node, day: date | None = None, modality: str = "US", station_title: str = "", patience: Patience | None = None
) -> Worklist:
    """What is scheduled on `day` (None: on any). Raises NetworkError's kinds."""
    found = find(node, MODALITY_WORKLIST, _question(day, modality, station_title), patience)
    steps, broken = found.each(_scheduled)
    steps.sort(key=lambda step: (step.start_date, step.start_time, step.patient_id))
    return Worklist(tuple(steps), broken, found.complete)


def _question(day: date | None, modality: str, station_title: str) -> Dataset:
    asked = Dataset()
    asked.SpecificCharacterSet = "ISO_IR 192"
    for keyword in (
        *("AccessionNumber", "ReferringPhysicianName", "PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
        *("StudyInstanceUID", "RequestedProcedureID", "RequestedProcedureDescription"),
    ):
        setattr(asked, keyword, "")
    step = Dataset()
    step.Modality = modality
    step.ScheduledStationAETitle = station_title
    step.ScheduledProcedureStepStartDate = day.strftime("%Y%m%d") if day else ""
    for keyword in (
        *("ScheduledProcedureStepStartTime", "ScheduledPerformingPhysicianName"),
        *("ScheduledProcedureStepDescription", "ScheduledProcedureStepID"),
    ):
        setattr(step, keyword, "")
    asked.ScheduledProcedureStepSequence = [step]
    return asked


def _scheduled(row: Dataset) -> Scheduled:
    """One entry. Raises WrongAnswer where it names no patient or no step: nobody could be recorded by it."""
    with damage_as(_broken):
        steps = row.get("ScheduledProcedureStepSequence") or [Dataset()]
        step = steps[0]
        found = Scheduled(
            patient_id=text_of(row, "PatientID"),
            patient_name=text_of(row, "PatientName"),
            birth_date=day_of(text_of(row, "PatientBirthDate")),
            sex=text_of(row, "PatientSex"),
            accession_number=text_of(row, "AccessionNumber"),
            study_instance_uid=text_of(row, "StudyInstanceUID"),
            requested_procedure_id=text_of(row, "RequestedProcedureID"),
            requested_procedure=text_of(row, "RequestedProcedureDescription"),
            step_id=text_of(step, "ScheduledProcedureStepID"),
            step=text_of(step, "ScheduledProcedureStepDescription"),
            modality=text_of(step, "Modality"),
            station_title=text_of(step, "ScheduledStationAETitle"),
            start_date=day_of(text_of(step, "ScheduledProcedureStepStartDate")),
            start_time=_time(text_of(step, "ScheduledProcedureStepStartTime")),
            physician=text_of(step, "ScheduledPerformingPhysicianName"),
        )
    if not found.patient_id or not found.step_id:
        raise _broken(ValueError("no patient, or no step"))
    return found


def _broken(error: Exception) -> WrongAnswer:
    return WrongAnswer(f"An entry of the worklist cannot be used ({type(error).__name__}).")


def _time(text: str) -> str:
    digits = text.partition(".")[0]
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2)) if digits.isdigit() else text
