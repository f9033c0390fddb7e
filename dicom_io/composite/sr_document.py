"""What every structured report of ours says outside its content: patient, study, series, equipment, times, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dicom_io.coding import codes
from dicom_io.coding.words import fitted, single_name
from dicom_io.composite.modules import patient_module, series_module, sop_common_module, study_module, workstation_item
from dicom_io.context import Series, Study
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.timing import date_text, moment_text, time_text, zone_of
from dicom_io.encoded import Instance


def document_modules(
    dataset: PlainDataset,
    study: Study,
    series: Series,
    sop_class_uid: str,
    sop_instance_uid: str,
    software_version: str,
    modality: str = "SR",
) -> None:
    """The modules as in our images: a name without a caret stands, and every time has a zone."""
    sop_common_module(dataset, sop_class_uid, sop_instance_uid, study)
    patient_module(dataset, study.patient)
    study_module(dataset, study)
    series_module(dataset, study, series, modality)
    if "OperatorsName" in dataset:
        del dataset.OperatorsName  # not in a report's series; its observers are in the content
    now = datetime.now(UTC).astimezone(zone_of(study.started_at))
    dataset.ContentDate, dataset.ContentTime = date_text(now), time_text(now)
    dataset.SeriesDate, dataset.SeriesTime = date_text(now), time_text(now)
    dataset.Manufacturer = "sonofill"
    if software_version:
        program = workstation_item(software_version)
        dataset.SoftwareVersions = program.SoftwareVersions
        dataset.ContributingEquipmentSequence = [program]
    codes.declare_private_scheme(dataset)


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who verified a document, and when: the standard's Verifying Observer. `at` has a time zone."""

    by: str
    at: datetime
    organization: str = ""


def flags(dataset: PlainDataset, *, complete: bool, attested: Attestation | None) -> None:
    """Completion and Verification Flag (PS3.3, C.17.2): verified with the person who attested, unverified without one."""
    dataset.CompletionFlag = "COMPLETE" if complete else "PARTIAL"
    dataset.VerificationFlag = "UNVERIFIED"
    if attested is not None:
        dataset.VerificationFlag = "VERIFIED"
        observer = PlainDataset()
        observer.VerifyingObserverName = person_name(attested.by)
        observer.VerifyingObserverIdentificationCodeSequence = []
        observer.VerifyingOrganization = fitted(attested.organization, "LO") or "not said"
        observer.VerificationDateTime = moment_text(attested.at)
        dataset.VerifyingObserverSequence = [observer]


def authored(dataset: PlainDataset, author: str, entered_by: str, at: datetime) -> None:
    """Who answers for the content, and who entered this version of it when; nobody where the name is blank."""
    if author:
        dataset.AuthorObserverSequence = [_person(author)]
    if entered_by:
        participant = _person(entered_by)
        participant.ParticipationType = "ENT"
        participant.ParticipationDateTime = moment_text(at)
        dataset.ParticipantSequence = [participant]


def _person(name: str) -> PlainDataset:
    item = PlainDataset()
    item.ObserverType = "PSN"
    item.PersonName = person_name(name)
    item.PersonIdentificationCodeSequence = []
    item.InstitutionName = ""
    item.InstitutionCodeSequence = []
    return item


def person_name(name: str) -> str:
    """Any text as a person's name that fits into a PN value."""
    return single_name(fitted(name.replace("=", " "), "PN")) or "unknown^"


def named_by(dataset: AnyItem, sequence: str) -> tuple[str, ...]:
    """The SOP Instance UIDs in a hierarchical reference (evidence, predecessors); none where it is absent."""
    return tuple(
        str(reference.ReferencedSOPInstanceUID)
        for study in dataset.get(sequence) or []
        for series in study.ReferencedSeriesSequence
        for reference in series.ReferencedSOPSequence
    )


def references(objects: Iterable[Instance]) -> list[PlainDataset]:
    """Objects as a hierarchical reference (study, series, instance): evidence, or the documents that came before."""
    studies: dict[str, dict[str, list[PlainDataset]]] = {}
    for item in objects:
        reference = PlainDataset()
        reference.ReferencedSOPClassUID = item.sop_class_uid
        reference.ReferencedSOPInstanceUID = item.sop_instance_uid
        studies.setdefault(item.study_instance_uid, {}).setdefault(item.series_instance_uid, []).append(reference)
    return [_study(study_uid, series) for study_uid, series in studies.items()]


def _study(study_uid: str, series: dict[str, list[PlainDataset]]) -> PlainDataset:
    item = PlainDataset()
    item.StudyInstanceUID = study_uid
    item.ReferencedSeriesSequence = list(_series(series))
    return item


def _series(series: dict[str, list[PlainDataset]]) -> Iterator[PlainDataset]:
    for series_uid, instances in series.items():
        item = PlainDataset()
        item.SeriesInstanceUID = series_uid
        item.ReferencedSOPSequence = instances
        yield item
