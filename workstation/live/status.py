"""What there is to say of a recording at one moment. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from devices.observe import Observation


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """One look at the recording.

    `state` in words, `why` a sentence where there is trouble; counts since the start; `fps` as measured, None before it
    can be; `ended` where the recording ended by itself, `gone` where it waits for a device that went away; `free_bytes`
    None where the archive's disk does not answer; `observed` what was seen of a grabber's or camera's picture, None where
    nobody looks or nothing comes.
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
    observed: Observation | None = None

    @property
    def no_signal(self) -> bool:
        """Whether a grabber sends its own picture, most likely, because none comes to it."""
        return self.observed is not None and self.observed.no_signal
