"""What can go wrong with an archive, as one tree. Each error is one sentence for the user: what, where, what to do.

ArchiveError
├── ArchiveDenied      the folder cannot be made, read or written
├── ArchiveFull        no room left on the disk
├── NotFound           no archive, study or object of that name
├── AlreadyStored      another object has that SOP Instance UID
├── UnderHold          a study may not be removed: somebody holds it
├── NotStorable        what was handed in is no DICOM file, or not the one it says, or its source is gone
│   └── SourceHarmed   the disk gives back other frames than were recorded on it
└── ProofUnreadable    a text is no checkpoint, proof or public key
"""

from __future__ import annotations

import errno
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


class ArchiveError(Exception):
    """Any failure of the archive."""


class ArchiveDenied(ArchiveError):
    """The archive's folder cannot be made, read or written."""


class ArchiveFull(ArchiveError):
    """The disk has no room for the object; nothing of it was kept, and nothing stored was touched."""


class NotFound(ArchiveError):
    """There is no archive, study or object of that name."""


class AlreadyStored(ArchiveError):
    """The SOP Instance UID is taken by an object with other bytes. Nothing stored is ever overwritten."""


class UnderHold(ArchiveError):
    """The study is under legal hold: nothing of it may be removed, and a second hold or none changes nothing."""


class NotStorable(ArchiveError):
    """The object is not what it says it is, or its bytes cannot be read any more."""


class SourceHarmed(NotStorable):
    """What lies in the spool is not what was recorded, or cannot be read: what is whole of it may still be stored."""


class ProofUnreadable(ArchiveError):
    """A text is no checkpoint, no proof or no public key of the forms that `archive.checkpoint` names."""


def is_denial(error: OSError) -> bool:
    """Whether the system refused the access (and not, say, ran out of room)."""
    return error.errno in _DENIED


def from_os(error: OSError, path: Path, doing: str) -> ArchiveError:
    """The archive's own error for `error`, met at `path` while `doing` something ('write', 'read')."""
    if error.errno in _FULL:
        return ArchiveFull(
            f"The disk of {path} is full: free some room there and save again; nothing stored was harmed."
        )
    reason = error.strerror or str(error)
    if is_denial(error):
        return ArchiveDenied(f"Cannot {doing} {path} ({reason}): check its permissions or choose another folder.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG):
        return ArchiveDenied(f"Cannot {doing} {path} ({reason}): choose a folder for the archive.")
    return ArchiveError(f"Cannot {doing} {path} ({reason}): check the disk and try again.")
