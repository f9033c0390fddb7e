"""What stands on the map of one phase: stations, vessels, planned paths, injections, each with its line of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from procedure import telling
from procedure.answers import Estimate, Side
from procedure.coverage import Status, coverage
from procedure.encounter import Encounter
from procedure.face_map._nearness import scanned_stretches
from procedure.face_map._places import MapPlace, Place3, place_of_region, place_of_station
from procedure.face_map._surface import along, on_map
from procedure.phase import Phase
from procedure.protocol import Protocol
from procedure.vessels import Observation, Vessel

#: Upper ends of the classes of depth from the skin, mm; the last class has none. Each has its colour and its mark.
DEPTHS: Final = (2.0, 4.0, 6.0, 10.0)


COURSE_STEPS: Final = 40  #: pieces of a drawn path


class MarkKind(StrEnum):
    """What a mark stands for."""

    STATION = "station"
    VESSEL = "vessel"
    PATH = "planned path"
    DEPOSIT = "planned deposit"
    INJECTION = "injection"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: `number` stands on the map and before `text`, its line of words. `place` is None where the map has none.

    `depth_class` (a vessel's) is the place in DEPTHS, len(DEPTHS) for deeper, None where no depth was measured. `status` is a
    station's; `station_id` and `side` tell a station or a vessel where it was seen. `beside` is what stands beside a vessel's
    mark: its depth, mm. `course` are places along a drawn path on the face's surface, its entry first; `stretches` are its
    parts that have a scanned station near them, as shares of its length from 0 to 1.
    """

    kind: MarkKind
    number: str
    place: MapPlace | None
    text: str
    depth_class: int | None = None
    status: Status | None = None
    station_id: str = ""
    side: Side | None = None
    beside: str = ""
    course: tuple[Place3, ...] = ()
    stretches: tuple[tuple[float, float], ...] = ()


def depth_class(depth: Estimate | None) -> int | None:
    """The class of a depth from the skin."""
    if depth is None:
        return None
    return next((place for place, end in enumerate(DEPTHS) if depth.value <= end), len(DEPTHS))


def marks_of(
    encounter: Encounter,
    protocols: Mapping[str, Protocol],
    phase: Phase,
    path_words: Mapping[int, str] | None = None,
) -> tuple[Mark, ...]:
    """The marks of a phase. Planned paths stand on the map before the procedure, injections on that of the injection.

    `path_words` are the margins of a plan (by its place among the plans) in words, as `procedure.safety` tells them.
    """

    def made() -> Iterator[Mark]:
        yield from _stations(encounter, protocols, phase)
        yield from _vessels(encounter, protocols, phase)
        if phase is Phase.PRE:
            yield from _paths(encounter, protocols, path_words or {})
        if phase is Phase.DURING:
            yield from _injections(encounter)

    return tuple(made())


def _stations(encounter: Encounter, protocols: Mapping[str, Protocol], phase: Phase) -> Iterator[Mark]:
    asked = {(e.station.id, e.side): e for e in coverage(encounter, protocols) if e.phase is phase}
    told = set(asked)
    rows = [(e.station.id, e.station.landmark, e.side, e.status) for e in asked.values()]
    for visit in encounter.visits:
        if visit.phase is phase and (visit.station_id, visit.side) not in told:
            told.add((visit.station_id, visit.side))
            status = Status.SKIPPED if visit.skipped_because else Status.PARTIAL
            rows.append((visit.station_id, _landmark(protocols, visit.station_id), visit.side, status))
    for place, (station_id, landmark, side, status) in enumerate(rows):
        text = f"Station {station_id}, {telling.word(side)}: {_STATUS[status]}"
        at = place_of_station(station_id, landmark, side)
        yield Mark(MarkKind.STATION, _letters(place), at, text, status=status, station_id=station_id, side=side)


