"""Short, long and double presses, out of presses and releases: a state machine for each pedal, without a clock.

    UP ──press──▶ DOWN ──release──▶ ONCE ──double_s passes──▶ UP           says 'short'
                   │                  └──press within double_s──▶ HELD      says 'double'
                   └──long_s passes──▶ HELD ──release──▶ UP                says 'long'

Time comes in by the events and by `tick`. How often `tick` is called changes when a gesture is told, never which.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from devices.pedal.port import PedalEvent

Kind = Literal["short", "long", "double"]


@dataclass(frozen=True, slots=True)
class Gesture:
    """What the foot did. `timestamp_ns` is the time of the first press: what to save lies before it."""

    kind: Kind
    pedal: int
    timestamp_ns: int


class _State(enum.Enum):
    UP = enum.auto()
    DOWN = enum.auto()
    ONCE = enum.auto()
    HELD = enum.auto()


class GestureReader:
    """The gestures of any number of pedals. With `double_s` 0 there are no doubles, and a short press is told at once."""

    def __init__(self, long_s: float = 0.8, double_s: float = 0.35) -> None:
        self._long_ns = round(long_s * 1e9)
        self._double_ns = round(double_s * 1e9)
        self._pedals: dict[int, tuple[_State, int, int]] = {}  # state, since when, first press

    def feed(self, event: PedalEvent) -> list[Gesture]:
        """The gestures that this event completes, oldest first. Events come in the order of their times."""
        told = self.tick(event.timestamp_ns)
        now_ns, pedal = event.timestamp_ns, event.pedal
        state, _, first_ns = self._pedals.get(pedal, (_State.UP, 0, 0))
        if event.pressed:
            if state is _State.ONCE:
                told.append(Gesture("double", pedal, first_ns))
                self._pedals[pedal] = (_State.HELD, now_ns, first_ns)
            elif state is _State.UP:
                self._pedals[pedal] = (_State.DOWN, now_ns, now_ns)
        elif state is _State.DOWN:
            if self._double_ns:
                self._pedals[pedal] = (_State.ONCE, now_ns, first_ns)
            else:
                told.append(Gesture("short", pedal, first_ns))
                del self._pedals[pedal]
        elif state is _State.HELD:
            del self._pedals[pedal]
        return told

    def tick(self, now_ns: int) -> list[Gesture]:
        """The gestures that time alone completes: a pedal held long, a short press that was not followed by another."""
        told: list[Gesture] = []
        for pedal, (state, since_ns, first_ns) in list(self._pedals.items()):
            if state is _State.DOWN and now_ns - since_ns >= self._long_ns:
                told.append(Gesture("long", pedal, first_ns))
                self._pedals[pedal] = (_State.HELD, since_ns, first_ns)
            elif state is _State.ONCE and now_ns - since_ns >= self._double_ns:
                told.append(Gesture("short", pedal, first_ns))
                del self._pedals[pedal]
        return sorted(told, key=lambda gesture: gesture.timestamp_ns)
