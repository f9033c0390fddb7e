"""How much a spool keeps, how often it is made durable, and how much room it leaves for saving."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class SpoolLimits:
    """Bounds of one stream on disk.

    What is older than `max_age_s` or makes the stream larger than `max_bytes` goes, whole segments at a time and never
    what is pinned. A segment ends at `segment_bytes`, or earlier where that would make the bounds coarser than a
    quarter (bytes) or an eighth (age). Frames are on the disk at most `sync_interval_s` after they came, as far as the
    disk can keep up. `reserve_bytes` stays free beside the room that saving the pinned frames needs; on a small file
    system it is an eighth of it at most.
    """

    max_age_s: float = 600.0
    max_bytes: int = 8192 * MIB
    segment_bytes: int = 256 * MIB
    sync_interval_s: float = 0.25
    reserve_bytes: int = 16 * MIB

    def __post_init__(self) -> None:
        if min(self.max_age_s, self.max_bytes, self.segment_bytes, self.sync_interval_s) <= 0 or self.reserve_bytes < 0:
            raise ValueError("the bounds of a spool are above zero")

    @property
    def segment_limit_bytes(self) -> int:
        """Bytes after which a new segment begins."""
        return max(1, min(self.segment_bytes, self.max_bytes // 4))

    @property
    def segment_limit_ns(self) -> int:
        """Time span in ns after which a new segment begins."""
        return max(1, int(self.max_age_s * 1e9 / 8))

    def reserve_of(self, disk_bytes: int) -> int:
        """The room in bytes that stays free on a file system of `disk_bytes`."""
        return min(self.reserve_bytes, disk_bytes // 8)
