"""Labels drawn over their picture: a Color Softcopy Presentation State for each labelled picture, and back.

Each label on each frame is one graphic annotation: its shape and its caption, in pixels of the picture, on the graphic layer
of its kind, with the label's tracking UID. Places count as in the labels: 0\\0 is the corner of the first pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from PIL import ImageCms

from annotation import Finding
from annotation.colours import KINDS
from dicom_io.coding.words import fitted
from dicom_io.context import Series, Study
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, parse
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.raw_items import element, item, sequence
from dicom_io.dataset.timing import date_text, time_text, zone_of
from dicom_io.drawing.captioned import Captioned, captions_of
from dicom_io.drawing.colours import cielab
from dicom_io.drawing.graphics import AnyShape, graphic_of, shape_of
from dicom_io.drawing.segments import name_of
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotAPresentation
from dicom_io.labels.labelled import LabelledFrame, LabelSeries, creator_of, image_reference, workstation_modules
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header

COLOR_SOFTCOPY: Final = "1.2.840.10008.5.1.4.1.1.11.2"
_LAYERS: Final = {
    "vessel": "VESSELS",
    "layer": "LAYERS",
    "filler": "FILLER",
    "tip": "TIPS",
    "point": "POINTS",
    "distance": "DISTANCES",
}
_LONGEST_TEXT: Final = 1024


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape as it was read: on `frame` (from 0) of `image`, on a graphic layer, with its caption."""

    image: str
    frame: int
    layer: str
    shape: AnyShape
    tracking_uid: str
    text: str


def encode_presentation(
    frames: Sequence[LabelledFrame], study: Study, series: Series, *, report_uid: str, software_version: str = ""
) -> EncodedObject:
    """The labels of one picture, whose labelled frames are `frames`, as an object of `series`."""
    first = frames[0]
    uid = LabelSeries.PRESENTATION.object_uid(report_uid, first.image.sop_instance_uid)
    dataset = PlainDataset()
    workstation_modules(dataset, study, series, "PR", COLOR_SOFTCOPY, uid, software_version)
    now = datetime.now(UTC).astimezone(zone_of(study.started_at))
    dataset.InstanceNumber = 1
    dataset.ContentLabel = "LABELS"
    dataset.ContentDescription = "Labels as a person drew them"
    dataset.ContentCreatorName = creator_of(f for labelled in frames for f in labelled.findings)
    dataset.PresentationCreationDate, dataset.PresentationCreationTime = date_text(now), time_text(now)
    reference = PlainDataset()
    reference.SeriesInstanceUID = first.image.series_instance_uid
    reference.ReferencedImageSequence = [image_reference(first.image)]
    dataset.ReferencedSeriesSequence = [reference]
    dataset.DisplayedAreaSelectionSequence = [_whole_picture(first)]
    annotations = [
        _annotation(labelled, each)
        for labelled in frames
        for each in captions_of(labelled.findings, labelled.columns, labelled.rows)
    ]
    dataset.GraphicAnnotationSequence = annotations
    used = {_LAYERS[finding.kind] for labelled in frames for finding in labelled.findings}
    layers = [(kind, layer) for kind, layer in _LAYERS.items() if layer in used]
    dataset.GraphicLayerSequence = [_layer(n, kind, layer) for n, (kind, layer) in enumerate(layers, start=1)]
    dataset.ICCProfile = srgb_profile()
    dataset.ColorSpace = "SRGB"
    head = file_header(dataset, EXPLICIT_VR_LITTLE_ENDIAN)
    return encoded(dataset, EXPLICIT_VR_LITTLE_ENDIAN, 0, (head,))


def _whole_picture(of: LabelledFrame) -> PlainDataset:
    area = PlainDataset()
    area.ReferencedImageSequence = [image_reference(of.image)]
    area.DisplayedAreaTopLeftHandCorner = [1, 1]
    area.DisplayedAreaBottomRightHandCorner = [of.columns, of.rows]
    area.PresentationSizeMode = "SCALE TO FIT"
    area.PresentationPixelAspectRatio = [1, 1]
    return area


def _layer(order: int, kind: Any, layer: str) -> PlainDataset:
    one = PlainDataset()
    one.GraphicLayer = layer
    one.GraphicLayerOrder = order
    one.GraphicLayerRecommendedDisplayCIELabValue = list(cielab(KINDS[kind]))
    return one


