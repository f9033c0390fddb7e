"""One picture as a film of one frame, upright: a camera that was held turned says so in the file (EXIF), and is believed."""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import MOST_PIXELS, cv2
from devices.errors import UnreadableFile
from devices.films.film import ASSUMED_FPS, Film, raw_bytes, raw_format
from devices.jpeg import structure
from devices.source import PixelFormat, StreamFormat

_ORIENTATION: Final = 0x0112


class PictureFilm(Film):
    """An upright baseline JPEG as it is; anything else decoded, to GREY where the file is grey, otherwise to BGR24."""

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


def _own_jpeg(data: bytes) -> structure.JpegLayout | None:
    """Its parts when the file is a baseline JPEG in grey or three colours; None when it has to be decoded."""
    if not data.startswith(b"\xff\xd8"):
        return None
    if b"\xff\xd9" not in data:
        raise UnreadableFile("The JPEG picture is cut short: copy the file again.")
    try:
        parts = structure.layout(data)
    except structure.BrokenJpeg:
        return None  # progressive, say: the decoder decides
    if parts.width * parts.height > MOST_PIXELS:
        raise _too_large(parts.width, parts.height)
    if b"Exif\0\0" in data[: parts.scan_offset] and _is_turned(data):
        return None  # its bytes in a DICOM file would stand on their side
    return parts if parts.components in (1, 3) and parts.has_huffman_tables else None


def _is_turned(data: bytes) -> bool:
    """Whether the EXIF says that the picture is to be turned or mirrored before it is looked at."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.getexif().get(_ORIENTATION, 1) not in (0, 1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False  # notes that cannot be read turn nothing, for OpenCV neither


def _too_large(width: int, height: int) -> UnreadableFile:
    return UnreadableFile(
        f"The picture has {width}x{height} pixels, and more than {MOST_PIXELS // 1_000_000} million are not taken: "
        "make it smaller."
    )


def _claims_too_much(data: bytes) -> UnreadableFile | None:
    """The refusal of a picture whose header claims more pixels than are taken; None where it claims less, or nothing."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own word on large pictures
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
    except Image.DecompressionBombError:
        return UnreadableFile(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels: make it smaller.")
    except (OSError, ValueError, SyntaxError):
        return None
    return _too_large(width, height) if width * height > MOST_PIXELS else None


def _decoded(data: bytes, what: str) -> NDArray[np.uint8]:
    if data.startswith(b"\x89PNG") and not _png_is_whole(data):
        raise UnreadableFile("The PNG picture is cut short or damaged: copy the file again.")
    buffer = np.frombuffer(data, dtype=np.uint8)
    try:
        as_it_is = cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED)
        grey = as_it_is is not None and as_it_is.ndim == 2 and as_it_is.dtype == np.uint8
        # Decoded anew, because "as it is" is not turned upright.
        picture = cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise _claims_too_much(data) or UnreadableFile(
            f"The file begins like {what} and cannot be decoded: it is damaged."
        ) from error
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
