"""Labels of an encounter built with highdicom, for comparison: a TID 1500 report, and an area as a segmentation."""

from __future__ import annotations

from collections.abc import Iterable

import highdicom as hd
import numpy as np
from highdicom.sr import (
    Comprehensive3DSR,
    FindingSite,
    ImageRegion,
    Measurement,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    SourceImageForRegion,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import JPEGBaseline8Bit, UltrasoundImageStorage

from annotation import Ellipse, Finding
from dicom_io.drawing.graphics import graphic_of
from dicom_io.drawing.masks import mask_of

_STUDY, _SERIES = "2.25.1", "2.25.2"


def _still(uid: str, columns: int = 800, rows: int = 480) -> Dataset:
    """As much of a still as highdicom asks for."""
    still = Dataset()
    still.SOPClassUID, still.SOPInstanceUID = UltrasoundImageStorage, uid
    still.StudyInstanceUID, still.SeriesInstanceUID = _STUDY, _SERIES
    still.PatientID = still.PatientName = "P1"
    still.PatientBirthDate = still.PatientSex = still.AccessionNumber = still.StudyID = ""
    still.StudyDate, still.StudyTime, still.Modality = "20260302", "093000", "US"
    still.ReferringPhysicianName = ""
    still.Rows, still.Columns, still.NumberOfFrames = rows, columns, 1
    still.file_meta = FileMetaDataset()
    still.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    return still


def report_of(labels: Iterable[Finding]) -> Comprehensive3DSR | hd.sr.ComprehensiveSR:
    """Each label as a group with its region, its tracking and its measurements."""
    person = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes(name="Demo^Operator"))
    groups, stills = [], {}
    for label in labels:
        uid = label.image or ""
        stills[uid] = _still(uid)
        kind, points = graphic_of(label.shape)
        region = ImageRegion(kind, np.asarray(points), source_image=SourceImageForRegion(UltrasoundImageStorage, uid))
        groups.append(
            PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=TrackingIdentifier(uid=label.tracking_uid, identifier=label.name),
                referenced_region=region,
                finding_type=codes.SCT.Artery,
                finding_sites=[FindingSite(codes.SCT.Face)],
                measurements=[
                    Measurement(codes.SCT.Diameter, value=one.value, unit=codes.UCUM.Millimeter)
                    for one in label.measurements
                ],
            )
        )
    content = MeasurementReport(
        observation_context=ObservationContext(observer_person_context=person),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=groups,
    )
    return hd.sr.ComprehensiveSR(
        evidence=list(stills.values()),
        content=content,
        series_number=1,
        series_instance_uid=hd.UID(),
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="highdicom",
    )


def segmentation_of(outline: Ellipse, columns: int, rows: int) -> hd.seg.Segmentation:
    """One area on one still."""
    mask = mask_of(outline, columns, rows)
    bits = np.zeros((1, rows, columns), np.uint8)
    bits[0, mask.first_row : mask.first_row + len(mask.bits)] = mask.bits
    described = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label="facial artery",
        segmented_property_category=codes.SCT.AnatomicalStructure,
        segmented_property_type=codes.SCT.Artery,
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.MANUAL,
    )
    return hd.seg.Segmentation(
        source_images=[_still(hd.UID(), columns, rows)],
        pixel_array=bits,
        segmentation_type=hd.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[described],
        series_instance_uid=hd.UID(),
        series_number=1,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="highdicom",
        manufacturer_model_name="highdicom",
        software_versions="1",
        device_serial_number="1",
    )
