"""The modules that every object of a study shares: patient, study, series, equipment, SOP common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from dicom_io.coding.codes import ACQUISITION_EQUIPMENT, PROCESSING_EQUIPMENT
from dicom_io.coding.words import fitted, given, single_name
from dicom_io.context import Equipment, Patient, Series, Study
from dicom_io.dataset.plain_dataset import AnyDataset, PlainDataset
from dicom_io.dataset.timing import date_text, moment_text, time_text, zone_of, zone_text

CHARACTER_SET: Final = "ISO_IR 192"


def patient_module(dataset: AnyDataset, patient: Patient) -> None:
    """Patient: identity, empty where nobody said. Raises NotEncodable where a text cannot stand in its field."""
    dataset.PatientName = given("patient's name", patient.name, "PN")
    dataset.PatientID = given("patient's id", patient.patient_id, "LO")
    dataset.PatientBirthDate = patient.birth_date.strftime("%Y%m%d") if patient.birth_date else ""
    dataset.PatientSex = patient.sex


def study_module(dataset: AnyDataset, study: Study) -> None:
    """General Study. Raises NotEncodable where a text cannot stand in its field."""
    dataset.StudyInstanceUID = study.study_instance_uid
    dataset.StudyDate = date_text(study.started_at)
    dataset.StudyTime = time_text(study.started_at)
    dataset.StudyID = given("study's id", study.study_id, "SH")
    dataset.StudyDescription = fitted(study.description, "LO")
    dataset.AccessionNumber = given("accession number", study.accession_number, "SH")
    dataset.ReferringPhysicianName = ""


def series_module(dataset: AnyDataset, study: Study, series: Series, modality: str) -> None:
    """General Series. The side stands in each image, not here: both together are an error."""
    dataset.Modality = modality
    dataset.SeriesInstanceUID = series.series_instance_uid
    dataset.SeriesNumber = series.number
    dataset.SeriesDescription = series_description(series)
    if study.operator:
        dataset.OperatorsName = single_name(given("operator's name", study.operator, "PN"))


def series_description(series: Series) -> str:
    """The series' own words with the phase before them (at most 64 characters): what a viewer's list shows first."""
    words = series.description.split()
    if words and words[0].lower().strip(",:;") == series.phase:
        return fitted(series.description, "LO")
    return fitted(f"{series.phase} {series.description}", "LO")


def _known(text: str) -> str:
    return "" if text.lower() == "unknown" else fitted(text, "LO")


def equipment_module(dataset: AnyDataset, equipment: Equipment) -> None:
    """General Equipment is the probe, which made the picture. What is not known is empty or absent."""
    dataset.Manufacturer = _known(equipment.probe_manufacturer)
    if _known(equipment.probe_model):
        dataset.ManufacturerModelName = _known(equipment.probe_model)
    if _known(equipment.probe_serial):
        dataset.DeviceSerialNumber = _known(equipment.probe_serial)


def contributing_equipment(dataset: AnyDataset, equipment: Equipment, captured_at: datetime, notes: str = "") -> None:
    """The device that captured the probe's screen, then this program. `notes`: what the program did to the stream's bytes."""
    device = PlainDataset()
    device.PurposeOfReferenceCodeSequence = [ACQUISITION_EQUIPMENT.item()]
    device.Manufacturer = _known(equipment.capture_manufacturer) or "unknown"
    device.ManufacturerModelName = _known(equipment.capture_model) or "unknown"
    if _known(equipment.capture_serial):
        device.DeviceSerialNumber = _known(equipment.capture_serial)
    device.ContributionDateTime = moment_text(captured_at)
    device.ContributionDescription = (
        "Simulated: no device was there" if equipment.simulated else "Took the picture of the probe's screen as video"
    )
    program = workstation_item(equipment.software_version)
    program.ContributionDateTime = moment_text(captured_at)
    program.ContributionDescription = notes or "Recorded the video's frames as they came"
    dataset.ContributingEquipmentSequence = [device, program]


def workstation_item(software_version: str) -> PlainDataset:
    """This program as a contributing equipment."""
    program = PlainDataset()
    program.PurposeOfReferenceCodeSequence = [PROCESSING_EQUIPMENT.item()]
    program.Manufacturer = "sonofill"
    program.ManufacturerModelName = "sonofill workstation"
    program.SoftwareVersions = fitted(software_version, "LO")
    return program


def sop_common_module(dataset: AnyDataset, sop_class_uid: str, sop_instance_uid: str, study: Study) -> None:
    """SOP Common: identity, UTF-8 text, and the time zone that every time without one is in."""
    dataset.SpecificCharacterSet = CHARACTER_SET
    dataset.SOPClassUID = sop_class_uid
    dataset.SOPInstanceUID = sop_instance_uid
    zone = zone_of(study.started_at)
    now = datetime.now(UTC).astimezone(zone)
    dataset.InstanceCreationDate = date_text(now)
    dataset.InstanceCreationTime = time_text(now)
    dataset.TimezoneOffsetFromUTC = zone_text(zone)
