"""The window's end of the pipe: hands the newest frame over when the process is free, and keeps its last answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Final

from workstation.aside import put_away, spawned
from workstation.live.newest import NewestFrame
from workstation.watching.process import serve
from workstation.watching.said import Seen
from workstation.watching.turns import Analysis

log = logging.getLogger(__name__)

#: What is sent for one frame: count, bytes, pixel format, width, height (px), time stamp (ns).
Sent = tuple[int, bytes, str, int, int, int]

LOOKS_PER_S: Final = 12.0
_WAIT_S: Final = 0.1
_PATIENCE_S: Final = 30.0  # the longest look
#: The first answer of a process: it imports and loads its engines meanwhile. On a machine at its limits, where it is the last
#: to get a turn, that took longer than a look may; each start anew began from nothing, and the third was the last.
_FIRST_S: Final = 180.0
_STARTS: Final = 3  # a process that dies again and again is not started for ever


class Beside:
    """One thread and one process from `start` to `end`; `seen` may be asked by any thread."""

    def __init__(self, source: NewestFrame, make: Callable[[], Sequence[Analysis]]) -> None:
        """`make` is called in the process, so it has to be a function of a module."""
        self._source = source
        self._make = make
        self._ending = threading.Event()
        self._seen: Seen | None = None
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
        self.deaths = 0  #: how often the process ended by itself

    @property
    def seen(self) -> Seen | None:
        """What was seen last; None before the first look, and when the watching has failed."""
        return self._seen

    @property
    def failed(self) -> bool:
        """Whether the process died so often that it is not started again."""
        return self.deaths >= _STARTS

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def end(self) -> None:
        """Watch no more, and wait until process and thread are gone. Harmless twice, and before `start`."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set() and not self.failed:
            process, pipe = spawned(serve, self._make, name="sonofill-watching")
            try:
                self._talk(pipe)
            except (EOFError, OSError) as error:
                self.deaths += 1
                self._seen = None
                log.warning(
                    "The process that reads the live picture ended (%s); starts so far: %d.", error, self.deaths
                )
            finally:
                put_away(process, pipe, _WAIT_S if self._ending.is_set() else 2.0)

    def _talk(self, pipe: Connection) -> None:
        count, patience_s = 0, _FIRST_S
        while not self._ending.is_set():
            began_s = time.monotonic()
            newer = self._source.newest(count, _WAIT_S)
            if newer is None:
                continue
            count, frame = newer
            pipe.send((count, frame.data, str(frame.pixel_format), frame.width, frame.height, frame.timestamp_ns))
            answer = self._receive(pipe, patience_s)
            patience_s = _PATIENCE_S
            if answer is not None:
                self._seen = answer
            self._ending.wait(max(0.0, began_s + 1 / LOOKS_PER_S - time.monotonic()))

    def _receive(self, pipe: Connection, patience_s: float) -> Seen | None:
        until_s = time.monotonic() + patience_s
        while not self._ending.is_set():
            if pipe.poll(_WAIT_S):
                answer: Seen | None = pipe.recv()
                return answer
            if time.monotonic() > until_s:
                raise EOFError(f"no answer for {patience_s:.0f} s")
        return None
