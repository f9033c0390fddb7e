"""Studies that were made elsewhere, taken into the archive byte for byte, whatever state their headers are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from pydicom.uid import UID

from archive import AlreadyStored, Archive, NotStorable
from archive.header import Header
from archive.reading import as_object, read_header
from dicom_io.dataset.parse import damage_as, damaged, parse
from dicom_io.errors import DicomError, NotAReport
from workstation.studies.packed import unpacked
from workstation.studies.reading import ENCOUNTER_CLASS, LABEL_CLASSES, REPORT_CLASSES, foreign_report

ProgressCallback = Callable[[float, float], None]
_DIRECTORY: Final = "1.2.840.10008.1.3.10"  # Media Storage Directory: DICOMDIR
_DOCUMENT: Final = "1.2.840.10008.5.1.4.1.1.104."
Outcome = Literal["imported", "already", "directory", "not-dicom", "failed"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. `file` is where it came from; `not_understood` says what the program cannot show of it.

    An object whose UIDs are missing or none has the ones that the archive knows it by.
    """

    file: str
    outcome: Outcome
    sop_instance_uid: str = ""
    study_instance_uid: str = ""
    sop_class: str = ""
    not_understood: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """Every file that was looked at."""

    files: tuple[Taken, ...]

    @property
    def failed(self) -> tuple[Taken, ...]:
        """The DICOM files that could not be taken in."""
        return tuple(taken for taken in self.files if taken.outcome == "failed")

    def count(self, outcome: Outcome) -> int:
        """How many files had this outcome."""
        return sum(taken.outcome == outcome for taken in self.files)

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill archive import --json`."""
        return {
            "imported": self.count("imported"),
            "already": self.count("already"),
            "failed": self.count("failed"),
            "studies": sorted({t.study_instance_uid for t in self.files if t.study_instance_uid}),
            "files": [asdict(taken) for taken in self.files],
        }


def import_files(archive: Archive, paths: Sequence[Path], progress: ProgressCallback | None = None) -> Import:
    """Takes in every DICOM file among `paths`, below them and in ZIP files. Whatever one file holds, the next is looked at.

    Raises the archive's errors for a disk that is full or not writable.
    """
    with unpacked(paths) as places:
        done = _import_files(archive, places, progress)
    for path, place in zip(paths, places, strict=True):
        if place != path:
            done = Import(tuple(_said_of(taken, str(place), str(path)) for taken in done.files))
    return done


def _said_of(taken: Taken, place: str, path: str) -> Taken:
    """The same with the ZIP file's name instead of the folder's that it was unpacked to."""
    told = tuple(sentence.replace(place, path) for sentence in taken.not_understood)
    return replace(taken, file=taken.file.replace(place, path), why=taken.why.replace(place, path), not_understood=told)


def _import_files(archive: Archive, paths: Sequence[Path], progress: ProgressCallback | None) -> Import:
    files = [file for path in paths for file in _files(path)]
    total = sum(file.stat().st_size for file in files) or 1
    taken: list[Taken] = []
    done = 0
    for file in files:
        taken.append(_take(archive, file))
        done += file.stat().st_size
        if progress:
            progress(done, total)
    return Import(tuple(taken))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    else:
        yield path


def _take(archive: Archive, file: Path) -> Taken:
    try:
        header = read_header(file)
    except (NotStorable, OSError) as error:
        why = f"{file} cannot be read ({error.strerror})." if isinstance(error, OSError) else str(error)
        return Taken(str(file), "failed" if _says_dicom(file) else "not-dicom", why=why)
    if header.sop_class_uid == _DIRECTORY:
        return Taken(str(file), "directory", not_understood=tuple(_lost_of_directory(file)))
    if not (header.sop_class_uid or header.patient_id or header.study_date or header.frames):
        return Taken(str(file), "failed", why=f"{file} does not say what kind of object it is: it cannot be imported.")
    item = as_object(file, header)
    outcome: Outcome = "already" if archive.has(header.sop_instance_uid) else "imported"
    taken = Taken(str(file), outcome, header.sop_instance_uid, header.study_instance_uid, header.sop_class_uid)
    try:
        archive.put(item, imported=True)
    except (AlreadyStored, NotStorable) as error:
        return replace(taken, outcome="failed", why=f"{file}: {error}")
    return replace(taken, not_understood=tuple(_odd(file, header)))


def _says_dicom(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(132)[128:] == b"DICM"
    except OSError:
        return False


def _odd(file: Path, header: Header) -> Iterator[str]:
    """What the program cannot show of an object; it is kept all the same."""
    try:
        yield from _made_up(file, header)
        yield from _not_shown(file, header)
    except DicomError as error:
        yield str(error)


def _made_up(file: Path, header: Header) -> Iterator[str]:
    with damage_as(damaged(file)):
        dataset, _ = parse(file, stop_before_pixels=True)
        for keyword, used in (
            ("StudyInstanceUID", header.study_instance_uid),
            ("SeriesInstanceUID", header.series_instance_uid),
            ("SOPInstanceUID", header.sop_instance_uid),
        ):
            if str(dataset.get(keyword) or "").strip() != used:
                yield f"Its {keyword} is missing, or is no UID: the archive knows it by {used}."


def _not_shown(file: Path, header: Header) -> Iterator[str]:
    from dicom_io import OpenedImage, read_encounter, read_report

    if header.sop_class_uid in REPORT_CLASSES:
        try:
            read_report(file)
        except NotAReport:
            foreign = foreign_report(file)
            yield foreign if isinstance(foreign, str) else foreign.told(file)
    elif header.sop_class_uid == ENCOUNTER_CLASS:
        read_encounter(file)
    elif header.sop_class_uid in LABEL_CLASSES:
        return
    elif header.frames:
        with OpenedImage(file) as image:
            image.frame(0)
    elif not header.sop_class_uid.startswith(_DOCUMENT):
        yield f"An object of the class {UID(header.sop_class_uid).name or '(none)'}: kept, not shown."


def _lost_of_directory(file: Path) -> Iterator[str]:
    """Files that a DICOMDIR names and that are not beside it."""
    try:
        with damage_as(damaged(file)):
            dataset, _ = parse(file)
            for record in dataset.get("DirectoryRecordSequence") or []:
                named = record.get("ReferencedFileID")
                parts = [named] if isinstance(named, str) else list(named or [])
                if parts and not file.parent.joinpath(*map(str, parts)).is_file():
                    yield f"It names {'/'.join(map(str, parts))}, which is not here."
    except DicomError as error:
        yield str(error)
