"""ZIP files unpacked for as long as they are looked at. A file's name in it may be a trick: only plain ones are used."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SPARE: Final = 1 << 28  #: bytes of the disk that stay free
_CHUNK: Final = 1 << 20
#: A name that leads nowhere else: media's names are such (PS3.10, 8.5), and a DICOMDIR has to find its files.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_DEEPEST: Final = 8


class CannotUnpack(Exception):
    """A ZIP file that cannot be taken apart; the message is one sentence for the user."""


@contextmanager
def unpacked(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The same paths, each ZIP file among them as a folder; files with odd names have numbers there.

    Raises CannotUnpack where one is damaged, is locked, or holds more than the disk does.
    """
    with tempfile.TemporaryDirectory(prefix="sonofill-unpacked-") as folder:
        yield [
            _unpack(path, Path(folder) / str(number)) if path.is_file() and zipfile.is_zipfile(path) else path
            for number, path in enumerate(paths)
        ]


def _unpack(path: Path, into: Path) -> Path:
    into.mkdir()
    try:
        with zipfile.ZipFile(path) as packed:
            for number, member in enumerate(packed.infolist()):
                if not member.is_dir():
                    _take(packed, member, _place(into, member.filename, number))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise CannotUnpack(f"The ZIP file {path} is damaged or locked ({error}): unpack it yourself.") from error
    except OSError as error:
        raise CannotUnpack(f"The ZIP file {path} cannot be unpacked ({error.strerror}): make room.") from error
    return into


def _place(into: Path, name: str, number: int) -> Path:
    parts = name.split("/")
    if len(parts) <= _DEEPEST and all(_PLAIN.fullmatch(part) for part in parts):
        place = into.joinpath(*parts)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                return place
        except OSError:
            pass  # a file stands where the name has a folder
    odd = into / "odd-names"
    odd.mkdir(exist_ok=True)
    return odd / f"{number:06d}"


def _take(packed: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """One member, by what it really holds: the size that it tells may be a trick too."""
    with packed.open(member) as source, target.open("wb") as file:
        while data := source.read(_CHUNK):
            if shutil.disk_usage(target.parent).free < _SPARE:
                raise CannotUnpack(f"What is packed in {packed.filename} is larger than the disk: make room.")
            file.write(data)
