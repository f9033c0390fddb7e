"""Layers' thickness, lumens under pressure and courses of vessels: computed from labels, or chosen from a list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotation import Document, Ellipse, Finding, Polyline
from annotation.vocabulary import VESSELS
from imaging.scale import Scale
from procedure.compression import compressions
from procedure.demonstration import demonstration
from procedure.protocol_files import built_in
from procedure.questions import questions
from procedure.thickness import thicknesses
from procedure.vessels import VARIANTS, Variant

SCALE = Scale(0.05, 0.05, (0, 0, 400, 300), "screen-ruler", 0.01)
ORDER = ("epi", "der-u", "sfat", "musc", "dfat")


def layer(term: str, *rows: float, image: str = "1.2.3") -> Finding:
    points = tuple((400.0 * place / (len(rows) - 1), row) for place, row in enumerate(rows))
    fields = {
        "kind": "layer",
        "term": term,
        "name": term,
        "shape": Polyline(vertices=points),
        "image": image,
        "by": "A",
    }
    return Finding.model_validate(fields)


def lumen(frame: int, half_width: float, half_height: float, uid: str = "2.25.1", image: str = "1.2.3") -> Finding:
    shape = Ellipse.around((100, 100), (half_width, half_height))
    fields = {"kind": "vessel", "vessel_kind": "artery", "shape": shape, "image": image, "frame": frame, "by": "A"}
    return Finding.model_validate({**fields, "tracking_uid": uid})


@pytest.mark.requirement("S7")
def test_a_layer_is_as_thick_as_the_way_down_to_the_next_boundary() -> None:
    drawn = Document(findings=(layer("sfat", 40, 60, 40), layer("musc", 140, 160, 140), layer("dfat", 200, 200, 200)))
    found = thicknesses(drawn, "1.2.3", 0, ORDER, SCALE)
    assert found["sfat"].value == pytest.approx(5.0, abs=0.001)
    assert found["musc"].value == pytest.approx(2.5, abs=0.05), "the mean of a layer that thins out in the middle"
    uncertainty = found["sfat"].uncertainty
    assert uncertainty is not None and 0.05 < uncertainty < 0.1, "placing two lines to a pixel, and 1 % of the scale"
    assert set(found) == {"sfat", "musc"}, "nothing bounds the deep fat"


@pytest.mark.requirement("S7")
def test_what_is_not_known_of_a_layer_stays_blank() -> None:
    upper, lower = layer("sfat", 40, 40), layer("musc", 140, 140)
    assert thicknesses(Document(findings=(upper, lower)), "1.2.3", 0, ORDER, None) == {}, "no scale"
    skipped = Document(findings=(layer("der-u", 10, 10), lower))
    assert thicknesses(skipped, "1.2.3", 0, ORDER, SCALE) == {}, "the fat between them is not drawn"
    twice = Document(findings=(upper, layer("sfat", 60, 60), lower))
    assert thicknesses(twice, "1.2.3", 0, ORDER, SCALE) == {}, "which of the two?"
    assert thicknesses(Document(findings=(upper, lower)), "1.2.3", 1, ORDER, SCALE) == {}, "another frame"
    crossing = Document(findings=(layer("sfat", 140, 140), layer("musc", 40, 40)))
    assert thicknesses(crossing, "1.2.3", 0, ORDER, SCALE) == {}, "upside down"
    suggested = Document(findings=(upper.changed(status="suggested"), lower))
    assert thicknesses(suggested, "1.2.3", 0, ORDER, SCALE) == {}
    small = replace(SCALE, box=(0, 0, 400, 100))
    assert thicknesses(Document(findings=(upper, lower)), "1.2.3", 0, ORDER, small) == {}, "outside the calibrated area"


@pytest.mark.requirement("S24")
def test_a_clip_says_how_far_a_lumen_shrank() -> None:
    drawn = (
        lumen(0, 20, 10),
        lumen(30, 20, 4),
        lumen(60, 20, 9),
        lumen(0, 5, 5, "2.25.2"),
        lumen(9, 9, 9, image="1.9"),
    )
    (found,) = compressions(Document(findings=drawn), "1.2.3")
    assert (found.vessel_uid, found.image_uid, found.frames) == ("2.25.1", "1.2.3", 3)
    assert found.least_percent == pytest.approx(40.0, abs=0.1)
    assert (found.largest_frame, found.smallest_frame) == (0, 30)


@pytest.mark.requirement("S4")
def test_variants_are_chosen_from_those_of_the_vessel() -> None:
    assert set(VARIANTS) <= {term.id for term in VESSELS}
    assert set().union(*VARIANTS.values()) == set(Variant), "each is an option of some vessel"
    encounter = demonstration("normal")
    artery = encounter.vessels[0]
    assert artery.term == "fa" and artery.variants

    def asked(*variants: Variant) -> set[str]:
        vessels = (replace(artery, variants=variants), *encounter.vessels[1:])
        return {question.id for question in questions(replace(encounter, vessels=vessels), built_in())}

    assert "variant-other" not in asked(Variant.DUPLEX, Variant.ENDS_ALAR)
    assert "variant-other" in asked(Variant.TWO_TRUNKS), "of a vein: kept, and asked about"
