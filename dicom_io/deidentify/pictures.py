"""The pictures of one object with their text covered, and the proof: read again, and nothing else changed.

A JPEG stays the JPEG that it was but for the covered blocks. What is stored in another way, and a JPEG that cannot be changed
in part, is stored as RLE Lossless: nothing is lost then, and every pixel outside the boxes has the value that it had.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID
from rle.rle import decode_frame as decode_rle

from acquisition.cine import FileRange
from dicom_io.dataset.attributes import AnyItem
from dicom_io.deidentify.jpeg_cover import aligned, cover, unit_of
from dicom_io.deidentify.jpeg_parts import CannotCover
from dicom_io.deidentify.screens import ScreenText
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotDeidentifiable, UnreadablePixels
from dicom_io.picture.decode import PIXEL_KEYWORDS, decode_frame
from dicom_io.picture.encapsulate import encapsulated
from dicom_io.picture.lossless import rle_frame
from dicom_io.picture.opened import OpenedImage
from dicom_io.picture.photograph import PHOTOGRAPH
from dicom_io.picture.pixels import JPEG_BASELINE, RLE_LOSSLESS

Box = tuple[int, int, int, int]
Plane = npt.NDArray[np.uint8]
ProgressCallback = Callable[[float, float], None]

_ITEM: Final = 0xE000FFFE
_ROUNDS: Final = (
    8  #: of covering and reading again: beside what is covered the OCR reads a line that may stay otherwise
)
_SAMPLES: Final = 3  #: frames of a clip that are read as a whole, tissue too
_BORDER: Final = 1  #: pixels around a covered block whose colour a decoder mixes with it
_BLACK: Final = {"MONOCHROME2": (0,), "RGB": (0, 0, 0), "YBR_FULL": (0, 128, 128)}
_UNCOMPRESSED: Final = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1")


@dataclass(slots=True)
class Covered:
    """What was done to the pictures of one object: `boxes` [x0, y0, x1, y1] as covered, on every one of `frames`.

    `frames_read` is how often the OCR read something new on it: a frame, or what changed; `stored` how the pixels are
    stored now.
    """

    sop_instance_uid: str
    frames: int
    boxes: tuple[Box, ...] = ()
    frames_read: int = 0
    verified_clean: bool = False
    stored: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the command's document has it."""
        return {
            "sop_instance_uid": self.sop_instance_uid,
            "frames": self.frames,
            "boxes": [list(box) for box in self.boxes],
            "frames_read": self.frames_read,
            "verified_clean": self.verified_clean,
            "stored": self.stored,
        }


def covered_object(
    source: OpenedImage, cleaned: Dataset, text: ScreenText, scratch: Path, progress: ProgressCallback | None = None
) -> tuple[EncodedObject, Covered]:
    """The object with `cleaned` as its header and every frame of `source` covered; the frames lie in the file `scratch`.

    Raises UnreadablePixels; NotDeidentifiable where text that should be gone can be read after all.
    """
    frames = source.number_of_frames
    whole = {round(number * (frames - 1) / (_SAMPLES - 1)) for number in range(_SAMPLES)}
    picture: Plane | None = None
    for number in range(frames):
        picture = source.frame(number, picture)
        text.see(picture, number, whole=number in whole)
        if progress:
            progress(number + 1, 2 * frames)
    for _ in range(_ROUNDS):
        made = _made(source, text.boxes, scratch)
        left = _proof(source, made, text, progress)
        if not left:
            _say(cleaned, made, source.header)
            item = encapsulated(cleaned, made.syntax, made.lengths, [FileRange(scratch, 0, scratch.stat().st_size)])
            told = Covered(
                str(cleaned.SOPInstanceUID), frames, made.boxes, text.frames_read, True, UID(made.syntax).name
            )
            return item, told
        text.boxes += left
    raise NotDeidentifiable(f"Text on its pictures can be read although it was covered {_ROUNDS} times.")


@dataclass(slots=True)
class _Made:
    """The covered frames as they lie in `path`: where each begins, and how long it is without pad byte."""

    path: Path
    syntax: str
    photometric: str
    boxes: tuple[Box, ...]
    starts: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def write(self, frames: Sequence[bytes] | Any) -> None:
        """Every frame as an item of encapsulated pixel data."""
        with self.path.open("wb") as file:
            for frame in frames:
                odd = len(frame) % 2
                file.write(struct.pack("<II", _ITEM, len(frame) + odd))
                self.starts.append(file.tell())
                self.lengths.append(len(frame))
                file.write(frame + b"\0" * odd)

    def frame(self, number: int, header: AnyItem, out: Plane | None = None) -> Plane:
        """One frame as BGR; in `out` where the decoder can use it."""
        with self.path.open("rb") as file:
            file.seek(self.starts[number])
            data = file.read(self.lengths[number])
        like = Dataset()
        for keyword in PIXEL_KEYWORDS:
            if keyword in header:
                setattr(like, keyword, header.get(keyword))
        like.PhotometricInterpretation = self.photometric
        like.SamplesPerPixel = len(_BLACK.get(self.photometric, (0, 0, 0)))
        like.file_meta = FileMetaDataset()
        like.file_meta.TransferSyntaxUID = UID(self.syntax)
        return decode_frame(like, data, out)


