"""The content tree of the report (TID 1500).

Each finding is a group of TID 1410: category (vessel, layer, point, distance), type, region on one frame, artery or vein,
name as shown, who and when, what was measured with its uncertainty, and its caption as the Short Label that viewers print.
Each note is a group of TID 1501, and so is each change of a vessel since before the procedure. Made as bytes, in the form
that highdicom 0.28 gives it, which needs a minute for the eight hundred labels of a long encounter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from annotation import Document, Finding, ImageNote
from annotation.canvas.captions import caption
from annotation.grey import GreyLevel
from annotation.measure import Measured
from dicom_io.coding import codes
from dicom_io.coding.concept import Concept
from dicom_io.coding.findings import finding_type
from dicom_io.coding.words import single_name
from dicom_io.composite import raw_content as raw
from dicom_io.composite.sr_document import authored, document_modules, flags, references
from dicom_io.context import Series, Study, derived_uid
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.raw_items import element
from dicom_io.dataset.timing import moment_text, zone_of
from dicom_io.encoded import EncodedObject
from dicom_io.picture.encapsulate import IMPLEMENTATION_CLASS_UID
from dicom_io.picture.still import US_IMAGE
from dicom_io.report.changes import ReportedChange, change_items
from dicom_io.report.revision import Revision
from dicom_io.report.shapes import DrawnAs, region_of
from imaging.scale import Scale

COMPREHENSIVE_SR: Final = "1.2.840.10008.5.1.4.1.1.88.33"
# A name that a PN value keeps as it is: a backslash parts values, an equals sign parts alphabets, a caret at the end is lost.
_PLAIN_NAME: Final = re.compile(r"[^\\=]*[^\\=^]")

_LANGUAGE: Final = Concept("121049", "DCM", "Language of Content Item and Descendants")
_ENGLISH: Final = Concept("en-US", "RFC5646", "English (United States)")
_DEVICE_UID: Final = Concept("121012", "DCM", "Device Observer UID")
_DEVICE_NAME: Final = Concept("121013", "DCM", "Device Observer Name")
_DEVICE_MANUFACTURER: Final = Concept("121014", "DCM", "Device Observer Manufacturer")
_DEVICE_MODEL: Final = Concept("121015", "DCM", "Device Observer Model Name")
_PROCEDURE_REPORTED: Final = Concept("121058", "DCM", "Procedure reported")
_MEASUREMENTS: Final = Concept("126010", "DCM", "Imaging Measurements")
_GROUP: Final = Concept("125007", "DCM", "Measurement Group")
_TRACKING_IDENTIFIER: Final = Concept("112039", "DCM", "Tracking Identifier")
_TRACKING_UID: Final = Concept("112040", "DCM", "Tracking Unique Identifier")
_CATEGORY: Final = Concept("276214006", "SCT", "Finding category")
_FINDING: Final = Concept("121071", "DCM", "Finding")
_TIME_POINT: Final = Concept("C2348792", "UMLS", "Time Point")
_REGION: Final = Concept("111030", "DCM", "Image Region")
_SOURCE: Final = Concept("260753009", "SCT", "Source")
_SOURCE_OF_MEASUREMENT: Final = Concept("121112", "DCM", "Source of Measurement")
_UPPER: Final = Concept("371886008", "SCT", "+, range of upper measurement uncertainty")
_LOWER: Final = Concept("371885007", "SCT", "-, range of lower measurement uncertainty")


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
    changes: Sequence[ReportedChange] = (),
) -> PlainDataset:
    """The whole report but for its number. Every image that the document names is among `images`.

    `withdrawn` are the pictures that the predecessors were about and nothing is said of any more; `changes` how vessels
    changed since before the procedure.
    """
    time_point = [
        raw.text(_TIME_POINT, str(series.phase), raw.CONTEXT),
        raw.coded(codes.TIME_POINT_TYPE, codes.PHASES[series.phase], raw.CONTEXT),
    ]
    groups = [_finding_group(f, images, scales, time_point) for f in document.findings]
    groups += [_note_group(note, images, time_point) for note in document.notes]
    groups += [_withdrawn_group(images[uid], time_point) for uid in withdrawn]
    groups += [_change_group(change, time_point) for change in changes]
    content = [
        *_said_of(revision),
        raw.coded(_LANGUAGE, _ENGLISH, raw.MODIFIER),
        *_device_observer(),
        raw.coded(_PROCEDURE_REPORTED, codes.PROCEDURE, raw.MODIFIER),
        raw.container(_MEASUREMENTS, groups),
    ]
    dataset = PlainDataset()
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [codes.REPORT_TITLE.item()]
    dataset.ContinuityOfContent = "CONTINUOUS"
    dataset.ContentSequence = content
    dataset.PreliminaryFlag = "PRELIMINARY"
    template = PlainDataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "1500"
    dataset.ContentTemplateSequence = [template]
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    named = {f.image for f in document.findings} | {note.image for note in document.notes} | set(withdrawn)
    dataset.CurrentRequestedProcedureEvidenceSequence = references(i for uid, i in images.items() if uid in named)
    document_modules(dataset, study, series, COMPREHENSIVE_SR, sop_instance_uid, software_version)
    codes.declare_private_scheme(dataset, also=True)  # the procedure's code is of it
    flags(dataset, complete=True, attested=revision.attested)
    authored(dataset, revision.author, revision.entered_by, datetime.now(UTC).astimezone(zone_of(study.started_at)))
    if revision.predecessors:
        dataset.PredecessorDocumentsSequence = references(revision.predecessors)
    return dataset


def _said_of(revision: Revision) -> list[bytes]:
    """The author as the report's person observer (TID 1002), and why the version before was corrected."""
    found: list[bytes] = []
    if revision.author:
        found += [raw.coded(codes.OBSERVER_TYPE, codes.PERSON, raw.CONTEXT), _observer(revision.author)]
    if revision.reason:
        found.append(raw.text(codes.CORRECTION_REASON, revision.reason, raw.MODIFIER))
    return found


