"""Who takes part, and the clock that all times rest on (S20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.record import Record


class Role(StrEnum):
    """What a person does in the encounter. The course is about trainees, who work under a supervisor."""

    OPERATOR = "operator"
    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    PRESCRIBER = "prescriber"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """One person of the team. `name` is what stands as `by` at what the person did."""

    name: str
    role: Role
    registration_number: str = ""


class ClockSource(StrEnum):
    """Where the computer's time came from."""

    NETWORK = "network"
    GPS = "gps"
    BY_HAND = "by-hand"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Record):
    """The clock of the encounter. All time order rests on it, so its state at the start is part of the record.

    `offset_s` is how far the computer's clock was ahead of its source when it was last compared.
    """

    source: ClockSource = ClockSource.UNKNOWN
    synchronised: bool | None = None
    checked_at: datetime | None = None
    offset_s: float | None = None
