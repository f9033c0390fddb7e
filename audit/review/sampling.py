"""Which records of a period are read: drawn at random, or with the risky ones more often, the same for the same seed.

Random: each record gets the digest of seed and encounter UID, and the smallest n are taken. Every record has the same chance,
and the draw does not depend on the order of the archive or on what else is drawn, so that anybody can draw it again.

By risk: without replacement, with chances in proportion to weights, after Efraimidis and Spirakis (Information Processing
Letters 97, 2006): the key of a record is -ln(u) / weight, with u from the same digest. The weights are ours and
plain: they are not calibrated on outcomes, and each record carries its reasons.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from audit.review.draws import share
from audit.review.worklist import Listed, Method
from procedure import Encounter
from procedure.people import Role
from procedure.states import State

#: Weight added to 1 for each reason.
WEIGHTS: Final = {
    "a suspected complication": 4.0,
    "a region over large arteries": 2.0,
    "a trainee": 1.0,
    "not attested": 1.0,
}
#: The course's high-risk regions (requirement S30: tear trough, nose, temple, glabella, forehead, nasolabial fold).
HIGH_RISK_REGIONS: Final = frozenset({"tear", "nose", "temp", "glab", "fore", "nlf"})


def risks_of(encounter: Encounter) -> tuple[str, ...]:
    """The reasons, of those in `WEIGHTS`, why a record is to be read more often than others."""
    trainee = any(person.role is Role.TRAINEE for person in encounter.people)
    holds: Mapping[str, bool] = {
        "a suspected complication": bool(encounter.complications),
        "a region over large arteries": any(site.region in HIGH_RISK_REGIONS for site in encounter.sites),
        "a trainee": trainee,
        "not attested": trainee and encounter.state is not State.ATTESTED,
    }
    return tuple(reason for reason in WEIGHTS if holds[reason])


def weight_of(risks: Iterable[str]) -> float:
    """The weight of a record with these reasons."""
    return 1.0 + sum(WEIGHTS[reason] for reason in risks)


def sample(candidates: Iterable[Listed], n: int, seed: str, method: Method = Method.RANDOM) -> tuple[Listed, ...]:
    """`n` of the records, or all where there are fewer, in the order in which they were drawn."""

    def key(record: Listed) -> float:
        u = share(seed, record.encounter_uid)
        return u if method is Method.RANDOM else -math.log(u) / weight_of(record.risks)

    return tuple(sorted(candidates, key=lambda record: (key(record), record.encounter_uid))[: max(0, n)])