def _device_observer() -> list[bytes]:
    return [
        raw.coded(codes.OBSERVER_TYPE, codes.DEVICE, raw.CONTEXT),
        raw.uid(_DEVICE_UID, str(IMPLEMENTATION_CLASS_UID), raw.CONTEXT),
        raw.text(_DEVICE_NAME, "sonofill", raw.CONTEXT),
        raw.text(_DEVICE_MANUFACTURER, "sonofill", raw.CONTEXT),
        raw.text(_DEVICE_MODEL, "workstation", raw.CONTEXT),
    ]


def _finding_group(
    finding: Finding,
    images: Mapping[str, EncodedObject],
    scales: Mapping[str, Sequence[Scale]],
    time_point: Sequence[bytes],
) -> bytes:
    used = next((s for s in scales.get(str(finding.image), ()) if s.contains(finding.shape.points)), None)
    below = [
        *_tracking(finding.name or finding.kind, finding.tracking_uid),
        *([raw.text(codes.SHORT_LABEL, words, raw.MODIFIER)] if (words := caption(finding)) else []),
        raw.coded(_CATEGORY, codes.CATEGORIES[finding.kind]),
        raw.coded(_FINDING, finding_type(finding)),
        *time_point,
        *(_measurement(measured, used) for measured in finding.measurements),
    ]
    if finding.vessel_kind is not None:
        below.append(raw.coded(codes.VESSEL_KIND, codes.VESSEL_KINDS[finding.vessel_kind]))
    if finding.echogenicity is not None:
        below.append(raw.coded(codes.ECHOGENICITY, codes.ECHOGENICITIES[finding.echogenicity]))
    if finding.grey is not None:
        below += _grey_items(finding.grey)
    region, drawn_as = _region(finding, images[str(finding.image)])
    below += [region, _observer(finding.by)]
    if drawn_as is not None:
        below.append(raw.coded(codes.DRAWN_AS, codes.DRAWN[drawn_as]))
    if finding.name:
        below.append(raw.text(codes.NAME, finding.name))
    at = element("ObservationDateTime", moment_text(finding.at.astimezone(UTC)))
    return raw.container(_GROUP, below, at, template="1410")


def _tracking(identifier: str, uid: str) -> list[bytes]:
    return [raw.text(_TRACKING_IDENTIFIER, identifier, raw.CONTEXT), raw.uid(_TRACKING_UID, uid, raw.CONTEXT)]


def _observer(name: str) -> bytes:
    if _PLAIN_NAME.fullmatch(name):
        return raw.person(codes.OBSERVER_NAME, single_name(name), raw.CONTEXT)
    return raw.text(codes.OBSERVER_NAME, name, raw.CONTEXT)


