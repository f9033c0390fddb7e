"""A folder for what is made on the way to an object (raw frames being encoded), on the archive's own disk.

Each lies in ROOT/scratch with a locked file in it; what a crash left is removed when the next one is made.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.layout import FILE_MODE, make_folder
from archive.lock import is_abandoned, try_lock

_HELD = "held"


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A new folder below `parent`, removed with all in it at the end. Raises OSError."""
    make_folder(parent)
    _remove_leftovers(parent)
    folder = Path(tempfile.mkdtemp(prefix="encode-", dir=parent))
    fd = os.open(folder / _HELD, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        try_lock(fd)
        yield folder
    finally:
        os.close(fd)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(parent: Path) -> None:
    for held in parent.glob(f"encode-*/{_HELD}"):
        if is_abandoned(held):
            shutil.rmtree(held.parent, ignore_errors=True)
