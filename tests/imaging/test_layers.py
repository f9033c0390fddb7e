"""Layers of drawn speckle are found where they were drawn; a boundary between two clicks follows what stands out."""

from __future__ import annotations

import numpy as np
import pytest

from devices.cv import cv2
from imaging import CannotTell
from imaging.bmode import b_mode
from imaging.layers import find_layers, skin_line, trace
from tests.imaging.phantom import CHEEK, Body, Film


def _film(seed: int) -> Film:
    rng = np.random.default_rng(seed)
    layers = [(name, thick * rng.uniform(0.85, 1.15), level, echo) for name, thick, level, echo in CHEEK]
    return Film(Body(layers, standoff_mm=rng.uniform(0.3, 2.5), wave_mm=rng.uniform(0, 1), seed=seed))


@pytest.mark.parametrize("seed", range(6))
def test_the_skin_line_and_named_layers_are_where_they_were_drawn(seed: int) -> None:
    film = _film(seed)
    found = find_layers(b_mode(film.picture(), None, (film.mm, film.mm)), "nlf")
    drawn = film.boundaries_mm()
    columns = np.arange(film.columns)
    skin_off = found.skin[:, 1] * film.mm - np.interp(found.skin[:, 0], columns, drawn["epi"])
    assert np.abs(skin_off).mean() < 0.3
    named = {layer.id: layer for layer in found.layers}
    assert {"epi", "sfat", "perio"} <= set(named)
    for name in ("sfat", "perio"):
        points = named[name].points
        off = points[:, 1] * film.mm - np.interp(points[:, 0], columns, drawn[name])
        assert np.abs(off).mean() < 0.3, name
    rows = [layer.points[:, 1].mean() for layer in found.layers]
    assert rows == sorted(rows)
    for layer in found.layers:
        assert layer.thickness is None or layer.thickness.low <= layer.thickness.value <= layer.thickness.high


def test_without_a_scale_lengths_are_in_pixels() -> None:
    found = find_layers(b_mode(_film(1).picture()))
    assert found.unit == "px"
    assert all(layer.depth.unit == "px" for layer in found.layers)


def test_an_anisotropic_scale_gives_the_same_depths() -> None:
    film = _film(2)
    picture = film.picture()
    plain = find_layers(b_mode(picture, None, (film.mm, film.mm)), "nlf")
    squeezed = cv2.resize(picture, (film.columns * 2 // 3, film.rows), interpolation=cv2.INTER_AREA)
    other = find_layers(b_mode(squeezed, None, (film.mm * 1.5, film.mm)), "nlf")
    depths = [{layer.id: layer.depth.value for layer in found.layers} for found in (plain, other)]
    for name in ("sfat", "perio"):
        assert depths[0][name] == pytest.approx(depths[1][name], abs=0.15)


@pytest.mark.parametrize("grey", [0, 90])
def test_an_even_picture_has_no_skin_line(grey: int) -> None:
    with pytest.raises(CannotTell, match="skin line"):
        skin_line(b_mode(np.full((300, 400, 3), grey, np.uint8), None, (0.05, 0.05)))


def test_a_region_that_is_not_known_is_said() -> None:
    with pytest.raises(ValueError, match="nlf"):
        find_layers(b_mode(_film(1).picture()), "nowhere")


def test_a_trace_keeps_to_the_boundary_and_to_its_clicks() -> None:
    film = _film(3)
    row = film.boundaries_mm()["sfat"] / film.mm
    path = trace(film.picture(), (50, float(row[50])), (500, float(row[500])))
    np.testing.assert_allclose(path[[0, -1]], [(50, row[50]), (500, row[500])])
    off = np.abs(path[:, 1] - np.interp(path[:, 0], np.arange(film.columns), row)) * film.mm
    assert off.mean() < 0.1


def test_a_trace_needs_points_in_the_picture() -> None:
    with pytest.raises(ValueError, match="must lie"):
        trace(np.zeros((50, 60, 3), np.uint8), (3, 3), (70, 3))