def _region(finding: Finding, image: EncodedObject) -> tuple[bytes, DrawnAs | None]:
    graphic, points, drawn_as = region_of(finding.shape)
    source = raw.image(
        _SOURCE, image.sop_class_uid, image.sop_instance_uid, _frame(image, finding.frame), raw.SELECTED_FROM
    )
    data = element("GraphicData", [value for place in points for value in place])
    region = raw.content("SCOORD", raw.CONTAINS, _REGION, data, element("GraphicType", graphic), below=[source])
    return region, drawn_as


def _frame(image: EncodedObject, frame: int) -> int | None:
    """The standard's frame number, from 1; a still has none."""
    return None if image.sop_class_uid == US_IMAGE else frame + 1


def _measurement(measured: Measured, used: Scale | None) -> bytes:
    """The number with its uncertainty, why it is not in millimetres, or the scale that it rests on."""
    unit = codes.UNITS[measured.unit]
    below = [raw.number(name, measured.uncertainty, unit, raw.PROPERTY) for name in (_UPPER, _LOWER)]
    if measured.reason is not None:
        below.append(raw.coded(codes.NOT_IN_MM, codes.NOT_IN_MM_REASONS[measured.reason], raw.MODIFIER))
    if measured.in_mm and used is not None:
        words = (
            f"{used.source}, {used.mm_per_pixel_x:.5g} x {used.mm_per_pixel_y:.5g} mm per pixel, "
            f"±{100 * used.relative_uncertainty:.2g} % (95 %)"
        )
        below.append(raw.text(codes.SCALE_USED, words, raw.MODIFIER))
    return raw.number(codes.QUANTITIES[measured.quantity], measured.value, unit, below=below)


def _grey_items(grey: GreyLevel) -> list[bytes]:
    """The display grey of the label's pixels, then that around it."""

    def number(name: Concept, value: float) -> bytes:
        return raw.number(name, value, codes.NO_UNITS)

    found = [number(codes.GREY_MEAN, grey.mean), number(codes.GREY_SPREAD, grey.spread)]
    if grey.around is not None and grey.around_mean is not None and grey.around_spread is not None:
        found.append(raw.coded(codes.GREY_AROUND, codes.GREY_AROUNDS[grey.around]))
        found += [number(codes.AROUND_MEAN, grey.around_mean), number(codes.AROUND_SPREAD, grey.around_spread)]
    return found


def _note_group(note: ImageNote, images: Mapping[str, EncodedObject], time_point: Sequence[bytes]) -> bytes:
    said = [
        raw.coded(name, codes.concept_of(word))
        for name, word in ((codes.IMAGE_VIEW, note.plane), (codes.LANDMARK, note.landmark))
        if word
    ]
    image = images[str(note.image)]
    return _picture_group(
        *("plane and landmark", derived_uid(note.image, note.frame, "note"), codes.PICTURE_NOTE, time_point),
        *(said, image, _frame(image, note.frame)),
    )


def _withdrawn_group(image: EncodedObject, time_point: Sequence[bytes]) -> bytes:
    uid = derived_uid(image.sop_instance_uid, "withdrawn")
    return _picture_group("labels withdrawn", uid, codes.WITHDRAWN, time_point, [], image, None)


def _change_group(change: ReportedChange, time_point: Sequence[bytes]) -> bytes:
    found = codes.concept_of(change.term) if change.term else codes.BLOOD_VESSEL
    below = [
        *_tracking(change.name or "vessel", change.tracking_uid),
        raw.coded(_CATEGORY, codes.CHANGE),
        raw.coded(_FINDING, found),
        *time_point,
        *change_items(change),
        _observer(change.by),
    ]
    at = element("ObservationDateTime", moment_text(change.at.astimezone(UTC)))
    return raw.container(_GROUP, below, at, template="1501")


def _picture_group(
    identifier: str,
    uid: str,
    category: Concept,
    time_point: Sequence[bytes],
    said: Sequence[bytes],
    image: EncodedObject,
    frame: int | None,
) -> bytes:
    """A group of TID 1501 on a whole picture, or on a frame of it (from 1)."""
    source = raw.image(_SOURCE_OF_MEASUREMENT, image.sop_class_uid, image.sop_instance_uid, frame, raw.CONTAINS)
    below = [*_tracking(identifier, uid), raw.coded(_CATEGORY, category), *time_point, *said, source]
    return raw.container(_GROUP, below, template="1501")