def _made(source: OpenedImage, boxes: Sequence[Box], scratch: Path) -> _Made:
    """Every frame covered, in `scratch`: as JPEG where that can be, else as RLE."""
    header = source.header
    frames = range(source.number_of_frames)
    columns, rows = int(header.Columns), int(header.Rows)
    photometric = str(header.get("PhotometricInterpretation") or "")
    if str(header.file_meta.TransferSyntaxUID) == JPEG_BASELINE:
        try:
            unit = unit_of(source.frame_bytes(0))
            whole = tuple(dict.fromkeys(aligned(box, unit, columns, rows) for box in boxes))
            made = _Made(scratch, JPEG_BASELINE, photometric, whole)
            made.write(cover(source.frame_bytes(number), whole) for number in frames)
            return made
        except CannotCover:
            pass  # stored in another way, without loss
    kind = photometric if _plain(header) else "MONOCHROME2" if _grey(header) else "RGB"
    made = _Made(scratch, RLE_LOSSLESS, kind, tuple(dict.fromkeys(boxes)))
    made.write(rle_frame(_black(_planes(source, number, kind), made.boxes, kind)) for number in frames)
    return made


def _plain(header: AnyItem) -> bool:
    """Whether the stored samples are bytes that can be taken as they are."""
    syntax = str(header.file_meta.TransferSyntaxUID)
    stored = syntax in (*_UNCOMPRESSED, RLE_LOSSLESS)
    return stored and header.get("PhotometricInterpretation") in _BLACK and bool(header.get("BitsAllocated") == 8)


def _grey(header: AnyItem) -> bool:
    return bool(header.get("SamplesPerPixel") == 1 and header.get("PhotometricInterpretation") != "PALETTE COLOR")


def _planes(source: OpenedImage, number: int, kind: str) -> list[Plane]:
    """One frame's samples, plane by plane: as they are stored, else as they are shown."""
    header = source.header
    rows, columns, samples = int(header.Rows), int(header.Columns), len(_BLACK[kind])
    if not _plain(header):
        shown = source.frame(number)
        return [np.ascontiguousarray(shown[:, :, channel]) for channel in ((2, 1, 0) if samples == 3 else (0,))]
    data = source.frame_bytes(number)
    if str(header.file_meta.TransferSyntaxUID) == RLE_LOSSLESS:
        raw = np.frombuffer(decode_rle(data, rows * columns, 8, "<"), np.uint8).reshape(samples, rows, columns)
        return [plane.copy() for plane in raw]
    raw = np.frombuffer(data, np.uint8)[: rows * columns * samples]
    if samples > 1 and not header.get("PlanarConfiguration"):
        return [np.ascontiguousarray(raw[channel::samples]).reshape(rows, columns) for channel in range(samples)]
    return [plane.copy() for plane in raw.reshape(samples, rows, columns)]


def _black(planes: list[Plane], boxes: Sequence[Box], kind: str) -> list[Plane]:
    for plane, value in zip(planes, _BLACK[kind], strict=True):
        for x0, y0, x1, y1 in boxes:
            plane[y0:y1, x0:x1] = value
    return planes


def _proof(source: OpenedImage, made: _Made, text: ScreenText, progress: ProgressCallback | None) -> list[Box]:
    """What can still be read on the frames as they are written; every other pixel is compared with what it was.

    Raises UnreadablePixels where one outside the boxes has changed: a fault of this program or of a decoder.
    """
    frames = source.number_of_frames
    left: list[Box] = []
    before: Plane | None = None
    after: Plane | None = None
    for number in range(frames):
        before, after = source.frame(number, before), made.frame(number, source.header, after)
        if not same_outside(before, after, made.boxes):
            raise UnreadablePixels(f"Frame {number} of {source.path} changes outside what was covered: it is left out.")
        left += text.left_in(after, number)
        if progress:
            progress(frames + number + 1, 2 * frames)
    return left


def same_outside(before: Plane, after: Plane, boxes: Sequence[Box]) -> bool:
    """Whether two pictures (rows × columns × colours) are the same outside these boxes. `before` is overwritten in them."""
    if before.shape != after.shape:
        return False
    for x0, y0, x1, y1 in boxes:
        around = np.s_[max(0, y0 - _BORDER) : y1 + _BORDER, max(0, x0 - _BORDER) : x1 + _BORDER]
        before[around] = after[around]
    return bool((before == after).all())


def _say(cleaned: Dataset, made: _Made, before: AnyItem) -> None:
    """That the pictures are other ones now (C.7.6.1.1.2, C.8.5.6.1.1), and how they are stored."""
    cleaned.BurnedInAnnotation = "NO"
    faces = before.get("SOPClassUID") == PHOTOGRAPH and before.get("RecognizableVisualFeatures") != "NO"
    cleaned.RecognizableVisualFeatures = "YES" if faces else "NO"
    if made.boxes:
        cleaned.ImageType = ["DERIVED", *list(cleaned.get("ImageType") or ["", "PRIMARY"])[1:]]
        cleaned.DerivationDescription = "Text on the screen covered in black"
    if made.syntax == RLE_LOSSLESS:
        cleaned.PhotometricInterpretation = made.photometric
        cleaned.SamplesPerPixel = len(_BLACK[made.photometric])
        cleaned.BitsAllocated = cleaned.BitsStored = 8
        cleaned.HighBit = 7
        cleaned.PixelRepresentation = 0
        if cleaned.SamplesPerPixel == 3:
            cleaned.PlanarConfiguration = 1
        elif "PlanarConfiguration" in cleaned:
            del cleaned.PlanarConfiguration
        for keyword in [e.keyword for e in cleaned if "PaletteColorLookupTable" in e.keyword]:
            del cleaned[keyword]
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PixelData"):
        if keyword in cleaned:
            del cleaned[keyword]
