"""A clip as a file: motion JPEG in an AVI, each frame as the device would send it, with an index at the end.

AVI 1.0 (Microsoft, AVI RIFF File Reference): one stream, 'MJPG', index 'idx1'. Made of the same bytes each time: no dates,
no names of programs.
"""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_MOST_BYTES: Final = 2**31 - 2**20  #: what a reader of AVI 1.0 can address
_KEY_FRAME: Final = 0x10
_HAS_INDEX: Final = 0x10


class AviWriter:
    """Writes JPEG pictures one after the other; a context manager that finishes the file."""

    def __init__(self, path: Path, size: tuple[int, int], fps: float) -> None:
        self._file = path.open("wb")
        self._size, self._rate = size, Fraction(fps).limit_denominator(1001)
        self._frames: list[tuple[int, int]] = []
        self._file.write(self._head(0, 0, 0))
        self._begin = self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, jpeg: bytes) -> None:
        """The next frame. ValueError when the file would grow beyond what readers can address (2 GB)."""
        at = self._file.tell()
        if at + len(jpeg) > _MOST_BYTES:
            raise ValueError("The clip grows beyond 2 GB, more than an AVI file holds; ask for fewer seconds.")
        self._frames.append((at - self._begin + 4, len(jpeg)))
        self._file.write(struct.pack("<4sI", b"00dc", len(jpeg)) + jpeg + b"\0" * (len(jpeg) % 2))

    def close(self) -> None:
        """Write the index and the sizes that were not known before."""
        if self._file.closed:
            return
        movie = self._file.tell() - self._begin + 4
        rows = [struct.pack("<4sIII", b"00dc", _KEY_FRAME, at, length) for at, length in self._frames]
        self._file.write(struct.pack("<4sI", b"idx1", 16 * len(rows)) + b"".join(rows))
        whole = self._file.tell() - 8
        self._file.seek(0)
        self._file.write(self._head(whole, movie, len(self._frames)))
        self._file.close()

    def _head(self, whole: int, movie: int, frames: int) -> bytes:
        width, height = self._size
        rate = self._rate
        largest = max((length for _, length in self._frames), default=0)
        microseconds = round(1e6 * rate.denominator / rate.numerator)
        main = struct.pack(
            "<14I",
            microseconds,
            largest * round(rate),
            0,
            _HAS_INDEX,
            frames,
            0,
            1,
            largest,
            width,
            height,
            0,
            0,
            0,
            0,
        )
        stream = struct.pack(
            "<4s4sIHHIIIIIIIIhhhh", b"vids", b"MJPG", 0, 0, 0, 0, rate.denominator, rate.numerator, 0, frames, largest,
            0xFFFFFFFF, 0, 0, 0, width, height,
        )  # fmt: skip
        picture = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", width * height * 3, 0, 0, 0, 0)
        streams = b"strl" + _chunk(b"strh", stream) + _chunk(b"strf", picture)
        header = b"hdrl" + _chunk(b"avih", main) + _chunk(b"LIST", streams)
        return (
            struct.pack("<4sI4s", b"RIFF", whole, b"AVI ")
            + _chunk(b"LIST", header)
            + struct.pack("<4sI4s", b"LIST", movie, b"movi")
        )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", name, len(data)) + data
