"""How a stream's frames stand in an image object: which transfer syntax, which colours, what was lost before.

Why each is so: docs/decisions/0004-dicom-image-layout.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from acquisition.cine import Clip, harm_in
from devices.jpeg.structure import BrokenJpeg, layout
from devices.source import PixelFormat
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.errors import FramesUnreadable, WrongPicture

JPEG_BASELINE: Final = "1.2.840.10008.1.2.4.50"
RLE_LOSSLESS: Final = "1.2.840.10008.1.2.5"


@dataclass(frozen=True, slots=True)
class Coding:
    """The image pixel module of a stream. `lossy_method` is None where no lossy step is known, '' where it has no name."""

    transfer_syntax_uid: str
    photometric: str
    lossy_method: str | None = None
    note: str = ""  #: what a reader of the pixels should know

    @property
    def samples(self) -> int:
        """Samples of each pixel."""
        return 1 if self.photometric == "MONOCHROME2" else 3

    @property
    def planar(self) -> int:
        """Planar configuration: RLE keeps plane after plane."""
        return 1 if self.transfer_syntax_uid == RLE_LOSSLESS else 0


def payload_of(clip: Clip, index: int) -> bytes:
    """The bytes of frame `index` (from 0). Raises FramesUnreadable where the spool gives none, or other ones."""
    frame = clip.frames[index]
    try:
        payload = frame.read()
    except OSError as error:
        raise FramesUnreadable(
            f"The recording {frame.path} cannot be read ({error.strerror}): it cannot be saved."
        ) from error
    if not frame.is_payload(payload):
        raise FramesUnreadable(harm_in(frame))
    return payload


def coding_of(clip: Clip) -> Coding:
    """How this clip's frames are to stand. Raises WrongPicture where they are not what their stream tells; FramesUnreadable.

    Every frame of a raw clip is looked at for colour; of a JPEG clip the first frame's header.
    """
    match clip.stream.pixel_format:
        case PixelFormat.MJPEG:
            return _jpeg_coding(clip)
        case PixelFormat.YUYV:
            if clip.stream.width % 2:
                raise WrongPicture(f"YUYV pictures have an even width, not {clip.stream.width}: the stream is damaged.")
            if _is_grey(clip):
                note = "The device's YUYV without its neutral colour; its range may be that of video (16-235)."
                return Coding(RLE_LOSSLESS, "MONOCHROME2", note=note)
            return Coding(
                RLE_LOSSLESS,
                "YBR_FULL",
                note="The device's YUYV samples, each colour sample twice; their range may be that of video (16-235).",
            )
        case PixelFormat.GREY:
            return Coding(RLE_LOSSLESS, "MONOCHROME2")
        case PixelFormat.BGR24:
            return Coding(
                RLE_LOSSLESS,
                "RGB",
                lossy_method="",
                note="The pictures came decoded; how they were compressed before is not known.",
            )


def _jpeg_coding(clip: Clip) -> Coding:
    stream = clip.stream
    try:
        found = layout(payload_of(clip, 0))
    except BrokenJpeg as error:
        raise WrongPicture(
            f"The first frame is not a whole JPEG ({error}): begin the clip at another frame."
        ) from error
    if (found.width, found.height) != (stream.width, stream.height):
        raise WrongPicture(
            f"The frames are {found.width}x{found.height} pixels, not {stream.width}x{stream.height} as their stream "
            "tells: record anew."
        )
    if not found.has_huffman_tables:
        raise WrongPicture("The frames lack their Huffman tables, which the spool should have inserted: record anew.")
    if found.components not in (1, 3):
        raise WrongPicture(f"The frames have {found.components} colour components; grey or colour JPEGs have 1 or 3.")
    return Coding(JPEG_BASELINE, "MONOCHROME2" if found.components == 1 else "YBR_FULL_422", "ISO_10918_1")


def _is_grey(clip: Clip) -> bool:
    neutral = bytes([128]) * (clip.stream.width * clip.stream.height)
    return all(payload_of(clip, index)[1::2] == neutral for index in range(len(clip.frames)))


def pixel_module(dataset: PlainDataset, coding: Coding, columns: int, rows: int) -> None:
    """Image Pixel (without the pixels), and whether colour is in it.

    A colour coded picture counts as coloured: that it holds none would have to be proven for each pixel, and a reader who
    trusts a wrong 'no' would drop a Doppler signal.
    """
    dataset.SamplesPerPixel = coding.samples
    dataset.PhotometricInterpretation = coding.photometric
    if coding.samples == 3:
        dataset.PlanarConfiguration = coding.planar
    dataset.Rows = rows
    dataset.Columns = columns
    dataset.BitsAllocated = 8
    dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    dataset.UltrasoundColorDataPresent = 1 if coding.samples == 3 else 0


def lossy_attributes(dataset: PlainDataset, coding: Coding, frames: int, stored_bytes: int) -> None:
    """That information was lost before these bytes, by which method and how much. `stored_bytes` without pad bytes.

    Where no loss is known nothing is written: 'was never lossy' would be a claim about a screen behind a cable.
    """
    if coding.lossy_method is None:
        return
    dataset.LossyImageCompression = "01"
    if coding.lossy_method:
        whole = dataset.Rows * dataset.Columns * coding.samples * frames
        dataset.LossyImageCompressionRatio = f"{whole / stored_bytes:.4f}"
        dataset.LossyImageCompressionMethod = coding.lossy_method
