"""Hypothesis strategies for shapes, findings and documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from annotation import Ellipse, Finding, ImageNote, Line, Point, Polyline
from annotation.grey import GreyLevel
from annotation.measure import Measured, measurements
from annotation.shapes import as_float32
from annotation.vocabulary import LANDMARKS, LAYERS, PLANES, VESSELS
from imaging.scale import Scale

SCALE = Scale(0.08, 0.08, (0, 0, 1280, 720), "profile", 0.03)

coordinates = st.floats(0, 4000, allow_nan=False).map(as_float32)
places = st.tuples(coordinates, coordinates)
lines = st.tuples(places, places).filter(lambda ends: ends[0] != ends[1]).map(lambda e: Line(start=e[0], end=e[1]))
points = places.map(lambda at: Point(at=at))
ellipses = st.builds(
    Ellipse.around,
    st.tuples(st.floats(600, 3000), st.floats(600, 3000)),
    st.tuples(st.floats(1, 500), st.floats(1, 500)),
    st.floats(0, 360),
)


def polylines(closed: st.SearchStrategy[bool]) -> st.SearchStrategy[Polyline]:
    vertices = st.lists(places, min_size=3, max_size=12).filter(lambda v: v[0] != v[-1])
    return st.builds(lambda v, c: Polyline(vertices=tuple(v), closed=c), vertices, closed)


open_lines = polylines(st.just(False))
outlines = polylines(st.just(True))

uids = st.integers(1, 2**128 - 1).map(lambda n: f"2.25.{n}")
moments = st.integers(0, 10**15).map(lambda us: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
names = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=30)


_levels = st.integers(0, 2550).map(lambda tenths: tenths / 10)
greys = st.builds(GreyLevel, mean=_levels, spread=_levels) | st.builds(
    GreyLevel,
    mean=_levels,
    spread=_levels,
    around=st.sampled_from(["layer", "ring"]),
    around_mean=_levels,
    around_spread=_levels,
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    kind = draw(st.sampled_from(["vessel", "layer", "filler", "tip", "point", "distance"]))
    shapes = {
        "vessel": outlines | open_lines | ellipses,
        "layer": open_lines,
        "filler": outlines | ellipses,
        "tip": points,
        "point": points,
        "distance": lines,
    }
    shape = draw(shapes[kind])
    terms = {"vessel": VESSELS, "layer": LAYERS, "point": LANDMARKS, "distance": LAYERS}.get(kind, ())
    term = draw(st.none() | st.sampled_from(terms)) if terms else None
    measured: tuple[Measured, ...] = measurements(shape, draw(st.none() | st.just(SCALE)))
    return Finding(
        tracking_uid=draw(uids),
        kind=kind,  # type: ignore[arg-type]
        term=term.id if term else None,
        name=term.name if term else draw(st.just("") | names),
        shape=shape,
        image=draw(st.none() | st.sampled_from(["1.2.3", "2.25.77"])),
        frame=draw(st.integers(0, 3)),
        by=draw(names),
        at=draw(moments),
        status=draw(st.sampled_from(["suggested", "confirmed"])),
        vessel_kind=draw(st.sampled_from(["artery", "vein", "unknown"])) if kind == "vessel" else None,
        echogenicity=draw(st.none() | st.sampled_from(["anechoic", "hypoechoic", "isoechoic", "hyperechoic"])),
        measurements=measured,
        grey=draw(st.none() | greys),
    )


notes = st.builds(
    ImageNote,
    image=st.none() | st.sampled_from(["1.2.3", "2.25.77"]),
    frame=st.integers(0, 3),
    plane=st.none() | st.sampled_from([t.id for t in PLANES]),
    landmark=st.none() | st.sampled_from([t.id for t in LANDMARKS]),
)
