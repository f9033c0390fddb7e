"""Clips and stills cut out of what is being recorded: ranges of the spool, pinned until whoever wanted them lets go.

What is cut is what was on the screen: a cut waits for the frames that had come by then to be stored.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from acquisition.cine import Clip, SpooledFrame
from acquisition.errors import FramesGone, NoFrameYet
from acquisition.grab import Grabber, Item
from acquisition.handover import HandOver
from acquisition.keeper import Keeper
from acquisition.pins import Pin
from acquisition.run import Run

#: What came before a cut is stored within milliseconds, unless the disk is slow or the machine is busy. It is waited for:
#: a cut that did not would hold another picture than the one on the screen, or none.
_CATCH_UP_S: Final = 5.0


class Mark:
    """A moment from which on all is kept, until `clip_since` ends it."""

    def __init__(self, since_ns: int, pins: list[Pin]) -> None:
        self.since_ns = since_ns
        self._pins = pins

    def release(self) -> None:
        """Keep no longer. Harmless when repeated."""
        for pin in self._pins:
            pin.release()


class Cuts:
    """Cuts clips for one recorder, and remembers what is held. Any thread may call; a slow disk makes it wait."""

    def __init__(self, grabber: Grabber, queue: HandOver[Item], keeper: Keeper, *, keep_all: bool) -> None:
        self._grabber = grabber
        self._queue = queue
        self._keeper = keeper
        self._keep_all = keep_all
        self._lock = threading.Lock()
        self._held: dict[tuple[str, int, int], list[Pin]] = {}
        self._marks: list[Mark] = []

    def clip_last(self, seconds: float) -> list[Clip]:
        """The last `seconds` before the newest kept frame: one clip for each run in them; none where nothing was kept.

        They never reach back behind the place where the intent was told anew: what lies there is another's.
        """
        self._queue.wait_until_done(_CATCH_UP_S)
        runs = [run for run in self._keeper.own_runs if not run.gone]
        newest = max((f.timestamp_ns for r in runs if (f := r.spool.latest) is not None), default=None)
        return [] if newest is None else self._clips(newest - round(seconds * 1e9), newest, runs)

    def clip_between(self, begin_ns: int, end_ns: int) -> list[Clip]:
        """The whole frames from `begin_ns` to `end_ns` (the frames' clock, both included): one clip for each run."""
        self._queue.wait_until_done(_CATCH_UP_S)
        return self._clips(begin_ns, end_ns, self._readable())

    def still(self, timestamp_ns: int | None = None) -> Clip:
        """The newest whole frame, or the newest not after `timestamp_ns`, as a clip of one. Raises NoFrameYet.

        Raises FramesGone where a later frame came by then and the disk did not take it: an older one is another picture.
        """
        self._queue.wait_until_done(_CATCH_UP_S)

        def choose(frames: Sequence[SpooledFrame]) -> Sequence[SpooledFrame]:
            for frame in reversed(frames):
                if not frame.corrupt and (timestamp_ns is None or frame.timestamp_ns <= timestamp_ns):
                    return [frame]
            return []

        for run in reversed(self._readable()):
            if found := self._cut(run, choose):
                if timestamp_ns is not None and self._not_taken(found.frames[0].timestamp_ns, timestamp_ns):
                    self.release(found)
                    raise FramesGone(
                        "The picture of that moment is not recorded, because the disk did not take it (it is full, failing or"
                        " too slow): look at the disk, then take another one."
                    )
                return found
        raise NoFrameYet("There is no whole picture to keep yet: wait for the live view.")

    def mark(self) -> Mark:
        """Begin a recording that is longer than the spool's bounds: from now on all is kept. End it with `clip_since`."""
        frame = self._grabber.latest[1]
        since_ns = time.monotonic_ns() if frame is None else frame.timestamp_ns
        with self._lock:
            self._keeper.keep_new = True
            pins = [run.spool.pin() for run in self._readable()[-1:] if run.ended is None]
            mark = Mark(since_ns, pins)
            self._marks.append(mark)
        return mark

    def clip_since(self, mark: Mark) -> list[Clip]:
        """What has come since the mark, which ends: one clip for each run. A second call with the same mark gives none."""
        with self._lock:
            if mark not in self._marks:
                return []
            self._marks.remove(mark)
        frame = self._grabber.latest[1]
        self._queue.wait_until_done(_CATCH_UP_S)
        end_ns = frame.timestamp_ns if frame is not None else mark.since_ns
        clips = self._clips(mark.since_ns, end_ns, self._readable())
        mark.release()
        with self._lock:
            if not self._marks and not self._keep_all:
                self._keeper.keep_new = False
                for run in self._keeper.runs:
                    run.let_go()
        return clips

    def release(self, clip: Clip) -> None:
        """Hold the clip no longer. Harmless when repeated."""
        with self._lock:
            pins = self._held.get(_key(clip), [])
            pin = pins.pop() if pins else None
        if pin is not None:
            pin.release()

    def _not_taken(self, after_ns: int, upto_ns: int) -> bool:
        """Whether a frame came after `after_ns`, not later than `upto_ns`, that the disk did not take."""
        return any(
            bisect_right(times, after_ns) < bisect_right(times, upto_ns)
            for times in (self._grabber.let_go_ns, self._keeper.unrecorded_ns)
        )

    def _readable(self) -> list[Run]:
        return [run for run in self._keeper.runs if not run.gone]

    def _clips(self, begin_ns: int, end_ns: int, runs: Sequence[Run]) -> list[Clip]:
        def choose(frames: Sequence[SpooledFrame]) -> Sequence[SpooledFrame]:
            return [frame for frame in frames if begin_ns <= frame.timestamp_ns <= end_ns]

        return [clip for run in runs if (clip := self._cut(run, choose)) is not None]

    def _cut(self, run: Run, choose: Callable[[Sequence[SpooledFrame]], Sequence[SpooledFrame]]) -> Clip | None:
        found = run.cut(choose)
        if found is None:
            return None
        clip, pin = found
        with self._lock:
            self._held.setdefault(_key(clip), []).append(pin)
        return clip


def _key(clip: Clip) -> tuple[str, int, int]:
    return clip.stream.stream_id, clip.frames[0].index, clip.frames[-1].index
