"""Questions: what looks wrong, unlikely or out of order in a record, put to the person who answers for it.

A question never blocks and is never swallowed: the value stays as it was said, the question stays until the record is changed
or somebody answers. Each has an id that stays; those of the clinical reference's conflicts are X1 to X17.

    questions(encounter, protocols, today=…)     all of them, in a fixed order
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from procedure.encounter import Encounter
from procedure.protocol import Protocol
from procedure.questions import _conflicts, _links, _order, _values
from procedure.questions._question import Question

__all__ = ["Question", "questions"]


def questions(
    encounter: Encounter, protocols: Mapping[str, Protocol], *, today: date | None = None
) -> tuple[Question, ...]:
    """Every question about a record. `today` is what expiry is held against; the day of the encounter where None."""
    day = today or encounter.started_at.date()

    def asked() -> Iterator[Question]:
        yield from _values.asked(encounter, day)
        yield from _order.asked(encounter)
        yield from _links.asked(encounter)
        yield from _conflicts.asked(encounter, protocols)

    return tuple(asked())
