"""Plans drawn on the schematic face: where somebody pointed, what stands beside a path, and what older records say."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure import Encounter
from procedure.answers import Estimate, Side
from procedure.as_json import LATER, digest, from_json, to_json
from procedure.beside_path import beside_path
from procedure.demonstration import demonstration
from procedure.face_map import (
    VIEWS,
    MarkKind,
    View,
    map_svg,
    marks_of,
    on_map,
    place_of_station,
    pointed_at,
    side_of,
    stations_near,
    view_at,
)
from procedure.face_places import FacePath, FacePlace, PlannedDeposit
from procedure.phase import Phase
from procedure.plan import Plan
from procedure.protocol_files import built_in
from procedure.wording import NOT_SCANNED, banned_in

OUT_OF_SIGHT = FacePlace(x_mm=40, y_mm=-60, z_mm=70)  # the forehead: nobody scanned there


def at_station(station_id: str) -> FacePlace:
    place = place_of_station(station_id, "", Side.LEFT)
    assert place is not None
    return FacePlace(x_mm=place.at[0], y_mm=place.at[1], z_mm=place.at[2])


def drawn(entry: FacePlace, target: FacePlace, **plan: object) -> tuple[Encounter, Plan]:
    """The demonstration's encounter with its plan drawn on the face."""
    encounter = demonstration("normal")
    made = replace(encounter.plans[0], face_path=FacePath(entry=entry, target=target), **plan)  # type: ignore[arg-type]
    return replace(encounter, plans=(made,)), made


@given(st.sampled_from(["nlf-1", "nlf-2", "nlf-3", "mala-1", "chin-2", "fore-2", "temp-2"]))
def test_pointing_at_a_station_finds_its_place(station_id: str) -> None:
    place = place_of_station(station_id, "", Side.LEFT)
    assert place is not None
    for view in (View.FRONT, View.LEFT_OBLIQUE):
        found = pointed_at(view, place.in_view(view) or (0, 0))
        assert found is not None and side_of(found) is Side.LEFT
        assert math.dist((found.x_mm, found.y_mm, found.z_mm), place.at) < 2


@given(st.floats(0, 615), st.floats(0, 250))
def test_a_press_on_the_map_is_on_the_face_of_its_view_or_nowhere(x: float, y: float) -> None:
    found = view_at((x, y))
    if found is None:
        return
    view, place = found
    assert view is VIEWS[min(int(x // 205), 2)]
    pointed = pointed_at(view, place)
    if pointed is not None:
        again = on_map(pointed).in_view(view)
        assert again is not None and math.dist(again, place) < 6.5


@pytest.mark.requirement("N11")
def test_a_vessel_near_the_path_is_told_by_its_distance_in_depth() -> None:
    encounter, plan = drawn(at_station("nlf-2"), at_station("nlf-3"), depth_mm=7.5)
    assert plan.face_path is not None
    near = [station.station_id for station in stations_near(plan.face_path, encounter, built_in())]
    assert set(near[:2]) == {"nlf-2", "nlf-3"}
    first, *_, last = beside_path(plan, encounter, built_in())
    (vessel,) = [one for one in encounter.vessels if one.tracking_uid == first.tracking_uid]
    seen = vessel.in_phase(Phase.PRE)[-1]
    assert seen.depth_mm is not None and seen.diameter_mm is not None and plan.instrument is not None
    assert plan.instrument.outer_diameter_mm is not None
    apart = 7.5 - seen.depth_mm.value - seen.diameter_mm.value / 2 - plan.instrument.outer_diameter_mm / 2
    half = math.hypot(seen.depth_mm.uncertainty or 0, (seen.diameter_mm.uncertainty or 0) / 2)
    assert first.depth_apart_mm == Estimate(round(apart, 2), round(half, 2))
    assert "from its wall" in first.text and last.text == NOT_SCANNED
    through = replace(plan, depth_mm=seen.depth_mm.value)
    assert "runs through it" in beside_path(through, encounter, built_in())[0].text
    unsaid = replace(plan, depth_mm=None)
    assert "the planned depth is not told" in beside_path(unsaid, encounter, built_in())[0].text
    for told in (plan, through, unsaid):
        assert not any(banned_in(line.text) for line in beside_path(told, encounter, built_in()))


def test_a_path_follows_the_face_and_does_not_cut_through_it() -> None:
    """From the jaw to the nasion a straight line in space would run deep under the fold, far from its stations."""
    jaw, nasion = FacePlace(x_mm=50, y_mm=104, z_mm=47.4), FacePlace(x_mm=-2, y_mm=8, z_mm=93.6)
    encounter, plan = drawn(jaw, nasion)
    assert plan.face_path is not None
    near = stations_near(plan.face_path, encounter, built_in())
    assert {station.station_id for station in near} == {"nlf-1", "nlf-2", "nlf-3"}


@pytest.mark.requirement("S26")
def test_where_nobody_scanned_that_is_said_and_drawn() -> None:
    encounter, plan = drawn(OUT_OF_SIGHT, OUT_OF_SIGHT)
    told = [line.text for line in beside_path(plan, encounter, built_in())]
    assert "No scanned station lies near this path: not scanned here." in told
    encounter, plan = drawn(at_station("nlf-2"), OUT_OF_SIGHT)
    (path,) = [mark for mark in marks_of(encounter, built_in(), Phase.PRE) if mark.kind is MarkKind.PATH]
    (stretch,) = path.stretches
    assert stretch[0] == 0 and 0 < stretch[1] < 0.5, "scanned at its entry, not further up"
    assert "stroke-dasharray" in map_svg((path,))
    unscanned = replace(encounter, visits=())
    assert "Station nlf-2, left: not scanned here." in [line.text for line in beside_path(plan, unscanned, built_in())]


def test_deposits_and_injections_stand_where_they_were_put() -> None:
    encounter, plan = drawn(at_station("nlf-2"), at_station("nlf-3"))
    spot = at_station("nlf-3")
    plan = replace(plan, deposits=(PlannedDeposit(on_face=spot), PlannedDeposit(on_face=spot, volume_ml=0.1)))
    injection = replace(encounter.injections[0], on_face=spot)
    encounter = replace(encounter, plans=(plan,), injections=(injection,))
    before = [mark for mark in marks_of(encounter, built_in(), Phase.PRE) if mark.kind is MarkKind.DEPOSIT]
    assert [(mark.number, mark.text) for mark in before] == [
        ("D1a", "Planned deposit of plan 1: volume not told"),
        ("D1b", "Planned deposit of plan 1: 0.1 mL"),
    ]
    (during,) = [mark for mark in marks_of(encounter, built_in(), Phase.DURING) if mark.kind is MarkKind.INJECTION]
    assert during.place == on_map(spot) and before[0].place == during.place


def test_a_record_from_before_these_fields_reads_and_keeps_its_digest() -> None:
    encounter = demonstration("normal")
    plain = json.loads(to_json(encounter))
    assert "photograph_marks" not in plain and "face_path" not in plain["plans"][0]
    assert from_json(to_json(encounter)) == encounter
    drawn_on, _ = drawn(at_station("nlf-2"), at_station("nlf-3"))
    assert from_json(to_json(drawn_on)) == drawn_on and digest(drawn_on) != digest(encounter)
    assert set(LATER) <= {"Plan", "Injection", "Encounter"}
