"""A reel: numbered pictures with their times, wherever they lie: clips in the spool, files in the archive. No Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from acquisition.cine import Clip
from devices.errors import UnreadableFile
from devices.source import PixelFormat
from imaging.scale import Scale

Pixels = npt.NDArray[np.uint8]


class Reel(Protocol):
    """Pictures from 0 on. `frame` may be slow and is called in a worker thread, one call at a time."""

    @property
    def image(self) -> str:
        """The SOP Instance UID that labels name it by."""

    @property
    def timestamps_s(self) -> tuple[float, ...]:
        """When each frame was taken, seconds after the first."""

    @property
    def scale(self) -> Scale | None:
        """Millimetres per pixel, where known."""

    def frame(self, index: int) -> Pixels:
        """Frame `index` (from 0) as blue, green, red (rows, columns, 3) or grey (rows, columns)."""


def decode(data: bytes, pixel_format: PixelFormat, width: int, height: int) -> Pixels:
    """A frame's bytes as blue, green, red (rows, columns, 3) or grey (rows, columns); ValueError where they are damaged."""
    if pixel_format is PixelFormat.MJPEG:
        import simplejpeg

        decoded: Pixels = simplejpeg.decode_jpeg(data, "BGR", strict=False)
        return decoded
    raw = np.frombuffer(data, np.uint8)
    if pixel_format is PixelFormat.GREY:
        return raw.reshape(height, width)
    if pixel_format is PixelFormat.BGR24:
        return raw.reshape(height, width, 3)
    from devices.cv import cv2

    converted: Pixels = cv2.cvtColor(raw.reshape(height, width, 2), cv2.COLOR_YUV2BGR_YUY2)
    return converted


class ClipReel:
    """A clip or still that lies in the spool."""

    def __init__(self, clip: Clip, image: str, scale: Scale | None) -> None:
        self.image = image
        self.scale = scale
        start = clip.frames[0].timestamp_ns
        self.timestamps_s = tuple((t - start) / 1e9 for t in clip.timestamps_ns)
        self._clip = clip

    def frame(self, index: int) -> Pixels:
        """Read and decode one frame. Raises UnreadableFile where it is damaged, OSError where the spool is gone."""
        stream = self._clip.stream
        try:
            return decode(self._clip.payload(index), stream.pixel_format, stream.width, stream.height)
        except ValueError as error:
            raise UnreadableFile(f"Frame {index + 1} is damaged and cannot be shown: turn to another one.") from error


class FileReel:
    """A DICOM image in the archive. Opening reads its header; raises the errors of `dicom_io`."""

    def __init__(self, path: Path) -> None:
        from dicom_io import OpenedImage

        self._opened = OpenedImage(path)
        header = self._opened.header
        self.image = str(header.SOPInstanceUID)
        self.scale = scale_of(header)
        self.timestamps_s = tuple(float(t) for t in self._opened.timestamps_s) or (0.0,)
        self.title = str(header.get("SeriesDescription", "") or header.get("Modality", ""))

    def frame(self, index: int) -> Pixels:
        """Read and decode one frame."""
        pixels: Pixels = self._opened.frame(index)
        return pixels


def scale_of(header: Any) -> Scale | None:
    """The scale of a DICOM header's first ultrasound region with lengths in cm both ways; None without one.

    The region's numbers carry no uncertainty of their own: 2 % is taken, our assumption for a depth scale on a screen.
    """
    for region in header.get("SequenceOfUltrasoundRegions", []):
        if region.get("PhysicalUnitsXDirection") == 3 and region.get("PhysicalUnitsYDirection") == 3:  # 3: cm
            return Scale(
                abs(float(region.PhysicalDeltaX)) * 10,
                abs(float(region.PhysicalDeltaY)) * 10,
                (
                    int(region.RegionLocationMinX0),
                    int(region.RegionLocationMinY0),
                    int(region.RegionLocationMaxX1) + 1,
                    int(region.RegionLocationMaxY1) + 1,
                ),
                "dicom-region",
                0.02,
            )
    return None
