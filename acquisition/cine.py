"""Clips and stills: ranges of what the spool keeps, not copies of it.

The spool's data files hold each frame as one DICOM item (FFFE,E000, 32-bit length, payload, pad byte where the length is
odd), so a clip is a few byte ranges of files that are already on disk, and saving it is a matter for the kernel.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from xxhash import xxh3_64_intdigest

from acquisition.items import ITEM_HEADER_BYTES, ItemCheck
from devices.source import DeviceInfo, PixelFormat

GapKind = Literal["sequence", "time", "corrupt", "unplugged"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Frames that are not in the record, and where.

    `after_frame` is the index (from 0, in the saved frames of its run) of the frame before the gap, -1 where it comes
    before the first; `at_s` is the time since the first frame; `missing` is exact for 'sequence' and 'corrupt', an
    estimate for 'time', and 0 for 'unplugged' (nobody can tell).
    """

    kind: GapKind
    after_frame: int
    at_s: float
    missing: int

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "after_frame": self.after_frame,
            "at_s": round(self.at_s, 6),
            "missing": self.missing,
        }


@dataclass(frozen=True, slots=True)
class FileRange:
    """`length` bytes of a file from `offset`."""

    path: Path
    offset: int
    length: int

    def check(self) -> Callable[[memoryview], str] | None:
        """What the range's bytes have to be shown to, in order, while they are read; None where nothing is known of them.

        It answers with a sentence for the user where they are not what they were, else with an empty one.
        """
        return None


class SpooledFrame(NamedTuple):
    """One frame in the spool: where its payload lies and what is known of it.

    `offset` is that of the payload (the DICOM item's header lies 8 bytes before it); `length` is the payload without the
    pad byte. `checksum` is XXH3-64 of the payload. `inserted_tables` tells that the standard Huffman tables (420 bytes)
    were put in before the scan; `trailing_bytes` how many bytes behind EOI were cut off; `raw_checksum` is XXH3-64 of
    what the device sent before either. `lost_before` counts the frames that this program had to let go just before this
    one, because the disk was too slow, where the device itself does not number its frames.
    """

    index: int  # type: ignore[assignment]  # the tuple's own method of this name is not missed
    timestamp_ns: int
    path: Path
    offset: int
    length: int
    checksum: int
    sequence: int | None = None
    device_pts_ns: int | None = None
    corrupt: bool = False
    inserted_tables: bool = False
    trailing_bytes: int = 0
    raw_checksum: int = 0
    lost_before: int = 0

    @property
    def stored_length(self) -> int:
        """Bytes of the payload with its pad byte."""
        return self.length + (self.length & 1)

    def follows(self, other: SpooledFrame) -> bool:
        """Whether this frame's item lies right behind the other's, in the same file."""
        return self.path == other.path and self.offset - ITEM_HEADER_BYTES == other.offset + other.stored_length

    def read(self) -> bytes:
        """The payload, without pad byte, as it lies on the disk. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.length)

    def is_payload(self, data: bytes) -> bool:
        """Whether these bytes are the payload that was spooled."""
        return xxh3_64_intdigest(data) == self.checksum

    def lies_unharmed(self) -> bool:
        """Whether the disk gives back what was spooled."""
        try:
            return self.is_payload(self.read())
        except OSError:
            return False


def harm_in(frame: SpooledFrame) -> str:
    """What to tell whoever wants to save a frame that the disk does not give back as it was."""
    return (
        f"Picture {frame.index + 1} of the recording {frame.path.parent} is not what was recorded: the disk has lost or "
        "changed it, and nothing of this clip was saved. Close this program and run 'sonofill recover --save', which saves "
        "each picture that is whole; use another disk."
    )


@dataclass(frozen=True, slots=True)
class SpooledItems(FileRange):
    """The range that these frames' items fill, headers and pad bytes included."""

    frames: tuple[SpooledFrame, ...] = field(repr=False)

    @classmethod
    def of(cls, frames: Sequence[SpooledFrame]) -> SpooledItems:
        """The range of frames of which each follows the one before."""
        first, last = frames[0], frames[-1]
        begin = first.offset - ITEM_HEADER_BYTES
        return cls(first.path, begin, last.offset + last.stored_length - begin, tuple(frames))

    def check(self) -> Callable[[memoryview], str]:
        """The items' bytes against the frames' checksums."""
        items = ItemCheck((frame.length, frame.checksum) for frame in self.frames)

        def told(piece: memoryview) -> str:
            number = items.update(piece)
            if number is None:
                return ""
            return harm_in(self.frames[number])

        return told


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """What holds for every frame of a stream.

    `utc_ns` and `monotonic_ns` are one moment on both clocks (UTC since the epoch; the frames' clock). `note` is a sentence
    for whoever reads the record, where there is something to tell of why the stream begins here.
    """

    stream_id: str
    device: DeviceInfo
    pixel_format: PixelFormat
    width: int
    height: int
    nominal_fps: float
    utc_ns: int
    monotonic_ns: int
    note: str = ""

    def utc_of(self, timestamp_ns: int) -> datetime:
        """The wall-clock time (UTC) of a time stamp of this stream."""
        at_us = (self.utc_ns + timestamp_ns - self.monotonic_ns) // 1000
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)


