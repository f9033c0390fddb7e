"""Brings an archive in order after whatever happened: a crash, a deleted index, another program's work.

Called with the ledger held. What the ledger has is completed (its file waits in incoming/), what it has not is removed,
and the index takes in the ledger's new lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from archive.errors import NotStorable
from archive.header import names_itself
from archive.incoming import leftovers
from archive.index import Index
from archive.layout import Layout, make_folder, sync_folder
from archive.ledger import Entry, Line, lines


def settle_incoming(layout: Layout, index: Index) -> list[str]:
    """Moves or removes what crashed programs left in incoming/. The index has the whole ledger. Returns what was done."""
    done = []
    for sop_uid, path in leftovers(layout.incoming):
        entry = index.entry_of(sop_uid)
        target = layout.absolute_of(entry.file) if entry else None
        if (
            entry
            and target
            and not target.exists()
            and path.stat().st_size == entry.size
            and _sha256(path) == entry.sha256
        ):
            make_folder(target.parent)
            path.rename(target)
            sync_folder(target.parent)
            list_file(layout, index, entry.file)
            done.append(f"An interrupted save was completed: object {sop_uid}.")
        elif entry and target and not target.exists():
            # Its bytes may be all that is left of an object that was stored: a person looks at it, nothing removes it.
            done.append(
                f"Object {sop_uid} is not in its place, and {path} is not what was stored either: bring the object back from"
                " a copy of the archive, then remove that file."
            )
        else:
            path.unlink()
            done.append("An unfinished save was removed.")
    return done


def catch_up(layout: Layout, index: Index) -> None:
    """Takes the ledger's lines that the index has not yet seen, and the heads of their files."""
    offset, _ = index.covered()
    if not layout.ledger.exists() or layout.ledger.stat().st_size == offset:
        return
    with index.change():
        for entry in take_lines(layout, index):
            list_file(layout, index, entry.file)


def take_lines(layout: Layout, index: Index) -> list[Entry]:
    """Takes in the ledger's new lines, within a change of the index. Returns what they enter; nothing is listed yet."""
    offset, count = index.covered()
    new: list[Entry] = []

    def passing() -> Iterator[Line]:
        for line in lines(layout.ledger, offset, count + 1):
            if line.entry is not None:
                new.append(line.entry)
            yield line

    index.take(passing())
    return new


def rebuild(layout: Layout, index: Index) -> list[str]:
    """Makes the index anew from the files and the ledger. Returns the files that are no objects of this archive."""
    with index.change():
        index.clear()
        if layout.ledger.exists():
            index.take(lines(layout.ledger))
        return [file for file in layout.files() if not list_file(layout, index, file)]


def list_file(layout: Layout, index: Index, file: str) -> bool:
    """Lists one file by what its head says. False where it is missing or not the object that its name says."""
    from archive.reading import read_header

    path = layout.absolute_of(file)
    if not path.is_file():
        return False  # also a pipe, which would be waited for without end
    try:
        header = read_header(path)
    except (NotStorable, OSError):
        return False  # `verify` tells what is wrong with it
    if not names_itself(header, file):
        return False
    index.add(header, file)
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
