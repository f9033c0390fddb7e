"""The disk that a power cut leaves (`benchmarks.write_log`): what was flushed is whole, the rest by chance."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from benchmarks.write_log import SECTOR, cut_disk, read_log

DISK_SECTORS = 64


def make_log(path: Path, chance: random.Random, count: int) -> list[tuple[int, bytes, bool]]:
    """A log of random writes and flushes in the format of dm-log-writes, and what stands in it."""
    entries: list[tuple[int, bytes, bool]] = []
    log = struct.pack("<QQQI", 0x6A736677736872, 1, count, SECTOR).ljust(SECTOR, b"\0")
    for number in range(count):
        if chance.random() < 0.2:
            entries.append((0, b"", True))
        else:
            sectors = chance.randint(1, 4)
            entries.append((chance.randrange(DISK_SECTORS - sectors), bytes([number + 1]) * SECTOR * sectors, False))
        sector, data, flush = entries[-1]
        log += struct.pack("<QQQQ", sector, len(data) // SECTOR, int(flush), 0).ljust(SECTOR, b"\0") + data
    path.write_bytes(log + b"\0" * SECTOR)
    return entries


@pytest.mark.parametrize("seed", range(20))
def test_each_sector_holds_what_was_flushed_or_something_written_later(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    entries = make_log(tmp_path / "log", chance, 60)
    log = read_log(tmp_path / "log")
    assert [(bytes(one.data), one.flush) for one in log] == [(data, flush) for _, data, flush in entries]
    end = chance.randint(log[0].begin + 1, log[-1].end)
    (tmp_path / "disk").write_bytes(b"\0" * SECTOR * DISK_SECTORS)
    cut = cut_disk(tmp_path / "disk", log, end, chance)
    flushed = [k for k, one in enumerate(log) if one.flush and one.end <= end]
    last = flushed[-1] if flushed else -1
    begun = [k for k, one in enumerate(log) if one.begin < end]
    assert cut.writes == len(begun) and cut.unflushed == len(begun) - 1 - last
    may: list[set[int]] = [{0} for _ in range(DISK_SECTORS)]  # by sector: the bytes that may stand there
    for k in begun:
        sector, data, _ = entries[k]
        for number in range(sector, sector + len(data) // SECTOR):
            may[number] = {data[0]} if k <= last else may[number] | {data[0]}
    disk = (tmp_path / "disk").read_bytes()
    for number in range(DISK_SECTORS):
        found = set(disk[number * SECTOR : (number + 1) * SECTOR])
        assert len(found) == 1 and found <= may[number], number


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\1" * 4096)
    with pytest.raises(ValueError, match="no log"):
        read_log(tmp_path / "log")
