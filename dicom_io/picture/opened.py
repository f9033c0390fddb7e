"""Ultrasound pictures and photographs out of DICOM files, ours and others': one frame at a time, at the cost of decoding it.

with OpenedImage(path) as image:
    picture = image.frame(17)          # BGR, rows x columns x 3
    seconds = image.timestamps_s[17]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import MutableSequence, Sequence
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, damaged, parse, read_by_hand
from dicom_io.dataset.timing import moment_of
from dicom_io.errors import DicomError, NoSuchFrame, NotDicom, NotUltrasound, UnreadablePixels
from dicom_io.picture.calibration import scales_from
from dicom_io.picture.decode import JPEG_8_BIT, Picture, decode_frame
from dicom_io.picture.frame_index import ByteFile, FrameIndex
from imaging.scale import Scale

_PHOTOGRAPH: Final = "1.2.840.10008.5.1.4.1.1.77.1.4"
_PICTURE_CLASSES: Final = {
    "1.2.840.10008.5.1.4.1.1.6.1",
    "1.2.840.10008.5.1.4.1.1.3.1",
    "1.2.840.10008.5.1.4.1.1.6",  # retired
    "1.2.840.10008.5.1.4.1.1.3",  # retired
    _PHOTOGRAPH,
}
_JPEG: Final = "1.2.840.10008.1.2.4."
_END_OF_IMAGE: Final = b"\xff\xd9"

#: Where the time stamps come from; 'assumed' is 30 frames a second, where the file tells nothing.
Timing = Literal["vector", "frame time", "rate", "assumed", "still"]
_ASSUMED_RATE: Final = 30.0


class OpenedImage:
    """One ultrasound image or clip, or a photograph, open. Reading frames is safe from several threads."""

    def __init__(self, path: Path | str) -> None:
        """Reads the header and finds the frames.

        Raises CannotOpen, NotDicom, NotUltrasound, UnreadablePixels.
        """
        self.path = Path(path)
        self.header, at = _header(self.path)
        with damage_as(damaged(self.path)):
            _check_picture(self.path, self.header)
            self.number_of_frames = max(1, int(self.header.get("NumberOfFrames") or 1))
            self._jpeg = str(self.header.file_meta.TransferSyntaxUID).startswith(_JPEG)
        self._file = ByteFile(self.path)
        try:
            with damage_as(damaged(self.path)):
                self._index = FrameIndex(self._file, self.header, at, self.number_of_frames)
                seconds, self.timing = _times(self.header, self.number_of_frames)
                self.timestamps_s: tuple[float, ...] = seconds
        except DicomError:
            self._file.close()
            raise

    def frame_bytes(self, index: int) -> bytes:
        """The stored bytes of frame `index` (from 0): a JPEG without its pad byte, else as they lie in the file.

        Raises NoSuchFrame, UnreadablePixels.
        """
        data = self._index.read(index)
        if self._jpeg and not data.endswith(_END_OF_IMAGE):
            end = data.rfind(_END_OF_IMAGE)
            if end >= 0:
                return data[: end + 2]
        return data

    def frame(self, index: int, out: Picture | None = None) -> Picture:
        """Frame `index` (from 0) as BGR, rows x columns x 3, 8 bit.

        `out`, of just that shape, is used for the pixels where the decoder can: a buffer that is used again saves the time
        that fresh memory costs. Raises NoSuchFrame, UnreadablePixels.
        """
        try:
            return decode_frame(self.header, self.frame_bytes(index), out)
        except ValueError as error:
            raise UnreadablePixels(f"Frame {index} of {self.path} cannot be decoded: {error}.") from error

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The calibrated areas; none where lengths cannot be told."""
        return scales_from(self.header)

    @property
    def started_at(self) -> datetime | None:
        """When the first frame was taken, where the file tells it with a time zone."""
        return moment_of(str(self.header.get("AcquisitionDateTime") or ""))

    def close(self) -> None:
        """Give the file back. Harmless when closed."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class OpenedClip:
    """Several instances of one series as the one clip that they are parts of."""

    def __init__(self, paths: Sequence[Path | str]) -> None:
        """Opens all, in the order of their instance numbers.

        Raises what OpenedImage raises; NotUltrasound where they are not of one series and one picture size.
        """
        opened: list[OpenedImage] = []
        try:
            opened.extend(OpenedImage(path) for path in paths)
            self.images = tuple(sorted(opened, key=lambda image: int(image.header.get("InstanceNumber") or 0)))
            kinds = {(i.header.get("SeriesInstanceUID"), i.header.Rows, i.header.Columns) for i in opened}
            if len(kinds) != 1:
                raise NotUltrasound("These files are not the parts of one clip: open them one by one.")
        except BaseException:
            for image in opened:
                image.close()
            raise
        self._ends = list(accumulate(image.number_of_frames for image in self.images))
        self.number_of_frames = self._ends[-1]
        self.timestamps_s = self._times()

    def place(self, index: int) -> tuple[OpenedImage, int]:
        """The instance that holds frame `index` (from 0, through all), and the frame's index there. Raises NoSuchFrame."""
        if not 0 <= index < self.number_of_frames:
            raise NoSuchFrame(f"The clip has {self.number_of_frames} frames: there is no frame {index}.")
        part = bisect_right(self._ends, index)
        return self.images[part], index - (self._ends[part - 1] if part else 0)

    def frame_bytes(self, index: int) -> bytes:
        """As OpenedImage.frame_bytes."""
        image, there = self.place(index)
        return image.frame_bytes(there)

    def frame(self, index: int, out: Picture | None = None) -> Picture:
        """As OpenedImage.frame."""
        image, there = self.place(index)
        return image.frame(there, out)

    def _times(self) -> tuple[float, ...]:
        """Times since the first frame: each part begins at its own acquisition time, or where the last one ended."""
        began = self.images[0].started_at
        seconds: list[float] = []
        for image in self.images:
            here = image.started_at
            if began is not None and here is not None:
                base = (here - began).total_seconds()
            else:
                mean = seconds[-1] / (len(seconds) - 1) if len(seconds) > 1 else 1 / _ASSUMED_RATE
                base = seconds[-1] + mean if seconds else 0.0
            seconds += [base + t for t in image.timestamps_s]
        return tuple(seconds)

    def close(self) -> None:
        """Give all files back."""
        for image in self.images:
            image.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def _header(path: Path) -> tuple[AnyItem, int]:
    """The header, and where the pixel data begins. By hand where its frames need nothing of pydicom's to be decoded."""
    found = read_by_hand(path)
    if found is not None and found.file_meta.TransferSyntaxUID in JPEG_8_BIT:
        return found, found.pixels_at
    header, at = parse(path, stop_before_pixels=True)
    syntax = header.file_meta.get("TransferSyntaxUID")
    if syntax is None or not syntax.is_transfer_syntax:
        raise NotDicom(f"{path} is a damaged DICOM file: it does not tell a transfer syntax that is known.")
    if syntax.is_deflated or not syntax.is_little_endian:
        raise UnreadablePixels(
            f"{path} is stored as {syntax.name}, which cannot be read a frame at a time: convert it first."
        )
    return header, at


