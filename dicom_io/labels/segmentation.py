"""Vessels and layers as areas: a Segmentation object for each labelled picture, and back.

Binary, one segment for each vessel or layer, with one frame for each frame of the picture that it is labelled on; the other
frames of the picture have none. Written by hand and not with highdicom 0.28, which takes a clip only with a frame of
reference, and an ultrasound clip has none. Uncompressed: for one bit a pixel there is no other form that old readers know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.tag import Tag

from annotation import Finding
from dicom_io.coding.codes import SOURCE_IMAGE, declare_private_scheme
from dicom_io.coding.concept import PRIVATE_SCHEME, Concept, code
from dicom_io.coding.findings import finding_type
from dicom_io.coding.words import fitted
from dicom_io.context import Series, Study, derived_uid
from dicom_io.dataset.parse import damage_as, parse
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.raw_items import element, item, sequence
from dicom_io.dataset.timing import date_text, time_text, zone_of
from dicom_io.drawing.colours import cielab_of
from dicom_io.drawing.masks import Bits, packed, unpacked
from dicom_io.drawing.segments import Area, areas_of, name_of
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotASegmentation
from dicom_io.labels.labelled import LabelledFrame, LabelSeries, creator_of, image_reference, workstation_modules
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header
from dicom_io.picture.pixels import coding_of, lossy_attributes

SEGMENTATION: Final = "1.2.840.10008.5.1.4.1.1.66.4"
_ANATOMY: Final = Concept("91723000", "SCT", "Anatomical Structure")
_TISSUE: Final = Concept("85756007", "SCT", "Tissue")
_SUBSTANCE: Final = Concept("105590001", "SCT", "Substance")
_CATEGORIES: Final = {"vessel": _ANATOMY, "layer": _TISSUE, "filler": _SUBSTANCE}
_SOFT_TISSUE: Final = Concept("87784001", "SCT", "Soft tissue")
_DERIVATION: Final = Concept("113076", "DCM", "Segmentation")
_SEGMENT_NUMBER: Final = (Tag("ReferencedSegmentNumber"), Tag("SegmentIdentificationSequence"))
_TEMPORAL_POSITION: Final = (Tag("TemporalPositionIndex"), Tag("FrameContentSequence"))
_LONGEST_COMMENT: Final = 10240
_LONGEST_DESCRIPTION: Final = 1024
Thing = tuple[str, str, str]  # tracking UID, name, code
_PIXEL_DATA: Final = b"\xe0\x7f\x10\x00OB\x00\x00"


@dataclass(frozen=True, slots=True)
class Segment:
    """One area as it was read: `frame` counts from 0, `bits` are rows x columns of the picture.

    `category` and `type` are 'SCHEME VALUE'.
    """

    image: str
    frame: int
    tracking_uid: str
    label: str
    category: str
    type: str
    words: str
    bits: Bits = field(repr=False)


def encode_segmentation(
    frames: Sequence[LabelledFrame],
    study: Study,
    series: Series,
    *,
    report_uid: str,
    layer_order: Sequence[str] = (),
    software_version: str = "",
) -> EncodedObject | None:
    """The vessels and layers of one picture, whose labelled frames are `frames`; None where no label is an area.

    `layer_order` as in `areas_of`. Raises WrongPicture, FramesUnreadable where the picture's first bytes cannot be read.
    """
    first = frames[0]
    found = [areas_of(f.findings, f.columns, f.rows, layer_order) for f in frames]
    areas = [(labelled, area) for labelled, here in zip(frames, found, strict=True) for area in here.areas]
    if not areas:
        return None
    uid = LabelSeries.SEGMENTATION.object_uid(report_uid, first.image.sop_instance_uid)
    dataset = PlainDataset()
    workstation_modules(dataset, study, series, "SEG", SEGMENTATION, uid, software_version)
    _image_modules(dataset, first, len(areas))
    _left_out(dataset, [words for here in found for words in here.left_out])
    now = datetime.now(UTC).astimezone(zone_of(study.started_at))
    dataset.ContentDate, dataset.ContentTime = date_text(now), time_text(now)
    dataset.ContentLabel = "LABELS"
    dataset.ContentDescription = "Vessels and layers as a person drew them"
    dataset.ContentCreatorName = creator_of(area.finding for _, area in areas)
    things = _by_thing([area for _, area in areas])
    number_of = {key: number for number, key in enumerate(things, start=1)}
    of_clip = first.frame_number is not None
    _dimensions(dataset, of_clip)
    dataset.SharedFunctionalGroupsSequence = [PlainDataset()]
    dataset.SegmentSequence = [_segment(number_of[key], looks) for key, looks in things.items()]
    dataset.PerFrameFunctionalGroupsSequence = [
        _frame(number_of[_thing(area)], labelled, of_clip) for labelled, area in areas
    ]
    dataset.SourceImageSequence = [_source(labelled) for labelled in frames[:1]]
    reference = PlainDataset()
    reference.SeriesInstanceUID = first.image.series_instance_uid
    reference.ReferencedInstanceSequence = [image_reference(first.image)]
    dataset.ReferencedSeriesSequence = [reference]
    private = any(_type_of(looks[0].finding).scheme == PRIVATE_SCHEME for looks in things.values())
    declare_private_scheme(dataset, also=private)
    pixels = packed([area.mask for _, area in areas], first.columns, first.rows)
    head = file_header(dataset, EXPLICIT_VR_LITTLE_ENDIAN) + _PIXEL_DATA + len(pixels).to_bytes(4, "little")
    return encoded(dataset, EXPLICIT_VR_LITTLE_ENDIAN, len(areas), (head, pixels))


def _image_modules(dataset: PlainDataset, of: LabelledFrame, frames: int) -> None:
    dataset.InstanceNumber = 1
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.PatientOrientation = ""
    dataset.SegmentationType = "BINARY"
    dataset.SegmentsOverlap = "UNDEFINED"
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelRepresentation = 0
    dataset.BitsAllocated = dataset.BitsStored = 1
    dataset.HighBit = 0
    dataset.Rows, dataset.Columns = of.rows, of.columns
    dataset.NumberOfFrames = frames
    # What was lost before the picture was drawn on is told on; the areas themselves lose nothing.
    lossy_attributes(dataset, coding_of(of.still), 1, of.still.frames[0].length)
    if "LossyImageCompression" not in dataset:
        dataset.LossyImageCompression = "00"


def _left_out(dataset: PlainDataset, left_out: Sequence[str]) -> None:
    if left_out:
        words = f"Not filled: {'; '.join(dict.fromkeys(left_out))}."
        dataset.ImageComments = words if len(words) <= _LONGEST_COMMENT else f"{words[: _LONGEST_COMMENT - 1]}…"


def _thing(area: Area) -> Thing:
    """What an area is of: one tracking UID is one thing, unless it was given another name or code on the way."""
    return area.finding.tracking_uid, name_of(area.finding), str(finding_type(area.finding))


def _by_thing(areas: Sequence[Area]) -> dict[Thing, list[Area]]:
    """The areas of each thing, in the order of their first frames."""
    found: dict[Thing, list[Area]] = {}
    for area in areas:
        found.setdefault(_thing(area), []).append(area)
    return found


def _type_of(finding: Finding) -> Concept:
    unnamed = finding.term is None and finding.kind == "layer"
    return _SOFT_TISSUE if unnamed else finding_type(finding)


def _segment(number: int, looks: Sequence[Area]) -> bytes:
    finding = looks[0].finding
    words = "; ".join(dict.fromkeys(area.words for area in looks))
    return item(
        element("SegmentNumber", number),
        element("SegmentLabel", fitted(name_of(finding), "LO")),
        element("SegmentDescription", words[:_LONGEST_DESCRIPTION]),
        # A person drew it or took a suggestion over; which of the two, the label does not tell. The person answers for it.
        element("SegmentAlgorithmType", "MANUAL"),
        code("SegmentedPropertyCategoryCodeSequence", _CATEGORIES[finding.kind]),
        code("SegmentedPropertyTypeCodeSequence", _type_of(finding)),
        element("TrackingID", fitted(name_of(finding), "LO")),
        element("TrackingUID", finding.tracking_uid),
        element("RecommendedDisplayCIELabValue", cielab_of(finding)),
    )


def _dimensions(dataset: PlainDataset, of_clip: bool) -> None:
    organization = derived_uid(dataset.SOPInstanceUID, "dimensions")
    one = PlainDataset()
    one.DimensionOrganizationUID = organization
    dataset.DimensionOrganizationSequence = [one]
    dataset.DimensionIndexSequence = [
        _dimension(organization, *pointers)
        for pointers in ((_SEGMENT_NUMBER, _TEMPORAL_POSITION) if of_clip else (_SEGMENT_NUMBER,))
    ]


def _dimension(organization: str, pointer: int, group: int) -> PlainDataset:
    index = PlainDataset()
    index.DimensionOrganizationUID = organization
    index.DimensionIndexPointer = pointer
    index.FunctionalGroupPointer = group
    return index


def _source(labelled: LabelledFrame) -> PlainDataset:
    reference = image_reference(labelled.image)
    reference.PurposeOfReferenceCodeSequence = [SOURCE_IMAGE.item()]
    reference.SpatialLocationsPreserved = "YES"
    return reference


def _frame(segment: int, labelled: LabelledFrame, of_clip: bool) -> bytes:
    number = labelled.frame + 1
    source = item(
        element("ReferencedSOPClassUID", labelled.image.sop_class_uid),
        element("ReferencedSOPInstanceUID", labelled.image.sop_instance_uid),
        *([element("ReferencedFrameNumber", number)] if of_clip else []),
        code("PurposeOfReferenceCodeSequence", SOURCE_IMAGE),
        element("SpatialLocationsPreserved", "YES"),
    )
    derivation = item(code("DerivationCodeSequence", _DERIVATION), sequence("SourceImageSequence", [source]))
    place = item(
        *([element("TemporalPositionIndex", number)] if of_clip else []),
        element("DimensionIndexValues", [segment, number] if of_clip else segment),
    )
    identification = item(element("ReferencedSegmentNumber", segment))
    return item(
        sequence("SegmentIdentificationSequence", [identification]),
        sequence("DerivationImageSequence", [derivation]),
        sequence("FrameContentSequence", [place]),
    )


def read_segmentation(path: Path) -> tuple[Segment, ...]:
    """The areas of a Segmentation, in the order of its frames.

    Raises CannotOpen, NotDicom; NotASegmentation where it is none, or none whose frames tell their pictures one by one.
    """
    dataset, _ = parse(path)

    def foreign(error: Exception) -> NotASegmentation:
        return NotASegmentation(f"{path} is no segmentation that this program can read ({error!r}).")

    with damage_as(foreign):
        if dataset.get("SOPClassUID") != SEGMENTATION or dataset.SegmentationType != "BINARY":
            raise NotASegmentation(f"{path} is no binary segmentation.")
        return tuple(_segments(dataset))


def _segments(dataset: Dataset) -> Iterator[Segment]:
    described = {int(segment.SegmentNumber): segment for segment in dataset.SegmentSequence}
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    if len(dataset.PixelData) * 8 < int(dataset.NumberOfFrames) * rows * columns:
        raise ValueError("its pixels end too early")
    for number, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        segment = described[int(frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber)]
        (source,) = frame.DerivationImageSequence[0].SourceImageSequence
        yield Segment(
            image=str(source.ReferencedSOPInstanceUID),
            frame=int(source.get("ReferencedFrameNumber") or 1) - 1,
            tracking_uid=str(segment.get("TrackingUID") or ""),
            label=str(segment.SegmentLabel),
            category=_code(segment.SegmentedPropertyCategoryCodeSequence),
            type=_code(segment.SegmentedPropertyTypeCodeSequence),
            words=str(segment.get("SegmentDescription") or ""),
            bits=unpacked(dataset.PixelData, number, columns, rows),
        )


def _code(sequence: Any) -> str:
    return f"{sequence[0].CodingSchemeDesignator} {sequence[0].CodeValue}"
