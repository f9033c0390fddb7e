"""Studies written anew so that they tell of nobody, into a folder of their own. What is there already is never touched."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import NotStorable
from archive.header import Header
from archive.reading import read_header
from dicom_io.deidentify import Cleaner, Covered, ScreenMemory, Told, deidentified
from dicom_io.encoded import EncodedObject
from dicom_io.errors import DicomError
from dicom_io.picture.photograph import PHOTOGRAPH

ProgressCallback = Callable[[float, float], None]
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An object that is not among those written, and why. By its old UID: a file's name may be a patient's."""

    sop_instance_uid: str
    why: str


@dataclass(slots=True)
class Deidentification:
    """What was written and what was not; `removed` counts attributes, never what they said."""

    files: list[Path] = field(default_factory=list)
    removed: Told = field(default_factory=Told)
    covered: list[Covered] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    photographs: int = 0

    @property
    def verified_clean(self) -> bool:
        """Whether every picture that was written was read again and found clean."""
        return all(one.verified_clean for one in self.covered)

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill archive deidentify --json`."""
        return {
            "files": [str(path) for path in self.files],
            "removed": self.removed.to_json(),
            "pixels": {
                "boxes": [one.to_json() for one in self.covered if one.boxes],
                "pictures": len(self.covered),
                "verified_clean": self.verified_clean,
            },
            "photographs": self.photographs,
            "left_out": [{"sop_instance_uid": one.sop_instance_uid, "why": one.why} for one in self.left_out],
        }


def deidentify_files(
    files: Sequence[Path],
    out: Path,
    cleaner: Cleaner,
    progress: ProgressCallback | None = None,
    photographs: bool = False,
) -> Deidentification:
    """Writes every object of `files` that can be cleaned to `out`/study/series/object.dcm. Other files are passed over.

    `photographs` says that faces may be among them.

    Raises OSError where `out` cannot be written.
    """
    done = Deidentification()
    total = sum(file.stat().st_size for file in files) or 1
    begun = 0
    memory = ScreenMemory()
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=out) as folder:
        scratch = Path(folder) / "frames"
        for file, header in _in_order(files):
            size = file.stat().st_size

            def within(part: float, of: float, begun: int = begun, size: int = size) -> None:
                if progress:
                    progress(begun + size * part / of, total)

            if header is not None:
                _one(file, header, out, cleaner, memory, scratch, done, within, photographs)
            begun += size
            within(0, 1, begun, 0)
    return done


def _in_order(files: Sequence[Path]) -> list[tuple[Path, Header | None]]:
    """The files in the order of their series: copies with labels come behind the pictures that they show again."""
    headers = [(file, _object_in(file)) for file in files]

    def place(one: tuple[Path, Header | None]) -> tuple[str, int, int]:
        header = one[1]
        return (
            ("", 0, 0) if header is None else (header.study_instance_uid, header.series_number, header.instance_number)
        )

    return sorted(headers, key=place)


def _object_in(file: Path) -> Header | None:
    """The object's header; None for a file that is none, and for the directory of a medium."""
    try:
        header = read_header(file)
    except (NotStorable, OSError):
        return None
    return header if header.sop_class_uid and header.sop_class_uid != "1.2.840.10008.1.3.10" else None


def _one(
    file: Path,
    header: Header,
    out: Path,
    cleaner: Cleaner,
    memory: ScreenMemory,
    scratch: Path,
    done: Deidentification,
    progress: ProgressCallback,
    photographs: bool,
) -> None:
    try:
        made = deidentified(file, cleaner, scratch, progress, header, memory, photographs)
    except DicomError as error:
        # The sentence may name the file; a file's name may be a patient's.
        done.left_out.append(LeftOut(header.sop_instance_uid, str(error).replace(str(file), "the file")))
        return
    path = out / made.item.study_instance_uid / made.item.series_instance_uid / f"{made.item.sop_instance_uid}.dcm"
    if path.exists():
        done.left_out.append(LeftOut(header.sop_instance_uid, "The same object was written already."))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(made.item, path, scratch.with_name("object"))
    done.files.append(path)
    done.photographs += header.sop_class_uid == PHOTOGRAPH
    done.removed.add(made.told)
    if made.covered is not None:
        done.covered.append(made.covered)


def _write(item: EncodedObject, path: Path, unfinished: Path) -> None:
    with unfinished.open("wb") as file:
        for part in item:
            if isinstance(part, bytes):
                file.write(part)
                continue
            with part.path.open("rb") as source:
                source.seek(part.offset)
                rest = part.length
                while rest:
                    data = source.read(min(_CHUNK, rest))
                    if not data:
                        raise OSError(f"{part.path} is shorter than it was")
                    file.write(data)
                    rest -= len(data)
    unfinished.rename(path)
