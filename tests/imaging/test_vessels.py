"""Drawn lumens come out as candidates of the right size and depth."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.bmode import b_mode
from imaging.layers import skin_line
from imaging.vessels import find_vessels
from tests.imaging.phantom import CHEEK, Body, Film, Vessel


@pytest.mark.parametrize("seed", range(6))
def test_drawn_lumens_are_candidates(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = [Vessel(x, y, *rng.uniform(0.5, 0.9, 2), wall_db=-22) for x, y in ((7, 4.5), (15, 4.0), (23, 9.0))]
    film = Film(Body(CHEEK, drawn, seed=seed))
    picture = b_mode(film.picture(), None, (film.mm, film.mm))
    found = find_vessels(picture, skin_line(picture))
    hits = 0
    for vessel in drawn:
        near = [
            v for v in found if np.hypot(v.centre[0] * film.mm - vessel.x_mm, v.centre[1] * film.mm - vessel.y_mm) < 0.5
        ]
        hits += bool(near)
        for one in near[:1]:
            skin = float(np.interp(vessel.x_mm / film.mm, np.arange(film.columns), film.skin_mm))
            assert one.depth is not None
            assert one.depth.value == pytest.approx(vessel.y_mm - skin, abs=0.25)
            assert one.height.value == pytest.approx(2 * vessel.ry_mm, abs=0.3)
            assert one.evidence == "b-mode"
    assert hits >= 2
