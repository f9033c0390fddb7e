"""What a stream holds, as its writer remembers it: segments, the frames in them, and what somebody has pinned of them.

Any thread may ask: the lock is never held across a call that may wait for the disk. A segment is forgotten in here first and
taken off the disk then, so that nobody pins, or cuts a clip from, what is about to go.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from acquisition.cine import SpooledFrame
from acquisition.errors import FramesGone
from acquisition.limits import SpoolLimits
from acquisition.pins import TO_THE_END, Pin, frames_in, out_of_bounds, pinned_bytes, unpinned
from acquisition.segment import Segment


class Due(NamedTuple):
    """What a sync has to bring to the disk."""

    upto: int  #: frames stored before it was asked
    pins: tuple[tuple[int, int], ...] | None  #: all pins, where they have changed since the last sync
    retired: list[Segment]  #: full ones, to be closed then
    current: list[Segment]  #: the one being written, or none

    @property
    def segments(self) -> list[Segment]:
        """All of them, oldest first."""
        return [*self.retired, *self.current]


class Contents:
    """One thread adds; the rest may be called from any."""

    def __init__(self, stream_id: str, limits: SpoolLimits, segment_bytes: int) -> None:
        self._stream_id = stream_id
        self._limits = limits
        self._segment_bytes = segment_bytes
        self._lock = threading.Lock()
        self._segments: list[Segment] = []
        self._retired: list[Segment] = []  # full, to be synced and closed
        self._forgotten: list[Segment] = []  # of a stream that is about to be discarded
        self._pins: list[Pin] = []
        self._pins_changed = False
        #: How many frames were added since the beginning, those included that are forgotten.
        self.added = 0

    # Adding

    @property
    def current(self) -> Segment:
        """The segment being written."""
        return self._segments[-1]

    def begin(self, segment: Segment) -> None:
        """Frames go into this one from now on; the one before is full."""
        with self._lock:
            self._retired += self._segments[-1:]
            self._segments.append(segment)

    def add(self, segment: Segment, frame: SpooledFrame) -> None:
        """The frame is written, into the current segment."""
        with self._lock:
            segment.frames.append(frame)
            self.added += 1

    # Reading

    @property
    def frames(self) -> list[SpooledFrame]:
        """All frames that are here now, oldest first."""
        with self._lock:
            return [frame for segment in self._segments for frame in segment.frames]

    @property
    def latest(self) -> SpooledFrame | None:
        """The frame added last; None where there is none."""
        with self._lock:
            return next((segment.frames[-1] for segment in reversed(self._segments) if segment.frames), None)

    @property
    def bytes(self) -> int:
        """What all segments take on the disk, in bytes."""
        with self._lock:
            return sum(segment.bytes for segment in self._segments)

    # Keeping

    def pin(self, first: int, last: int) -> Pin:
        """See `SpoolWriter.pin`."""
        pin = Pin(first, last, self.unpin)
        with self._lock:
            if (first, last) != (0, TO_THE_END):
                end = self.added - 1 if last == TO_THE_END else last
                if frames_in(self._segments, first, end) != end - first + 1:
                    raise FramesGone(f"Frames {first} to {end} are not in the stream {self._stream_id}.")
            self._pins.append(pin)
            self._pins_changed = True
        return pin

    def unpin(self, pin: Pin) -> None:
        """Let a pin's frames go. Harmless when repeated."""
        with self._lock:
            if pin in self._pins:
                self._pins.remove(pin)
                self._pins_changed = True

    @property
    def pinned(self) -> bool:
        """Whether anybody keeps frames of this stream."""
        return bool(self._pins)

    @property
    def pinned_bytes(self) -> int:
        """What saving all pinned frames would take, in bytes."""
        with self._lock:
            return sum(pinned_bytes(segment, self._pins) for segment in self._segments)

    # Forgetting: what is given back has to be taken off the disk

    def forget_old(self, now_ns: int) -> list[Segment]:
        """The segments that the bounds no longer cover, oldest first, and never what is pinned."""
        with self._lock:
            return self._forget(out_of_bounds(self._segments, self._pins, self._limits, self._segment_bytes, now_ns))

    def forget_oldest(self) -> list[Segment]:
        """The oldest segment that nobody has pinned, or none."""
        with self._lock:
            return self._forget(unpinned(self._segments, self._pins)[:1])

    def forget_unless_pinned(self) -> bool:
        """All of it, to be discarded; False where somebody has pinned frames, and then it all stays."""
        with self._lock:
            if self._pins:
                return False
            self._forgotten += [*self._segments, *self._retired]
            self._segments, self._retired = [], []
        return True

    def forget(self) -> None:
        """All of it, pinned or not: whoever cuts a clip just now finds none, or finds its files."""
        with self._lock:
            self._segments, self._retired = [], []

    def _forget(self, drop: list[Segment]) -> list[Segment]:
        self._segments = [segment for segment in self._segments if segment not in drop]
        self._retired = [segment for segment in self._retired if segment not in drop]
        return drop

    # Syncing and closing

    def due(self) -> Due:
        """What a sync that begins now has to do."""
        with self._lock:
            pins = tuple((pin.first, pin.last) for pin in self._pins) if self._pins_changed else None
            self._pins_changed = False
            return Due(self.added, pins, list(self._retired), self._segments[-1:])

    def state_is_due(self) -> None:
        """The next sync writes the pins down, changed or not."""
        with self._lock:
            self._pins_changed = True

    def synced(self, due: Due) -> None:
        """What was due is on the disk; the full segments are closed."""
        with self._lock:
            self._retired = [segment for segment in self._retired if segment not in due.retired]
        for segment in due.retired:
            segment.close()

    def close(self) -> None:
        """Give all files back."""
        with self._lock:
            for segment in (*self._segments, *self._retired, *self._forgotten):
                segment.close()
