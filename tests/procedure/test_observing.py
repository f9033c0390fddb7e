"""The vessel map as the labels say it: one look for each vessel and image, what was answered beside it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from annotation import Document, Ellipse, Finding, Line, Polyline, measurements
from imaging.scale import Scale
from procedure import Encounter, Phase
from procedure.answers import Side, Sight
from procedure.demonstration import demonstration
from procedure.images import ImageKind, KeptImage
from procedure.observing import with_labels
from procedure.protocol_files import built_in
from procedure.vessels import Evidence, Observation, Relation

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SCALE = Scale(0.1, 0.1, (0, 0, 400, 300), "two-point", 0.02)
PRE, POST, OLD = "2.25.1", "2.25.2", "2.25.3"
ORDERS = {region: protocol.layers for region, protocol in built_in().items()}


def image(uid: str, phase: Phase) -> KeptImage:
    return KeptImage(
        image_uid=uid, kind=ImageKind.CLIP, at=AT, by="AB", phase=phase, station_id="nlf-2", side=Side.LEFT, frames=9
    )


def artery(on: str, frame: int = 0, term: str = "fa", depth: bool = False) -> list[Finding]:
    shape = Ellipse.around((100.0, 80.0), (8.0, 8.0))
    found = [
        Finding(kind="vessel", term=term, name=term, shape=shape, image=on, frame=frame, by="AB", vessel_kind="artery")
    ]
    if depth:
        line = Line(start=(100.0, 20.0), end=(100.0, 80.0))
        found.append(Finding(kind="distance", term=term, name=term, shape=line, image=on, frame=frame, by="AB"))
    return [f.changed(measurements=measurements(f.shape, SCALE)) for f in found]


@pytest.fixture
def begun() -> Encounter:
    before = replace(demonstration("normal"), images=(), vessels=(), visits=())
    return before.with_added(images=image(PRE, Phase.PRE)).with_added(images=image(POST, Phase.POST))


@pytest.mark.requirement("S4")
def test_one_name_on_one_side_is_one_vessel_with_one_look_an_image(begun: Encounter) -> None:
    """Followed through a clip under several UIDs, drawn again in a later phase: one vessel, and the frame with a depth."""
    document = Document(findings=(*artery(PRE, 0), *artery(PRE, 4, depth=True), *artery(PRE, 6), *artery(POST, 2)))
    (vessel,) = with_labels(begun, document, {PRE, POST}, ORDERS).vessels
    before, after = vessel.observations
    assert (vessel.term, vessel.side, vessel.region) == ("fa", Side.LEFT, "nlf")
    assert before.image is not None and before.image.frame == 4 and before.depth_mm is not None
    assert before.depth_mm.value == pytest.approx(6.0) and after.phase is Phase.POST and after.depth_mm is None


def test_what_was_answered_beside_a_label_stays_and_goes_with_it(begun: Encounter) -> None:
    document = Document(findings=(*artery(PRE), *artery(PRE, term="fv")))
    mapped = with_labels(begun, document, {PRE}, ORDERS)
    first = mapped.vessels[0]
    seen = replace(first.observations[0], evidence=Evidence.BOTH, flow=Sight.SEEN)
    told = replace(mapped, vessels=(replace(first, observations=(seen,)), *mapped.vessels[1:]))
    again = with_labels(told, document, {PRE}, ORDERS)
    assert again == told, "nothing changed"
    assert [
        v.term for v in with_labels(told, Document(findings=tuple(artery(PRE, term="fv"))), {PRE}, ORDERS).vessels
    ] == ["fv"]


def test_what_was_seen_on_images_that_are_not_in_hand_stays() -> None:
    record = demonstration("normal")
    assert with_labels(record, Document(), set(), ORDERS) is record
    kept = with_labels(record, Document(findings=tuple(artery(OLD))), {OLD}, ORDERS)
    assert kept is record, "a label on an image that the record does not list is no look"


@pytest.mark.requirement("S19")
def test_what_is_only_suggested_is_not_in_the_record(begun: Encounter) -> None:
    """Boundaries and a depth that the program proposes say where a vessel lies only once a person has confirmed them."""
    (vessel, *depth) = artery(PRE, depth=True)
    left, top, right, bottom = vessel.shape.box
    order = ORDERS["nlf"]
    below = order[order.index("musc") + 1]
    layers = [
        Finding(
            kind="layer", term=term, name=term, image=PRE, by="AB",
            shape=Polyline(vertices=((left - 5, row), (right + 5, row))),
        )
        for term, row in (("musc", top - 5), (below, bottom + 5))
    ]  # fmt: skip
    beside = [*layers, *depth]

    def look(findings: list[Finding]) -> Observation:
        (mapped,) = with_labels(begun, Document(findings=(vessel, *findings)), {PRE}, ORDERS).vessels
        return mapped.observations[0]

    confirmed, proposed = look(beside), look([f.changed(status="suggested") for f in beside])
    assert (confirmed.layer, confirmed.muscle_relation) == ("musc", Relation.WITHIN) and confirmed.depth_mm is not None
    assert (proposed.layer, proposed.muscle_relation, proposed.depth_mm) == ("", Relation.CANNOT_TELL, None)