@dataclass(frozen=True, slots=True)
class Clip:
    """Consecutive whole frames of one unbroken run (a still is a clip of one frame). Never empty."""

    stream: StreamDescription
    frames: Sequence[SpooledFrame] = field(repr=False)
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        if not self.frames:
            raise ValueError("a clip has at least one frame")

    @property
    def started_at(self) -> datetime:
        """When the first frame was taken (UTC)."""
        return self.stream.utc_of(self.frames[0].timestamp_ns)

    @property
    def timestamps_ns(self) -> list[int]:
        """The frames' times on the monotonic clock."""
        return [f.timestamp_ns for f in self.frames]

    @property
    def duration_s(self) -> float:
        """From the first frame's time to the last one's, plus the usual interval, because the last frame is shown too.

        The usual interval is the median: a pause inside the clip does not make its last frame longer.
        """
        times = self.timestamps_ns
        if len(times) == 1:
            return 1 / self.stream.nominal_fps if self.stream.nominal_fps else 0.0
        usual_ns = statistics.median(b - a for a, b in pairwise(times))
        return (times[-1] - times[0] + usual_ns) / 1e9

    def payload(self, index: int) -> bytes:
        """The bytes of frame `index` (from 0), without pad byte. Raises OSError."""
        return self.frames[index].read()

    def still(self, index: int) -> Clip:
        """Frame `index` (from 0) alone."""
        return Clip(self.stream, self.frames[index : index + 1])

    def piece(self, start: int, stop: int) -> Clip:
        """Frames `start` (from 0) to `stop` (exclusive) with the gaps among them; one behind its last frame is its own.

        So the pieces of a clip, end to end, hold each frame and each gap once.
        """
        began_ns = self.frames[0].timestamp_ns
        shift_s = (self.frames[start].timestamp_ns - began_ns) / 1e9
        gaps = tuple(
            replace(gap, after_frame=gap.after_frame - start, at_s=gap.at_s - shift_s)
            for gap in self.gaps
            if start <= gap.after_frame < stop or (start == 0 and gap.after_frame < 0)
        )
        return Clip(self.stream, self.frames[start:stop], gaps)

    def item_ranges(self) -> list[SpooledItems]:
        """The frames' DICOM items, headers and pad bytes included, as few byte ranges as they lie in."""
        ranges: list[SpooledItems] = []
        together: list[SpooledFrame] = []
        for frame in self.frames:
            if together and not frame.follows(together[-1]):
                ranges.append(SpooledItems.of(together))
                together = []
            together.append(frame)
        ranges.append(SpooledItems.of(together))
        return ranges
