"""The content tree of the report (TID 1500), built with highdicom. Imported only where a report is written.

Each finding is a group of TID 1410: category (vessel, layer, point, distance), type, region on one frame, artery or vein,
name as shown, who and when, and what was measured with its uncertainty. Each note is a group of TID 1501.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from highdicom import sr
from pydicom.dataset import Dataset

from annotation import Document, Finding, ImageNote
from annotation.measure import Measured
from dicom_io import codes
from dicom_io.codes import Concept
from dicom_io.context import Series, Study, derived_uid
from dicom_io.encapsulate import IMPLEMENTATION_CLASS_UID
from dicom_io.encoded import EncodedObject
from dicom_io.finding_codes import finding_type
from dicom_io.graphics import graphic_of
from dicom_io.modules import study_module
from dicom_io.report import Revision
from dicom_io.sr_document import authored, document_modules, flags, references
from dicom_io.timing import moment_text, zone_of
from dicom_io.words import single_name
from imaging.scale import Scale

# A name that a PN value keeps as it is: a backslash parts values, an equals sign parts alphabets, a caret at the end is lost.
COMPREHENSIVE_SR: Final = "1.2.840.10008.5.1.4.1.1.88.33"
_PLAIN_NAME: Final = re.compile(r"[^\\=]*[^\\=^]")

_CONTAINS: Final = sr.RelationshipTypeValues.CONTAINS
_CONTEXT: Final = sr.RelationshipTypeValues.HAS_OBS_CONTEXT
_MODIFIER: Final = sr.RelationshipTypeValues.HAS_CONCEPT_MOD


def report_dataset(
    document: Document,
    study: Study,
    series: Series,
    images: Mapping[str, EncodedObject],
    scales: Mapping[str, Sequence[Scale]],
    sop_instance_uid: str,
    software_version: str,
    revision: Revision,
    withdrawn: Sequence[str],
) -> Dataset:
    """The whole report but its file header. Every image that the document names is among `images`.

    `withdrawn` are the pictures that the predecessors were about and nothing is said of any more.
    """
    time_point = sr.TimePointContext(time_point=str(series.phase), time_point_type=_code(codes.PHASES[series.phase]))
    groups = [_finding_group(f, images, scales, time_point) for f in document.findings]
    groups += [_note_group(note, images, time_point) for note in document.notes]
    groups += [_withdrawn_group(images[uid], time_point) for uid in withdrawn]
    content = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_device_context=_device_observer()),
        procedure_reported=_code(codes.PROCEDURE),
        imaging_measurements=groups,
        title=_code(codes.REPORT_TITLE),
    )
    named = {f.image for f in document.findings} | {note.image for note in document.notes} | set(withdrawn)
    evidence = [_evidence(study, image) for uid, image in images.items() if uid in named]
    report = sr.ComprehensiveSR(
        evidence=evidence,
        content=content,
        series_instance_uid=series.series_instance_uid,
        series_number=series.number,
        sop_instance_uid=sop_instance_uid,
        instance_number=1,
        manufacturer="sonofill",
        is_complete=True,
    )
    dataset = Dataset()
    dataset.update({element.tag: element for element in report})
    dataset.ContentSequence = [*_said_of(revision), *dataset.ContentSequence]
    document_modules(dataset, study, series, COMPREHENSIVE_SR, sop_instance_uid, software_version)
    flags(dataset, complete=True, attested=revision.attested)
    authored(dataset, revision.author, revision.entered_by, datetime.now(UTC).astimezone(zone_of(study.started_at)))
    if revision.predecessors:
        dataset.PredecessorDocumentsSequence = references(revision.predecessors)
    return dataset


def _said_of(revision: Revision) -> list[Any]:
    """The author as the report's person observer (TID 1002), and why the version before was corrected."""
    found: list[Any] = []
    if revision.author:
        found += [
            sr.CodeContentItem(_code(codes.OBSERVER_TYPE), _code(codes.PERSON), _CONTEXT),
            _observer(revision.author),
        ]
    if revision.reason:
        found.append(sr.TextContentItem(_code(codes.CORRECTION_REASON), revision.reason, _MODIFIER))
    return found


def _evidence(study: Study, image: EncodedObject) -> Dataset:
    """As much of an image's header as a reference to it needs."""
    dataset = Dataset()
    dataset.SOPClassUID = image.sop_class_uid
    dataset.SOPInstanceUID = image.sop_instance_uid
    dataset.SeriesInstanceUID = image.series_instance_uid
    study_module(dataset, study)
    dataset.PatientID = study.patient.patient_id
    dataset.PatientName = ""
    dataset.PatientBirthDate = ""
    dataset.PatientSex = ""
    return dataset


def _device_observer() -> Any:
    return sr.ObserverContext(
        observer_type=_code(codes.DEVICE),
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=str(IMPLEMENTATION_CLASS_UID), name="sonofill", manufacturer_name="sonofill", model_name="workstation"
        ),
    )


