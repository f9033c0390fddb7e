"""A finding is checked as a whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from annotation import Ellipse, Finding, ImageNote, Line, Point, Polyline

VESSEL = Ellipse.around((100, 100), (20, 10))
LINE = Polyline(vertices=((0, 10), (50, 12), (100, 9)))


def finding(**fields: object) -> Finding:
    base: dict[str, object] = {"kind": "vessel", "shape": VESSEL, "vessel_kind": "unknown", "by": "AB"}
    return Finding.model_validate(base | fields)


def test_a_vessel_needs_no_name() -> None:
    assert finding().name == ""


def test_each_finding_gets_a_uid_of_its_own() -> None:
    one, other = finding(), finding()
    assert one.tracking_uid != other.tracking_uid
    assert one.tracking_uid.startswith("2.25.") and len(one.tracking_uid) <= 64


def test_times_are_kept_in_utc() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    kept = finding(at=at).at
    assert kept == at and kept.tzinfo is UTC


@pytest.mark.parametrize(
    "fields",
    [
        {"vessel_kind": None},
        {"kind": "layer"},
        {"kind": "layer", "shape": LINE},
        {"kind": "layer", "vessel_kind": None},
        {"kind": "layer", "vessel_kind": None, "shape": Polyline(vertices=LINE.vertices, closed=True)},
        {"term": "smas", "name": "SMAS"},
        {"term": "fa"},
        {"term": "no-such-term", "name": "x"},
        {"name": "two\nlines"},
        {"name": " padded"},
        {"name": "x" * 65},
        {"frame": -1},
        {"image": "not a uid"},
        {"at": datetime(2026, 3, 1)},  # noqa: DTZ001
        {"status": "accepted"},
        {"colour": "red"},
        {"shape": Point(at=(1, 1))},
        {"kind": "point", "shape": Line(start=(0, 0), end=(1, 1)), "vessel_kind": None},
        {"kind": "tip", "vessel_kind": None},
        {"kind": "tip", "shape": Point(at=(1, 1)), "vessel_kind": None, "term": "fa", "name": "facial artery"},
        {"kind": "filler", "shape": LINE, "vessel_kind": None},
        {"kind": "filler"},
        {"echogenicity": "bright"},
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        finding(**fields)


@pytest.mark.requirement("S2")
@pytest.mark.requirement("S22")
@pytest.mark.requirement("S25")
def test_filler_and_the_tip_are_labels_of_their_own_and_say_how_bright_they_look() -> None:
    outline = Polyline(vertices=LINE.vertices, closed=True)
    for shape in (VESSEL, outline):
        assert finding(kind="filler", shape=shape, vessel_kind=None, echogenicity="anechoic").echogenicity == "anechoic"
    assert finding(kind="tip", shape=Point(at=(1, 1)), vessel_kind=None).kind == "tip"


def test_a_change_is_checked_like_a_new_one() -> None:
    named = finding(term="fa", name="facial artery", vessel_kind="artery")
    assert named.changed(vessel_kind="vein").term == "fa"
    with pytest.raises(ValidationError):
        named.changed(name="")


def test_a_reshaped_finding_carries_its_new_numbers() -> None:
    now = datetime.now(UTC)
    moved = finding().reshaped(VESSEL.moved(5, 5), (), by="CD", at=now)
    assert (moved.by, moved.at, moved.shape) == ("CD", now, VESSEL.moved(5, 5))


def test_a_note_knows_planes_and_landmarks() -> None:
    assert ImageNote(plane="sagittal", landmark="alar-groove").frame == 0
    for bad in ({"plane": "alar-groove"}, {"landmark": "sagittal"}, {"plane": "axial"}):
        with pytest.raises(ValidationError):
            ImageNote.model_validate(bad)
