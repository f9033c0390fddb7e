"""Where things lie in an archive's folder, and how folders and names are made durable.

    ROOT/studies/<Study UID>/<Series UID>/<SOP Instance UID>.dcm    the objects: the truth
    ROOT/ledger.jsonl       what was stored when, with its digest; append-only
    ROOT/index.sqlite       made from the two above; may be deleted at any time
    ROOT/incoming/          objects while they are being written
    ROOT/scratch/           frames being encoded on their way into an object
    ROOT/spool/             the recordings of `acquisition`
    ROOT/trail/             how far the audit trail was sent to a collector (`workstation.network.collector`)
    ROOT/people/            accounts, where sign-in is set up (`workstation.people`)

Files are 0600 and folders 0700: the objects name patients.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from archive.errors import NotStorable, from_os

FILE_MODE, FOLDER_MODE = 0o600, 0o700
SUFFIX = ".dcm"

# Digits and dots, 64 characters at most (PS3.5, 9.1): such a name can be neither a path nor a device.
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_MAX_UID = 64


def is_uid(uid: str) -> bool:
    """Whether `uid` can name an object."""
    return len(uid) <= _MAX_UID and bool(_UID.fullmatch(uid))


def check_uid(uid: str) -> str:
    """`uid` itself where it is one; NotStorable otherwise."""
    if not is_uid(uid):
        raise NotStorable(f"{uid[:80]!r} is not a DICOM UID (digits and dots, at most 64): it cannot name a file.")
    return uid


def is_object_name(relative: str) -> bool:
    """Whether `relative` (posix, below the root) is where an object may lie."""
    parts = PurePosixPath(relative).parts
    if len(parts) != 4 or parts[0] != "studies" or not parts[3].endswith(SUFFIX) or "/".join(parts) != relative:
        return False
    return all(is_uid(u) for u in (parts[1], parts[2], parts[3].removesuffix(SUFFIX)))


class Layout:
    """The paths of the archive below `root` (made absolute)."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.studies = self.root / "studies"
        self.spool = self.root / "spool"
        self.incoming = self.root / "incoming"
        self.scratch = self.root / "scratch"
        self.ledger = self.root / "ledger.jsonl"
        self.index = self.root / "index.sqlite"

    def relative_of(self, study_uid: str, series_uid: str, sop_uid: str) -> str:
        """The object's name below the root, with '/' on every system."""
        return f"studies/{check_uid(study_uid)}/{check_uid(series_uid)}/{check_uid(sop_uid)}{SUFFIX}"

    def absolute_of(self, relative: str) -> Path:
        """The object's path; `relative` comes from `relative_of` or passed `is_object_name`."""
        return self.root / relative

    def prepare(self) -> None:
        """Makes the folders that are missing. Raises ArchiveDenied, ArchiveFull."""
        for folder in (self.studies, self.spool, self.incoming):
            make_folder(folder)

    def files(self) -> Iterator[str]:
        """Every file below studies/, by its name below the root, in order of name; a link to a folder is one."""
        for folder, folders, names in os.walk(self.studies):
            folders.sort()
            above = Path(folder).relative_to(self.root).as_posix()
            for name in sorted([*names, *(name for name in folders if Path(folder, name).is_symlink())]):
                yield f"{above}/{name}"

    def strays(self) -> Iterator[str]:
        """DICOM files (by their suffix) below the root where none is ever stored, by their names below the root.

        Whoever reads the whole folder, as another viewer does, would take them for objects of the archive.
        """
        own = {folder.name for folder in (self.studies, self.spool, self.incoming, self.scratch)}
        for folder, folders, names in os.walk(self.root):
            here = Path(folder)
            folders[:] = sorted(name for name in folders if here != self.root or name not in own)
            for name in sorted(names):
                if name.lower().endswith(SUFFIX):
                    yield (here / name).relative_to(self.root).as_posix()


def make_folder(folder: Path) -> None:
    """Makes `folder` and what is missing above it, 0700, each entry synced to disk. Raises ArchiveError's kinds."""
    missing = []
    try:
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for one in reversed(missing):
            try:
                one.mkdir(FOLDER_MODE)
            except FileExistsError:
                if not one.is_dir():
                    raise
            sync_folder(one.parent)
    except OSError as e:
        raise from_os(e, missing[0] if missing else folder, "make the folder") from e


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Writes all of it where `fd` stands. Raises OSError."""
    piece = memoryview(data)
    while piece:
        piece = piece[os.write(fd, piece) :]


def sync_folder(folder: Path) -> None:
    """Makes the names in `folder` survive a power cut. Windows has no such call; NTFS journals its names itself."""
    if sys.platform != "win32":
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
