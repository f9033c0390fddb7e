"""The encounter's document: stored into its study, and found again among files, the newest version of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from archive import Archive, NotFound, ObjectRow
from dicom_io import DicomError, Phase, Series, StoredEncounter, StoredObject, Study, encode_encounter, read_encounter
from dicom_io.context import derived_uid
from dicom_io.errors import NotAReport
from dicom_io.report.changes import ReportedChange, reported
from procedure import Encounter
from procedure.answers import Side
from procedure.as_json import digest
from procedure.changes import changes_of
from procedure.states import State
from procedure.steps import standing
from workstation.studies.found_files import FoundFiles
from workstation.studies.reading import ENCOUNTER_CLASS
from workstation.studies.record_versions import latest
from workstation.version import VERSION

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_SERIES_NUMBER: Final = 1100
_LATERALITY: Final[dict[Side, Literal["R", "L"]]] = {Side.RIGHT: "R", Side.LEFT: "L"}


class NoOneEncounter(Exception):
    """The files hold no encounter, several, or two that contradict each other; the message says which."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version, its file, and a sentence for each file that could not be read, is not this record's, or is
    missing."""

    encounter: Encounter
    unread: tuple[str, ...]
    file: Path


def store_encounter(archive: Archive, encounter: Encounter, study: Study, like: Dataset | None = None) -> Path:
    """Put the record into the archive as a document of `study`, which names the stored images that it tells of.

    What was stored of it before (earlier versions, the draft that it was, the record that a supervisor now attests) it names
    as its predecessors. `like` is a header of the study where only its files tell whose it is. The same record is stored
    once, however often it is put, and it waits for no picture: an emergency has none. Raises the archive's errors, and
    NotEncodable.
    """
    rows = _stored(archive, study.study_instance_uid)
    named = {image.image_uid for image in encounter.images}
    images = [referred(row) for row in rows if row.frames and row.sop_instance_uid in named]
    before = [row for row in rows if row.sop_class == ENCOUNTER_CLASS and _is_before(row, encounter)]
    uid = derived_uid(study.study_instance_uid, "encounter", encounter.encounter_uid, digest(encounter))
    if archive.has(uid):
        return archive.path_of(uid)
    made = encode_encounter(
        encounter,
        study,
        _series(encounter, study),
        images,
        sop_instance_uid=uid,
        predecessors=[referred(row) for row in before],
        like=like,
        software_version=VERSION,
    )
    return archive.put(made)


def _stored(archive: Archive, study_instance_uid: str) -> list[ObjectRow]:
    try:
        return archive.objects(study_instance_uid)
    except NotFound:
        return []


def reported_changes(encounter: Encounter) -> dict[Phase, tuple[ReportedChange, ...]]:
    """How the record's vessels changed since before the procedure, by the phase of the later look: for the reports."""
    found: dict[Phase, tuple[ReportedChange, ...]] = {}
    for vessel in encounter.vessels:
        for change in changes_of(vessel):
            phase = change.after.phase
            found[phase] = (*found.get(phase, ()), reported(vessel, change))
    return found


def referred(row: ObjectRow) -> StoredObject:
    """A stored object as another one refers to it; its file's place tells its study and series."""
    series = row.file.parent
    return StoredObject(row.sop_instance_uid, row.sop_class, series.parent.name, series.name, row.frames)


def _is_before(row: ObjectRow, encounter: Encounter) -> bool:
    """Whether a stored document is an earlier version of this encounter, or an earlier state of its version."""
    try:
        stored = read_encounter(row.file).encounter
    except DicomError:
        return False  # of another maker, or damaged: verifying the archive tells of it
    if stored.encounter_uid != encounter.encounter_uid:
        return False
    # A draft is changed as it is: of two, the one that is stored later goes on where the other was.
    drafts = stored.state is encounter.state is State.DRAFT and stored.version == encounter.version
    return drafts or standing(stored) < standing(encounter)


def _series(encounter: Encounter, study: Study) -> Series:
    """All versions of one encounter's record lie in one series."""
    site = encounter.sites[0] if encounter.sites else None
    return Series(
        phase=encounter.images[0].phase if encounter.images else Phase.PRE,
        number=_SERIES_NUMBER,
        series_instance_uid=derived_uid(study.study_instance_uid, "encounter", encounter.encounter_uid),
        laterality=_LATERALITY.get(site.side, "") if site is not None else "",
        region=site.region if site is not None else "",
        description="record of the encounter",
    )


@dataclass(frozen=True, slots=True)
class _Document:
    stored: StoredEncounter
    path: Path

    @property
    def uid(self) -> str:
        return self.stored.sop_instance_uid

    @property
    def standing(self) -> tuple[int, int]:
        return self.stored.standing

    @property
    def predecessors(self) -> Iterable[str]:
        return self.stored.predecessors


def newest_encounter(files: FoundFiles, encounter_uid: str | None = None, whole: bool = False) -> Newest:
    """The newest version of an encounter among `files`. Files of other kinds are passed over, damaged ones are told.

    `whole` says that its images are among the files too: those of another patient, that come twice or are missing are told.

    Raises NoOneEncounter where there is none, where there are several and none is named, or where two files of the newest
    version differ.
    """
    found: dict[str, list[_Document]] = {}
    unread: list[str] = []
    for path in (*files.of_class(ENCOUNTER_CLASS), *files.unread):
        try:
            stored = read_encounter(path)
        except NotAReport:
            continue  # a picture or a report
        except DicomError as error:
            if says_dicom(path):
                unread.append(str(error))
            continue
        found.setdefault(stored.encounter.encounter_uid, []).append(_Document(stored, path))
    if encounter_uid is not None:
        found = {uid: versions for uid, versions in found.items() if uid == encounter_uid}
    if not found:
        raise NoOneEncounter(" ".join(["There is no record of an encounter here.", *unread]))
    if len(found) > 1:
        named = ", ".join(sorted(found))
        raise NoOneEncounter(f"There are {len(found)} encounters here, name one with --encounter: {named}.")
    ((uid, versions),) = found.items()
    last = latest(versions)
    newest_record, file = last[0].stored.encounter, last[0].path
    if any(document.stored.encounter != newest_record for document in last):
        raise NoOneEncounter(
            f"Encounter {uid} has two different records of its version {newest_record.version}: look at both."
        )
    images = [image.image_uid for image in newest_record.images] if whole else []
    told = files.told(newest_record.patient.patient_id, images) if whole else []
    return Newest(newest_record, (*unread, *told), file)


def says_dicom(path: Path) -> bool:
    """Whether a file bears DICOM's mark: a folder may hold notes and pictures of other kinds."""
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return True
