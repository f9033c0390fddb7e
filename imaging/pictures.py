"""The pictures of a file, decoded one at a time: what every measuring command looks at.

A picture file is a film of one frame. Frames count from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from devices.errors import UnreadableFile
from devices.films import Film, open_film
from devices.source import PixelFormat, StreamFormat

Bgr = npt.NDArray[np.uint8]
"""A decoded picture: (rows, columns, 3), blue, green, red, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame. `time_s` is counted from the first frame of its film."""

    frame: int
    time_s: float
    bgr: Bgr = field(repr=False)


class Pictures:
    """The frames of a picture, video or DICOM file. Raises UnreadableFile, with one sentence, where there are none."""

    def __init__(self, path: Path) -> None:
        self._film: Film = open_film(path)
        self.path = path

    @property
    def format(self) -> StreamFormat:
        """Size in pixels and nominal frames a second."""
        return self._film.stream_format

    @property
    def is_dicom(self) -> bool:
        """Whether the file is DICOM, so that its header may say more."""
        return self._film.what == "a DICOM file"

    def __iter__(self) -> Iterator[Picture]:
        """Every frame from the beginning, as often as asked. Raises UnreadableFile where the file is damaged."""
        for number, (data, offset_ns) in enumerate(self._film.frames()):
            yield Picture(number, offset_ns / 1e9, decode(data, self.format))

    def first(self) -> Picture:
        """The first frame. Raises UnreadableFile."""
        for picture in self:
            return picture
        raise UnreadableFile("The file holds no frame: choose another.")


def decode(data: bytes, stream_format: StreamFormat) -> Bgr:
    """The bytes of one frame as BGR. Raises UnreadableFile where they are damaged."""
    if stream_format.pixel_format is PixelFormat.MJPEG:
        try:  # what a frame's EXIF says of turning is not followed: its width and height are agreed
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        except cv2.error as error:
            raise UnreadableFile("A frame of the file claims a size that cannot be decoded.") from error
        if picture is None:
            raise UnreadableFile("A frame of the file is damaged: it cannot be decoded.")
        return np.asarray(picture, np.uint8)
    depth = {PixelFormat.GREY: 1, PixelFormat.YUYV: 2, PixelFormat.BGR24: 3}[stream_format.pixel_format]
    if len(data) != stream_format.width * stream_format.height * depth:
        raise UnreadableFile("A frame of the file is damaged: it has not the size that it should have.")
    raw = np.frombuffer(data, np.uint8).reshape(stream_format.height, stream_format.width, depth)
    if depth == 3:
        return raw
    code = cv2.COLOR_GRAY2BGR if depth == 1 else cv2.COLOR_YUV2BGR_YUY2
    return np.asarray(cv2.cvtColor(raw, code), np.uint8)
