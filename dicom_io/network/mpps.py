"""Modality Performed Procedure Step (PS3.4, annex F): tells the RIS that a procedure goes on, and that it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydicom.dataset import Dataset

from dicom_io.errors import Refused
from dicom_io.network import command as dimse
from dicom_io.network.associate import associate
from dicom_io.network.identifier import EXPLICIT, IMPLICIT, encoded
from dicom_io.network.negotiate import Proposal
from dicom_io.network.node import Node, Patience

PERFORMED_STEP: Final = "1.2.840.10008.3.1.2.3.3"


@dataclass(frozen=True, slots=True)
class Step:
    """What was scheduled (empty where nothing was), for whom, and how it is called here."""

    patient_id: str
    patient_name: str
    birth_date: str
    sex: str
    study_instance_uid: str
    step_id: str
    started_at: datetime
    description: str = ""
    modality: str = "US"
    accession_number: str = ""
    requested_procedure_id: str = ""
    scheduled_step_id: str = ""


def begin_step(node: Node, uid: str, step: Step, patience: Patience | None = None) -> None:
    """N-CREATE: the step `uid` is IN PROGRESS. Raises NetworkError's kinds."""
    data = Dataset()
    data.SpecificCharacterSet = "ISO_IR 192"
    data.PatientName, data.PatientID = step.patient_name, step.patient_id
    data.PatientBirthDate, data.PatientSex = step.birth_date.replace("-", ""), step.sex
    data.ReferencedPatientSequence = []
    data.PerformedProcedureStepID = step.step_id
    data.PerformedStationAETitle = node.calling_title
    data.PerformedStationName = data.PerformedLocation = ""
    data.PerformedProcedureStepStartDate = step.started_at.strftime("%Y%m%d")
    data.PerformedProcedureStepStartTime = step.started_at.strftime("%H%M%S")
    data.PerformedProcedureStepEndDate = data.PerformedProcedureStepEndTime = ""
    data.PerformedProcedureStepStatus = "IN PROGRESS"
    data.PerformedProcedureStepDescription = step.description[:64]
    data.PerformedProcedureTypeDescription = ""
    data.ProcedureCodeSequence = []
    data.Modality, data.StudyID = step.modality, ""
    data.PerformedProtocolCodeSequence = []
    data.PerformedSeriesSequence = []
    scheduled = Dataset()
    scheduled.StudyInstanceUID = step.study_instance_uid
    scheduled.AccessionNumber = step.accession_number
    scheduled.ReferencedStudySequence = []
    scheduled.RequestedProcedureID = step.requested_procedure_id
    scheduled.RequestedProcedureDescription = scheduled.ScheduledProcedureStepDescription = ""
    scheduled.ScheduledProcedureStepID = step.scheduled_step_id
    scheduled.ScheduledProtocolCodeSequence = []
    data.ScheduledStepAttributesSequence = [scheduled]
    _tell(node, dimse.N_CREATE, {dimse.AFFECTED_CLASS: PERFORMED_STEP, dimse.AFFECTED_UID: uid}, data, patience)


def end_step(
    node: Node,
    uid: str,
    ended_at: datetime,
    series: Mapping[str, Sequence[tuple[str, str]]],
    *,
    operator: str = "",
    completed: bool = True,
    patience: Patience | None = None,
) -> None:
    """N-SET: the step is COMPLETED, or DISCONTINUED.

    `series` are the objects made (SOP class, SOP instance) by Series Instance UID. Raises NetworkError's kinds.
    """
    data = Dataset()
    data.PerformedProcedureStepStatus = "COMPLETED" if completed else "DISCONTINUED"
    data.PerformedProcedureStepEndDate = ended_at.strftime("%Y%m%d")
    data.PerformedProcedureStepEndTime = ended_at.strftime("%H%M%S")
    data.PerformedSeriesSequence = []
    for series_uid, objects in series.items():
        made = Dataset()
        made.PerformingPhysicianName = ""
        made.OperatorsName = operator
        made.ProtocolName = "Ultrasound"
        made.SeriesInstanceUID = series_uid
        made.SeriesDescription = made.RetrieveAETitle = ""
        made.ReferencedImageSequence = []
        made.ReferencedNonImageCompositeSOPInstanceSequence = []
        for sop_class, instance in objects:
            item = Dataset()
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
            plain = ".88." in sop_class or sop_class.endswith((".104.1", ".66.4"))
            (made.ReferencedNonImageCompositeSOPInstanceSequence if plain else made.ReferencedImageSequence).append(
                item
            )
        data.PerformedSeriesSequence.append(made)
    _tell(node, dimse.N_SET, {dimse.REQUESTED_CLASS: PERFORMED_STEP, dimse.REQUESTED_UID: uid}, data, patience)


def _tell(node: Node, field: int, about: dimse.Command, data: Dataset, patience: Patience | None) -> None:
    with associate(node, [Proposal(PERFORMED_STEP, (EXPLICIT, IMPLICIT))], patience) as association:
        ((_, syntax),) = association.agreed.by_number.values()
        number = association.next_id()
        command = dimse.request(field, number, data_set=True) | about
        association.send(association.context_of(PERFORMED_STEP, syntax), command, encoded(data, syntax))
        status = int(association.answer_to(number, field).command[dimse.STATUS])
        if status:
            raise Refused(f"{node} does not take what we tell of the procedure (status {status:04X}H).", status)
