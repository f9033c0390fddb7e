"""What a plan cannot know: stations that were not scanned at its site, and vessels that were not seen there (N11, S23, S26).

It stands beside the margins (`procedure.safety`) wherever they are shown: a margin speaks of mapped vessels only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procedure.answers import Side, Sight
from procedure.coverage import Status, coverage
from procedure.encounter import Encounter
from procedure.phase import Phase
from procedure.plan import Plan
from procedure.protocol import Protocol
from procedure.stations import StationVisit
from procedure.telling import word
from procedure.wording import NOT_SCANNED
from procedure.words import structure_name


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that nobody looked at, or looked for and did not see. `text` is a sentence."""

    station_id: str
    side: Side | None
    text: str


def gaps(plan: Plan, encounter: Encounter, protocols: Mapping[str, Protocol]) -> tuple[Gap, ...]:
    """The gaps of the map before the procedure at a plan's site, station by station, then vessel by vessel.

    The last line is always the reminder that what was not scanned or not seen may still be there.
    """
    protocol = protocols.get(plan.region)

    def found() -> Iterator[Gap]:
        if protocol is None:
            yield Gap("", None, "This region has no protocol, so it is not known what was left out.")
        else:
            if not any((site.region, site.side) == (plan.region, plan.side) for site in encounter.sites):
                yield Gap("", plan.side, "The plan's site is not among the sites that were to be scanned.")
            yield from _stations(plan, encounter, protocols)
            yield from _vessels(plan, encounter, protocol)
        yield Gap("", None, NOT_SCANNED)

    return tuple(found())


def _stations(plan: Plan, encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[Gap]:
    for entry in coverage(encounter, protocols):
        here = entry.region == plan.region and plan.side.takes(entry.side)
        if here and entry.phase is Phase.PRE and entry.status is not Status.DONE:
            for lack in entry.lacks:
                yield Gap(entry.station.id, entry.side, f"{entry.station.place}: {lack[0].lower()}{lack[1:]}")


def _vessels(plan: Plan, encounter: Encounter, protocol: Protocol) -> Iterator[Gap]:
    """Vessels that the protocol looks for and that nobody saw on this side before the procedure.

    A plan on the midline has both sides beside it; each is told by itself: a vessel seen on one says nothing of the other.
    """
    visits = [v for v in encounter.visits if v.phase is Phase.PRE]
    for vessel in protocol.vessels:
        name = structure_name(vessel) or vessel
        stations = {station.id: station for station in protocol.stations if vessel in station.look_for}
        sides = {side for station in stations.values() for side in station.sides if side is not Side.MIDLINE}
        told = sorted(sides, reverse=True) if plan.side is Side.MIDLINE and sides else [plan.side]
        for side in told:
            near = [visit for visit in visits if visit.station_id in stations and visit.side in (side, Side.MIDLINE)]
            sights = set(_sights(vessel, near))
            if Sight.SEEN not in sights:
                what = "was looked for and not seen" if sights else "was not looked for"
                where = f" on the {word(side)}" if side is not plan.side else ""
                yield Gap("", side, f"The {name} {what}{where}.")


def _sights(structure: str, visits: list[StationVisit]) -> Iterator[Sight]:
    for visit in visits:
        yield from (seen.sight for seen in visit.seen if seen.structure == structure)
