"""Making bytes and names survive a power cut: the few system calls that differ between platforms."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FILE_MODE, FOLDER_MODE = 0o600, 0o700  # pictures of patients are for their owner alone

# Windows translates line ends unless told not to.
_BINARY = getattr(os, "O_BINARY", 0)

Buffer = bytes | memoryview


def open_append(path: Path) -> int:
    """Make the file, which must not exist, and open it so that each write goes to its end."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | _BINARY, FILE_MODE)


def write_all(fd: int, parts: Sequence[Buffer], total: int) -> None:
    """Write the parts, `total` bytes, at the end of the file in one call where the platform can. Raises OSError."""
    if sys.platform == "win32":
        written = os.write(fd, b"".join(parts))
    else:
        written = os.writev(fd, parts)
    while written < total:  # a disk that has just become full takes a part, and says why at the next try
        rest = memoryview(b"".join(parts))[written:]
        written += os.write(fd, rest)


def sync_data(fd: int) -> None:
    """Bring a file's bytes and length to the disk. Raises OSError."""
    if sys.platform == "darwin":
        import fcntl

        # fsync on macOS leaves the bytes in the drive's cache.
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    elif sys.platform == "win32":
        os.fsync(fd)
    else:
        os.fdatasync(fd)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk; Windows has no such call and keeps names in its journal. Raises OSError."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_small(path: Path, text: str) -> None:
    """Write a small text file so that a reader finds the old or the new one, whole, whatever happens. Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, FILE_MODE)
    try:
        data = text.encode()
        write_all(fd, [data], len(data))
        os.fsync(fd)
    finally:
        os.close(fd)
    temporary.replace(path)
    sync_folder(path.parent)


def read_json_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None where there is none, or where the file is damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
