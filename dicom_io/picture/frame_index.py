"""Where each frame of a DICOM file's pixel data lies, so that any one is one read away.

Offsets come from the Extended or Basic Offset Table where one is filled and true; else the items are walked through once
(eight bytes of each). A table that does not lead to items is not believed.
"""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import opened
from dicom_io.errors import NoSuchFrame, UnreadablePixels
from dicom_io.picture.pixels import JPEG_BASELINE

_PIXEL_DATA: Final = (0x7FE0, 0x0010)
_ITEM: Final = (0xFFFE, 0xE000)
_DELIMITER: Final = (0xFFFE, 0xE0DD)
_UNDEFINED: Final = 0xFFFFFFFF


class ByteFile:
    """A file that several threads may read from at once."""

    def __init__(self, path: Path) -> None:
        """Raises CannotOpen."""
        self.path = path
        self._file = opened(path)
        self._lock = threading.Lock()
        self.size = os.fstat(self._file.fileno()).st_size

    def read(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`; fewer at the end of the file."""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), length, offset)
        with self._lock:  # Windows has no pread
            self._file.seek(offset)
            return self._file.read(length)

    def close(self) -> None:
        """Give the file back. Harmless when closed."""
        self._file.close()


class FrameIndex:
    """The frames of one file: `read(index)` gives the stored bytes of one, pad byte included."""

    def __init__(self, file: ByteFile, header: AnyItem, pixel_data_at: int, frames: int) -> None:
        """`pixel_data_at` is where the pixel data's tag lies. Raises UnreadablePixels where no frames are to be found."""
        self._file = file
        self._frames = frames
        self.encapsulated, implicit_vr = _stored_as(str(header.file_meta.TransferSyntaxUID))
        start, length = self._element(pixel_data_at, implicit_vr)
        self._starts: Sequence[int]
        if self.encapsulated:
            self._starts, self._end = self._items(header, start)
        else:
            size = _native_size(header)
            if not size or size * frames > length or start + size * frames > file.size:
                raise self._broken("its pixel data is shorter than its size and number of frames ask for")
            self._starts = range(start, start + size * frames, size)
            self._end = start + size * frames

    def read(self, index: int) -> bytes:
        """The bytes of frame `index` (from 0). Raises NoSuchFrame, UnreadablePixels."""
        if not 0 <= index < self._frames:
            raise NoSuchFrame(f"{self._file.path.name} has {self._frames} frames: there is no frame {index}.")
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < self._frames else self._end
        data = self._file.read(start, end - start)
        if not self.encapsulated:
            return data
        if len(data) >= 8 and struct.unpack_from("<HHI", data) == (*_ITEM, len(data) - 8):
            return data[8:]  # one fragment, as nearly always
        return b"".join(self._fragments(data))

    def _fragments(self, data: bytes) -> list[bytes]:
        found, at = [], 0
        while at + 8 <= len(data):
            group, element, length = struct.unpack_from("<HHI", data, at)
            if (group, element) == _DELIMITER:
                break
            if (group, element) != _ITEM or at + 8 + length > len(data):
                raise self._broken("a frame is damaged")
            found.append(data[at + 8 : at + 8 + length])
            at += 8 + length
        if not found:
            raise self._broken("a frame is damaged")
        return found

    def _element(self, at: int, implicit: bool) -> tuple[int, int]:
        """Where the value of the pixel data begins, and its length."""
        head = self._file.read(at, 12)
        if len(head) < 12 or struct.unpack_from("<HH", head) != _PIXEL_DATA:
            raise self._broken("it has no pixel data")
        if implicit:
            return at + 8, struct.unpack_from("<I", head, 4)[0]
        return at + 12, struct.unpack_from("<I", head, 8)[0]

    def _items(self, header: AnyItem, at: int) -> tuple[list[int], int]:
        """Where each frame's first item begins, and where the last frame ends."""
        tag, length = self._head(at)
        if tag != _ITEM:
            raise self._broken("its pixel data has no offset table item")
        first = at + 8 + length
        if first > self._file.size:
            raise self._broken("its offset table is longer than the file")
        table = self._file.read(at + 8, length)
        offsets: tuple[int, ...] = struct.unpack(f"<{length // 4}I", table[: length // 4 * 4])
        extended = header.get("ExtendedOffsetTable")
        if not offsets and extended:
            offsets = struct.unpack(f"<{len(extended) // 8}Q", extended[: len(extended) // 8 * 8])
        if len(offsets) == self._frames and offsets[0] == 0 and self._leads_to_items(first, offsets):
            starts = [first + offset for offset in offsets]
            return starts, self._walk(starts[-1])[1]
        items, end = self._walk(first)
        if len(items) == self._frames:
            return items, end
        if self._frames == 1:
            return items[:1], end
        pictures = [i for i in items if self._file.read(i + 8, 2) == b"\xff\xd8"]
        if len(pictures) != self._frames:
            raise self._broken(f"it tells {self._frames} frames and has {len(items)} pieces, without a table of them")
        return pictures, end

    def _leads_to_items(self, first: int, offsets: tuple[int, ...]) -> bool:
        if any(b <= a for a, b in pairwise(offsets)):
            return False
        return all(self._head(first + offset)[0] == _ITEM for offset in {offsets[0], offsets[-1]})

    def _walk(self, at: int) -> tuple[list[int], int]:
        """The items from `at` to the end of the sequence, and where that is."""
        found: list[int] = []
        while True:
            tag, length = self._head(at)
            if tag == _DELIMITER:
                return found, at
            if tag != _ITEM or length == _UNDEFINED or at + 8 + length > self._file.size:
                raise self._broken("its pixel data ends too early")
            found.append(at)
            at += 8 + length

    def _head(self, at: int) -> tuple[tuple[int, int], int]:
        head = self._file.read(at, 8)
        if len(head) < 8:
            raise self._broken("its pixel data ends too early")
        group, element, length = struct.unpack("<HHI", head)
        return (group, element), length

    def _broken(self, why: str) -> UnreadablePixels:
        return UnreadablePixels(f"The pictures in {self._file.path} cannot be read: {why}.")


def _stored_as(syntax: str) -> tuple[bool, bool]:
    """Whether pixels of a transfer syntax lie in items, and whether its elements tell no VR."""
    if syntax == JPEG_BASELINE:  # most do, and pydicom, which knows the others, takes long to load
        return True, False
    from pydicom.uid import UID

    known = UID(syntax)
    return bool(known.is_encapsulated), bool(known.is_implicit_VR)


def _native_size(header: AnyItem) -> int:
    """Bytes of one frame that is not compressed; 0 where the header does not tell."""
    pixels = int(header.get("Rows", 0)) * int(header.get("Columns", 0))
    if header.get("PhotometricInterpretation") == "YBR_FULL_422":
        return pixels * 2
    return pixels * int(header.get("SamplesPerPixel", 1)) * ((int(header.get("BitsAllocated", 8)) + 7) // 8)
