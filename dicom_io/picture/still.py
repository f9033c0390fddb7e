"""Stills: Ultrasound Image. And what stills and clips have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from acquisition.cine import Clip, FileRange, Gap
from devices.source import PixelFormat
from dicom_io.coding.anatomy import anatomy_module, stage_module
from dicom_io.coding.codes import declare_private_scheme
from dicom_io.composite.modules import (
    contributing_equipment,
    equipment_module,
    patient_module,
    series_module,
    sop_common_module,
    study_module,
)
from dicom_io.composite.printed import Printed, printed_module, printed_note
from dicom_io.context import Equipment, Series, Study, new_uid
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.timing import date_text, moment_text, time_text, zone_of
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotEncodable
from dicom_io.picture.calibration import calibration_module, scale_note
from dicom_io.picture.encapsulate import encapsulated
from dicom_io.picture.lossless import encode_frames
from dicom_io.picture.pixels import Coding, coding_of, lossy_attributes, pixel_module
from imaging.scale import Scale

US_IMAGE: Final = "1.2.840.10008.5.1.4.1.1.6.1"
_LONGEST_COMMENT: Final = 10240  #: characters of a long text (LT)
_LONGEST_DESCRIPTION: Final = 1024  #: characters of a short text (ST)


def encode_still(
    clip: Clip,
    study: Study,
    series: Series,
    equipment: Equipment,
    *,
    scales: Sequence[Scale] = (),
    printed: Sequence[Printed] = (),
    instance_number: int = 1,
    scratch: Path,
    sop_instance_uid: str | None = None,
) -> EncodedObject:
    """One frame as an Ultrasound Image. Its bytes are the device's: a still is no less an original than a clip.

    `scratch` is a folder for pictures that came raw; what is put there must stay until the object is written. Raises
    NotEncodable (WrongPicture, WrongScale, FramesUnreadable, ScratchFailed).
    """
    if len(clip.frames) != 1:
        raise NotEncodable(f"A still has one frame, this clip has {len(clip.frames)}: take one of them.")
    coding = coding_of(clip)
    uid = sop_instance_uid or new_uid()
    dataset = image_dataset(
        *(clip, coding, study, series, equipment),
        scales=scales,
        printed=printed,
        sop_class_uid=US_IMAGE,
        sop_instance_uid=uid,
    )
    dataset.InstanceNumber = instance_number
    dataset.AcquisitionNumber = instance_number
    return with_pixels(dataset, clip, coding, scratch)


def image_dataset(
    clip: Clip,
    coding: Coding,
    study: Study,
    series: Series,
    equipment: Equipment,
    *,
    scales: Sequence[Scale],
    printed: Sequence[Printed] = (),
    sop_class_uid: str,
    sop_instance_uid: str,
    more_comments: Sequence[str] = (),
) -> PlainDataset:
    """Everything about a still or a clip but its number, its timing and its pixels."""
    dataset = PlainDataset()
    sop_common_module(dataset, sop_class_uid, sop_instance_uid, study)
    patient_module(dataset, study.patient)
    study_module(dataset, study)
    series_module(dataset, study, series, "US")
    equipment_module(dataset, equipment)
    # 0001: two-dimensional imaging. Whether Doppler was on, the stream does not tell.
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "SMALL PARTS", "0001"]
    taken = clip.started_at.astimezone(zone_of(study.started_at))
    dataset.AcquisitionDateTime = moment_text(taken)
    dataset.AcquisitionDate = dataset.ContentDate = date_text(taken)
    dataset.AcquisitionTime = dataset.ContentTime = time_text(taken)
    dataset.PatientOrientation = ""
    # A probe's screen shows names and dates as it likes; nobody has looked at every picture.
    dataset.BurnedInAnnotation = "YES"
    anatomy_module(dataset, series)
    stage_module(dataset, series)
    pixel_module(dataset, coding, clip.stream.width, clip.stream.height)
    calibration_module(dataset, scales, clip.stream.width, clip.stream.height)
    printed_module(dataset, printed)
    contributing_equipment(dataset, equipment, taken, _changes_to_bytes(clip)[:_LONGEST_DESCRIPTION])
    comments = [
        "Simulated picture, of no person." if equipment.simulated else "",
        *more_comments,
        clip.stream.note,
        gap_note(clip.gaps),
        scale_note(scales),
        printed_note(printed),
        coding.note,
    ]
    dataset.ImageComments = shortened(" ".join(c for c in comments if c), _LONGEST_COMMENT)
    declare_private_scheme(dataset)
    return dataset


def with_pixels(dataset: PlainDataset, clip: Clip, coding: Coding, scratch: Path) -> EncodedObject:
    """The object of this header and the clip's frames: out of the spool as they lie, or encoded into the scratch folder."""
    items: Sequence[FileRange]
    if clip.stream.pixel_format is PixelFormat.MJPEG:
        lengths: Sequence[int] = [frame.length for frame in clip.frames]
        items = clip.item_ranges()
        stored_bytes = sum(lengths)
    else:
        lengths, written = encode_frames(clip, coding.samples, scratch / f"{dataset.SOPInstanceUID}.items")
        items, stored_bytes = [written], written.length
    lossy_attributes(dataset, coding, len(lengths), stored_bytes)
    return encapsulated(dataset, coding.transfer_syntax_uid, lengths, items)


def _changes_to_bytes(clip: Clip) -> str:
    """What was done to the frames' bytes before they were kept; the pictures themselves are never touched."""
    tables = sum(frame.inserted_tables for frame in clip.frames)
    cut = [frame.trailing_bytes for frame in clip.frames if frame.trailing_bytes]
    done = []
    if tables:
        done.append(f"Inserted the standard Huffman tables into {tables} of {len(clip.frames)} frames that lacked them")
    if cut:
        done.append(f"Cut off {sum(cut)} bytes after the end of the picture in {len(cut)} frames")
    return "; ".join(done) + ("; the pictures are unchanged" if done else "")


_GAP_WORDS: Final = {
    "sequence": "lost on the way from the device",
    "corrupt": "broken and left out",
    "time": "estimated as never sent",
}


def gap_note(gaps: Sequence[Gap]) -> str:
    """How many frames are missing and after which ones, for a person. Frames count from 1 here, as in every viewer."""
    told = []
    for kind, words in _GAP_WORDS.items():
        here = [gap for gap in gaps if gap.kind == kind and gap.missing]
        if here:
            places = ", ".join(f"{gap.missing} after frame {gap.after_frame + 1}" for gap in here)
            told.append(f"Frames {words}: {sum(gap.missing for gap in here)} ({places}).")
    if any(gap.kind == "unplugged" for gap in gaps):
        told.append("The device was unplugged.")
    return shortened(" ".join(told), _LONGEST_COMMENT - 1024)


def shortened(text: str, longest: int) -> str:
    """The text, cut at `longest` characters with a mark that it was."""
    mark = " [shortened]"
    return text if len(text) <= longest else text[: longest - len(mark)] + mark
