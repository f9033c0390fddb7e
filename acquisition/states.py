"""Where a recorder stands, and which steps are possible.

                      first frame
    IDLE ─▶ STARTING ────────────▶ LIVE ◀────────────┐
               │  │                │ ▲ │             │ frames again
               │  │ nothing comes  │ │ └─ silent ─▶ STALLED
               │  └────────────────┼─┼──────────────▶┘ │
               │                   │ │                 │
               │        gone       ▼ │ frames again    │ gone
               │                 WAITING ◀─────────────┘
               │ cannot be opened  │ did not come back
               ▼                   ▼
             FAILED              FAILED

DISK_FULL stands in the place of LIVE while the disk takes no more frames: the picture goes on, the record does not.
From any but the last two, stop() leads to STOPPED; a file's end does so by itself.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from typing import Final


class StreamState(enum.StrEnum):
    """What the clinician is told of a stream."""

    IDLE = "idle"  #: not started
    STARTING = "starting"  #: being opened, no picture yet
    LIVE = "live"  #: pictures come and are kept
    STALLED = "stalled"  #: the device is there and sends nothing
    WAITING = "waiting"  #: the device is gone and may come back
    DISK_FULL = "disk-full"  #: pictures come and are no longer kept
    STOPPED = "stopped"  #: ended in order
    FAILED = "failed"  #: ended by an error


_S = StreamState
NEXT: Final[dict[StreamState, frozenset[StreamState]]] = {
    _S.IDLE: frozenset({_S.STARTING}),
    _S.STARTING: frozenset({_S.LIVE, _S.DISK_FULL, _S.STALLED, _S.WAITING, _S.STOPPED, _S.FAILED}),
    _S.LIVE: frozenset({_S.DISK_FULL, _S.STALLED, _S.WAITING, _S.STOPPED, _S.FAILED}),
    _S.DISK_FULL: frozenset({_S.LIVE, _S.STALLED, _S.WAITING, _S.STOPPED, _S.FAILED}),
    _S.STALLED: frozenset({_S.LIVE, _S.DISK_FULL, _S.WAITING, _S.STOPPED, _S.FAILED}),
    _S.WAITING: frozenset({_S.LIVE, _S.DISK_FULL, _S.STALLED, _S.STOPPED, _S.FAILED}),
    _S.STOPPED: frozenset(),
    _S.FAILED: frozenset(),
}


class ImpossibleStep(RuntimeError):
    """A programming error: the state machine has no such step."""


class StateMachine:
    """Holds the state and refuses impossible steps. Thread-safe; `on_change` gets each new state, in order."""

    def __init__(self, on_change: Callable[[StreamState], None]) -> None:
        self._lock = threading.RLock()
        self._state = StreamState.IDLE
        self._keeping = True
        self._on_change = on_change

    @property
    def state(self) -> StreamState:
        """Where it stands."""
        return self._state

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return not NEXT[self._state]

    def to(self, state: StreamState) -> None:
        """Go to another state; to stay is no step. Raises ImpossibleStep."""
        with self._lock:
            if state is self._state:
                return
            if state not in NEXT[self._state]:
                raise ImpossibleStep(f"from {self._state} there is no step to {state}")
            self._state = state
            self._on_change(state)

    def to_unless_ended(self, state: StreamState) -> None:
        """Go to another state unless all is over: what comes after the end changes nothing. Raises ImpossibleStep."""
        with self._lock:
            if not self.ended:
                self.to(state)

    def frame_came(self) -> None:
        """A picture: live, whether it is kept or not."""
        with self._lock:
            if not self.ended:
                self.to(StreamState.LIVE if self._keeping else StreamState.DISK_FULL)

    def keeping(self, keeping: bool) -> None:
        """Whether the disk takes frames from now on."""
        with self._lock:
            self._keeping = keeping
            if self._state in (StreamState.LIVE, StreamState.DISK_FULL):
                self.frame_came()
