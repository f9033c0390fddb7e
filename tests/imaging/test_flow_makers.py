"""Colour Doppler as several makers draw it: flow, kind and box on a screen of every second of the ten open ways."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.flow import find_layout, flow_on
from tests.imaging.doppler_makers import Way, draw_way
from tests.imaging.doppler_ways import OPEN


@pytest.mark.parametrize("way", OPEN[::2], ids=lambda way: way.name)
def test_flow_and_box_are_found_on_each_makers_screen(way: Way) -> None:
    picture, truth = draw_way(way, 41, (480, 720) if way.name == "portrait-phone" else (640, 480))
    layout = find_layout(picture)
    assert layout is not None, truth.what
    assert layout.kind == truth.kind, truth.what
    found = np.zeros(picture.shape[:2], bool)
    x0, y0, x1, y1 = layout.area
    found[y0:y1, x0:x1] = flow_on(picture, layout).flow > 0
    assert truth.mask is not None
    shown = truth.mask > 0
    assert 2 * (found & shown).sum() >= 0.9 * (found.sum() + shown.sum()), truth.what
    if way.outline is not None and way.dash is None:
        assert layout.box is not None, truth.what
        assert layout.box.box == pytest.approx(truth.box, abs=6), truth.what
