"""Colours that are flow and colours that are not: pale maps, white cores, dark flow, a theme's tint."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from imaging.flow import find_bars, find_layout, flow_on
from imaging.flow._colour import Tint
from imaging.flow._table import NOTHING, PALE, make_table
from imaging.flow.bar import common_map
from imaging.flow.regions import clean
from tests.imaging.flow_screens import Drawing


def strip(upper: tuple[int, int, int], lower: tuple[int, int, int], end: int) -> npt.NDArray[np.uint8]:
    """A screen with one upright bar, from pale (`end`) at both ends to dark colours in its middle."""
    screen = np.full((480, 640, 3), 24, np.uint8)
    share = np.abs(np.linspace(-1, 1, 160))[:, None]
    dark = np.where(np.linspace(-1, 1, 160)[:, None] < 0, np.array(upper), np.array(lower))
    screen[120:280, 560:576] = (share * end + (1 - share) * dark).astype(np.uint8)[:, None]
    return screen


@pytest.mark.parametrize("end", [215, 230, 245])
def test_a_map_that_fades_from_dark_red_and_blue_to_white_is_a_bar(end: int) -> None:
    bars = find_bars(strip((48, 36, 120), (125, 48, 39), end))
    assert [bar.kind for bar in bars] == ["colour"]
    assert bars[0].rest == pytest.approx(0.5, abs=0.05)


Stops = list[tuple[int, int, int]]


def half(stops: Stops) -> npt.NDArray[np.float64]:
    """80 rows from standstill to a map's end."""
    place = np.linspace(0, len(stops) - 1, 80)
    return np.stack([np.interp(place, range(len(stops)), [stop[c] for stop in stops]) for c in range(3)], axis=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([(0, 0, 40), (0, 0, 255), (0, 255, 255)], [(40, 0, 0), (255, 0, 0), (255, 255, 0)]),
        ([(10, 20, 50), (30, 80, 160), (90, 170, 230)], [(40, 40, 10), (140, 120, 30), (220, 210, 110)]),
        ([(0, 0, 60), (0, 0, 230), (255, 255, 255)], [(60, 0, 0), (230, 0, 0), (255, 255, 255)]),
    ],
)
def test_variance_beside_any_map_leaves_it_a_map_of_two_directions(one: Stops, other: Stops) -> None:
    """Green for turbulence grows across the bar, the same for both directions; red towards the probe or away from it."""
    green = np.array((0, 200, 60)) * np.abs(np.linspace(-1, 1, 160))[:, None, None]
    across = np.linspace(0, 0.8, 16)[None, :, None]
    for upper, lower in ((one, other), (other, one)):
        column = np.concatenate([half(upper)[::-1], half(lower)])[:, None]
        screen = np.full((480, 640, 3), 24, np.uint8)
        screen[120:280, 560:576] = (1 - across) * column + across * green
        bars = find_bars(screen)
        assert [(bar.kind, bar.variance) for bar in bars] == [("colour", True)]
        assert bars[0].rest == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("dark", [(30, 45, 60), (70, 50, 35), (40, 40, 40)])
def test_a_pale_map_of_one_hue_is_none(dark: tuple[int, int, int]) -> None:
    assert find_bars(strip(dark, dark, 235)) == []


def test_white_counts_where_flow_is_all_round_it_and_not_beside_it() -> None:
    places = np.full((120, 160), NOTHING, np.uint8)
    rows, columns = np.mgrid[:120, :160]
    vessel = np.hypot(rows - 60, columns - 60) < 28
    places[vessel] = 10
    places[np.hypot(rows - 60, columns - 60) < 18] = PALE
    places[20:100, 92:110] = PALE  # a bright wall a little beyond
    flow = clean(places, np.full(places.shape, 255, np.uint8), pales=True)
    assert float((flow > 0)[vessel].mean()) > 0.98
    assert not flow[:, 95:].any()


def test_dark_flow_is_flow_and_a_codecs_error_on_dark_tissue_is_none() -> None:
    table = make_table(common_map(), Tint())
    seen = np.array([[(6, 4, 44), (48, 6, 6), (22, 20, 24), (92, 88, 98)]], np.uint8)
    assert (table.look_up(seen) < PALE).tolist() == [[True, True, False, False]]


def test_a_theme_round_the_picture_does_not_tint_it() -> None:
    rng = np.random.default_rng(4)
    screen = np.empty((200, 300, 3), np.uint8)
    screen[:] = (50, 34, 23)
    mask = np.zeros(screen.shape[:2], np.uint8)
    mask[40:90, 40:260] = 1
    screen[mask > 0] = rng.integers(20, 250, (int(mask.sum()), 1))
    assert Tint(screen, mask).strength() < 3


def test_a_maps_pale_end_counts_beside_plain_flow_and_nowhere_else() -> None:
    bar = find_bars(strip((48, 36, 120), (125, 48, 39), 238))[0]
    screen = np.full((200, 300, 3), 90, np.uint8)
    screen[::2] = 120
    table = make_table(bar, Tint(screen))
    assert table.faints
    plain, pale = bar.colours[20, 0], bar.colours[6, 0]
    assert int(pale.max()) - int(pale.min()) < 40
    screen[60:90, 60:100] = pale
    screen[60:90, 60:70] = plain
    screen[130:160, 200:240] = pale
    flow = clean(table.look_up(screen), np.full(screen.shape[:2], 255, np.uint8), table.pales, table.faints)
    assert float((flow > 0)[60:90, 60:100].mean()) > 0.97
    assert not flow[120:].any()
    assert not (clean(table.look_up(screen), np.full(screen.shape[:2], 255, np.uint8), table.pales) > 0)[:, 75:].any()


def test_a_small_artery_beside_a_bar_is_told_though_no_outline_is_seen() -> None:
    drawing = Drawing(2003, kind="colour", size=(960, 720))
    rows, columns = np.nonzero(drawing.box_mask)
    drawing.polygon = [(1.0, 1.0)] * 4  # no outline
    drawing.tubes = [(float(columns.mean()), float(rows.mean()), 0.2, 24.0, 9.0, 0.8)]
    picture, truth = drawing.draw()
    assert truth.mask is not None
    assert 100 < truth.mask.sum() < 0.0015 * drawing.box_mask.size
    layout = find_layout(picture)
    assert layout is not None
    assert (layout.kind, layout.box) == ("colour", None)
    x0, y0, x1, y1 = layout.area
    found, true = flow_on(picture, layout).flow > 0, truth.mask[y0:y1, x0:x1] > 0
    assert 2 * (found & true).sum() > 0.85 * (found.sum() + true.sum())
