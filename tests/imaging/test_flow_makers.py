"""Colour Doppler as several makers draw it: flow, kind and box on a screen of every second of the ten open ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from devices.cv import cv2
from imaging.flow import FlowWatch, find_bars, find_layout, flow_on
from tests.imaging.doppler_decoys import draw_decoy
from tests.imaging.doppler_makers import Way, draw_way
from tests.imaging.doppler_ways import HELD_BACK, OPEN


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


def test_a_bar_that_lies_gives_its_place_and_the_right_end_is_towards_the_probe() -> None:
    way = next(way for way in HELD_BACK if way.bar == "top")
    picture, truth = draw_way(way, 5, (640, 480))
    assert truth.bar is not None
    bars = find_bars(picture)
    assert [bar.lies for bar in bars] == [True]
    assert bars[0].box == pytest.approx(truth.bar, abs=2)
    right_end = bars[0].colours[4, 0].astype(int) - picture[(truth.bar[1] + truth.bar[3]) // 2, truth.bar[2] - 8]
    assert np.abs(right_end).max() < 40


def test_a_beat_that_brings_flow_up_is_seen_on_its_frame() -> None:
    """No outline, and no flow on the first picture: the bar waits, and the search is not put off."""
    way = replace(OPEN[-1], count=(1, 1), radius_px=(9, 9))
    with_flow, truth = draw_way(way, 3, (640, 480))
    without = with_flow.copy()
    assert truth.mask is not None
    rows, columns = np.nonzero(cv2.dilate(truth.mask, np.ones((9, 9), np.uint8)))
    without[rows, columns] = without[rows, columns].mean(axis=1, keepdims=True) / 3
    watch = FlowWatch()
    assert [watch.look(frame).layout is None for frame in (without, without, with_flow)] == [True, True, False]
    assert watch.layout is not None
    assert watch.layout.box is None


@pytest.mark.parametrize("number", [2, 7, 9, 14, 30, 32])
def test_nothing_is_claimed_where_a_bar_a_legend_or_a_toolbar_tempts(number: int) -> None:
    picture, what = draw_decoy(number)
    assert find_layout(picture) is None, what
