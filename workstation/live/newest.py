"""What those who look at the live picture need of whoever receives it."""

from __future__ import annotations

from typing import Protocol

from devices.source import Frame


class NewestFrame(Protocol):
    """A source of the newest frame, whoever else looks at it: a recorder, a feed."""

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        """The newest frame and its count, if it is newer than `after`; waits `timeout_s` at most, else None."""