def _annotation(labelled: LabelledFrame, captioned: Captioned) -> bytes:
    number, image = labelled.frame_number, labelled.image
    reference = item(
        element("ReferencedSOPClassUID", image.sop_class_uid),
        element("ReferencedSOPInstanceUID", image.sop_instance_uid),
        *([] if number is None else [element("ReferencedFrameNumber", number)]),
    )
    texts = [_text(captioned, labelled.columns, labelled.rows)] if captioned.text else []
    return item(
        sequence("ReferencedImageSequence", [reference]),
        element("GraphicLayer", _LAYERS[captioned.finding.kind]),
        sequence("GraphicObjectSequence", [_graphic(captioned.finding)]),
        *([sequence("TextObjectSequence", texts)] if texts else []),
    )


def _graphic(finding: Finding) -> bytes:
    kind, points = graphic_of(finding.shape)
    closed = kind == "ELLIPSE" or (kind == "POLYLINE" and points[0] == points[-1])
    return item(
        element("GraphicAnnotationUnits", "PIXEL"),
        element("GraphicDimensions", 2),
        element("NumberOfGraphicPoints", len(points)),
        element("GraphicData", [value for place in points for value in place]),
        element("GraphicType", kind),
        *([element("GraphicFilled", "N")] if closed else []),
        element("TrackingID", fitted(name_of(finding), "LO")),
        element("TrackingUID", finding.tracking_uid),
    )


def _text(captioned: Captioned, columns: int, rows: int) -> bytes:
    """The caption, in a box where one was free for it, tied to the shape by a point that is not drawn."""
    _, y0, x1, y1 = captioned.finding.shape.box
    plate = captioned.plate
    box = [
        element("BoundingBoxAnnotationUnits", "PIXEL"),
        element("BoundingBoxTopLeftHandCorner", [max(plate.left, 0.0), max(plate.top, 0.0)]),
        element("BoundingBoxBottomRightHandCorner", [min(plate.right, float(columns)), min(plate.bottom, float(rows))]),
        element("BoundingBoxTextHorizontalJustification", "LEFT"),
    ]
    return item(
        element("UnformattedTextValue", captioned.text[:_LONGEST_TEXT]),
        *(box if captioned.number is None else []),
        element("AnchorPointAnnotationUnits", "PIXEL"),
        element("AnchorPoint", [min(x1, float(columns)), (y0 + y1) / 2]),
        element("AnchorPointVisibility", "N"),
    )


@cache
def srgb_profile() -> bytes:
    """The sRGB colour space as an input profile of 588 bytes: a presentation state takes no display profile (C.11.15).

    LittleCMS's own profile of matrix and curves with its class changed, which has the same required tags (ICC.1:2022, 8.3 and
    8.4); its date is fixed, so that it is the same bytes each time.
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[12:16] = b"scnr"
    profile[24:36] = b"".join(n.to_bytes(2, "big") for n in (2000, 1, 1, 0, 0, 0))
    profile[84:100] = bytes(16)  # its digest: zero says that there is none
    return bytes(profile)


def read_presentation(path: Path) -> tuple[Drawn, ...]:
    """The shapes of a presentation state, in its order; one for each frame that it is drawn on.

    Raises CannotOpen, NotDicom; NotAPresentation where it is none, or draws what labels are not drawn as.
    """
    dataset, _ = parse(path)

    def foreign(error: Exception) -> NotAPresentation:
        return NotAPresentation(f"{path} is no presentation state that this program can read ({error!r}).")

    with damage_as(foreign):
        if dataset.get("SOPClassUID") != COLOR_SOFTCOPY:
            raise NotAPresentation(f"{path} is no colour presentation state.")
        return tuple(d for each in dataset.get("GraphicAnnotationSequence") or [] for d in _drawn(each))


def _drawn(annotation: AnyItem) -> Iterator[Drawn]:
    texts = [str(t.UnformattedTextValue) for t in annotation.get("TextObjectSequence") or []]
    for graphic in annotation.get("GraphicObjectSequence") or []:
        if graphic.GraphicAnnotationUnits != "PIXEL":
            raise ValueError(f"a shape in units of {graphic.GraphicAnnotationUnits}")
        for reference in annotation.ReferencedImageSequence:
            numbers = reference.get("ReferencedFrameNumber") or 1
            for number in [numbers] if isinstance(numbers, int) else numbers:
                yield Drawn(
                    image=str(reference.ReferencedSOPInstanceUID),
                    frame=int(number) - 1,
                    layer=str(annotation.GraphicLayer),
                    shape=shape_of(
                        str(graphic.GraphicType),
                        graphic.GraphicData if graphic.NumberOfGraphicPoints else (),
                        distance=annotation.GraphicLayer == _LAYERS["distance"],
                    ),
                    tracking_uid=str(graphic.get("TrackingUID") or ""),
                    text=texts[0] if texts else "",
                )
