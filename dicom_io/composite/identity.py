"""Whose an object is, and of which study: the attributes of PS3.3 that say so, read, copied and put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from dicom_io.composite import content_items as items
from dicom_io.composite.content_items import zone_of_text
from dicom_io.composite.modules import CHARACTER_SET, patient_module
from dicom_io.context import Patient, Study

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

#: Patient (C.7.1.1) and Patient Study (C.7.2.2), as far as they tell of a person; all but four are taken out.
_PATIENT: Final = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "IssuerOfPatientID",
    "IssuerOfPatientIDQualifiersSequence", "TypeOfPatientID", "PatientBirthTime",
    "PatientBirthDateInAlternativeCalendar", "PatientDeathDateInAlternativeCalendar", "PatientAlternativeCalendar",
    "OtherPatientIDs", "OtherPatientIDsSequence", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName",
    "MedicalRecordLocator", "EthnicGroup", "EthnicGroupCodeSequence", "PatientComments", "PatientAddress",
    "PatientTelephoneNumbers", "PatientTelecomInformation", "ReferencedPatientSequence", "PatientAge", "PatientSize",
    "PatientWeight", "PatientBodyMassIndex", "MeasuredAPDimension", "MeasuredLateralDimension",
    "PatientSizeCodeSequence", "MedicalAlerts", "Allergies", "Occupation", "SmokingStatus", "AdditionalPatientHistory",
    "PregnancyStatus", "LastMenstrualDate", "PatientReligiousPreference", "PatientSexNeutered", "ResponsiblePerson",
    "ResponsiblePersonRole", "ResponsibleOrganization", "PatientInsurancePlanCodeSequence",
    "PatientPrimaryLanguageCodeSequence", "CountryOfResidence", "RegionOfResidence", "MilitaryRank", "BranchOfService",
    "PatientState", "SpecialNeeds", "AdmittingDiagnosesDescription", "AdmittingDiagnosesCodeSequence", "AdmissionID",
    "IssuerOfAdmissionIDSequence", "ServiceEpisodeID", "ServiceEpisodeDescription", "IssuerOfServiceEpisodeIDSequence",
    "ReasonForVisit", "ReasonForVisitCodeSequence",
)  # fmt: skip
#: What came from the order of the other patient.
_ORDER: Final = (
    "AccessionNumber", "IssuerOfAccessionNumberSequence", "RequestAttributesSequence", "ReferencedRequestSequence",
    "ReferencedStudySequence", "ReferencedPerformedProcedureStepSequence", "ReferringPhysicianName",
    "ReferringPhysicianIdentificationSequence", "ConsultingPhysicianName", "RequestingPhysician", "RequestingService",
    "RequestedProcedureID", "RequestedProcedureDescription", "RequestedProcedureCodeSequence",
    "ScheduledProcedureStepID", "PlacerOrderNumberImagingServiceRequest", "FillerOrderNumberImagingServiceRequest",
)  # fmt: skip
_STUDY: Final = ("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "StudyDescription", "TimezoneOffsetFromUTC")
#: TID 1007 Subject Context, Patient: name, id, birth date, sex, age, species and the rest of a person in a report's content.
_SUBJECT: Final = {("DCM", str(code)) for code in (121028, 121029, 121030, 121031, 121032, 121033)}


def is_image(sop_class_uid: str) -> bool:
    """Whether a class is one of images, by its name in the standard: what a content item of type IMAGE may refer to."""
    from pydicom.uid import UID

    return "Image Storage" in UID(sop_class_uid).name


def study_of(dataset: Dataset) -> Study:
    """What a header says of its study; the beginning is now where the header has no date that can be read."""
    try:
        zone: tzinfo = zone_of_text(str(dataset.get("TimezoneOffsetFromUTC") or ""))
    except ValueError:
        zone = UTC
    day, time = str(dataset.get("StudyDate") or ""), str(dataset.get("StudyTime") or "")
    try:
        started = datetime.strptime(f"{day}{time.partition('.')[0]:0<6}", "%Y%m%d%H%M%S").replace(tzinfo=zone)
    except ValueError:
        started = datetime.now(zone)
    return Study(
        Patient(str(dataset.get("PatientID") or "")),
        started,
        study_instance_uid=str(dataset.get("StudyInstanceUID") or ""),
        study_id=str(dataset.get("StudyID") or ""),
        description=str(dataset.get("StudyDescription") or ""),
        accession_number=str(dataset.get("AccessionNumber") or ""),
    )


def same_patient_and_study(dataset: Dataset, like: Dataset) -> None:
    """Gives `dataset` (whose text is UTF-8) the patient and study of `like`, in the same words."""
    like.decode()
    for keyword in (*_PATIENT, *_STUDY, "AccessionNumber", "ReferringPhysicianName"):
        if keyword in like:
            dataset[keyword] = like[keyword]
        elif keyword in dataset:
            del dataset[keyword]


def from_an_order(dataset: Dataset) -> bool:
    """Whether a worklist entry gave the object its patient."""
    return bool(dataset.get("RequestAttributesSequence") or dataset.get("AccessionNumber"))


def give_to(dataset: Dataset, patient: Patient) -> None:
    """Makes `patient` the one whose object this is, at every depth, and takes out what the wrong one's order brought.

    Raises NotEncodable where a text cannot stand in its field.
    """
    from pydicom.sequence import Sequence

    steps = "ReferencedPerformedProcedureStepSequence" in dataset  # in reports empty where unknown, never absent
    dataset.decode()  # every text before the character set changes
    dataset.SpecificCharacterSet = CHARACTER_SET
    for level in _levels(dataset):
        if level is not dataset and "SpecificCharacterSet" in level:
            del level.SpecificCharacterSet
        for keyword in (*_PATIENT, *_ORDER):
            if keyword in level:
                del level[keyword]
        if "ContentSequence" in level:
            level.ContentSequence = Sequence(i for i in level.ContentSequence if items.name_of(i) not in _SUBJECT)
            if not level.ContentSequence:
                del level.ContentSequence
    patient_module(dataset, patient)
    dataset.AccessionNumber = dataset.ReferringPhysicianName = ""
    if steps:
        dataset.ReferencedPerformedProcedureStepSequence = []


def _levels(dataset: Dataset) -> Iterator[Dataset]:
    """The data set and every item in its sequences, the outer ones first."""
    yield dataset
    for element in list(dataset):
        if element.VR == "SQ":
            for item in element.value or ():
                yield from _levels(item)
