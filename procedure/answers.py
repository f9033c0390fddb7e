"""Answers that a person gives. A blank (None) is never an answer: it stays a visible blank until somebody answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from procedure.record import Record


class Answer(StrEnum):
    """Yes, no, or an explicit 'not known'."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Sight(StrEnum):
    """What was seen of a structure that had to be looked for. 'Not seen' never means that it is not there (S26)."""

    SEEN = "seen"
    NOT_SEEN = "not-seen"


class Side(StrEnum):
    """Side of the face, as the letter of the image ids (clinical reference 2.2)."""

    RIGHT = "R"
    LEFT = "L"
    MIDLINE = "M"

    def takes(self, other: Side) -> bool:
        """Whether what is on the other belongs to a place on this one: the midline takes both sides, a side the midline."""
        return self is Side.MIDLINE or other in (self, Side.MIDLINE)


@dataclass(frozen=True, slots=True)
class Estimate(Record):
    """A measured number. `uncertainty` is half the width of its 95 % interval, in the same unit; blank where not known.

    The unit is in the name of the field that holds the estimate.
    """

    value: float
    uncertainty: float | None = None
