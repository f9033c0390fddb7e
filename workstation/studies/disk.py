"""What the operating system tells of the disk on which an archive lies, and of who may read it. No Qt."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

_MOST: Final = 20  #: files told; more is the same advice
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_DEEPEST: Final = 8  #: devices on devices: LVM on RAID on LUKS is three


def open_to_others(archive: Path) -> list[Path]:
    """What of an archive other users may read or write: its folder and what lies right below, then its objects.

    Empty where the archive's own folder lets nobody in, for then nobody comes to what lies in it. Windows has other means:
    empty there.
    """
    if os.name != "posix" or not archive.is_dir() or not archive.stat().st_mode & _OTHERS:
        return []
    found = [archive]
    for path in archive.rglob("*"):
        try:
            mode = path.lstat().st_mode
        except OSError:
            continue  # gone meanwhile
        if not stat.S_ISLNK(mode) and mode & _OTHERS:
            found.append(path)
            if len(found) >= _MOST:
                break
    return found


def encryption_of(folder: Path, system: Path = Path("/")) -> bool | None:
    """Whether the disk below a folder is encrypted by the system (dm-crypt, LUKS); None where that cannot be told.

    Network drives, containers' layers, ZFS and other systems than Linux cannot be told. `system` is where /sys lies.
    """
    if sys.platform != "linux":
        return None
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    number = there.stat().st_dev
    device = system / "sys" / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}"
    return _is_encrypted(device, _DEEPEST) if device.exists() else None


def _is_encrypted(device: Path, deepest: int) -> bool:
    """Whether a block device is a dm-crypt one, or all those are on which it stands."""
    try:
        kind = (device / "dm" / "uuid").read_text(encoding="ascii", errors="replace")
    except OSError:
        kind = ""
    if kind.startswith("CRYPT-"):
        return True
    try:
        below = sorted((device / "slaves").iterdir())
    except OSError:
        below = []
    return bool(below) and deepest > 0 and all(_is_encrypted(one.resolve(), deepest - 1) for one in below)
