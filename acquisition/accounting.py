"""Gaps and counts of one unbroken run: what arrived, what was lost, what is broken, and where.

Sequence numbers tell exactly what the host lost. What the source never sent is told from times (`holes.py`), by the
device's own clock where it sends one, and some frames late, because only the frames behind a hole show that it is one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acquisition.cine import Gap, SpooledFrame
from acquisition.holes import LOOK, fit_grid

_CHUNK: Final = 96  # frames judged together
_CONTEXT: Final = 48  # frames already judged that help to judge the next
_OTHER_RATES: Final = (1.0, 1.03, 0.97)  # devices are rarely exact, and rarely further off
_RATE_WINDOW_NS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of a run at one moment.

    `arrived` = `kept` + `corrupt`; `lost` is exact, from sequence numbers; `unsent` is an estimate, from times.
    `measured_fps` is the rate at which frames came in the last two seconds, None before there are two.
    """

    arrived: int = 0
    kept: int = 0
    corrupt: int = 0
    lost: int = 0
    unsent: int = 0
    measured_fps: float | None = None


@dataclass(slots=True)
class _Point:
    """A frame on its way to judgement: seconds on the clock in use, its number with the lost ones counted."""

    time_s: float
    step: int
    after_frame: int
    at_s: float


class Accountant:
    """Counts the frames of one run as they are stored. One thread adds; figures may be read from any."""

    def __init__(self, nominal_fps: float) -> None:
        self._nominal_s = 1 / nominal_fps if nominal_fps > 0 else 0.0
        self._interval_s: float | None = None
        self._first_ns: int | None = None
        self._previous: SpooledFrame | None = None
        self._step = 0
        self._by_pts = False
        self._points: list[_Point] = []
        self._settled = 0  # how many of the points are judged
        self._recent: deque[int] = deque()
        self._gaps: list[Gap] = []
        self._kept = self._corrupt = self._lost = self._unsent = 0

    def add(self, frame: SpooledFrame) -> list[Gap]:
        """Count a frame; returns the gaps that it brings to light, earlier ones included."""
        if self._first_ns is None:
            self._first_ns = frame.timestamp_ns
            self._by_pts = frame.device_pts_ns is not None
        news = self._before(frame)
        news += self._series(frame)
        if frame.corrupt:
            news.append(Gap("corrupt", self._kept - 1, self._at_s(frame.timestamp_ns), 1))
            self._corrupt += 1
        else:
            self._kept += 1
        self._previous = frame
        self._recent.append(frame.timestamp_ns)
        while self._recent[0] < frame.timestamp_ns - _RATE_WINDOW_NS:
            self._recent.popleft()
        self._gaps += news
        return news

    def finish(self, lost: int = 0) -> list[Gap]:
        """The run has ended, and `lost` frames behind its last one were let go; returns the gaps found."""
        news = self._judge(len(self._points))
        if lost and self._previous is not None:
            news.append(Gap("sequence", self._kept - 1, self._at_s(self._previous.timestamp_ns), lost))
        self._lost += lost
        self._points.clear()
        self._settled = 0
        self._gaps += news
        return news

    @property
    def first_ns(self) -> int | None:
        """The time stamp of the first frame."""
        return self._first_ns

    @property
    def last_ns(self) -> int | None:
        """The time stamp of the newest frame."""
        return None if self._previous is None else self._previous.timestamp_ns

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps known so far, in the order of time."""
        return tuple(sorted(self._gaps, key=lambda gap: (gap.after_frame, gap.at_s)))

    @property
    def counts(self) -> Counts:
        """The figures so far."""
        recent = tuple(self._recent)
        span_ns = recent[-1] - recent[0] if recent else 0
        fps = (len(recent) - 1) * 1e9 / span_ns if span_ns > 0 else None
        return Counts(self._kept + self._corrupt, self._kept, self._corrupt, self._lost, self._unsent, fps)

    def _at_s(self, timestamp_ns: int) -> float:
        return (timestamp_ns - (self._first_ns or 0)) / 1e9

    def _before(self, frame: SpooledFrame) -> list[Gap]:
        """The gaps that numbers show between the frame before and this one."""
        previous = self._previous
        if previous is None:
            return []
        unreadable = max(0, frame.index - previous.index - 1)
        lost = frame.lost_before
        if frame.sequence is not None and previous.sequence is not None:
            # A number that falls means that the driver counts anew: nothing can be told.
            lost = max(0, frame.sequence - previous.sequence - 1 - unreadable)
        self._step += 1 + unreadable + lost
        due_ns = (frame.timestamp_ns - previous.timestamp_ns) // (1 + unreadable + lost)
        at_s = self._at_s(previous.timestamp_ns + due_ns)
        gaps = []
        if unreadable:  # only in a spool that was damaged, or of which the bounds took the middle
            kind = "corrupt" if frame.path == previous.path else "sequence"
            gaps.append(Gap(kind, self._kept - 1, at_s, unreadable))  # type: ignore[arg-type]
        if lost:
            gaps.append(Gap("sequence", self._kept - 1, at_s, lost))
            self._lost += lost
        return gaps

    def _series(self, frame: SpooledFrame) -> list[Gap]:
        """Enter the frame into the series of times, and judge those that have enough behind them."""
        pts = frame.device_pts_ns
        if self._by_pts and pts is None and frame.corrupt:
            return []  # its clock was cut off with the rest
        news: list[Gap] = []
        by_pts = pts is not None
        time_s = (frame.timestamp_ns if pts is None else pts) / 1e9
        if self._points and (by_pts is not self._by_pts or time_s < self._points[-1].time_s):
            news = self._judge(len(self._points))
            self._points.clear()
            self._settled = 0
        self._by_pts = by_pts
        self._points.append(_Point(time_s, self._step, self._kept - 1, self._at_s(frame.timestamp_ns)))
        if len(self._points) - self._settled >= _CHUNK:
            news += self._judge(len(self._points) - LOOK)
            drop = max(0, self._settled - _CONTEXT)
            del self._points[:drop]
            self._settled -= drop
        return news

    def _judge(self, end: int) -> list[Gap]:
        """Find the holes before the points up to `end` (excluded) that are not judged yet."""
        points, begin, self._settled = self._points, self._settled, end
        if len(points) < 2:
            return []
        times = np.array([point.time_s for point in points])
        steps = np.array([float(point.step) for point in points])
        if self._interval_s is None:
            likely = [self._nominal_s * factor for factor in _OTHER_RATES]
        else:
            likely = [self._interval_s, self._nominal_s]
        fit = fit_grid(times, steps, likely)
        if fit is None:
            return []
        self._interval_s = fit.interval_s
        gaps = []
        for position, missing in fit.holes:
            if begin <= position < end:
                due_s = points[position - 1].at_s + fit.interval_s
                # `after_frame` was noted with each point: the whole frames before it.
                gaps.append(Gap("time", points[position].after_frame, min(due_s, points[position].at_s), missing))
                self._unsent += missing
        return gaps


def account(frames: Iterable[SpooledFrame], nominal_fps: float, lost: int = 0) -> Accountant:
    """The account of a whole run, of which `lost` frames behind the last one were let go."""
    accountant = Accountant(nominal_fps)
    for frame in frames:
        accountant.add(frame)
    accountant.finish(lost)
    return accountant


def gaps_of(frames: Sequence[SpooledFrame], nominal_fps: float) -> tuple[Gap, ...]:
    """The gaps of one run, corrupt frames included, in order."""
    return account(frames, nominal_fps).gaps
