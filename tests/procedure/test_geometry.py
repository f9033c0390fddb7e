"""Margins of a planned path and the relation of a vessel to the muscle, against plain geometry."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotation import Document, Ellipse, Finding, Line, Polyline, measurements
from annotation.measure import PLACING_PX
from imaging.scale import Scale
from procedure.answers import Side
from procedure.demonstration import demonstration
from procedure.images import ImageRef
from procedure.observing import observed, vessel_type, with_observation
from procedure.phase import Phase
from procedure.plan import Instrument, InstrumentType, Place, Plan, PlannedPath
from procedure.relation import muscle_relation
from procedure.safety import margins
from procedure.vessels import Relation, Vessel, VesselType

NOW = datetime(2026, 3, 2, tzinfo=UTC)
IMAGE = "2.25.7"
SCALE = Scale(0.05, 0.04, (0, 0, 2000, 2000), "profile", 0.03)
CANNULA = Instrument(type=InstrumentType.CANNULA, outer_diameter_mm=0.5)
places = st.tuples(st.floats(100, 1900), st.floats(100, 1900))


def vessel(shape: Ellipse | Polyline, **changes: object) -> Finding:
    fields: dict[str, object] = {
        "kind": "vessel",
        "term": "fa",
        "name": "facial artery",
        "shape": shape,
        "image": IMAGE,
        "by": "Ann",
        "at": NOW,
        "vessel_kind": "artery",
        "measurements": measurements(shape, SCALE),
    }
    return Finding.model_validate(fields | changes)


def plan(entry: tuple[float, float], target: tuple[float, float]) -> Plan:
    path = PlannedPath(
        image=ImageRef(image_uid=IMAGE),
        entry=Place(column=entry[0], row=entry[1]),
        target=Place(column=target[0], row=target[1]),
    )
    return Plan(plan_id="p", region="nlf", side=Side.LEFT, at=NOW, by="Ann", instrument=CANNULA, path=path)


@pytest.mark.requirement("N11")
@settings(max_examples=80, deadline=None)
@given(places, places, places, st.floats(5, 60))
def test_the_margin_is_the_way_from_the_path_to_the_lumen(
    entry: tuple[float, float], target: tuple[float, float], centre: tuple[float, float], radius_mm10: float
) -> None:
    """Against the distance from a circle (in mm) to densely sampled points of the path."""
    radius = radius_mm10 / 20  # mm
    semi = (radius / SCALE.mm_per_pixel_x, radius / SCALE.mm_per_pixel_y)
    assume(all(semi[k] < c < 2000 - semi[k] for k, c in enumerate(centre)))
    (margin,) = margins(plan(entry, target), [vessel(Ellipse.around(centre, semi))], SCALE)
    assert margin.distance_mm is not None
    (ex, ey), (tx, ty) = entry, target
    steps = [(ex + t / 2000 * (tx - ex), ey + t / 2000 * (ty - ey)) for t in range(2001)]
    nearest = min(SCALE.distance_mm(step, centre) for step in steps)
    expected = max(0.0, nearest - radius - 0.25)
    assert margin.distance_mm.value == pytest.approx(expected, abs=0.02)
    assert margin.crosses == (margin.distance_mm.value == 0)
    least = PLACING_PX * 0.05 * math.sqrt(2)
    assert margin.distance_mm.uncertainty is not None and margin.distance_mm.uncertainty >= least - 0.001


@pytest.mark.requirement("N11")
def test_no_distance_is_told_where_none_is_known() -> None:
    drawn = vessel(Ellipse.around((500, 500), (20, 20)))
    way = plan((100, 100), (900, 900))
    (none,) = margins(way, [drawn], None)
    assert none.distance_mm is None and "scale" in none.why_not
    (outside,) = margins(way, [drawn], Scale(0.05, 0.05, (0, 0, 400, 400), "profile", 0.03))
    assert outside.distance_mm is None and "calibrated" in outside.why_not
    (thick,) = margins(replace(way, instrument=None), [drawn], SCALE)
    assert thick.distance_mm is None and "outer diameter" in thick.why_not
    course = vessel(Polyline(vertices=((100, 500), (900, 500))))
    (line,) = margins(way, [course], SCALE)
    assert line.distance_mm is None and line.crosses and "without its lumen" in line.why_not
    assert margins(replace(way, path=None), [drawn], SCALE) == ()
    assert margins(way, [vessel(drawn.shape, status="suggested")], SCALE) == ()  # type: ignore[arg-type]
    assert margins(way, [vessel(drawn.shape, frame=1), vessel(drawn.shape, image="2.25.8")], SCALE) == ()  # type: ignore[arg-type]


def test_vessels_without_a_distance_come_last() -> None:
    near = vessel(Ellipse.around((500, 560), (20, 20)))
    far = vessel(Ellipse.around((500, 900), (20, 20)))
    course = vessel(Polyline(vertices=((100, 1000), (900, 1000))))
    found = margins(plan((100, 500), (900, 500)), [course, far, near], SCALE)
    assert [m.tracking_uid for m in found] == [near.tracking_uid, far.tracking_uid, course.tracking_uid]


def layer(term: str, row: float, **changes: object) -> Finding:
    fields: dict[str, object] = {
        "kind": "layer",
        "term": term,
        "name": term,
        "shape": Polyline(vertices=((0, row), (1000, row + 20))),
        "image": IMAGE,
        "by": "Ann",
        "at": NOW,
    }
    return Finding.model_validate(fields | changes)


ORDER = ("epi", "sfat", "musc", "dfat", "perio")


@pytest.mark.requirement("S19")
@settings(max_examples=80, deadline=None)
@given(st.floats(40, 900), st.floats(100, 900), st.floats(2, 25), st.floats(2, 25))
def test_the_relation_follows_from_the_drawn_layers(column: float, row: float, a: float, b: float) -> None:
    assume(column > a + 1 and row > b + 1)
    upper, lower = 300 + 20 * column / 1000, 600 + 20 * column / 1000
    seen = muscle_relation(
        vessel(Ellipse.around((column, row), (a, b))), [layer("musc", 300), layer("dfat", 600), layer("epi", 20)], ORDER
    )
    top, bottom = row - b, row + b
    assume(min(abs(edge - side) for edge in (top, bottom) for side in (upper, lower)) > 0.01)
    if bottom < upper:
        assert seen is Relation.SUPERFICIAL
    elif top > lower:
        assert seen is Relation.DEEP
    elif top > upper and bottom < lower:
        assert seen is Relation.WITHIN
    else:
        assert seen is Relation.CROSSING


@pytest.mark.requirement("S19")
def test_the_relation_is_not_told_where_the_muscle_is_not_drawn() -> None:
    drawn = vessel(Ellipse.around((500, 450), (20, 20)))
    muscle = layer("musc", 300)
    assert muscle_relation(drawn, [], ORDER) is Relation.CANNOT_TELL
    assert muscle_relation(drawn, [layer("sfat", 100)], ORDER) is Relation.CANNOT_TELL
    # The next boundary drawn is bone: whether the vessel lies in muscle or in the fat under it, nobody drew.
    assert muscle_relation(drawn, [muscle, layer("perio", 800)], ORDER) is Relation.CANNOT_TELL
    assert muscle_relation(drawn, [muscle, layer("dfat", 600)], ORDER) is Relation.WITHIN
    assert muscle_relation(drawn, [layer("musc", 300, frame=3)], ORDER) is Relation.CANNOT_TELL
    beside = Polyline(vertices=((0, 300), (400, 300)))
    assert muscle_relation(drawn, [layer("musc", 0, shape=beside)], ORDER) is Relation.CANNOT_TELL
    two = [muscle, layer("dfat", 350), layer("musc", 600)]
    assert muscle_relation(drawn, two, ORDER) is Relation.CANNOT_TELL


@pytest.mark.requirement("S4")
def test_an_observation_comes_out_of_the_labels_of_its_frame() -> None:
    drawn = vessel(Ellipse.around((500, 450), (20, 20)))
    skin = Line(start=(500, 50), end=(500, 450))
    depth = Finding(
        kind="distance",
        term="fa",
        name="skin to artery",
        shape=skin,
        image=IMAGE,
        by="Ann",
        measurements=measurements(skin, SCALE),
    )
    document = Document(findings=(drawn, depth, layer("musc", 500), layer("sfat", 100)))
    seen = observed(document, drawn, Phase.PRE, layer_order=ORDER)
    assert seen.depth_mm is not None and seen.depth_mm.value == 16.0
    assert seen.diameter_mm is not None and seen.diameter_mm.value == pytest.approx(1.6)
    assert seen.muscle_relation is Relation.SUPERFICIAL and seen.by == "Ann" and seen.at == NOW
    twice = Document(findings=(*document.findings, depth.changed(tracking_uid="2.25.99")))
    assert observed(twice, drawn, Phase.PRE, layer_order=ORDER).depth_mm is None
    with pytest.raises(ValueError, match="confirmed vessel"):
        observed(document, depth, Phase.PRE, layer_order=ORDER)


@pytest.mark.requirement("S4")
def test_the_same_vessel_goes_on_under_the_same_tracking_uid() -> None:
    encounter = demonstration("normal")
    known = encounter.vessels[0]
    drawn = vessel(Ellipse.around((500, 450), (20, 20)), tracking_uid=known.tracking_uid)
    fresh = Vessel(tracking_uid="2.25.1", vessel_type=vessel_type(drawn), side=Side.LEFT, region="nlf", named_by="Ann")
    seen = observed(Document(findings=(drawn,)), drawn, Phase.FOLLOWUP, layer_order=ORDER)
    longer = with_observation(encounter, drawn, seen, fresh)
    assert len(longer.vessels) == 1 and longer.vessels[0].observations[-1] == seen
    other = vessel(Ellipse.around((900, 450), (20, 20)), vessel_kind="unknown")
    added = with_observation(longer, other, seen, replace(fresh, vessel_type=vessel_type(other)))
    assert added.vessels[1].tracking_uid == other.tracking_uid
    assert added.vessels[1].vessel_type is VesselType.UNKNOWN
