"""Query and retrieve, study root (PS3.4, annex C): which studies a server has, and bringing one here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from pydicom.dataset import Dataset

from dicom_io.dataset.parse import damage_as
from dicom_io.errors import DicomError, Refused, WrongAnswer
from dicom_io.network import command as dimse
from dicom_io.network.associate import Association, associate
from dicom_io.network.find import STUDY_ROOT_FIND, day_of, find, text_of
from dicom_io.network.identifier import EXPLICIT, IMPLICIT, encoded
from dicom_io.network.negotiate import Proposal
from dicom_io.network.node import Node, Patience
from dicom_io.network.serve import Handler, Visit

_MOVE: Final = "1.2.840.10008.5.1.4.1.2.2.2"
_GET: Final = "1.2.840.10008.5.1.4.1.2.2.3"
_PENDING: Final = 0xFF00
_WARNING: Final = 0xB000

#: What is asked for by C-GET, each in each of the transfer syntaxes: a server picks the one that an object is stored in.
_STORAGE: Final = (
    "1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.7.4", "1.2.840.10008.5.1.4.1.1.77.1.4",
    "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.11.2", "1.2.840.10008.5.1.4.1.1.66.4",
    "1.2.840.10008.5.1.4.1.1.88.11", "1.2.840.10008.5.1.4.1.1.88.22", "1.2.840.10008.5.1.4.1.1.88.33",
    "1.2.840.10008.5.1.4.1.1.88.34", "1.2.840.10008.5.1.4.1.1.88.40", "1.2.840.10008.5.1.4.1.1.88.59",
    "1.2.840.10008.5.1.4.1.1.104.1",
)  # fmt: skip
_PICTURES: Final = frozenset(_STORAGE[:7])
_SYNTAXES: Final = (
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StudyThere:
    """A study of a server; `date` YYYY-MM-DD, `objects` empty where the server does not count them."""

    study_instance_uid: str
    patient_id: str
    patient_name: str
    birth_date: str
    date: str
    description: str
    accession_number: str
    modalities: str
    objects: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a server says of a retrieval."""

    completed: int
    failed: int
    warned: int


def studies_there(
    node: Node,
    *,
    patient_id: str = "",
    patient_name: str = "",
    dates: str = "",
    modality: str = "",
    study_instance_uid: str = "",
    patience: Patience | None = None,
) -> tuple[list[StudyThere], int]:
    """The studies that fit, and how many answers were broken. `*` and `?` stand for what is not known.

    Raises NetworkError's kinds.
    """
    asked = Dataset()
    asked.SpecificCharacterSet = "ISO_IR 192"
    asked.QueryRetrieveLevel = "STUDY"
    asked.PatientID, asked.PatientName, asked.StudyDate = patient_id, patient_name, dates
    asked.ModalitiesInStudy, asked.StudyInstanceUID = modality, study_instance_uid
    for keyword in ("StudyTime", "StudyDescription", "AccessionNumber", "PatientBirthDate"):
        setattr(asked, keyword, "")
    asked.NumberOfStudyRelatedInstances = None
    rows, broken = find(node, STUDY_ROOT_FIND, asked, patience).each(_study)
    return sorted(rows, key=lambda row: (row.date, row.study_instance_uid), reverse=True), broken


def _study(row: Dataset) -> StudyThere:
    with damage_as(_broken):
        found = StudyThere(
            study_instance_uid=text_of(row, "StudyInstanceUID"),
            patient_id=text_of(row, "PatientID"),
            patient_name=text_of(row, "PatientName"),
            birth_date=day_of(text_of(row, "PatientBirthDate")),
            date=day_of(text_of(row, "StudyDate")),
            description=text_of(row, "StudyDescription"),
            accession_number=text_of(row, "AccessionNumber"),
            modalities=text_of(row, "ModalitiesInStudy"),
            objects=text_of(row, "NumberOfStudyRelatedInstances"),
        )
    if not found.study_instance_uid:
        raise _broken(ValueError("no UID"))
    return found


def _broken(error: Exception) -> DicomError:
    return WrongAnswer(f"A server's answer cannot be used ({type(error).__name__}).")


def get_study(node: Node, study_instance_uid: str, store: Handler, patience: Patience | None = None) -> Brought:
    """Bring a study here by C-GET: its objects come on the same association, and `store` answers each.

    Raises NetworkError's kinds.
    """
    storage = [
        Proposal(sop_class, (syntax,), as_scp=True)
        for sop_class in _STORAGE
        for syntax in (*(_SYNTAXES if sop_class in _PICTURES else ()), EXPLICIT, IMPLICIT)
    ]
    with associate(node, [Proposal(_GET, (IMPLICIT,)), *storage], patience) as association:
        number = _ask(association, _GET, dimse.C_GET, study_instance_uid, {})
        visit = Visit(association, node.ae_title, node.host)
        while True:
            context, command = association.receive_command()
            if command[dimse.FIELD] == dimse.C_STORE:
                store(visit, context, command)
                continue
            association.receive_data_set(context, command)
            done = _brought(association, command, dimse.C_GET, number)
            if done is not None:
                return done


def move_study(node: Node, study_instance_uid: str, to_title: str, patience: Patience | None = None) -> Brought:
    """Have the server send a study to `to_title` (C-MOVE), which it must know. Raises NetworkError's kinds."""
    with associate(node, [Proposal(_MOVE, (IMPLICIT,))], patience) as association:
        number = _ask(association, _MOVE, dimse.C_MOVE, study_instance_uid, {dimse.MOVE_DESTINATION: to_title})
        while True:
            context, command = association.receive_command()
            association.receive_data_set(context, command)
            done = _brought(association, command, dimse.C_MOVE, number)
            if done is not None:
                return done


def _ask(association: Association, sop_class: str, field: int, study_instance_uid: str, more: dimse.Command) -> int:
    asked = Dataset()
    asked.QueryRetrieveLevel = "STUDY"
    asked.StudyInstanceUID = study_instance_uid
    number = association.next_id()
    command = dimse.request(field, number, data_set=True) | {dimse.AFFECTED_CLASS: sop_class, dimse.PRIORITY: 0, **more}
    association.send(association.context_of(sop_class, IMPLICIT), command, encoded(asked))
    return number


def _brought(association: Association, command: dimse.Command, field: int, number: int) -> Brought | None:
    """What a response says; None while it goes on."""
    if command[dimse.FIELD] != field | dimse.RESPONSE or command.get(dimse.ANSWERED_ID) != number:
        raise WrongAnswer(f"{association.told} answers something that was not asked: the association is ended.")
    status = int(command.get(dimse.STATUS, -1))
    if status == _PENDING:
        return None
    if status not in (0, _WARNING):
        why = _FAILURES.get(status, "it says that it failed")
        raise Refused(f"{association.told} does not bring the study: {why} (status {status:04X}H).", status)
    counts = (int(command.get(element, 0)) for element in (dimse.COMPLETED, dimse.FAILED, dimse.WARNED))
    return Brought(*counts)


_FAILURES: Final = {
    0xA701: "it has no room to look it up",
    0xA702: "it could not send the objects",
    0xA801: "it does not know our title as a destination: have it entered there",
    0xA900: "it finds that the request does not fit the service",
    0x0124: "it does not allow us to ask",
}
