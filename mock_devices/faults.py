"""What goes wrong, at exactly known places.

A fault is a small value that answers for each frame the device takes (counted from 0) what happens to it. Faults are put
together in a `FaultPlan`; the source asks the plan alone. The same plan tells a test beforehand which frames are lost, cut
short or late, so that a recording can be held against it frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_LEAST_STEP_NS: Final = 1_000_000  #: frames held up behind a late one follow it at this distance
_SOON: Final = (
    12  #: frames before a fault begins: within the first second at 15/s too, where a short recording shows it
)
_HELD_UP: Final = 16  #: how many frames back a late one can still hold up its followers


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that does nothing; the others fill in the hooks. `n` is the device's own number of the frame, from 0."""

    def drops(self, n: int) -> bool:  # noqa: ARG002
        """Frame n is taken, counted, and never reaches the host: the sequence jumps over it."""
        return False

    def cuts(self, n: int) -> bool:  # noqa: ARG002
        """Frame n reaches the host without its end."""
        return False

    def late_s(self, n: int) -> float:  # noqa: ARG002
        """How much later than taken frame n reaches the host."""
        return 0.0

    def pause_s(self, n: int) -> float:  # noqa: ARG002
        """How long, in all, the device has stood still before it took frame n."""
        return 0.0


def _is_turn(n: int, every: int) -> bool:
    """True for frames every-1, 2*every-1, …: the `every`th, the second `every`th, as people count."""
    return (n + 1) % every == 0


@dataclass(frozen=True, slots=True)
class Drop(Fault):
    """Each `every`th frame is lost on the way; the sequence number shows it."""

    every: int = 17

    def drops(self, n: int) -> bool:
        """True for each `every`th frame."""
        return _is_turn(n, self.every)


@dataclass(frozen=True, slots=True)
class Corrupt(Fault):
    """Each `every`th frame is cut short: `kept` of its bytes arrive, its end does not."""

    every: int = 23
    kept: float = 0.6

    def cuts(self, n: int) -> bool:
        """True for each `every`th frame."""
        return _is_turn(n, self.every)


@dataclass(frozen=True, slots=True)
class Stall(Fault):
    """Once in each stream, after `after` frames, the device takes no picture for `seconds`; then it goes on counting."""

    after: int = _SOON
    seconds: float = 3.0

    def pause_s(self, n: int) -> float:
        """Nothing before frame `after`, `seconds` from there on."""
        return self.seconds if n >= self.after else 0.0


@dataclass(frozen=True, slots=True)
class Late(Fault):
    """Each `every`th frame reaches the host `by_s` late; the ones behind it wait for it. The device's own clock is true."""

    every: int = 11
    by_s: float = 0.050

    def late_s(self, n: int) -> float:
        """`by_s` for each `every`th frame."""
        return self.by_s if _is_turn(n, self.every) else 0.0


@dataclass(frozen=True, slots=True)
class Unplug(Fault):
    """The cable is pulled after `after` frames, `times` times in the driver's life; the device is back after `away_s`."""

    after: int = _SOON
    away_s: float = 2.0
    times: int = 1


@dataclass(frozen=True, slots=True)
class WrongSize(Fault):
    """After `after` frames the pictures change to another size, once in the driver's life."""

    after: int = _SOON
    width: int = 1024
    height: int = 768


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Faults together: a frame is dropped or cut where any of them says so, delays add up."""

    faults: tuple[Fault, ...] = ()

    def drops(self, n: int) -> bool:
        """Frame n never reaches the host."""
        return any(fault.drops(n) for fault in self.faults)

    def kept_part(self, n: int) -> float:
        """The part of frame n's bytes that reaches the host; 1.0 where it is whole."""
        return min((f.kept for f in self.faults if isinstance(f, Corrupt) and f.cuts(n)), default=1.0)

    def taken_ns(self, n: int, fps: float) -> int:
        """When the device takes frame n, from the start of the stream."""
        return round((n / fps + sum(fault.pause_s(n) for fault in self.faults)) * 1e9)

    def arrival_ns(self, n: int, fps: float) -> int:
        """When frame n reaches the host, from the start of the stream; never before the frame ahead of it."""
        return max(
            self.taken_ns(j, fps) + round(self._late_s(j) * 1e9) + (n - j) * _LEAST_STEP_NS * (j < n)
            for j in range(max(0, n - _HELD_UP), n + 1)
            if j == n or self._late_s(j) > 0
        )

    @property
    def unplug(self) -> Unplug | None:
        """The pulled cable, where there is one."""
        return next((fault for fault in self.faults if isinstance(fault, Unplug)), None)

    @property
    def wrong_size(self) -> WrongSize | None:
        """The change of size, where there is one."""
        return next((fault for fault in self.faults if isinstance(fault, WrongSize)), None)

    def dropped(self, frames: int) -> tuple[int, ...]:
        """Which of the first `frames` frames never reach the host."""
        return tuple(n for n in range(frames) if self.drops(n))

    def corrupt(self, frames: int) -> tuple[int, ...]:
        """Which of the first `frames` frames reach the host cut short."""
        return tuple(n for n in range(frames) if self.kept_part(n) < 1 and not self.drops(n))

    def _late_s(self, n: int) -> float:
        return sum(fault.late_s(n) for fault in self.faults)
