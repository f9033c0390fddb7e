"""Bodies of many files (multipart/related, RFC 2387; PS3.18, 8.6): written and read in pieces, never whole in memory."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Final

from dicom_io.errors import CannotOpen, WrongAnswer

DICOM: Final = "application/dicom"
_READ: Final = 1 << 18
_LONGEST_HEADER: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A body of these files (path, bytes), each as it is."""

    files: Sequence[tuple[Path, int]]
    boundary: str

    @classmethod
    def of(cls, files: Sequence[tuple[Path, int]]) -> Outgoing:
        """With a boundary that no file has in it, but for a chance of one in 2 ** 128."""
        return cls(files, f"sonofill-{secrets.token_hex(16)}")

    @property
    def content_type(self) -> str:
        return f'multipart/related; type="{DICOM}"; boundary={self.boundary}'

    @property
    def length(self) -> int:
        """Bytes of the whole body."""
        return sum(len(self._head(n)) + size for n, (_, size) in enumerate(self.files)) + len(self._end)

    def __iter__(self) -> Iterator[bytes]:
        """The body in pieces. Raises CannotOpen for a file that is gone or has another length than it had."""
        for number, (path, size) in enumerate(self.files):
            yield self._head(number)
            left = size
            try:
                with path.open("rb") as source:
                    while piece := source.read(min(_READ, left)) if left else b"":
                        left -= len(piece)
                        yield piece
            except OSError as error:
                raise CannotOpen(f"{path} cannot be read ({error.strerror}): it is not sent.") from error
            if left:
                raise CannotOpen(f"{path} has changed since its sending was planned: it is not sent.")
        yield self._end

    def _head(self, number: int) -> bytes:
        return f"{chr(13) + chr(10) if number else ''}--{self.boundary}\r\nContent-Type: {DICOM}\r\n\r\n".encode()

    @property
    def _end(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()


def boundary_of(content_type: str, server: object) -> str:
    """The boundary of a multipart answer. Raises WrongAnswer."""
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary() or ""
    if message.get_content_maintype() != "multipart" or not 1 <= len(boundary) <= 200:
        raise WrongAnswer(f"{server} answers with {content_type[:60]!r} where objects were asked for.")
    return boundary


def written_parts(
    chunks: Iterable[bytes], boundary: str, folder: Path, server: object, most_bytes: int
) -> Iterator[Path]:
    """The parts of a body as files in `folder`, one after another as they come; whoever gets one removes it.

    Raises WrongAnswer where the body is cut or is no multipart, or is longer than `most_bytes`; OSError where the folder
    cannot be written.
    """
    mark = b"\r\n--" + boundary.encode("latin-1")
    source = iter(chunks)
    # The first boundary may stand at the very beginning: an end of line before it makes all alike.
    held = bytearray(b"\r\n")
    taken = number = 0

    def more() -> None:
        nonlocal taken
        piece = next(source, b"")
        if not piece:
            raise WrongAnswer(f"The answer of {server} ends in the middle of an object: try again.")
        taken += len(piece)
        if taken > most_bytes:
            raise WrongAnswer(f"{server} sends more than {most_bytes >> 20} MB: it is not taken.")
        held.extend(piece)

    while (at := held.find(mark)) < 0:  # what stands before the first boundary is nothing
        del held[: max(0, len(held) - len(mark))]
        more()
    del held[: at + len(mark)]
    while True:
        while len(held) < 2:
            more()
        if held[:2] == b"--":
            return
        while (end := held.find(b"\r\n\r\n")) < 0:
            if len(held) > _LONGEST_HEADER:
                raise WrongAnswer(f"An object from {server} begins with no header that could be read.")
            more()
        del held[: end + 4]
        path = folder / f"part-{number}"
        number += 1
        with path.open("wb") as file:
            while (at := held.find(mark)) < 0:
                keep = len(mark) - 1
                if len(held) > keep:
                    file.write(held[:-keep])
                    del held[:-keep]
                more()
            file.write(held[:at])
        del held[: at + len(mark)]
        yield path
