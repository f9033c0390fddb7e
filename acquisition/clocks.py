"""How long the machine has slept: meanwhile the frames' clock (`time.monotonic`) stands, and the wall clock goes on."""

from __future__ import annotations

import sys
import time


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