_STATUS: Final = {
    Status.DONE: "scanned, nothing that the protocol asks for is lacking",
    Status.PARTIAL: "scanned in part",
    Status.SKIPPED: "not scanned, a reason is given",
    Status.MISSING: "not scanned, no reason is given",
}


def _vessels(encounter: Encounter, protocols: Mapping[str, Protocol], phase: Phase) -> Iterator[Mark]:
    number = 0
    for vessel in encounter.vessels:
        last: dict[str, Observation] = {seen.station_id: seen for seen in vessel.in_phase(phase)}
        for station_id, seen in last.items():
            number += 1
            at = place_of_station(station_id, _landmark(protocols, station_id), vessel.side)
            yield Mark(
                MarkKind.VESSEL,
                str(number),
                at or place_of_region(vessel.region, vessel.side),
                _seen(vessel, seen),
                depth_class=depth_class(seen.depth_mm),
                station_id=station_id,
                side=vessel.side,
                beside=f"{seen.depth_mm.value:.1f}" if seen.depth_mm else "",
            )


def _seen(vessel: Vessel, seen: Observation) -> str:
    depth = telling.estimate("depth_mm", seen.depth_mm) if seen.depth_mm else "not measured"
    wide = telling.estimate("diameter_mm", seen.diameter_mm) if seen.diameter_mm else "not measured"
    where = f"at station {seen.station_id}" if seen.station_id else "at no station"
    return f"{vessel_name(vessel)}, {where}: depth from the skin {depth}, diameter {wide}"


def vessel_name(vessel: Vessel) -> str:
    """A vessel with its kind and side; one that nobody named is told as that."""
    name = vessel.name or (telling.structure(vessel.term) if vessel.term else "vessel without a name")
    kind = telling.word(vessel.vessel_type)
    return ", ".join(
        [
            name,
            *([] if kind in name else [f"{kind if kind != 'unknown' else 'kind unknown'}"]),
            telling.word(vessel.side),
        ]
    )


def _paths(encounter: Encounter, protocols: Mapping[str, Protocol], words: Mapping[int, str]) -> Iterator[Mark]:
    """Each plan's path, drawn on the face or standing for its region, and the deposits that are planned on it."""
    for place, plan in enumerate(encounter.plans, start=1):
        margin = words.get(place - 1) or "no margin is known"
        drawn = plan.face_path
        where = " as drawn" if drawn is not None else ""
        yield Mark(
            MarkKind.PATH,
            f"P{place}",
            on_map(drawn.entry) if drawn is not None else place_of_region(plan.region, plan.side),
            f"Planned path{where}, {telling.site(plan.region, plan.side)}: {margin}",
            course=along(drawn, COURSE_STEPS) if drawn is not None else (),
            stretches=scanned_stretches(drawn, encounter, protocols) if drawn is not None else (),
        )
        for number, deposit in enumerate(plan.deposits):
            volume = f"{telling.number(deposit.volume_ml)} mL" if deposit.volume_ml is not None else "volume not told"
            text = f"Planned deposit of plan {place}: {volume}"
            yield Mark(MarkKind.DEPOSIT, f"D{place}{_letters(number)}", on_map(deposit.on_face), text)


def _injections(encounter: Encounter) -> Iterator[Mark]:
    for place, injection in enumerate(encounter.injections):
        volume = "volume not recorded" if injection.volume_ml is None else f"{telling.number(injection.volume_ml)} mL"
        where = ", ".join(part for part in (telling.site(injection.region, injection.side), injection.site) if part)
        text = f"Injection, {where}: {volume}"
        pointed = injection.on_face
        at = place_of_region(injection.region, injection.side) if pointed is None else on_map(pointed)
        yield Mark(MarkKind.INJECTION, f"I{place + 1}", at, text)


def _landmark(protocols: Mapping[str, Protocol], station_id: str) -> str:
    stations = (protocol.station(station_id) for protocol in protocols.values())
    return next((station.landmark for station in stations if station is not None), "")


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return ("" if first == 0 else chr(96 + first)) + chr(97 + last)
