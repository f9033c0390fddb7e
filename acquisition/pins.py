"""What of a stream may go: its bounds, and the pins, ranges that must stay because somebody wants to save them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from acquisition.cine import SpooledFrame
from acquisition.items import ITEM_HEADER_BYTES
from acquisition.limits import SpoolLimits
from acquisition.segment import Segment

TO_THE_END: Final = -1


class Pin:
    """Frames `first` to `last` (indexes in the stream, both included; TO_THE_END: whatever comes) stay until released."""

    def __init__(self, first: int, last: int, on_release: Callable[[Pin], None]) -> None:
        self.first = first
        self.last = last
        self._on_release: Callable[[Pin], None] | None = on_release

    def covers_some(self, frames: Sequence[SpooledFrame]) -> bool:
        """Whether any of these consecutive frames is pinned."""
        return (
            bool(frames)
            and self.first <= frames[-1].index
            and (self.last == TO_THE_END or frames[0].index <= self.last)
        )

    def covers_all(self, frames: Sequence[SpooledFrame]) -> bool:
        """Whether all of these consecutive frames are pinned."""
        return self.first <= frames[0].index and (self.last == TO_THE_END or frames[-1].index <= self.last)

    def release(self) -> None:
        """Let the frames go. Harmless when repeated."""
        told, self._on_release = self._on_release, None
        if told is not None:
            told(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()


def pinned_bytes(segment: Segment, pins: Sequence[Pin]) -> int:
    """The bytes of the segment's items that any pin covers. It is asked while frames come: no frame is looked at."""
    frames = segment.frames
    near = [pin for pin in pins if pin.covers_some(frames)]
    if not near:
        return 0
    if any(pin.covers_all(frames) for pin in near):
        return segment.bytes
    first, last = frames[0].index, frames[-1].index
    spans = sorted((max(pin.first, first), last if pin.last == TO_THE_END else min(pin.last, last)) for pin in near)
    total, counted = 0, first - 1  # the index of the last frame that is in the total
    for begin, end in spans:
        begin = max(begin, counted + 1)
        if begin <= end:
            head, tail = frames[begin - first], frames[end - first]
            total += tail.offset + tail.stored_length - head.offset + ITEM_HEADER_BYTES
            counted = end
    return total


def frames_in(segments: Sequence[Segment], first: int, last: int) -> int:
    """How many of the frames of index `first` to `last` the segments hold."""
    return sum(max(0, min(last, s.frames[-1].index) - max(first, s.frames[0].index) + 1) for s in segments if s.frames)


def unpinned(segments: Sequence[Segment], pins: Sequence[Pin]) -> list[Segment]:
    """The segments, oldest first, that could go: not the one being written, and none with a pinned frame."""
    return [segment for segment in segments[:-1] if not any(pin.covers_some(segment.frames) for pin in pins)]


def out_of_bounds(
    segments: Sequence[Segment], pins: Sequence[Pin], limits: SpoolLimits, next_bytes: int, now_ns: int
) -> list[Segment]:
    """The segments that have to go when one of `next_bytes` begins at `now_ns`: too old, or too much with those after."""
    oldest_ns = now_ns - int(limits.max_age_s * 1e9)
    total = sum(segment.bytes for segment in segments)
    drop: list[Segment] = []
    for segment in unpinned(segments, pins):
        if total + next_bytes > limits.max_bytes or segment.frames[-1].timestamp_ns < oldest_ns:
            drop.append(segment)
            total -= segment.bytes
    return drop
