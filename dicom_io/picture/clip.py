"""Clips: Ultrasound Multi-frame Image, several instances where one cannot hold them.

Parts of one clip stand in one series with rising instance numbers and one acquisition number, and the next part's
AcquisitionDateTime is the time of its own first frame: a reader plays them as one (`dicom_io.picture.opened.OpenedClip`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from acquisition.cine import Clip
from dicom_io.composite.printed import Printed
from dicom_io.context import Equipment, Series, Study, new_uid
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.dataset.timing import LONGEST_VECTOR_CHARACTERS, frame_times, mean_rate, parts
from dicom_io.encoded import EncodedObject
from dicom_io.picture.pixels import coding_of
from dicom_io.picture.still import image_dataset, with_pixels
from imaging.scale import Scale

US_MULTIFRAME_IMAGE: Final = "1.2.840.10008.5.1.4.1.1.3.1"
_FRAME_TIME_VECTOR: Final = 0x00181065


def encode_clip(
    clip: Clip,
    study: Study,
    series: Series,
    equipment: Equipment,
    *,
    scales: Sequence[Scale] = (),
    printed: Sequence[Printed] = (),
    instance_number: int = 1,
    scratch: Path,
    uid_of: Callable[[int], str] | None = None,
    longest_vector_characters: int = LONGEST_VECTOR_CHARACTERS,
) -> list[EncodedObject]:
    """A clip as Ultrasound Multi-frame Images: one, or as many as its time vector needs, with rising instance numbers.

    `uid_of` gives the SOP Instance UID of part 0, 1, …; without it they are new. `scratch` is a folder for frames that
    came raw; what is put there must stay until the objects are written. Raises NotEncodable (WrongPicture, WrongScale,
    FramesUnreadable, ScratchFailed).
    """
    coding = coding_of(clip)
    slices = parts(clip.timestamps_ns, longest_vector_characters)
    made: list[EncodedObject] = []
    for number, piece in enumerate(slices):
        part = _part(clip, piece) if len(slices) > 1 else clip
        times = frame_times(part.timestamps_ns)
        comments = [f"Part {number + 1} of {len(slices)} of one clip."] if len(slices) > 1 else []
        if times.mended:
            comments.append(f"{times.mended} frames had a time before the frame before them; it was taken as the same.")
        dataset = image_dataset(
            part,
            coding,
            study,
            series,
            equipment,
            scales=scales,
            printed=printed,
            sop_class_uid=US_MULTIFRAME_IMAGE,
            sop_instance_uid=uid_of(number) if uid_of else new_uid(),
            more_comments=comments,
        )
        dataset.InstanceNumber = instance_number + number
        dataset.AcquisitionNumber = instance_number
        _cine_modules(dataset, part, times.increments_ms)
        made.append(with_pixels(dataset, part, coding, scratch))
    return made


def _cine_modules(dataset: PlainDataset, clip: Clip, increments_ms: Sequence[str]) -> None:
    """Cine and Multi-frame: when each frame was taken, and how fast to show them."""
    rate = mean_rate(clip.timestamps_ns, clip.stream.nominal_fps)
    dataset.NumberOfFrames = len(clip.frames)
    dataset.FrameIncrementPointer = _FRAME_TIME_VECTOR
    dataset.FrameTimeVector = list(increments_ms)
    dataset.CineRate = max(1, round(rate))
    dataset.RecommendedDisplayFrameRate = max(1, round(rate))
    dataset.EffectiveDuration = f"{clip.duration_s:.4f}"
    dataset.PreferredPlaybackSequencing = 0


def _part(clip: Clip, piece: slice) -> Clip:
    """A stretch of a clip, with the gaps inside it and the one right before it, counted from its own first frame."""
    first, end = piece.start, piece.stop
    begin_s = (clip.frames[first].timestamp_ns - clip.frames[0].timestamp_ns) / 1e9
    gaps = tuple(
        replace(gap, after_frame=gap.after_frame - first, at_s=gap.at_s - begin_s)
        for gap in clip.gaps
        if first - 1 <= gap.after_frame < end - (1 if end < len(clip.frames) else 0)
    )
    return Clip(clip.stream, clip.frames[piece], gaps)
