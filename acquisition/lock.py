"""Telling whether a stream has a living owner: an advisory lock that ends with its process, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from acquisition.durable import FILE_MODE


class OwnerLock:
    """The lock file of one stream, `ROOT/<stream_id>.lock`.

    It lies beside the stream's folder, so that it can be held before the folder is there and until it is gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._fd is not None

    def acquire(self) -> bool:
        """Take the lock; False where somebody else (in this process too) has it. Raises OSError."""
        if self._fd is not None:
            return True
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            locked = _lock(fd)
            current = locked and _is_at(fd, self.path)
        except OSError:  # a file system without locks
            os.close(fd)
            raise
        if not current:
            os.close(fd)
            # Locked and not there: its last owner removed the file between our open and our lock.
            return self.acquire() if locked else False
        self._fd = fd
        return True

    def release(self, *, remove: bool = False) -> None:
        """Give the lock back, and remove its file where told to (the stream is gone). Harmless when not held."""
        if self._fd is None:
            return
        if remove and sys.platform != "win32":
            self.path.unlink(missing_ok=True)
        os.close(self._fd)
        self._fd = None
        if remove and sys.platform == "win32":  # an open file cannot be removed there
            self.path.unlink(missing_ok=True)


def _is_at(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> bool:
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
