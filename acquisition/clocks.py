"""The frames' clock (`time.monotonic`) and the wall clock: a sleep of the machine, or a hand that sets it, parts the two.

A run knows both at one moment, its beginning, and tells the hour of each frame from that.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Final, Literal

_SLEPT_NS: Final = 2_000_000_000  # far more than lies between two readings of clocks on a busy machine
_SET_NS: Final = 500_000_000  # time servers that turn a clock slowly turn it by 0.5 ms a second; what is set jumps
_TOGETHER_NS: Final = 10_000_000  # readings further apart than this were interrupted
_TRIES: Final = 5


def asleep_ns() -> int:
    """Nanoseconds that this machine has been suspended since it started; 0 where the system does not tell (Windows).

    Linux: CLOCK_BOOTTIME goes on while the machine is suspended (clock_gettime(2)); macOS: CLOCK_MONOTONIC does, and
    `time.monotonic` is the clock that stands.
    """
    if sys.platform == "linux":
        going_on_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        going_on_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    else:
        return 0
    return going_on_ns - time.monotonic_ns()


@dataclass(frozen=True, slots=True)
class Parted:
    """Why the hour of a run's frames would be wrong from here on. `note` is a sentence about what follows."""

    why: Literal["suspended", "clock-set"]
    note: str


class ClockWatch:
    """Watches over one run whether its two clocks still run side by side. Look at each frame."""

    def __init__(self) -> None:
        self._asleep_ns, self._ahead_ns = _both()
        self._seen_ns = time.monotonic_ns()
        self._since_ns = 0
        self._parted: Parted | None = None

    def parted_before(self, timestamp_ns: int) -> Parted | None:
        """What has happened since the run began, where a frame of this time was taken behind it; else None."""
        slept_ns, ahead_ns = _both()
        by_ns = ahead_ns - self._ahead_ns
        if self._parted is None:
            if slept_ns - self._asleep_ns > _SLEPT_NS:
                self._parted = Parted("suspended", "This recording began anew because the computer had slept.")
            elif abs(by_ns) > _SET_NS:
                way = "forward" if by_ns > 0 else "back"
                self._parted = Parted(
                    "clock-set",
                    f"This recording began anew because the computer's clock was set {way} by {abs(by_ns) / 1e9:.1f} s: "
                    "what was recorded before tells the hour by the clock as it was.",
                )
            self._since_ns = self._seen_ns
        self._ahead_ns = ahead_ns
        self._seen_ns = time.monotonic_ns()
        return self._parted if timestamp_ns > self._since_ns else None


def _both() -> tuple[int, int]:
    """How long the machine has slept, and how far the wall clock is ahead of the one that goes on meanwhile; ns."""
    slept_ns = ahead_ns = 0
    for _ in range(_TRIES):
        slept_ns, before_ns = asleep_ns(), time.monotonic_ns()
        wall_ns = time.time_ns()
        after_ns = time.monotonic_ns()
        ahead_ns = wall_ns - after_ns - slept_ns
        if after_ns - before_ns < _TOGETHER_NS and abs(asleep_ns() - slept_ns) < _TOGETHER_NS:
            break
    return slept_ns, ahead_ns
