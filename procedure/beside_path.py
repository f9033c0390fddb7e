"""What stands beside a path that was drawn on the face: vessels mapped near it with their distance in depth, and gaps (N11).

How far a vessel lies from the path along the skin is not measured: the face is schematic. What was measured is a vessel's
depth, at a station near the path; held against the planned depth it gives a distance in depth, between the instrument's side
and the vessel's wall. It is no verdict: a vessel runs elsewhere between stations, and one that nobody mapped is not in it
(S26, S27, X5). Where nobody scanned, that is said.

The uncertainty (half the 95 % interval) joins that of the depth and of half the diameter as independent parts; the planned
depth is taken as it was said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procedure import telling
from procedure.answers import Estimate, Side
from procedure.encounter import Encounter
from procedure.face_map import NearStation, stations_near, vessel_name
from procedure.phase import Phase
from procedure.plan import Plan
from procedure.protocol import Protocol
from procedure.vessels import Observation, Vessel
from procedure.wording import NOT_SCANNED


@dataclass(frozen=True, slots=True)
class Beside:
    """One line: a vessel with its distance in depth, None where that is not known; or a gap, then without a vessel."""

    station_id: str
    side: Side | None
    text: str
    tracking_uid: str = ""
    depth_apart_mm: Estimate | None = None


def beside_path(plan: Plan, encounter: Encounter, protocols: Mapping[str, Protocol]) -> tuple[Beside, ...]:
    """Vessels near the path, nearest in depth first, then where nobody scanned; () where no path is drawn on the face.

    The last line is always the reminder that what was not scanned may still be there.
    """
    if plan.face_path is None:
        return ()
    near = stations_near(plan.face_path, encounter, protocols)
    vessels = [line for station in near if station.scanned for line in _vessels(plan, encounter, station)]

    def apart(line: Beside) -> float:
        return math.inf if line.depth_apart_mm is None else line.depth_apart_mm.value

    return (*sorted(vessels, key=apart), *_gaps(near, bool(vessels)), Beside("", None, NOT_SCANNED))


def _vessels(plan: Plan, encounter: Encounter, station: NearStation) -> Iterator[Beside]:
    for vessel in encounter.vessels:
        seen = [one for one in vessel.in_phase(Phase.PRE) if one.station_id == station.station_id]
        if seen and vessel.side in (station.side, Side.MIDLINE):
            yield _vessel(plan, vessel, seen[-1], station)


def _vessel(plan: Plan, vessel: Vessel, seen: Observation, station: NearStation) -> Beside:
    apart = _apart(plan, seen)
    deep = f"{telling.estimate('depth_mm', seen.depth_mm)} deep" if seen.depth_mm else "its depth was not measured"
    head = f"{vessel_name(vessel)}, at station {station.station_id}, {deep}"
    if apart is None:
        known = "the planned depth is not told" if seen.depth_mm else "no distance is known"
        text = f"{head}: {known}."
    elif apart.value == 0:
        text = f"{head}: the planned depth of {telling.number(plan.depth_mm or 0.0)} mm runs through it."
    else:
        wall = "wall" if seen.diameter_mm else "middle, its diameter was not measured"
        text = f"{head}: in depth {telling.estimate('depth_mm', apart)} from its {wall}."
    return Beside(station.station_id, station.side, text, vessel.tracking_uid, apart)


def _apart(plan: Plan, seen: Observation) -> Estimate | None:
    """The distance in depth from the instrument's side to the vessel's wall, 0 where they meet."""
    if plan.depth_mm is None or seen.depth_mm is None:
        return None
    instrument = plan.instrument.outer_diameter_mm if plan.instrument else None
    wide = seen.diameter_mm
    distance = abs(plan.depth_mm - seen.depth_mm.value) - (wide.value / 2 if wide else 0.0) - (instrument or 0.0) / 2
    parts = [seen.depth_mm.uncertainty, *([wide.uncertainty] if wide else [])]
    if any(part is None for part in parts):
        return Estimate(round(max(0.0, distance), 2), None)
    halves = [part / (1 + place) for place, part in enumerate(parts) if part is not None]  # of a diameter, its half
    return Estimate(round(max(0.0, distance), 2), round(math.hypot(*halves), 2))


def _gaps(near: tuple[NearStation, ...], any_vessel: bool) -> Iterator[Beside]:
    for station in near:
        if not station.scanned:
            where = f"{station.station_id}, {telling.word(station.side)}"
            yield Beside(station.station_id, station.side, f"Station {where}: not scanned here.")
    if not any(station.scanned for station in near):
        yield Beside("", None, "No scanned station lies near this path: not scanned here.")
    elif not any_vessel:
        yield Beside("", None, "No vessel is mapped at the stations near this path; none is known there.")
