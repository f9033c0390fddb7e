"""What a program brings to the disk, and in which order: no test can cut the power, but each can look at the calls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest


class DiskCalls:
    """Writes, syncs and renames as they were called, by file: `("sync", path)`, `("write", path)`, `("rename", target)`.

    The calls are the system's own; they are only noted. Linux (it asks /proc for a descriptor's file).
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, Path]] = []
        for name, what in (
            ("fsync", "sync"), ("fdatasync", "sync"), ("write", "write"), ("writev", "write"),
            ("rename", "rename"), ("replace", "rename"),
        ):  # fmt: skip
            patch.setattr(os, name, self._noted(getattr(os, name), what))

    def _noted(self, call: Any, what: str) -> Any:
        def noted(first: Any, *others: Any, **named: Any) -> Any:
            done = call(first, *others, **named)
            at = others[0] if what == "rename" else os.readlink(f"/proc/self/fd/{first}")
            self.made.append((what, Path(os.fspath(at))))
            return done

        return noted

    def of(self, what: str) -> list[Path]:
        """The files of one kind of call, in order."""
        return [path for kind, path in self.made if kind == what]

    def place(self, what: str, path: Path) -> int:
        """Where the last such call for the file stands; ValueError where there is none."""
        return len(self.made) - 1 - self.made[::-1].index((what, path))
