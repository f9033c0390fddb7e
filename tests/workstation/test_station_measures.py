"""What labels measure at a station comes into the record's visit, and goes with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotation import Document, Ellipse, Finding, Polyline
from imaging.scale import Scale
from procedure.answers import Sight
from procedure.demonstration import demonstration
from procedure.protocol_files import built_in
from procedure.stations import Seen
from tests.workstation.recordings import recorded_clip
from workstation.encounter.measured import with_measures
from workstation.probe_screen.screens import Told
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit

SCALE = Scale(0.1, 0.1, (0, 0, 64, 48), "screen-ruler", 0.01)


@pytest.mark.requirement("S7")
@pytest.mark.requirement("S24")
def test_thickness_and_pressure_come_from_the_labels_of_the_station(tmp_path: Path) -> None:
    clip = recorded_clip(tmp_path, 3)
    study = StudyInHand(Visit.begin("P"))
    still, moving = study.add_still(clip.still(0), Told((SCALE,))), study.add_clip(clip, Told((SCALE,)))
    captures = {capture.key: capture for capture in study.captures}
    story = demonstration("normal")
    (visit, *_), asked = story.visits, (Seen(structure="perio", sight=Sight.NOT_SEEN),)
    visit = replace(visit, seen=asked, image_uids=(still.key, moving.key), compressions=(), station_id="nlf-1")
    record = replace(story, visits=(visit, replace(visit, image_uids=(), seen=())))
    order = built_in()["nlf"].layers
    place = order.index("sfat")

    def line(term: str, row: float) -> Finding:
        shape = Polyline(vertices=((2, row), (60, row)))
        return Finding(kind="layer", term=term, name=term, shape=shape, by="A", image=still.key)

    def lumen(frame: int, width: float) -> Finding:
        shape = Ellipse.around((30, 20), (width, 5))
        look = {"kind": "vessel", "vessel_kind": "artery", "tracking_uid": "2.25.3", "frame": frame}
        return Finding.model_validate({**look, "shape": shape, "by": "A", "image": moving.key})

    drawn = Document(findings=(line("sfat", 10), line(order[place + 1], 30), lumen(0, 10), lumen(2, 5)))
    told = with_measures(record, drawn, captures, built_in())
    first, other = told.visits
    assert [(one.structure, one.sight) for one in first.seen] == [("perio", Sight.NOT_SEEN), ("sfat", Sight.SEEN)]
    assert first.seen[1].thickness_mm is not None and first.seen[1].thickness_mm.value == pytest.approx(2.0)
    assert [(one.vessel_uid, one.least_percent) for one in first.compressions] == [("2.25.3", 50.0)]
    assert other == record.visits[1], "nothing was captured there"
    assert with_measures(told, drawn, captures, built_in()) is told, "the same again changes nothing"
    assert with_measures(told, Document(), captures, built_in()).visits[0] == visit, "the lines are gone again"