def _finding_group(
    finding: Finding, images: Mapping[str, EncodedObject], scales: Mapping[str, Sequence[Scale]], time_point: Any
) -> Any:
    image = images[str(finding.image)]
    evaluations = []
    if finding.vessel_kind is not None:
        kind = codes.VESSEL_KINDS[finding.vessel_kind]
        evaluations.append(sr.QualitativeEvaluation(_code(codes.VESSEL_KIND), _code(kind)))
    group = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=finding.tracking_uid, identifier=finding.name or finding.kind),
        referenced_region=_region(finding, image),
        time_point_context=time_point,
        finding_category=_code(codes.CATEGORIES[finding.kind]),
        finding_type=_code(finding_type(finding)),
        measurements=[_measurement(m, finding, scales.get(str(finding.image), ())) for m in finding.measurements],
        qualitative_evaluations=evaluations or None,
    )
    container = group[0]
    container.ObservationDateTime = moment_text(finding.at.astimezone(UTC))
    container.ContentSequence.append(_observer(finding.by))
    if finding.name:
        container.ContentSequence.append(sr.TextContentItem(_code(codes.NAME), finding.name, _CONTAINS))
    return group


def _observer(name: str) -> Any:
    if _PLAIN_NAME.fullmatch(name):
        return sr.PnameContentItem(_code(codes.OBSERVER_NAME), single_name(name), _CONTEXT)
    return sr.TextContentItem(_code(codes.OBSERVER_NAME), name, _CONTEXT)


def _region(finding: Finding, image: EncodedObject) -> Any:
    graphic, points = graphic_of(finding.shape)
    source = sr.SourceImageForRegion(image.sop_class_uid, image.sop_instance_uid, _frames(image, finding.frame))
    return sr.ImageRegion(graphic, np.asarray(points, np.float32), source)


def _frames(image: EncodedObject, frame: int) -> list[int] | None:
    """The standard's frame number, from 1; a still has none."""
    from dicom_io.image import US_IMAGE

    return None if image.sop_class_uid == US_IMAGE else [frame + 1]


def _measurement(measured: Measured, finding: Finding, scales: Sequence[Scale]) -> Any:
    item = sr.Measurement(
        name=_code(codes.QUANTITIES[measured.quantity]),
        value=measured.value,
        unit=_code(codes.UNITS[measured.unit]),
        properties=sr.MeasurementProperties(
            upper_measurement_uncertainty=measured.uncertainty, lower_measurement_uncertainty=measured.uncertainty
        ),
    )
    for number in item[0].ContentSequence:
        if number.ValueType == "NUM":  # highdicom gives the uncertainties no unit; theirs is the value's own
            number.MeasuredValueSequence[0].MeasurementUnitsCodeSequence = [_code(codes.UNITS[measured.unit])]
    if measured.reason is not None:
        why = _code(codes.NOT_IN_MM_REASONS[measured.reason])
        item[0].ContentSequence.append(sr.CodeContentItem(_code(codes.NOT_IN_MM), why, _MODIFIER))
    used = next((s for s in scales if s.contains(finding.shape.points)), None)
    if measured.in_mm and used is not None:
        words = (
            f"{used.source}, {used.mm_per_pixel_x:.5g} x {used.mm_per_pixel_y:.5g} mm per pixel, "
            f"±{100 * used.relative_uncertainty:.2g} % (95 %)"
        )
        item[0].ContentSequence.append(sr.TextContentItem(_code(codes.SCALE_USED), words, _MODIFIER))
    return item


def _note_group(note: ImageNote, images: Mapping[str, EncodedObject], time_point: Any) -> Any:
    image = images[str(note.image)]
    evaluations = []
    if note.plane:
        evaluations.append(sr.QualitativeEvaluation(_code(codes.IMAGE_VIEW), _code(codes.concept_of(note.plane))))
    if note.landmark:
        evaluations.append(sr.QualitativeEvaluation(_code(codes.LANDMARK), _code(codes.concept_of(note.landmark))))
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=derived_uid(note.image, note.frame, "note"), identifier="plane and landmark"
        ),
        time_point_context=time_point,
        finding_category=_code(codes.PICTURE_NOTE),
        source_images=[
            sr.SourceImageForMeasurementGroup(image.sop_class_uid, image.sop_instance_uid, _frames(image, note.frame))
        ],
        qualitative_evaluations=evaluations,
    )


def _withdrawn_group(image: EncodedObject, time_point: Any) -> Any:
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=derived_uid(image.sop_instance_uid, "withdrawn"), identifier="labels withdrawn"
        ),
        time_point_context=time_point,
        finding_category=_code(codes.WITHDRAWN),
        source_images=[sr.SourceImageForMeasurementGroup(image.sop_class_uid, image.sop_instance_uid)],
    )


def _code(concept: Concept) -> Any:
    return sr.CodedConcept(value=concept.value, scheme_designator=concept.scheme, meaning=concept.meaning)
