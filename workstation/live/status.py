"""What there is to say of a recording at one moment. No Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """One look at the recording.

    `state` in words, `why` a sentence where there is trouble; counts since the start; `fps` as measured, None before it
    can be; `ended` where the recording ended by itself, `gone` where it waits for a device that went away.
    """

    state: str
    trouble: bool = False
    ended: bool = False
    gone: bool = False
    why: str = ""
    kept: int = 0
    lost: int = 0
    corrupt: int = 0
    fps: float | None = None
    free_bytes: int | None = None
