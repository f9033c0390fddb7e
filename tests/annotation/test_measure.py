"""Numbers in millimetres have a scale and an uncertainty; without a scale they are in pixels and say why."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from annotation import Ellipse, Line, Point, Polyline
from annotation.measure import REASONS, area, depth, diameters, length, measurements
from imaging.scale import Scale
from tests.annotation.strategies import SCALE, ellipses, lines, open_lines, outlines, points

SQUARE = Polyline(vertices=((100, 100), (200, 100), (200, 200), (100, 200)), closed=True)
OBLONG = Scale(0.1, 0.05, (0, 40, 1280, 720), "screen-ruler", 0.02)  # pixels twice as wide as high


def test_a_length_in_both_directions() -> None:
    assert length(Line(start=(10, 50), end=(110, 50)), OBLONG).value == pytest.approx(10.0)
    assert length(Line(start=(10, 50), end=(10, 150)), OBLONG).value == pytest.approx(5.0)
    assert length(SQUARE, SCALE).value == pytest.approx(400 * 0.08)


def test_an_area() -> None:
    assert area(SQUARE, SCALE).value == pytest.approx(100 * 100 * 0.08**2)
    assert area(Ellipse.around((300, 300), (50, 20), 30), SCALE).value == pytest.approx(
        math.pi * 1000 * 0.0064, abs=1e-3
    )
    with pytest.raises(ValueError, match="open"):
        area(Polyline(vertices=((0, 0), (1, 1), (5, 0))), SCALE)


def test_depth_is_counted_from_the_top_of_the_calibrated_area() -> None:
    assert depth((300, 140), OBLONG).value == pytest.approx(5.0)
    assert depth((300, 140), None).unit == "px"


def test_an_ellipse_drawn_on_pixels_that_are_not_square() -> None:
    """A circle on the screen is an ellipse in the patient; the diameters are those of the patient."""
    long, short = diameters(Ellipse.around((300, 300), (50, 50), 30), OBLONG)
    assert (long.value, short.value) == pytest.approx((10.0, 5.0), abs=1e-3)


@given(ellipses)
def test_diameters_are_the_axes_where_pixels_are_square(ellipse: Ellipse) -> None:
    whole = Scale(0.08, 0.08, (0, 0, 9000, 9000), "profile", 0.0)
    long, short = diameters(ellipse, whole)
    a, b = ellipse.semi_axes
    assert (long.value, short.value) == pytest.approx((2 * a * 0.08, 2 * b * 0.08), abs=2e-3)


def test_without_a_scale_the_answer_is_in_pixels_and_says_why() -> None:
    answer = length(Line(start=(0, 0), end=(30, 40)), None)
    assert (answer.value, answer.unit, answer.reason) == (50.0, "px", "no-scale")
    assert "not known" in REASONS["no-scale"]


def test_outside_the_calibrated_area_there_are_no_millimetres() -> None:
    answer = length(Line(start=(10, 10), end=(10, 100)), OBLONG)
    assert (answer.unit, answer.reason) == ("px", "outside-scale")
    bulge = Ellipse.around((50, 100), (70, 20), 45)  # its ends may lie inside, its curve does not
    assert diameters(bulge, OBLONG)[0].reason == "outside-scale"


@pytest.mark.parametrize(
    "shape", [Line(start=(200, 200), end=(300, 260)), SQUARE, Ellipse.around((400, 400), (60, 30), 25)]
)
def test_the_uncertainty_covers_placing_the_points_as_often_as_it_says(shape: Line | Polyline | Ellipse) -> None:
    """Simulated: points placed with a 95 % half width of one pixel, through a scale known to 3 %."""
    told = length(shape, SCALE) if isinstance(shape, Line) else area(shape, SCALE)
    random = np.random.default_rng(7)
    inside, rounds = 0, 1500
    for _ in range(rounds):
        noise = random.normal(0, 1 / 1.96, 8)
        if isinstance(shape, Ellipse):
            a, b = shape.semi_axes
            seen = math.pi * (a + noise[2]) * (b + noise[3])
        elif shape is SQUARE:
            moved = [(c + dx, r + dy) for (c, r), dx, dy in zip(shape.points, noise[:4], noise[4:], strict=True)]
            seen = area(Polyline(vertices=tuple(moved), closed=True), None).value
        else:
            seen = math.dist((200 + noise[0], 200 + noise[1]), (300 + noise[2], 260 + noise[3]))
        per = SCALE.mm_per_pixel_x * (1 + random.normal(0, 0.03 / 1.96))
        seen *= per if isinstance(shape, Line) else per**2
        inside += abs(seen - told.value) <= told.uncertainty
    assert 0.93 <= inside / rounds <= 0.995


@given(points | lines | open_lines | outlines | ellipses)
def test_every_measurement_reads_back_from_sixteen_characters(shape: Point | Line | Polyline | Ellipse) -> None:
    """A decimal string of DICOM has 16 characters."""
    for scale in (None, SCALE):
        for m in measurements(shape, scale):
            assert len(str(m.value)) <= 16 and float(str(m.value)) == m.value
            assert m.in_mm == (m.reason is None)


def test_a_number_is_shown_with_its_uncertainty() -> None:
    assert str(length(Line(start=(0, 0), end=(100, 0)), SCALE)) == "8.0 ± 0.3 mm"
    assert str(area(SQUARE, None)).endswith("px²")
