"""Files that are being written: each in ROOT/incoming, locked by its writer until it has its place or is removed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from archive.layout import FILE_MODE
from archive.lock import is_abandoned, try_lock

_BINARY = getattr(os, "O_BINARY", 0)
SUFFIX = ".part"


class Incoming:
    """One such file. `fd` is open for reading and writing until `release`."""

    def __init__(self, folder: Path, sop_instance_uid: str) -> None:
        """Makes and locks it. Raises OSError."""
        while True:
            self.path = folder / f"{sop_instance_uid}-{secrets.token_hex(6)}{SUFFIX}"
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, FILE_MODE)
            # Between open and lock another program's clearing may have taken it for a leftover.
            if try_lock(self.fd) and self.path.exists():
                return
            os.close(self.fd)

    def release(self) -> None:
        """Closes the file and so drops its lock; twice is once."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def remove(self) -> None:
        """Throws the file away."""
        self.release()
        self.path.unlink(missing_ok=True)


def leftovers(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files whose writer is gone, with the SOP Instance UID that their name begins with."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if is_abandoned(path):
            yield path.name.partition("-")[0], path
