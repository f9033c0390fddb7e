"""A quick look at one study: which of its files are lost, damaged, another's, or not the archive's. Reads little of each.

Sizes are compared for every file, digests for those of up to a megabyte (reports, stills); `verify` reads the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from archive.errors import NotStorable
from archive.header import Header, names_itself
from archive.layout import Layout
from archive.ledger import Entry
from archive.verify import Problem, check_bytes

_DIGESTED = 1 << 20


def look_at_study(layout: Layout, study_uid: str, patient_id: str, entries: Iterable[Entry]) -> list[Problem]:
    """What is wrong with the files of a study of `patient_id` that the ledger has `entries` of; one problem a file."""
    found, known = [], set()
    for entry in entries:
        known.add(entry.file)
        problem = _look(layout, entry, patient_id)
        if problem is not None:
            found.append(problem)
    objects = {file.rpartition("/")[2].removesuffix(".dcm") for file in known}
    for folder, folders, names in os.walk(layout.studies / study_uid):
        folders.sort()
        above = Path(folder).relative_to(layout.root).as_posix()
        for name in sorted(names):
            file = f"{above}/{name}"
            if file not in known and (path := layout.absolute_of(file)).is_file():
                found.append(_unknown(path, file, objects))
    return found


def _look(layout: Layout, entry: Entry, patient_id: str) -> Problem | None:
    path = layout.absolute_of(entry.file)
    try:
        size = path.stat().st_size
    except OSError:
        size = -1
    if size < 0 or size <= _DIGESTED:
        problems = check_bytes(layout, entry)
    elif size != entry.size:
        what = f"{path} is not what was stored: it has {size} bytes instead of {entry.size}."
        problems = [Problem("changed", entry.object, what)]
    else:
        problems = []
    header = _header(path)
    if header is None:
        return problems[0] if problems else Problem("identity", entry.object, f"{path} is no DICOM object any more.")
    if header.patient_id != patient_id:
        return Problem("identity", entry.object, f"{path} is of another patient than its study: it is left out.")
    if not names_itself(header, entry.file):
        return Problem("identity", entry.object, f"{path} says inside that it is another object: it is left out.")
    return problems[0] if problems else None


def _unknown(path: Path, file: str, objects: set[str]) -> Problem:
    header = _header(path)
    if header is not None and header.sop_instance_uid in objects:
        what = f"{path} is object {header.sop_instance_uid} once more: the one in its own place counts."
    else:
        what = f"{path} was not stored by this archive: it is left out."
    return Problem("unknown", file, what)


def _header(path: Path) -> Header | None:
    from archive.reading import read_header

    try:
        return read_header(path)
    except (NotStorable, OSError):
        return None
