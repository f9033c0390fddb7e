"""Scales of screens laid out as makers do: right within half a percent or refused, never wrong by two percent."""

from __future__ import annotations

import numpy as np
import pytest

from imaging import CannotTell
from imaging.scale import read_scale
from tests.imaging.maker_screens import MAKERS, draw_maker


@pytest.mark.slow
def test_makers_layouts_are_read() -> None:
    """Every third maker: dots with the depth at their end, ticks over tissue, crosses, axes of a plot, split screens."""
    refused, off = [], []
    for seed in range(2, len(MAKERS), 3):
        drawn = draw_maker(np.random.default_rng(seed), maker=MAKERS[seed].name)
        try:
            scale = read_scale(drawn.bgr).scale
        except CannotTell as refusal:
            refused.append(f"{MAKERS[seed].name}: {refusal}")
            continue
        error = scale.mm_per_pixel_y / drawn.mm_per_pixel[1] - 1
        if abs(error) > 0.005:
            off.append(f"{MAKERS[seed].name}: {error:+.4f}")
    assert not off
    assert not refused
