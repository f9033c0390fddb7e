"""Puts objects into the archive, one or many: docs/decisions/0005 tells the order of each step.

Many at a time wait for the disk together: all are written, then synced one after the other (the first sync carries most of
the others with it), then each folder once. The ledger takes a few lines with one write of less than a page, so that a power
cut can tear no more than it can tear one line.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalogue import Catalogue
from archive.errors import AlreadyStored, ArchiveError, ArchiveFull, NotStorable, from_os
from archive.header import Header, names_itself
from archive.incoming import Incoming
from archive.layout import Layout, make_folder, sync_folder
from archive.ledger import Entry, HeldLedger, hold
from archive.write import digest_parts, is_small, write_parts, write_small

if TYPE_CHECKING:
    from dicom_io.encoded import EncodedObject

#: Lines of the ledger that are written at once: each has at most 580 bytes, so that together they are less than a page.
LINES_TOGETHER = 7
_SPARE_BYTES = 1 << 20  # folders, the ledger's lines and the index want some room too


class _Unplaced(Exception):
    """The ledger has the object, but its file waits in incoming/ still."""


@dataclass(slots=True)
class _Waiting:
    """An object whose bytes are in incoming/, `synced` or not yet.

    `entered`: the ledger has it, or may have it, so its file may not be removed any more.
    """

    entry: Entry
    header: Header
    incoming: Incoming
    synced: bool
    entered: bool = False


class Storing:
    """Puts objects into one archive; `act` is how the ledger calls it."""

    def __init__(self, layout: Layout, catalogue: Catalogue, act: str) -> None:
        self._layout = layout
        self._catalogue = catalogue
        self._act = act

    def store(self, objects: Sequence[EncodedObject]) -> list[Path]:
        """Stores objects durably, in their order, and returns their files. What raises is told at `Archive.put_all`."""
        files = {
            obj.sop_instance_uid: self._layout.relative_of(
                obj.study_instance_uid, obj.series_instance_uid, obj.sop_instance_uid
            )
            for obj in objects
        }
        new = [obj for obj in _each_once(objects) if not self._is_stored(obj, files[obj.sop_instance_uid])]
        self._check_room(sum(obj.size for obj in new))
        waiting: list[_Waiting] = []
        try:
            for obj in new:
                self._write(obj, files[obj.sop_instance_uid], waiting)
            self._sync(waiting)
            self._keep(waiting)
        except _Unplaced as e:
            raise ArchiveError(str(e)) from e
        finally:
            for one in waiting:
                if one.entered:
                    one.incoming.release()  # in its place, or put there when the archive is opened next
                else:
                    one.incoming.remove()
        return [self._layout.absolute_of(files[obj.sop_instance_uid]) for obj in objects]

    def _is_stored(self, obj: EncodedObject, file: str) -> bool:
        """Whether these very bytes are stored and in place. Raises AlreadyStored where others are."""
        entry = self._catalogue.ask(lambda index: index.entry_of(obj.sop_instance_uid))
        if entry is None:
            return False
        if entry.file != file or entry.size != obj.size or entry.sha256 != digest_parts(obj):
            raise AlreadyStored(
                f"Object {obj.sop_instance_uid} is stored already, with other content: it was not replaced."
            )
        return self._layout.absolute_of(file).exists()

    def _check_room(self, size: int) -> None:
        free = shutil.disk_usage(self._layout.incoming).free
        if free < size + _SPARE_BYTES:
            needed = size + _SPARE_BYTES
            raise ArchiveFull(
                f"The disk of {self._layout.root} has {free / 1e6:.1f} MB free, what is to be stored needs"
                f" {needed / 1e6:.1f} MB: free some room there and save again; nothing stored was harmed."
            )

    def _write(self, obj: EncodedObject, file: str, waiting: list[_Waiting]) -> None:
        """Writes the object's bytes, digesting them meanwhile, and checks that they are the object; adds it to `waiting`."""
        from archive.reading import read_header

        try:
            incoming = Incoming(self._layout.incoming, obj.sop_instance_uid)
        except OSError as e:
            raise from_os(e, self._layout.incoming, "write") from e
        try:
            small = is_small(obj)
            sha256 = write_small(obj, incoming.fd) if small else write_parts(obj, incoming.fd)
            header = read_header(incoming.path)
            if not names_itself(header, file):
                raise NotStorable(f"Object {obj.sop_instance_uid} says inside that it is another: it was not stored.")
        except OSError as e:
            incoming.remove()
            raise from_os(e, self._layout.incoming, "write") from e
        except BaseException:
            incoming.remove()
            raise
        waiting.append(
            _Waiting(Entry(obj.sop_instance_uid, file, obj.size, sha256, self._act), header, incoming, synced=not small)
        )

    def _sync(self, waiting: Sequence[_Waiting]) -> None:
        """Waits until the bytes and names of all are on the disk, and makes their folders."""
        try:
            for one in waiting:
                if not one.synced:
                    os.fsync(one.incoming.fd)
            if waiting:
                sync_folder(self._layout.incoming)
        except OSError as e:
            raise from_os(e, self._layout.incoming, "write") from e
        for folder in dict.fromkeys(self._layout.absolute_of(one.entry.file).parent for one in waiting):
            make_folder(folder)

    def _keep(self, waiting: Sequence[_Waiting]) -> None:
        """Enters the objects in the ledger, gives their files their names, and lists them."""
        if not waiting:
            return
        with self._catalogue.lock, hold(self._layout.ledger) as held:
            ready = [
                (one, known) for one in waiting if not ((known := self._knows(one.entry)) and self._path(one).exists())
            ]
            for start in range(0, len(ready), LINES_TOGETHER):
                group = ready[start : start + LINES_TOGETHER]
                self._enter(held, group)
                self._place([one for one, _ in group])
            # One change of the index for all. Broken off before it, the index takes those lines of the ledger in later.
            self._catalogue.list_objects([(one.header, one.entry.file) for one, _ in ready])

    def _path(self, one: _Waiting) -> Path:
        return self._layout.absolute_of(one.entry.file)

    def _knows(self, entry: Entry) -> bool:
        """Whether the ledger has these very bytes already: another program stored them meanwhile, or their file was lost."""
        known = self._catalogue.ask_held(lambda index: index.entry_of(entry.object))
        if known is not None and known != entry:
            raise AlreadyStored(f"Object {entry.object} is stored already, with other content: it was not replaced.")
        path = self._layout.absolute_of(entry.file)
        if known is None and path.exists():
            raise AlreadyStored(f"{path} exists, but the ledger does not know it: run archive verify.")
        return known is not None

    def _enter(self, held: HeldLedger, group: Sequence[tuple[_Waiting, bool]]) -> None:
        """The ledger's lines. Whatever happens from here on, a file is removed only where it surely has none."""
        for one, _ in group:
            one.incoming.release()
            one.entered = True
        entries = [one.entry for one, known in group if not known]
        try:
            if entries:
                held.append(entries)
        except OSError as e:
            for one, known in group:
                one.entered = known
            raise from_os(e, self._layout.ledger, "write") from e

    def _place(self, group: Sequence[_Waiting]) -> None:
        """Gives files their names; from the ledger's line on nothing else may happen to them."""
        folders: dict[Path, str] = {}
        for one in group:
            path = self._path(one)
            try:
                one.incoming.path.rename(path)
            except OSError as e:
                raise _Unplaced(_unplaced(one.entry.object, path.parent, e)) from e
            folders[path.parent] = one.entry.object
        for folder, name in folders.items():
            try:
                sync_folder(folder)
            except OSError as e:
                raise _Unplaced(_unplaced(name, folder, e)) from e


def _each_once(objects: Sequence[EncodedObject]) -> list[EncodedObject]:
    """The objects without those that are there once more. Raises AlreadyStored where two that differ have one UID.

    Neither is in the ledger yet, so nothing else would keep the second from taking the first one's place.
    """
    first: dict[str, EncodedObject] = {}
    for obj in objects:
        before = first.setdefault(obj.sop_instance_uid, obj)
        if before is not obj and not _same(before, obj):
            raise AlreadyStored(
                f"Object {obj.sop_instance_uid} is to be stored twice, with different content: none of these was stored."
            )
    return list(first.values())


def _same(one: EncodedObject, other: EncodedObject) -> bool:
    named = one.study_instance_uid, one.series_instance_uid, one.size
    return named == (other.study_instance_uid, other.series_instance_uid, other.size) and (
        digest_parts(one) == digest_parts(other)
    )


def _unplaced(name: str, folder: Path, error: OSError) -> str:
    return (
        f"Object {name} is written, but could not get its place in {folder} ({error.strerror}):"
        " it gets it when the archive is opened next."
    )
