"""Locks on open files, which the system drops when their program dies: how two programs share one archive.

POSIX: flock, which belongs to the open file, so two threads that each open it exclude each other too.
Windows: one byte far behind the end of the file, by msvcrt.locking; nobody has tried it yet.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
    import time

    _FAR = 0x7FFF0000  # locks on Windows hold readers off; nobody reads there

    def try_lock(fd: int) -> bool:
        """Takes the lock if it is free. Returns whether it did."""
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def lock(fd: int) -> None:
        """Waits for the lock. It is dropped when the file is closed."""
        while not try_lock(fd):
            time.sleep(0.01)

else:
    import fcntl

    def try_lock(fd: int) -> bool:
        """Takes the lock if it is free. Returns whether it did."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def lock(fd: int) -> None:
        """Waits for the lock. It is dropped when the file is closed."""
        fcntl.flock(fd, fcntl.LOCK_EX)


def is_abandoned(path: Path) -> bool:
    """Whether nobody holds the lock of a file that its writer holds as long as it lives; False where it is gone already."""
    try:
        fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return False  # its writer has just finished
    try:
        return try_lock(fd)
    finally:
        os.close(fd)
