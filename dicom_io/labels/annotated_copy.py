"""Annotated copies: a labelled frame as a picture of its own with the labels burned in, which every viewer shows.

A derived Ultrasound Image (DERIVED\\SECONDARY), not a Secondary Capture: it keeps the calibrated areas, so that a viewer's
own ruler measures the same millimetres on it, and archives that take the original take it too. It names its source and frame.
Below the picture stands a strip that says what it is; above it each pixel is where it was.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import simplejpeg

from annotation.vocabulary import term
from dicom_io.coding.codes import SOURCE_IMAGE
from dicom_io.context import Series, Study
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.timing import moment_text
from dicom_io.drawing.captioned import captions_of
from dicom_io.drawing.lettering import lettered
from dicom_io.encoded import EncodedObject
from dicom_io.labels.labelled import LabelledFrame, LabelSeries, image_reference
from dicom_io.picture.burning import burn, strip
from dicom_io.picture.encapsulate import encapsulated, frame_item
from dicom_io.picture.pixels import JPEG_BASELINE, Coding, coding_of, lossy_attributes
from dicom_io.picture.still import US_IMAGE, image_dataset
from dicom_io.picture.stored_picture import stored_picture

_QUALITY: Final = 92
_SIDES: Final = {"L": "left", "R": "right", "B": "both sides"}
_LACKING: Final = "Signs that no typeface here has stand as their numbers; the report has them."


def encode_annotated_copy(
    labelled: LabelledFrame, study: Study, series: Series, *, report_uid: str, instance_number: int
) -> EncodedObject:
    """The frame with its labels burned in, as an object of `series`.

    Raises NotEncodable (WrongPicture, WrongScale, FramesUnreadable).
    """
    captions = captions_of(labelled.findings, labelled.columns, labelled.rows)
    lacking = any(lettered(each.text, 12).lacking for each in captions)
    picture = stored_picture(labelled.still)
    burn(picture, captions)
    words = [*_words(labelled, lacking), *(f"{c.number}: {c.text}" for c in captions if c.number is not None)]
    below = strip(labelled.columns, labelled.rows, words)
    jpeg = simplejpeg.encode_jpeg(np.concatenate([picture, below]), _QUALITY, "BGR", "422")
    coding = Coding(JPEG_BASELINE, "YBR_FULL_422", "ISO_10918_1")
    dataset = image_dataset(
        *(labelled.still, coding, study, series, labelled.equipment),
        scales=labelled.scales,
        printed=labelled.printed,
        sop_class_uid=US_IMAGE,
        sop_instance_uid=LabelSeries.ANNOTATED_COPY.object_uid(
            report_uid, labelled.image.sop_instance_uid, labelled.frame
        ),
        more_comments=[_what(labelled), *([_LACKING] if lacking else [])],
    )
    dataset.InstanceNumber = instance_number
    dataset.ImageType = ["DERIVED", "SECONDARY", "SMALL PARTS", "0001"]
    dataset.Rows = labelled.rows + below.shape[0]
    _derived(dataset, labelled, below.shape[0])
    source = coding_of(labelled.still)
    # The labels have colours; whether the tissue has, the source tells.
    dataset.UltrasoundColorDataPresent = 1 if source.samples == 3 else 0
    _lossy(dataset, labelled, source, coding, len(jpeg))
    return encapsulated(dataset, JPEG_BASELINE, [len(jpeg)], [frame_item(jpeg)])


def _derived(dataset: PlainDataset, labelled: LabelledFrame, strip_rows: int) -> None:
    number = labelled.frame_number
    source = image_reference(labelled.image, [] if number is None else [number])
    source.PurposeOfReferenceCodeSequence = [SOURCE_IMAGE.item()]
    source.SpatialLocationsPreserved = "YES"
    dataset.SourceImageSequence = [source]
    dataset.DerivationDescription = (
        "Labels, their names and measurements burned into a copy of the source picture; "
        f"{strip_rows} rows of words added below it"
    )
    program = dataset.ContributingEquipmentSequence[-1]
    program.ContributionDateTime = moment_text(max(f.at for f in labelled.findings))
    program.ContributionDescription = "Burned confirmed labels into a copy"


def _lossy(dataset: PlainDataset, labelled: LabelledFrame, source: Coding, coding: Coding, stored_bytes: int) -> None:
    """This picture's own loss, after the source's where it is known by method and ratio."""
    lossy_attributes(dataset, coding, 1, stored_bytes)
    if source.lossy_method:
        before = labelled.rows * labelled.columns * source.samples / labelled.still.frames[0].length
        dataset.LossyImageCompressionRatio = [f"{before:.4f}", str(dataset.LossyImageCompressionRatio)]
        dataset.LossyImageCompressionMethod = [source.lossy_method, coding.lossy_method]


def _what(labelled: LabelledFrame) -> str:
    number = labelled.frame_number
    of = "a still" if number is None else f"frame {number} of a clip"
    return f"Copy of {of} with labels burned in, not the original."


def _words(labelled: LabelledFrame, lacking: bool) -> list[str]:
    """The strip's lines: what it is a copy of, where it was taken, who says so. Never the patient's name."""
    series = labelled.series
    place = [str(series.phase), _SIDES.get(series.laterality, ""), term(series.region).name if series.region else ""]
    note = labelled.note
    place += [term(word).name for word in ((note.plane, note.landmark) if note else ()) if word]
    simulated = "SIMULATED, of no person. " if labelled.equipment.simulated else ""
    people = ", ".join(dict.fromkeys(f.by for f in labelled.findings if f.by))
    said = f"Labels by {people}; ± is half the 95 % interval. A documentation aid, not a diagnosis."
    lacking = lacking or bool(lettered(people, 12).lacking)
    return [
        f"{simulated}{_what(labelled)} {', '.join(word for word in place if word)}",
        said if people else said.removeprefix("Labels by ; "),
        *([_LACKING] if lacking else []),
    ]
