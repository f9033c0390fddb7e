"""The display grey of labels: of known pixels, with what lies around them, and without what is coloured."""

from __future__ import annotations

import numpy as np
import pytest

from annotation import Ellipse, Finding, Point, Polyline
from annotation.grey import GreyLevel
from dicom_io.picture.grey_levels import grey_levels

COLUMNS, ROWS = 120, 100
FAT, MUSCLE, LUMEN = 60, 140, 12


def picture() -> np.ndarray:
    """Fat above row 56, muscle below, a dark lumen in the fat; every second pixel is brighter and darker by 5."""
    grey = np.full((ROWS, COLUMNS), FAT, np.int16)
    grey[56:] = MUSCLE
    down, across = np.mgrid[0:ROWS, 0:COLUMNS] + 0.5
    grey[((across - 60) / 12) ** 2 + ((down - 35) / 6) ** 2 <= 1] = LUMEN
    grey += np.where((np.mgrid[0:ROWS, 0:COLUMNS].sum(axis=0)) % 2, 5, -5).astype(np.int16)
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


def labelled(kind: str, shape: object, term: str | None = None) -> Finding:
    fields = {"kind": kind, "shape": shape, "by": "A", "image": "2.25.1", "term": term, "name": term or ""}
    return Finding.model_validate(fields | ({"vessel_kind": "artery"} if kind == "vessel" else {}))


VESSEL = labelled("vessel", Ellipse.around((60, 35), (12, 6)), "fa")
LAYERS = [
    labelled("layer", Polyline(vertices=((0, row), (COLUMNS, row))), term)
    for row, term in ((10, "sfat"), (56, "musc"), (90, "perio"))
]


@pytest.mark.requirement("S2")
def test_a_lumen_stands_beside_the_layer_that_it_lies_in() -> None:
    vessel, fat, muscle, bone = grey_levels([VESSEL, *LAYERS], picture())
    assert vessel == GreyLevel(mean=12, spread=5, around="layer", around_mean=60, around_spread=5)
    assert fat == GreyLevel(mean=60, spread=5), "without the lumen in it"
    assert muscle == GreyLevel(mean=140, spread=5)
    assert bone is None, "no boundary is drawn below it"
    assert str(vessel) == "display grey 12 of 255 (spread 5), the layer around it 60 (spread 5)"


def test_without_layers_a_ring_is_compared_with_and_other_labels_are_not() -> None:
    (alone,) = grey_levels([VESSEL], picture())
    assert alone is not None and alone.around == "ring" and alone.around_mean == 60
    whole = labelled("filler", Polyline(vertices=((0, 0), (COLUMNS, 0), (COLUMNS, ROWS), (0, ROWS)), closed=True))
    vessel, filler = grey_levels([VESSEL, whole], picture())
    assert vessel == GreyLevel(mean=12, spread=5), "nothing is left around it"
    assert filler is not None and filler.around is None


def test_a_doppler_signal_is_no_brightness() -> None:
    coloured = picture()
    coloured[33:37, 40:80] = (30, 40, 250)
    (vessel,) = grey_levels([VESSEL], coloured)
    assert vessel is not None and vessel.mean == pytest.approx(12, abs=0.5)
    coloured[:] = (30, 40, 250)
    assert grey_levels([VESSEL], coloured) == [None]


def test_outside_the_ultrasound_picture_nothing_is_counted() -> None:
    framed = picture()
    framed[:, 75:] = 255
    (vessel,) = grey_levels([VESSEL], framed, (0, 0, 75, ROWS))
    assert vessel is not None and vessel.around_mean == 60


def test_what_has_no_area_has_no_grey_and_a_new_shape_forgets_it() -> None:
    point = labelled("point", Point(at=(3, 3)))
    tiny = labelled("filler", Ellipse.around((5, 5), (1, 1)))
    assert grey_levels([point, tiny], picture()) == [None, None]
    measured = VESSEL.changed(grey=GreyLevel(mean=1, spread=2))
    assert measured.reshaped(VESSEL.shape, (), "B", measured.at).grey is None
    with pytest.raises(ValueError, match="whole"):
        GreyLevel(mean=1, spread=2, around="ring")
