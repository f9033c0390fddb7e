"""A camera's own clock, made into nanoseconds.

UVC presentation time stamps count a clock of dwClockFrequency hertz in 32 bits (48 MHz: it wraps each 89 s). The time
of arrival at the host says how many wraps went by, and whether the clock can be believed at all: some cameras state a
frequency that their stamps do not follow. A clock that is more than a tenth fast or slow over three seconds is not used
any more; a wrong time is worse than none.
"""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)

_WRAP = 1 << 32
_JUDGED_AFTER_NS = 3_000_000_000
_RATIO_BELIEVED = (0.9, 1.1)
_STEP_BELIEVED_NS = 2_000_000_000


class DeviceClock:
    """Turns the stamps of one stream, in order, into nanoseconds from the first one."""

    def __init__(self, frequency_hz: int) -> None:
        if frequency_hz <= 0:
            raise ValueError("a clock needs a frequency")
        self._frequency_hz = frequency_hz
        self._last_pts: int | None = None
        self._last_host_ns = 0
        self._ticks = 0
        self._judged_from: tuple[int, int] | None = None  # ticks and host time of the first stamp since the last break
        self._believed = True

    @property
    def believed(self) -> bool:
        """False once the clock ran at another rate than it states."""
        return self._believed

    def time_ns(self, pts: int, host_ns: int) -> int | None:
        """The frame's time on the device's clock, ns; None where the stamp cannot be believed.

        `pts` is the 32-bit stamp, `host_ns` the monotonic time when the frame came.
        """
        if not self._believed:
            return None
        if self._last_pts is None:
            self._last_pts, self._last_host_ns, self._judged_from = pts, host_ns, (0, host_ns)
            return 0
        expected = round((host_ns - self._last_host_ns) * self._frequency_hz / 1_000_000_000)
        step = (pts - self._last_pts) % _WRAP
        step += round((expected - step) / _WRAP) * _WRAP
        self._last_pts, self._last_host_ns = pts, host_ns
        if step <= 0 or abs(self._ns(step - expected)) > _STEP_BELIEVED_NS:
            # The device's clock began anew: go on from where the host's clock says we are.
            self._ticks += max(1, expected)
            self._judged_from = (self._ticks, host_ns)
            return None
        self._ticks += step
        return self._ns(self._ticks) if self._runs_true(host_ns) else None

    def _runs_true(self, host_ns: int) -> bool:
        if self._judged_from is None:
            return True
        ticks, since_ns = self._judged_from
        host_elapsed_ns = host_ns - since_ns
        if host_elapsed_ns < _JUDGED_AFTER_NS:
            return True
        ratio = self._ns(self._ticks - ticks) / host_elapsed_ns
        self._judged_from = None
        if not _RATIO_BELIEVED[0] <= ratio <= _RATIO_BELIEVED[1]:
            self._believed = False
            log.warning(
                "The camera's clock runs at %.2f times the rate that it states; its time stamps are not used.", ratio
            )
        return self._believed

    def _ns(self, ticks: int) -> int:
        return ticks * 1_000_000_000 // self._frequency_hz