def _check_picture(path: Path, header: AnyItem) -> None:
    uid = header.get("SOPClassUID")
    if uid not in _PICTURE_CLASSES and header.get("Modality") != "US":
        from pydicom.uid import UID

        kind = UID(str(uid)).name if uid else "a DICOM file of unknown kind"
        raise NotUltrasound(f"{path} is no ultrasound picture ({kind}): choose another.")
    if not header.get("Rows") or not header.get("Columns"):
        raise NotUltrasound(f"{path} holds no picture.")


def _times(header: AnyItem, frames: int) -> tuple[tuple[float, ...], Timing]:
    if frames == 1:
        return (0.0,), "still"
    vector = header.get("FrameTimeVector")
    if isinstance(vector, MutableSequence) and len(vector) == frames:  # a single value, which some write, is no vector
        steps = [0.0, *(float(step) for step in list(vector)[1:])]
        return tuple(ms / 1000 for ms in accumulate(steps)), "vector"
    interval_ms = _positive(header.get("FrameTime"))
    if interval_ms:
        return tuple(i * interval_ms / 1000 for i in range(frames)), "frame time"
    rate = _positive(header.get("RecommendedDisplayFrameRate")) or _positive(header.get("CineRate"))
    timing: Timing = "rate" if rate else "assumed"
    return tuple(i / (rate or _ASSUMED_RATE) for i in range(frames)), timing


def _positive(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number > 0 else None
