"""Marks that fit one piece of evidence and no other are no scale: an M-mode trace's ruler, a time axis, letters in line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cv import cv2
from imaging import CannotTell
from imaging.scale import read_scale
from imaging.scale.combs import whole_pixel_spacing
from tests.imaging.held_back_makers import draw_held_back
from tests.imaging.maker_screens import draw_maker


@given(spacing=st.floats(4, 60), begin=st.floats(0, 500), count=st.integers(3, 80), smaller=st.booleans())
def test_ticks_drawn_to_whole_pixels_bound_their_spacing(
    spacing: float, begin: float, count: int, smaller: bool
) -> None:
    indices = np.arange(count, dtype=float)
    drawn = np.floor(begin + spacing * indices + (0.0 if smaller else 0.5))
    bounds = whole_pixel_spacing(indices, drawn)
    assert bounds is not None
    assert bounds[0] - 1e-6 <= spacing <= bounds[1] + 1e-6
    assert bounds[1] - bounds[0] <= 2 / (count - 1) + 1e-9


def test_ticks_of_a_rescaled_screen_are_not_taken_for_whole_pixels() -> None:
    indices = np.arange(20, dtype=float)
    assert whole_pixel_spacing(indices, np.rint(17.3 * indices) * 1.07) is None


def test_the_ruler_of_an_m_mode_trace_is_not_the_pictures() -> None:
    """It is numbered and has its own scale; its zero stands where the trace begins."""
    drawn = draw_maker(np.random.default_rng(3), maker="wireless-mm", layout="m-mode", degrade=False)
    screen = drawn.bgr.copy()
    x0, _, x1, y1 = drawn.box
    screen[: y1 + 4, :x0] = screen[: y1 + 4, x1 + 1 :] = 0  # the picture's own ruler, and words
    with pytest.raises(CannotTell):
        read_scale(screen)


@pytest.mark.parametrize(
    ("maker", "seed"),
    [("crosses", [77, 23, 1]), ("crosses", [77, 23, 0]), ("philips-lumify", [77, 4, 0])],
    ids=["numbers of settings in a column", "a ruler of crosses", "a face that hangs below the fan's corners"],
)
def test_screens_that_were_read_wrongly_or_refused(maker: str, seed: list[int]) -> None:
    drawn = draw_maker(np.random.default_rng(seed), maker=maker)
    assert read_scale(drawn.bgr).scale.mm_per_pixel_y == pytest.approx(drawn.mm_per_pixel[1], rel=0.005)


@pytest.mark.parametrize(
    ("number", "of"),
    [(2, 4), (1, 6)],
    ids=["a depth whose name the OCR spells wrongly", "a number below that looks like one more tick"],
)
def test_screens_of_makers_held_back(number: int, of: int) -> None:
    drawn = draw_held_back(number, of)
    assert read_scale(drawn.bgr).scale.mm_per_pixel_y == pytest.approx(drawn.mm_per_pixel[1], rel=0.005)


def test_a_depth_that_contradicts_its_ruler_is_refused() -> None:
    with pytest.raises(CannotTell):
        read_scale(draw_held_back(2, 6).bgr)


def test_the_limits_of_a_colour_bar_beside_a_ruler_are_none_of_its_numbers() -> None:
    drawn = draw_maker(np.random.default_rng(8), maker="sonosite", layout="single", degrade=False)
    known = read_scale(drawn.bgr)
    assert known.ruler is not None
    screen = drawn.bgr.copy()
    column, row = known.ruler.ticks[0]
    for along, text in ((0.15, "+9.5cm/s"), (0.6, "-9.5cm/s")):
        at = (int(column) + 14, int(row + along * (known.ruler.last - known.ruler.first)))
        cv2.putText(screen, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (220, 220, 220), 1, cv2.LINE_AA)
    assert read_scale(screen).scale.mm_per_pixel_y == pytest.approx(drawn.mm_per_pixel[1], rel=0.005)


def test_a_number_alone_at_a_rulers_end_is_the_depth() -> None:
    drawn = draw_maker(np.random.default_rng(8), maker="sonosite", layout="single")
    assert read_scale(drawn.bgr).scale.mm_per_pixel_y == pytest.approx(drawn.mm_per_pixel[1], rel=0.005)
