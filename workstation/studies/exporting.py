"""Studies on a medium: copies byte for byte with a DICOMDIR, in a folder or in one ZIP file; or a plain folder by UIDs.

No name of a patient stands in a file's name. Each copy is read again and compared with what the archive has.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

from archive import ObjectRow
from dicom_io.media import medium_of

ProgressCallback = Callable[[float, float], None]
Format = Literal["dicomdir", "folder", "zip"]
_CHUNK: Final = 1 << 20
_WORTH_DEFLATING: Final = 1 << 20  #: bytes: what is larger is a picture, which is small already
_README: Final = "DICOM files with their directory (DICOMDIR), for any DICOM viewer: copies, byte for byte.\r\n"


class CannotExport(Exception):
    """The medium cannot be made; the message is one sentence for the user. Nothing half-made is left."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: `files` relative to `out`, without the directory itself."""

    out: Path
    format: Format
    files: tuple[str, ...]
    bytes: int

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill archive export --json`: the files' whole paths, or their names in the ZIP file."""
        return {
            "out": str(self.out),
            "format": self.format,
            "objects": len(self.files),
            "bytes": self.bytes,
            "files": [name if self.format == "zip" else str(self.out / name) for name in self.files],
            "checked": True,
        }


def export(rows: Sequence[ObjectRow], out: Path, kind: Format, progress: ProgressCallback | None = None) -> Export:
    """Writes copies of the objects to `out`: a folder that is new or empty, or a ZIP file that is not there yet.

    Raises CannotExport; the errors of `dicom_io` for an object that cannot stand in a DICOMDIR, before anything is written.
    """
    files = [row.file for row in rows]
    if kind == "folder":
        places: tuple[tuple[str, ...], ...] = tuple(
            (file.parent.parent.name, file.parent.name, file.name) for file in files
        )
        extra: dict[str, bytes] = {}
    else:
        medium = medium_of(files)
        places = medium.places
        extra = {"DICOMDIR": medium.dicomdir, "README.TXT": _README.encode()}
    total = sum(file.stat().st_size for file in files) or 1
    done = 0
    with _writer(out, kind) as sink:
        for file, place in zip(files, places, strict=True):
            sink.copy("/".join(place), file)
            done += file.stat().st_size
            if progress:
                progress(done, total)
        for name, data in extra.items():  # last: what a power cut broke off is no medium
            sink.put(name, data)
    return Export(out, kind, tuple("/".join(place) for place in places), done)


class _Folder:
    """Copies into a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: list[Path] = []

    def put(self, name: str, data: bytes) -> None:
        """A small file."""
        self._made.append(self._root / name)
        (self._root / name).write_bytes(data)

    def copy(self, name: str, source: Path) -> None:
        """A file, read again and compared."""
        path = self._root.joinpath(*name.split("/"))
        above = [folder for folder in path.parents if self._root in folder.parents and not folder.exists()]
        self._made += [*reversed(above), path]
        path.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as file, path.open("xb") as made:
            digest = _pour(file, made)
            made.flush()
            os.fsync(made.fileno())
        with path.open("rb") as file:
            _compare(digest, file, name)

    def take_back(self) -> None:
        """Remove what was written, and nothing else, as far as the disk lets it."""
        for path in reversed(self._made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()


class _Zip:
    """Copies into a ZIP file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive

    def put(self, name: str, data: bytes) -> None:
        """A small file."""
        self._zip.writestr(name, data, zipfile.ZIP_DEFLATED)

    def copy(self, name: str, source: Path) -> None:
        """A file; ZIP keeps a checksum of its own, which `_writer` tests at the end."""
        info = zipfile.ZipInfo.from_file(source, name)
        size = source.stat().st_size
        info.compress_type = zipfile.ZIP_DEFLATED if size < _WORTH_DEFLATING else zipfile.ZIP_STORED
        with source.open("rb") as file, self._zip.open(info, "w", force_zip64=size > 1 << 31) as made:
            _pour(file, made)


@contextmanager
def _writer(out: Path, kind: Format) -> Iterator[_Folder | _Zip]:
    """Where the files go; the ZIP file has its name only once it is whole and sound."""
    try:
        if kind != "zip":
            out.mkdir(parents=True, exist_ok=True)
            if any(out.iterdir()):
                raise CannotExport(f"{out} is not empty: name a new folder.")
            folder = _Folder(out)
            try:
                yield folder
            except BaseException:
                folder.take_back()
                raise
            return
        if out.exists():
            raise CannotExport(f"{out} is there already: name another file.")
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(f".{out.name}.unfinished")
        try:
            with zipfile.ZipFile(unfinished, "w") as made:
                yield _Zip(made)
            with zipfile.ZipFile(unfinished) as made:
                wrong = made.testzip()
            if wrong is not None:
                raise CannotExport(f"{wrong} in {out} is not what was written: try another disk.")
            unfinished.rename(out)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise CannotExport(f"{out} cannot be written ({error.strerror}): make room, or name another place.") from error


def _pour(source: IO[bytes], sink: IO[bytes]) -> bytes:
    """Copies all of it; the digest of what was read."""
    digest = hashlib.blake2b()
    while data := source.read(_CHUNK):
        digest.update(data)
        sink.write(data)
    return digest.digest()


def _compare(digest: bytes, file: IO[bytes], name: str) -> None:
    again = hashlib.blake2b()
    while data := file.read(_CHUNK):
        again.update(data)
    if again.digest() != digest:
        raise CannotExport(f"{name} is not what was written when it is read again: try another disk.")
