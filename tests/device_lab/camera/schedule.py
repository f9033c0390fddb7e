"""When the camera takes its pictures, and its own account of what became of them.

Picture n is taken at a fixed time, whatever the host does. A camera whose host takes nothing keeps a few pictures and then
throws the oldest away, as real ones do: those are `skipped`. Those that a test wanted lost are `dropped`. Neither was
ever sent, which only the time stamps can tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: How long a picture may wait in the camera.
KEPT_S = 0.25


@dataclass
class Account:
    """The numbers of the pictures, by what became of them. `corrupted` ones were sent, too, but not whole."""

    sent: list[int] = field(default_factory=list)
    corrupted: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, list[list[int]]]:
        """Each list as ranges [first, last]."""
        return {name: ranges(getattr(self, name)) for name in ("sent", "corrupted", "dropped", "skipped")}


class Schedule:
    """The times of the pictures of one stream, in seconds on the monotonic clock."""

    def __init__(self, began_s: float, interval_s: float) -> None:
        self.interval_s = interval_s
        self.due_s = began_s + interval_s

    def advance(self) -> None:
        """Go on to the next picture."""
        self.due_s += self.interval_s

    def too_late(self, now_s: float) -> bool:
        """Whether this picture waited longer than the camera keeps it."""
        return now_s - self.due_s > KEPT_S


def ranges(numbers: list[int]) -> list[list[int]]:
    """Rising numbers as [first, last] pairs of unbroken runs."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def numbers(found: list[list[int]]) -> list[int]:
    """The numbers that `ranges` made pairs of."""
    return [number for first, last in found for number in range(first, last + 1)]
