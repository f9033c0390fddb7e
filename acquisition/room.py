"""Stopping while there is still room to save: how much of the disk a recording may take."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from acquisition.errors import SpoolFull
from acquisition.limits import MIB, SpoolLimits

_CHECK_BYTES: Final = 16 * MIB


class Room:
    """Watches the free room of the disk that a stream lies on.

    The disk is asked now and then only: at most a quarter of the room there was is written in between, so that small
    file systems are watched as well as large ones.
    """

    def __init__(self, folder: Path, limits: SpoolLimits) -> None:
        self._folder = folder
        self._limits = limits
        self._check_in = 0

    def look_again(self) -> None:
        """Ask the disk before the next frame: more is to be kept than before."""
        self._check_in = 0

    def freed(self, count: int) -> None:
        """So many bytes were given back; some file systems say so only seconds later, so a part is taken on trust."""
        self._check_in = count // 4

    def segment_bytes(self) -> int:
        """How large a segment may be here: an eighth of the room there is, so that old ones can make room for new ones."""
        return min(self._limits.segment_limit_bytes, max(MIB, shutil.disk_usage(self._folder).free // 8))

    def check(self, coming_bytes: int, pinned_bytes: Callable[[], int]) -> None:
        """Raise SpoolFull where, after a frame of `coming_bytes`, what is pinned could no longer be saved."""
        self._check_in -= coming_bytes
        if self._check_in > 0:
            return
        usage = shutil.disk_usage(self._folder)
        needed = pinned_bytes() + self._limits.reserve_of(usage.total)
        spare = usage.free - needed - 2 * coming_bytes  # this frame and, where it is pinned, its copy
        if spare < 0:
            raise SpoolFull(
                f"The disk of {self._folder.parent} is nearly full ({usage.free / 1e6:.0f} MB free, and saving what is to "
                f"be kept needs {needed / 1e6:.0f} MB): recording stopped; save it, free some room, then record again."
            )
        self._check_in = min(_CHECK_BYTES, spare // 4)
