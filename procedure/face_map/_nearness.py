"""What stands near a path that was drawn on the schematic face: scanned stations, and stretches where nobody scanned.

'Near' is a distance on the drawing, `NEAR_MM`; it says what to show beside a path and is no measurement of this patient.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from procedure.answers import Side
from procedure.coverage import coverage
from procedure.encounter import Encounter
from procedure.face_map._places import Place3, place_of_station
from procedure.face_map._surface import along
from procedure.face_places import FacePath
from procedure.phase import Phase
from procedure.protocol import Protocol

NEAR_MM: Final = 15.0  #: on the schematic face: about half of a probe's footprint
_STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class NearStation:
    """A station near a path: how far from it on the drawing, and whether anybody scanned there before the procedure."""

    station_id: str
    side: Side
    away_mm: float
    scanned: bool


def stations_near(path: FacePath, encounter: Encounter, protocols: Mapping[str, Protocol]) -> tuple[NearStation, ...]:
    """The stations near a path, the nearest first."""
    places = along(path, _STEPS)
    found = [
        NearStation(station_id, side, away, scanned)
        for station_id, side, at, scanned in _stations(encounter, protocols)
        if (away := min(math.dist(at, place) for place in places)) <= NEAR_MM
    ]
    return tuple(sorted(found, key=lambda near: near.away_mm))


def scanned_stretches(
    path: FacePath, encounter: Encounter, protocols: Mapping[str, Protocol]
) -> tuple[tuple[float, float], ...]:
    """The parts of a path with a scanned station near them, each from and to, as shares of its length."""
    scanned = [at for _, _, at, there in _stations(encounter, protocols) if there]
    near = [any(math.dist(place, at) <= NEAR_MM for at in scanned) for place in along(path, _STEPS)]
    found: list[tuple[float, float]] = []
    for step, (here, there) in enumerate(pairwise(near)):
        if here and there:
            begins = found.pop()[0] if found and found[-1][1] == step / _STEPS else step / _STEPS
            found.append((begins, (step + 1) / _STEPS))
    return tuple(found)


def _stations(encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[tuple[str, Side, Place3, bool]]:
    """Every station that is asked for at the sites or that was visited before the procedure, with its place."""
    visited = {
        (visit.station_id, visit.side): bool(visit.image_uids) and not visit.skipped_because
        for visit in encounter.visits
        if visit.phase is Phase.PRE
    }
    landmarks = {station.id: station.landmark for protocol in protocols.values() for station in protocol.stations}
    asked = {(e.station.id, e.side): False for e in coverage(encounter, protocols) if e.phase is Phase.PRE}
    for (station_id, side), scanned in {**asked, **visited}.items():
        place = place_of_station(station_id, landmarks.get(station_id, ""), side)
        if place is not None:
            yield station_id, side, place.at, scanned
