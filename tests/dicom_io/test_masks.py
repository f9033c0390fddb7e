from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import Ellipse, Polyline
from annotation.canvas.hit import contains
from dicom_io.drawing.masks import Bits, Mask, band, boundary_rows, mask_of, packed, unpacked

COLUMNS, ROWS = 23, 17
places = st.tuples(st.floats(0, COLUMNS + 5), st.floats(0, ROWS + 5))


def whole(mask: Mask, columns: int = COLUMNS, rows: int = ROWS) -> Bits:
    bits = np.zeros((rows, columns), np.bool_)
    bits[mask.first_row : mask.first_row + len(mask.bits)] = mask.bits
    return bits


@given(st.lists(places, min_size=3, max_size=7, unique=True))
def test_an_outline_holds_the_pixels_whose_centres_lie_in_it(vertices: list[tuple[float, float]]) -> None:
    """The canvas's own rule of what lies inside is the judge of each pixel; also for outlines that cross themselves."""
    shape = Polyline(vertices=tuple(vertices), closed=True)
    edges = [(a, b) for a, b in zip(shape.points, (*shape.points[1:], shape.points[0]), strict=True)]
    for (column, row), inside in np.ndenumerate(whole(mask_of(shape, COLUMNS, ROWS)).T):
        at = column + 0.5, row + 0.5
        if min(_distance(at, a, b) for a, b in edges) > 1e-6:
            assert inside == contains(shape, at)


def _distance(at: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    along = math.dist(a, b) ** 2 or 1.0
    part = min(max(((at[0] - a[0]) * (b[0] - a[0]) + (at[1] - a[1]) * (b[1] - a[1])) / along, 0), 1)
    return math.dist(at, (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))


@given(st.tuples(st.floats(8, 15), st.floats(8, 9)), st.tuples(st.floats(1, 8), st.floats(1, 8)), st.floats(0, 180))
def test_an_ellipse_holds_what_lies_within_its_axes(
    centre: tuple[float, float], axes: tuple[float, float], angle: float
) -> None:
    shape = Ellipse.around(centre, axes, angle)
    bits = whole(mask_of(shape, COLUMNS, ROWS))
    (x, y), (a, b), turn = shape.centre, shape.semi_axes, math.radians(shape.angle_deg)
    for (row, column), inside in np.ndenumerate(bits):
        across, down = column + 0.5 - x, row + 0.5 - y
        along = (across * math.cos(turn) + down * math.sin(turn)) / a
        beside = (down * math.cos(turn) - across * math.sin(turn)) / b
        if abs(along**2 + beside**2 - 1) > 1e-6:
            assert inside == (along**2 + beside**2 < 1)


def test_a_mask_has_the_area_of_its_shape() -> None:
    ellipse = Ellipse.around((150.3, 100.7), (40, 21), 30)
    assert mask_of(ellipse, 320, 240).pixels == pytest.approx(math.pi * 40 * 21, rel=0.01)


def test_shapes_that_leave_the_picture_are_cut_at_its_edge() -> None:
    outside = Ellipse.around((COLUMNS + 20.0, 8), (3, 3))
    assert mask_of(outside, COLUMNS, ROWS).pixels == 0
    half = Ellipse.around((COLUMNS, 8), (4, 4))
    assert 0 < mask_of(half, COLUMNS, ROWS).pixels < 30


def test_a_band_lies_between_its_boundaries_and_only_where_both_are() -> None:
    upper = boundary_rows([(2.5, 3), (20.5, 3)], COLUMNS)
    lower = boundary_rows([(10.5, 6), (30, 6)], COLUMNS)
    bits = whole(band(upper, lower, ROWS))
    assert {(int(r), int(c)) for r, c in np.argwhere(bits)} == {(r, c) for r in (3, 4, 5) for c in range(10, 21)}
    below = whole(band(lower, boundary_rows([(0, 9), (30, 9)], COLUMNS), ROWS))
    assert not (bits & below).any()


def test_a_boundary_that_bends_back_counts_where_it_is_uppermost() -> None:
    rows = boundary_rows([(1, 8), (9, 8), (4, 2), (12, 2)], COLUMNS)
    assert rows[2] == 8 and rows[10] == 2 and rows[6] < 5
    assert np.isnan(rows[0]) and np.isnan(rows[13])


@given(st.integers(1, 19), st.integers(1, 11), st.integers(1, 4), st.data())
def test_bits_come_back_for_any_size(columns: int, rows: int, frames: int, data: st.DataObject) -> None:
    """Sizes whose frames do not end at a byte too."""
    masks = []
    for _ in range(frames):
        first = data.draw(st.integers(0, rows - 1))
        height = data.draw(st.integers(0, rows - first))
        seed = data.draw(st.integers(0, 99))
        masks.append(Mask(first, np.random.default_rng(seed).random((height, columns)) < 0.5))
    raw = packed(masks, columns, rows)
    assert len(raw) % 2 == 0 and len(raw) - (frames * rows * columns + 7) // 8 in (0, 1)
    for number, mask in enumerate(masks):
        assert (unpacked(raw, number, columns, rows) == whole(mask, columns, rows)).all()
