"""Simulated encounters, whole from consent to follow-up: what `sonofill demo` tells, and teaching material (S32).

Every one is marked simulated; its labels are confirmed by 'Demo operator'. The numbers are teaching defaults out of the
clinical reference (3.2), nobody's. Images are named by what they show ('nlf-2-L-PRE-transverse-colour'); whoever records
pictures for them says which UID each name has.

    demonstration("normal")              pre, plan, injection, post, follow-up planned
    demonstration("occlusion-rescue")    the same, a suspected occlusion after the second deposit, and what was done
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from procedure.demonstration._before import before
from procedure.demonstration._pictures import Pictures
from procedure.demonstration._rescue import rescue
from procedure.demonstration._story import (
    ARTERY,
    DEPOSIT,
    LUMEN_FILLER,
    OPERATOR,
    REGION,
    SIDE,
    SUPERVISOR,
    Story,
    derived_uid,
)
from procedure.demonstration._treatment import treatment
from procedure.encounter import Encounter
from procedure.steps import attest, finalise

__all__ = [
    "ARTERY",
    "DEPOSIT",
    "LUMEN_FILLER",
    "MINUTES",
    "OPERATOR",
    "REGION",
    "SCENARIOS",
    "SIDE",
    "SUPERVISOR",
    "Pictures",
    "demonstration",
    "derived_uid",
]

SCENARIOS: Final = {
    "normal": "nasolabial fold, left: mapped, planned, injected, looked at again",
    "occlusion-rescue": "the same, with a suspected occlusion of the facial artery, treated and looked at again",
}
MINUTES: Final = 80  #: from the beginning of the story to its last signature
_STARTED: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def demonstration(
    scenario: str,
    *,
    started_at: datetime = _STARTED,
    uid_of: Callable[[str], str] = derived_uid,
    pictures: Pictures | None = None,
) -> Encounter:
    """The encounter of a scenario. `uid_of` gives the UID of an image or a vessel by its name; KeyError for no scenario.

    `pictures` says what was kept and what is to be seen on it, None for the teaching numbers. The same arguments give the
    same encounter.
    """
    if scenario not in SCENARIOS:
        raise KeyError(f"there is no scenario {scenario!r}: choose one of {', '.join(SCENARIOS)}")
    story = Story(started_at, uid_of, pictures or Pictures())
    encounter = treatment(story, before(story, scenario))
    if scenario == "occlusion-rescue":
        encounter = rescue(story, encounter)
    final = finalise(encounter, OPERATOR, story.at(MINUTES - 5))
    return attest(final, SUPERVISOR, story.at(MINUTES))
