"""Looks at what a grabber sends while it is recorded: how often the picture changes, and whether there is a signal. No Qt.

It works in a thread of its own on the newest frames, beside the recording and the picture on the screen, and takes at most
a tenth of one core: where looking at each frame costs more (1080p at 60/s costs a fifth), it looks for two seconds and a
bit, which is what the observer looks back, and rests for as long as that needs.
"""

from __future__ import annotations

import threading
import time

from devices.observe import Observation, StreamObserver
from workstation.live.newest import NewestFrame

LOOK_S = 2.2
SHARE = 0.1  #: of one core
_LONGEST_REST_S = 15.0
_WAIT_S = 0.1
_OLD_S = 1.0  # what was seen of a stream that has stopped says nothing of now


class Looking:
    """One thread from `start` to `end`; `seen` may be asked by any."""

    def __init__(self, source: NewestFrame, *, share: float = SHARE) -> None:
        self._source = source
        self._share = share
        self._observer = StreamObserver()
        self._ending = threading.Event()
        self._seen: Observation | None = None
        self._thread = threading.Thread(target=self._run, name="looking", daemon=True)
        self.used_s = 0.0  #: processor time of the thread so far

    @property
    def seen(self) -> Observation | None:
        """What was seen last over one second or more; None before that, and while nothing comes."""
        return self._seen

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Look no more, and wait until it is so. Harmless twice, and before `start`."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        count = 0
        while not self._ending.is_set():
            before_s = time.thread_time()
            count = self._look(count)
            used_s = time.thread_time() - before_s
            self.used_s += used_s
            self._ending.wait(min(max(0.0, used_s / self._share - LOOK_S), _LONGEST_REST_S))

    def _look(self, count: int) -> int:
        """Each frame that comes for LOOK_S; returns the count of the last one."""
        until_s = time.monotonic() + LOOK_S
        came_s = time.monotonic()
        while (now_s := time.monotonic()) < until_s and not self._ending.is_set():
            newer = self._source.newest(count, _WAIT_S)
            if newer is None:
                if now_s - came_s > _OLD_S:
                    self._seen = None
                continue
            count, frame = newer
            came_s = now_s
            seen = self._observer.add(frame)
            if seen.picture_fps is not None:
                self._seen = seen
        return count
