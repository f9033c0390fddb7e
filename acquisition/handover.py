"""From the grab loop to the disk: a queue with a bound in bytes.

The bound is the memory that a slow disk may cost. When it is reached a live device's frames are let go and counted; a
file's are waited for, since a file loses nothing by waiting.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class HandOver(Generic[T]):
    """First in, first out; any thread puts, one takes."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self._items: deque[tuple[T, int]] = deque()
        self._bytes = 0
        self._taken_not_done = False
        self._put = self._done = 0  # how many items so far
        self._closed = False
        self._change = threading.Condition()

    @property
    def bytes(self) -> int:
        """What waits, in bytes."""
        return self._bytes

    def put(self, item: T, size: int = 0, *, wait_s: float = 0.0) -> bool:
        """Add an item of `size` bytes; False where there is no room, after waiting `wait_s`. Size 0 is always taken."""
        with self._change:
            if size and self._bytes and self._bytes + size > self.limit_bytes:
                room = wait_s > 0 and self._change.wait_for(
                    lambda: self._closed or not self._bytes or self._bytes + size <= self.limit_bytes, wait_s
                )
                if not room:
                    return False
            self._items.append((item, size))
            self._bytes += size
            self._put += 1
            if len(self._items) == 1:
                self._change.notify_all()
            return True

    def take(self, timeout_s: float) -> T | None:
        """The next item, None where none came in time or the queue is closed and empty. The item before it is done."""
        with self._change:
            if self._taken_not_done:
                self._taken_not_done = False
                self._done += 1
                self._change.notify_all()
            if not self._items and not self._closed:
                self._change.wait_for(lambda: self._items or self._closed, timeout_s)
            if not self._items:
                return None
            item, size = self._items.popleft()
            self._bytes -= size
            self._taken_not_done = True
            return item

    @property
    def drained(self) -> bool:
        """Whether it is closed and nothing more will come out."""
        return self._closed and not self._items

    def wait_until_done(self, timeout_s: float) -> bool:
        """Wait until all that was put before this call is done with, whatever comes meanwhile; False if it took too long."""
        with self._change:
            put = self._put
            return self._change.wait_for(lambda: self._done >= put, timeout_s)

    def close(self) -> None:
        """Nothing more will be put; what waits may still be taken."""
        with self._change:
            self._closed = True
            self._change.notify_all()
