"""One picture as a film of one frame."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from devices import jpeg
from devices.cv import cv2
from devices.errors import UnreadableFile
from devices.films.film import ASSUMED_FPS, Film, raw_bytes, raw_format
from devices.source import PixelFormat, StreamFormat


class PictureFilm(Film):
    """A baseline JPEG as it is; anything else decoded, to GREY where the file is grey, otherwise to BGR24."""

    def __init__(self, path: Path, what: str) -> None:
        self.what = what
        data = path.read_bytes()
        own = _own_jpeg(data)
        if own is not None:
            self._data = data
            self.stream_format = StreamFormat(PixelFormat.MJPEG, own.width, own.height, ASSUMED_FPS)
            self.delivers = "The file's own JPEG, untouched."
        else:
            picture = _decoded(data, what)
            self._data = raw_bytes(picture)
            self.stream_format = raw_format(picture, ASSUMED_FPS)
            self.delivers = "The decoded picture."

    def frames(self) -> Iterator[tuple[bytes, int]]:
        """The one frame."""
        yield self._data, 0


def _own_jpeg(data: bytes) -> jpeg.JpegLayout | None:
    """Its parts when the file is a baseline JPEG in grey or three colours; None when it has to be decoded."""
    if not data.startswith(b"\xff\xd8"):
        return None
    if b"\xff\xd9" not in data:
        raise UnreadableFile("The JPEG picture is cut short: copy the file again.")
    try:
        parts = jpeg.layout(data)
    except jpeg.BrokenJpeg:
        return None  # progressive, say: the decoder decides
    return parts if parts.components in (1, 3) and parts.has_huffman_tables else None


def _decoded(data: bytes, what: str) -> NDArray[np.uint8]:
    if data.startswith(b"\x89PNG") and not _png_is_whole(data):
        raise UnreadableFile("The PNG picture is cut short or damaged: copy the file again.")
    buffer = np.frombuffer(data, dtype=np.uint8)
    try:
        as_it_is = cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED)
        if as_it_is is not None and as_it_is.ndim == 2 and as_it_is.dtype == np.uint8:
            return np.asarray(as_it_is)
        picture = cv2.imdecode(buffer, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise UnreadableFile(f"The file begins like {what} and cannot be decoded: it is damaged.") from error
    if picture is None:
        raise UnreadableFile(f"The file begins like {what} and cannot be decoded: it is damaged.")
    return np.asarray(picture, dtype=np.uint8)


def _png_is_whole(data: bytes) -> bool:
    """Whether every chunk lies inside the file up to the end chunk, the needed ones with a right checksum.

    Asked before decoding: OpenCV fills missing rows with black, which looks like a picture, and believes a chunk that
    claims gigabytes for half a minute.
    """
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            return False
        needed = kind[:1].isupper()
        if needed and zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            return False
        if kind == b"IEND":
            return True
        at = end
    return False
