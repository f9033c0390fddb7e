"""The frames' true times as the standard keeps them, and where a clip has to be parted for it.

The frame time vector holds decimal strings, and an element of them ends at 65534 characters: at 30 frames a second after
about seven minutes, at 60 after nearly four. A longer clip becomes several instances, parted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

import numpy as np

LONGEST_VECTOR_CHARACTERS: Final = 65534
_TICK_NS: Final = 100_000  #: times are kept in steps of 0.1 ms


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """The time vector of one instance: `increments_ms` as decimal strings, the first '0', one for each frame."""

    increments_ms: tuple[str, ...]
    mended: int  #: frames whose time stamp lay before the one of the frame before them

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return sum(round(float(step) * 10) for step in self.increments_ms) / 1e4


def frame_times(timestamps_ns: Sequence[int]) -> FrameTimes:
    """The vector of these times. Each time is rounded by itself, so that the rounding of intervals does not add up.

    A time before its predecessor's is taken as equal to it, and counted in `mended`: the vector cannot run backwards.
    """
    times = np.asarray(timestamps_ns, np.int64)
    rising = np.maximum.accumulate(times)
    ticks = (rising - rising[0] + _TICK_NS // 2) // _TICK_NS
    steps = np.diff(ticks, prepend=ticks[0]).tolist()
    return FrameTimes(
        tuple(f"{s // 10}.{s % 10}" if s % 10 else f"{s // 10}" for s in steps), int((np.diff(times) < 0).sum())
    )


def parts(timestamps_ns: Sequence[int], longest_characters: int = LONGEST_VECTOR_CHARACTERS) -> list[slice]:
    """The frames of each instance that a clip with these times needs; one slice where it fits into one."""
    found: list[slice] = []
    start, used = 0, 0
    steps = frame_times(timestamps_ns).increments_ms
    for index in range(len(steps)):
        # The first increment of an instance is '0'. Rounding from another first frame may move a tick by one, so that an
        # increment can be two characters longer than here ('33' and '33.1').
        need = 1 if index == start else 1 + max(len(steps[index]), len(steps[index].partition(".")[0]) + 2)
        if used + need > longest_characters:
            found.append(slice(start, index))
            start, need, used = index, 1, 0
        used += need
    found.append(slice(start, len(steps)))
    return found


def mean_rate(timestamps_ns: Sequence[int], nominal_fps: float) -> float:
    """Frames a second as they truly came; the nominal rate for one frame or frames without time between them."""
    span_ns = timestamps_ns[-1] - timestamps_ns[0]
    return (len(timestamps_ns) - 1) * 1e9 / span_ns if span_ns > 0 else nominal_fps


def zone_of(moment: datetime) -> timezone:
    """The time zone of a moment as a fixed offset; UTC where it has none."""
    return timezone(moment.utcoffset() or timedelta(0))


def zone_text(zone: timezone) -> str:
    """An offset from UTC in the standard's form, +0100."""
    return datetime(2000, 1, 1, tzinfo=zone).strftime("%z")


def date_text(moment: datetime) -> str:
    """DA."""
    return moment.strftime("%Y%m%d")


def time_text(moment: datetime) -> str:
    """TM with microseconds."""
    return moment.strftime("%H%M%S.%f")


def moment_text(moment: datetime) -> str:
    """DT with microseconds and offset from UTC."""
    return moment.strftime("%Y%m%d%H%M%S.%f%z")


def moment_of(text: str) -> datetime | None:
    """A DT of ours or another maker's, to the second at least; None where it has no offset from UTC, or is none."""
    whole = text if "." in text else f"{text[:14]}.0{text[14:]}"
    try:
        return datetime.strptime(whole, "%Y%m%d%H%M%S.%f%z")
    except ValueError:
        return None
