"""What can be counted of an encounter in a portfolio."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from audit.judging import Judgement
from audit.verdict import Verdict
from procedure import Encounter, Phase
from procedure.states import State

#: Where the course's page speaks of high risk (clinical reference 1.3). No other region is thereby without risk.
HIGH_RISK_REGIONS: Final = frozenset({"tear", "nose", "temp", "glab", "fore", "nlf"})
_WHOLE: Final = frozenset({Phase.PRE, Phase.DURING, Phase.POST})


@dataclass(frozen=True, slots=True)
class Entry:
    """One encounter of a portfolio: its study, its newest record, and the judgement of its criteria."""

    study_instance_uid: str
    encounter: Encounter
    judgements: tuple[Judgement, ...]


def _if(holds: Callable[[Entry], bool]) -> Callable[[Entry], Iterable[str]]:
    return lambda entry: (entry.encounter.encounter_uid,) if holds(entry) else ()


def _phases(encounter: Encounter) -> set[Phase]:
    return {image.phase for image in encounter.images if image.rejection is None}


def _regions(entry: Entry) -> Iterable[str]:
    """The regions that were scanned."""
    return {visit.station_id.rpartition("-")[0] for visit in entry.encounter.visits if not visit.skipped_because}


#: What can be counted: for each name the things that one encounter adds, each of which counts once.
COUNTERS: Final[dict[str, Callable[[Entry], Iterable[str]]]] = {
    "encounters": lambda entry: (entry.encounter.encounter_uid,),
    "whole-encounters": _if(lambda entry: _phases(entry.encounter) >= _WHOLE),
    "simulated": _if(lambda entry: entry.encounter.simulated),
    "real": _if(lambda entry: not entry.encounter.simulated),
    "regions": _regions,
    "high-risk-regions": lambda entry: HIGH_RISK_REGIONS.intersection(_regions(entry)),
    "injections": lambda entry: (
        f"{entry.encounter.encounter_uid}/{number}" for number, _ in enumerate(entry.encounter.injections)
    ),
    "complications": _if(lambda entry: bool(entry.encounter.complications)),
    "attested": _if(lambda entry: entry.encounter.state is State.ATTESTED),
    "followed-up": _if(lambda entry: any(visit.at is not None for visit in entry.encounter.follow_ups)),
    "no-criterion-unmet": _if(lambda entry: all(j.verdict is not Verdict.NOT_MET for j in entry.judgements)),
}
