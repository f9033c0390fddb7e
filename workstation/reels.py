"""A reel: numbered pictures with their times, wherever they lie: clips in the spool, files in the archive. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from acquisition.cine import Clip
from devices.errors import UnreadableFile
from devices.source import PixelFormat, StreamFormat
from imaging.scale import Scale

if TYPE_CHECKING:
    from dicom_io import OpenedClip

Pixels = npt.NDArray[np.uint8]


class Reel(Protocol):
    """Pictures from 0 on. `frame` may be slow and is called in a worker thread, one call at a time."""

    @property
    def timestamps_s(self) -> tuple[float, ...]:
        """When each frame was taken, seconds after the first."""

    @property
    def scale(self) -> Scale | None:
        """Millimetres per pixel, where known."""

    def place(self, index: int) -> tuple[str, int]:
        """The SOP Instance UID and frame (from 0) by which labels name frame `index`."""

    def frame(self, index: int) -> Pixels:
        """Frame `index` (from 0) as blue, green, red (rows, columns, 3) or grey (rows, columns)."""


def decode(data: bytes, pixel_format: PixelFormat, width: int, height: int) -> Pixels:
    """A frame's bytes as blue, green, red (rows, columns, 3); ValueError or UnreadableFile where they are damaged."""
    if pixel_format is PixelFormat.MJPEG:
        import simplejpeg

        decoded: Pixels = simplejpeg.decode_jpeg(data, "BGR", strict=False)
        return decoded
    from imaging.pictures import decode as decode_raw

    return decode_raw(data, StreamFormat(pixel_format, width, height, 0.0))


class ClipReel:
    """A clip or still that lies in the spool."""

    def __init__(self, clip: Clip, image: str, scale: Scale | None) -> None:
        self._image = image
        self._scale = scale
        start = clip.frames[0].timestamp_ns
        self.timestamps_s = tuple((t - start) / 1e9 for t in clip.timestamps_ns)
        self._clip = clip

    @property
    def scale(self) -> Scale | None:
        """Millimetres per pixel, as read off the screen or known from the device's profile."""
        return self._scale

    def place(self, index: int) -> tuple[str, int]:
        """A capture is named by one UID until it is saved, however long it is."""
        return self._image, index

    def frame(self, index: int) -> Pixels:
        """Read and decode one frame. Raises UnreadableFile where it is damaged, OSError where the spool is gone."""
        stream = self._clip.stream
        try:
            return decode(self._clip.payload(index), stream.pixel_format, stream.width, stream.height)
        except ValueError as error:
            raise UnreadableFile(f"Frame {index + 1} is damaged and cannot be shown: turn to another one.") from error


class FileReel:
    """A DICOM image in the archive, or the parts of one long clip. Opening reads the headers."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises the errors of `dicom_io`; OSError where a file cannot be opened."""
        from dicom_io import OpenedClip
        from dicom_io.labels.labelled import copied_from

        self._opened: OpenedClip | None = OpenedClip(paths)
        first = self._opened.images[0]
        self.is_copy = copied_from(first.header) is not None  #: a picture with labels burned in, made from another one
        self._scale = next(iter(first.scales), None)
        self.timestamps_s = self._opened.timestamps_s
        self.title = str(first.header.get("SeriesDescription") or first.header.get("Modality") or "picture")
        self._images = tuple(
            (str(i.header.get("SOPInstanceUID") or i.path.stem), i.number_of_frames) for i in self._opened.images
        )
        self._lock = threading.Lock()  # closing waits for the frame that is being read

    @property
    def scale(self) -> Scale | None:
        """Millimetres per pixel, from the file's ultrasound regions."""
        return self._scale

    def place(self, index: int) -> tuple[str, int]:
        """The SOP Instance UID and its own frame that frame `index` of the whole clip is."""
        for image, frames in self._images:
            if index < frames:
                return image, index
            index -= frames
        raise IndexError(index)

    def index_of(self, image: str | None, frame: int) -> int | None:
        """Which frame of the whole clip a frame of one of its instances is; None where it is none of them."""
        before = 0
        for uid, frames in self._images:
            if uid == image and frame < frames:
                return before + frame
            before += frames
        return None

    def frame(self, index: int) -> Pixels:
        """Read and decode one frame. Raises the errors of `dicom_io`, UnreadableFile when closed."""
        with self._lock:
            if self._opened is None:
                raise UnreadableFile("The study was closed: open it again.")
            pixels: Pixels = self._opened.frame(index)
            return pixels

    def close(self) -> None:
        """Give the files back. Harmless when closed."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None
