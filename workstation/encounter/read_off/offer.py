"""What was read off a capture, as it is offered to a person. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from procedure import Encounter

Take = Callable[[Encounter, str, datetime], Encounter]
"""The record with what is offered in it: the record as it is now, who takes it over, and when."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`lines` say what was read and what could not be; `take` puts it into the record, None where there is nothing to take.

    `what` is the line of the record's log.
    """

    lines: tuple[str, ...]
    take: Take | None = None
    what: str = ""
