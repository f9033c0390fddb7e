"""The counts of several encounters, row by row, and whose encounter one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.portfolio.counters import COUNTERS, Entry
from audit.portfolio.requirement import Requirement, Row
from procedure import Encounter
from procedure.people import Role


@dataclass(frozen=True, slots=True)
class Counted:
    """One row: how many there are, of how many that are needed (None: the course names no number)."""

    row: Row
    count: int

    @property
    def enough(self) -> bool | None:
        """Whether there are as many as are needed; None where nobody said how many."""
        return None if self.row.needed is None else self.count >= self.row.needed


def counted(entries: Sequence[Entry], requirement: Requirement) -> tuple[Counted, ...]:
    """Each row with its count. The same encounter given twice counts once."""
    return tuple(
        Counted(row, len({thing for entry in entries for thing in COUNTERS[row.counts](entry)}))
        for row in requirement.rows
    )


def learner_of(encounter: Encounter) -> str:
    """Whose encounter it is: the trainee's, else the operator's; empty where the record names neither."""
    for role in (Role.TRAINEE, Role.OPERATOR):
        named = [person.name for person in encounter.people if person.role is role]
        if named:
            return named[0]
    return ""
