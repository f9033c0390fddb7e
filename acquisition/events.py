"""What a recorder tells those who watch it. Watching changes nothing: a slow or failing watcher harms no recording."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from acquisition.cine import Gap
from acquisition.states import StreamState

RunEnd = Literal[
    "stopped",
    "done",
    "unplugged",
    "size-changed",
    "suspended",
    "clock-set",
    "new-intent",
    "disk-full",
    "end-of-file",
    "failed",
]


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The recorder stands somewhere else; `why` is a sentence where there is something to tell, else empty."""

    state: StreamState
    why: str = ""


@dataclass(frozen=True, slots=True)
class GapFound:
    """Frames are missing in a run; `gap.after_frame` and `gap.at_s` count within it. Gaps of kind 'time' come late."""

    stream_id: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class DiskStopped:
    """The disk takes no more frames; `reason` is a sentence for the clinician. The live picture goes on."""

    reason: str


@dataclass(frozen=True, slots=True)
class DiskTroubled:
    """Something beside the frames could not be written or taken away; `reason` is a sentence. The frames are kept on."""

    reason: str


@dataclass(frozen=True, slots=True)
class RunBegan:
    """Frames begin to be kept in a stream of this name."""

    stream_id: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """An unbroken run of frames ended."""

    stream_id: str
    reason: RunEnd
    frames: int


StreamEvent = StateChanged | GapFound | DiskStopped | DiskTroubled | RunBegan | RunEnded
Watcher = Callable[[StreamEvent], None]


class Notifier:
    """Hands events to a watcher, in order, on a thread of its own. Where the watcher raises, its thread ends and says so."""

    def __init__(self, watcher: Watcher | None) -> None:
        self._watcher = watcher
        self._queue: queue.SimpleQueue[StreamEvent | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stream-events", daemon=True)
        if watcher is not None:
            self._thread.start()

    def tell(self, event: StreamEvent) -> None:
        """Pass an event on; never waits."""
        if self._watcher is not None:
            self._queue.put(event)

    def close(self, timeout_s: float) -> None:
        """Let the watcher have what was told, `timeout_s` at most."""
        if self._watcher is None:
            return
        self._queue.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            if self._watcher is not None:
                self._watcher(event)
