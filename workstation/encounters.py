"""Which encounter some files hold: the newest version of the one that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dicom_io import DicomError, read_encounter
from dicom_io.errors import NotAReport
from procedure import Encounter


class NoOneEncounter(Exception):
    """The files hold no encounter, several, or two that contradict each other; the message says which."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version, and a sentence for each file that should have told of it and could not be read."""

    encounter: Encounter
    unread: tuple[str, ...]


def newest_encounter(paths: Iterable[Path], encounter_uid: str | None = None) -> Newest:
    """The newest version of an encounter among `paths`. Files of other kinds are passed over, damaged ones are told.

    Raises NoOneEncounter where there is none, where there are several and none is named, or where two files of the newest
    version differ.
    """
    found: dict[str, list[Encounter]] = {}
    unread: list[str] = []
    for path in paths:
        try:
            encounter = read_encounter(path).encounter
        except NotAReport:
            continue  # a picture or a report
        except DicomError as error:
            if _says_dicom(path):
                unread.append(str(error))
            continue
        found.setdefault(encounter.encounter_uid, []).append(encounter)
    if encounter_uid is not None:
        found = {uid: versions for uid, versions in found.items() if uid == encounter_uid}
    if not found:
        raise NoOneEncounter(" ".join(["There is no record of an encounter here.", *unread]))
    if len(found) > 1:
        named = ", ".join(sorted(found))
        raise NoOneEncounter(f"There are {len(found)} encounters here, name one with --encounter: {named}.")
    ((uid, versions),) = found.items()
    newest = max(version.version for version in versions)
    last = [version for version in versions if version.version == newest]
    if any(version != last[0] for version in last):
        raise NoOneEncounter(f"Encounter {uid} has two different records of its version {newest}: look at both.")
    return Newest(last[0], tuple(unread))


def _says_dicom(path: Path) -> bool:
    """Whether a file bears DICOM's mark: a folder may hold notes and pictures of other kinds."""
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return True
