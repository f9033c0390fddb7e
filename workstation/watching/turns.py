"""Who may look at a frame, and how much of a core that costs at most."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from imaging import Picture
from workstation.watching.said import Said, Seen

log = logging.getLogger(__name__)

_LONGEST_REST_S = 1.0  # after a look that had to find something anew
SHARE = 0.12  #: of one core, for each analysis; four of them leave half a core to the picture on a machine of one


class Analysis(Protocol):
    """One thing that is watched. Used by one thread; what `slow` returns runs in another and hands its result back."""

    name: str

    def look(self, picture: Picture) -> Said:
        """A quick look at one frame, a few ms."""

    def slow(self) -> Callable[[], Callable[[], None]] | None:
        """Slow work that the last look found to be needed, or None.

        It runs in a thread of its own and returns what hands the result over, which is called before the next look.
        """


class Turns:
    """Lets each analysis look as often as its share of a core allows; slow work is done one piece at a time."""

    def __init__(self, analyses: Sequence[Analysis], *, share: float = SHARE) -> None:
        self._analyses = analyses
        self._share = share
        self._due_s = dict.fromkeys((a.name for a in analyses), 0.0)
        self._said: dict[str, Said] = {}
        self._spent_ms: dict[str, float] = {}
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="slow")
        self._working: Future[Callable[[], None]] | None = None
        self._asked = 0

    def due(self) -> bool:
        """Whether any analysis may look now: where none may, a frame need not be decoded."""
        now_s = time.monotonic()
        return any(due_s <= now_s for due_s in self._due_s.values())

    def look(self, picture: Picture, timestamp_ns: int) -> Seen:
        """Show a frame to those whose turn it is; returns what all of them know."""
        self._take_results()
        for analysis in self._analyses:
            began_s = time.monotonic()
            if self._due_s[analysis.name] > began_s:
                continue
            before_s = time.thread_time()
            self._said[analysis.name] = analysis.look(picture)
            used_s = time.thread_time() - before_s
            self._spent_ms[analysis.name] = 1000 * used_s
            self._due_s[analysis.name] = began_s + min(used_s / self._share, _LONGEST_REST_S)
        self._begin_slow()
        rows, columns = picture.bgr.shape[:2]
        return Seen(timestamp_ns, columns, rows, dict(self._said), dict(self._spent_ms))

    def close(self) -> None:
        """Wait for slow work and end its thread."""
        self._slow.shutdown(wait=True, cancel_futures=True)

    def _take_results(self) -> None:
        if self._working is not None and self._working.done():
            hand_over = self._working.result()
            self._working = None
            hand_over()

    def _begin_slow(self) -> None:
        if self._working is not None:
            return
        # Round and round, so that one that always asks does not keep the others from reading.
        for step in range(1, len(self._analyses) + 1):
            place = (self._asked + step) % len(self._analyses)
            job = self._analyses[place].slow()
            if job is not None:
                self._asked = place
                self._working = self._slow.submit(job)
                return
