"""The face map: every place that the program names is on it, every mark is drawn once in each view that shows its side."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from annotation.vocabulary import LANDMARKS, REGIONS
from procedure import Encounter
from procedure.answers import Estimate, Side
from procedure.coverage import Status
from procedure.demonstration import demonstration
from procedure.encounter import Site
from procedure.face_map import (
    DEPTHS,
    VIEWS,
    MarkKind,
    View,
    depth_class,
    key_svg,
    map_svg,
    marks_of,
    place_of_landmark,
    place_of_region,
    place_of_station,
)
from procedure.phase import Phase
from procedure.protocol_files import built_in
from procedure.wording import banned_in
from procedure.words import BONY_LANDMARKS
from tests.procedure.strategies import encounters

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.requirement("S21")
def test_every_landmark_station_and_region_has_a_place() -> None:
    for name in [*(term.id for term in LANDMARKS), *BONY_LANDMARKS]:
        assert place_of_landmark(name, Side.LEFT), name
    for protocol in built_in().values():
        for station in protocol.stations:
            for side in station.sides:
                assert place_of_station(station.id, "", side), station.id
    for region in REGIONS:
        assert place_of_region(region.id, Side.RIGHT), region.id


def test_left_is_to_the_right_and_mirrors_right() -> None:
    left, right = (place_of_station("nlf-2", "", side) for side in (Side.LEFT, Side.RIGHT))
    assert left is not None and right is not None
    front_left, front_right = left.in_view(View.FRONT), right.in_view(View.FRONT)
    assert front_left is not None and front_right is not None
    assert front_left[0] > 0 and front_left == pytest.approx((-front_right[0], front_right[1]))
    assert left.in_view(View.RIGHT_OBLIQUE) is None and right.in_view(View.LEFT_OBLIQUE) is None
    assert left.in_view(View.LEFT_OBLIQUE)
    middle = place_of_landmark("nasion", None)
    assert middle is not None and all(middle.in_view(view) for view in VIEWS)
    assert place_of_landmark("ala", None) is None  # it has two sides, and nobody said which


def test_a_clinic_s_own_station_stands_at_its_landmark_or_nowhere() -> None:
    own = place_of_station("nlf-9", "pyriform-rim", Side.LEFT)
    assert own == place_of_landmark("pyriform-rim", Side.LEFT)
    assert place_of_station("own-1", "no-such-landmark", Side.LEFT) is None


def test_depth_has_its_class_at_the_ends() -> None:
    assert [depth_class(Estimate(mm, 0.1)) for mm in (0.0, 2.0, 2.01, 4.0, 6.0, 10.0, 10.01)] == [0, 0, 1, 1, 2, 3, 4]
    assert depth_class(None) is None and len(DEPTHS) == 4


@pytest.mark.requirement("S21")
@pytest.mark.requirement("N5")
def test_the_map_shows_stations_vessels_path_and_injections() -> None:
    encounter = demonstration("normal")
    before = marks_of(encounter, built_in(), Phase.PRE, {0: "2.1 ± 0.2 mm to the facial artery"})
    assert [(mark.kind, mark.number) for mark in before] == [
        (MarkKind.STATION, "a"),
        (MarkKind.STATION, "b"),
        (MarkKind.STATION, "c"),
        (MarkKind.VESSEL, "1"),
        (MarkKind.PATH, "P1"),
    ]
    assert all(mark.status is Status.DONE for mark in before[:3])
    assert "4.8 ± 0.2 mm" in before[3].text and before[3].depth_class == 2
    assert "2.1 ± 0.2 mm to the facial artery" in before[4].text
    during = marks_of(encounter, built_in(), Phase.DURING)
    assert [mark.number for mark in during if mark.kind is MarkKind.INJECTION] == ["I1", "I2"]
    numbers = _numbers(map_svg(before))
    assert sorted(numbers) == sorted(2 * ["a", "b", "c", "1", "P1"])  # left side: from the front and obliquely


def test_marks_of_a_whole_face_do_not_lie_on_each_other() -> None:
    sites = tuple(Site(region=region, side=side) for region in built_in() for side in (Side.LEFT, Side.RIGHT))
    encounter = replace(demonstration("occlusion-rescue"), sites=sites)
    marks = marks_of(encounter, built_in(), Phase.PRE)
    numbers = [mark.number for mark in marks]
    assert len(set(numbers)) == len(numbers)
    for view in _views(map_svg(marks)):
        places = [
            (float(t.attrib["x"]), float(t.attrib["y"])) for t in view.iter(f"{_SVG}text") if "font-weight" in t.attrib
        ]
        assert places
        for index, place in enumerate(places):
            assert all(math.dist(place, other) > 8 for other in places[:index])
            assert 0 < place[0] < 205 and 0 < place[1] < 240


def test_a_mark_without_a_place_is_kept_with_its_words() -> None:
    encounter = demonstration("normal")
    odd = replace(encounter.visits[0], station_id="own-1")
    marks = marks_of(replace(encounter, visits=(odd,)), built_in(), Phase.PRE)
    (mark,) = [mark for mark in marks if "own-1" in mark.text]
    assert mark.place is None and mark.number not in _numbers(map_svg(marks))


@settings(max_examples=15, deadline=None)
@given(encounters())
def test_any_encounter_has_a_map(encounter: Encounter) -> None:
    for phase in Phase:
        marks = marks_of(encounter, built_in(), phase)
        _views(map_svg(marks))


def test_the_key_says_what_it_means_without_promises() -> None:
    words = "".join(ElementTree.fromstring(key_svg()).itertext())
    assert not banned_in(words)
    for word in ("to 2 mm", "over 10 mm", "not measured", "not scanned", "planned path", "injection"):
        assert word in words


def _views(svg: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{_SVG}g")


def _numbers(svg: str) -> list[str]:
    texts = [
        text.text or "" for view in _views(svg) for text in view.iter(f"{_SVG}text") if "font-weight" in text.attrib
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9]+", text) for text in texts)
    return texts
