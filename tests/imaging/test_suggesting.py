"""Suggestions are shapes as annotation counts them: half a pixel on from imaging's, with the scale's millimetres."""

from __future__ import annotations

import numpy as np
import pytest

from imaging import CannotTell, Scale
from imaging.suggesting import suggestions
from tests.imaging.phantom import CHEEK, Body, Film, Vessel


def _drawn() -> Film:
    drawn = [Vessel(x, y, 0.7, 0.6, wall_db=-22) for x, y in ((7, 4.5), (15, 4.0))]
    return Film(Body(CHEEK, drawn, seed=3))


def test_layers_and_vessels_lie_where_they_were_drawn() -> None:
    film = _drawn()
    picture = film.picture()
    # A screen around it, so that there is a region to find.
    screen = np.full((picture.shape[0] + 120, picture.shape[1] + 200, 3), 12, np.uint8)
    screen[60:-60, 100:-100] = picture
    height, width = screen.shape[:2]
    found = suggestions(screen, Scale(film.mm, film.mm, (0, 0, width, height), "screen-ruler", 0.005), "nlf")
    vessels = [one for one in found if one.kind == "vessel"]
    layers = {one.term: one for one in found if one.kind == "layer"}
    assert {"epi", "sfat", "perio"} <= set(layers)
    assert len(vessels) >= 2 and all(one.closed and one.term is None for one in vessels)
    for x_mm, y_mm in ((7.0, 4.5), (15.0, 4.0)):
        near = min(
            float(np.hypot(one.ellipse[0][0] - 100.5 - x_mm / film.mm, one.ellipse[0][1] - 60.5 - y_mm / film.mm))
            for one in vessels
            if one.ellipse is not None
        )
        assert near * film.mm < 0.2
    for one in layers.values():
        assert not one.closed and 2 <= len(one.points) <= 60 and one.unit == "mm" and one.unsure > 0


@pytest.mark.parametrize("grey", [0, 128])
def test_what_is_no_ultrasound_suggests_nothing(grey: int) -> None:
    with pytest.raises(CannotTell):
        suggestions(np.full((480, 640, 3), grey, np.uint8))
