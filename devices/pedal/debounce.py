"""A contact that bounces, made into one that does not."""

from __future__ import annotations


class Debounce:
    """Accepts a change once it has lasted `stable_ns`; `value` is the last accepted state."""

    def __init__(self, value: bool, stable_ns: int) -> None:
        self.value = value
        self._stable_ns = stable_ns
        self._edge_ns: int | None = None  # the first sight of the other state, while it lasts
        self._first_ns: int | None = None  # the first edge of this burst of bouncing

    def add(self, value: bool, at_ns: int) -> int | None:
        """Take one sample; the time of the first edge when a change is accepted by it, otherwise None."""
        if value == self.value:
            self._edge_ns = None
            if self._first_ns is not None and at_ns - self._first_ns >= self._stable_ns:
                self._first_ns = None  # it was a glitch, and it is over
            return None
        if self._edge_ns is None:
            self._edge_ns = at_ns
            if self._first_ns is None:
                self._first_ns = at_ns
        if at_ns - self._edge_ns < self._stable_ns:
            return None
        first_ns = self._first_ns
        self.value, self._edge_ns, self._first_ns = value, None, None
        return first_ns
