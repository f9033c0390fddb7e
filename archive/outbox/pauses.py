"""How long the outbox waits before it tries again: longer each time, and never the same, so that many do not come at once."""

from __future__ import annotations

import random
from typing import Final

FIRST_S: Final = 5.0
LONGEST_S: Final = 3600.0


def pause_s(failures: int, chance: random.Random, first_s: float = FIRST_S) -> float:
    """Seconds to wait after so many failures in a row (1 or more): doubled each time, an hour at most, up to half less."""
    full = min(first_s * 2.0 ** min(failures - 1, 20), LONGEST_S)
    return full * (0.5 + chance.random() / 2)


def is_due(next_at: float, now: float) -> bool:
    """Whether the time has come. A time further off than any pause was set by a clock that was wrong: it has."""
    return next_at <= now or next_at > now + LONGEST_S
