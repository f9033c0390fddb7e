"""What can go wrong with keeping frames, as one tree.

    AcquisitionError
    ├── SpoolDenied      the spool's folder cannot be written
    ├── SpoolFull        the disk is full, or so nearly that what is to be kept could no longer be saved
    ├── SpoolFailed      the disk refused to write or to sync: what it holds can no longer be promised
    ├── SpoolBusy        another program, or another part of this one, has the stream
    ├── FramesGone       the frames asked for are no longer (or not yet) in the spool
    └── NoFrameYet       a still was asked for before the first picture came

Each message is one sentence for a person: what, where, and what to do.
"""

from __future__ import annotations

import errno
from pathlib import Path


class AcquisitionError(Exception):
    """The base of all that can go wrong between a device's frames and the spool."""


class SpoolDenied(AcquisitionError):
    """The folder of the spool cannot be made or written."""


class SpoolFull(AcquisitionError):
    """There is no room for another frame, or only the room that saving needs. `reason` is the sentence for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SpoolFailed(AcquisitionError):
    """Writing or syncing failed for another reason than room: the frames since the last sync may be lost."""


class SpoolBusy(AcquisitionError):
    """The stream has a living owner."""


class FramesGone(AcquisitionError):
    """The spool's bounds have dropped these frames, or they were never there."""


class NoFrameYet(AcquisitionError):
    """No whole picture has come yet."""


def from_os(error: OSError, path: Path) -> AcquisitionError:
    """The error of this room for an operating system's error at `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SpoolFull(f"The disk of {path} is full: free some room, then record again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT):
        why = error.strerror or "access denied"
        return SpoolDenied(
            f"The recording folder {path} cannot be written ({why}): choose another, or ask who owns it."
        )
    return SpoolFailed(
        f"The disk of {path} failed ({error.strerror or error}): save what you have, and use another disk."
    )
