"""The picture shows what the truth says: read from the pixels with code that knows nothing of how they were drawn."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from mock_devices import FrameTruth, truth
from mock_devices.anatomy import cheek
from mock_devices.layout import Layout
from mock_devices.scenarios import SCENARIOS
from mock_devices.screen import Screen

SIZES = [(640, 480), (1280, 720), (1920, 1080)]
FRAMES = [0, 8, 37, 101]


@lru_cache(maxsize=4)
def screen(width: int, height: int, seed: int = 20, fps: float = 30.0) -> Screen:
    return Screen(cheek(seed), Layout(width, height), fps)


def grey(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = picture.astype(np.float64).mean(axis=2)
    return mean


def column_profile(picture: NDArray[np.uint8], box: tuple[int, int, int, int], column: float) -> NDArray[np.float64]:
    """Mean grey down the box over nine columns about `column`, colour left out."""
    _, y0, _, y1 = box
    at = round(column)
    profile: NDArray[np.float64] = grey(picture[y0:y1, at - 4 : at + 5]).mean(axis=1)
    return profile


def hue(picture: NDArray[np.uint8], centre: tuple[float, float]) -> NDArray[np.float64]:
    """Mean (blue, green, red) of 3x3 pixels."""
    column, row = round(centre[0]), round(centre[1])
    mean: NDArray[np.float64] = picture[row - 1 : row + 2, column - 1 : column + 2].reshape(-1, 3).mean(axis=0)
    return mean


@pytest.mark.requirement("C2")
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("n", FRAMES)
def test_bone_is_the_brightest_line_at_its_truth(width: int, height: int, n: int) -> None:
    told = truth(n, width, height, 30.0)
    picture = screen(width, height).render(n)
    for column, row in told.layer("perio").points[3:-3:3]:
        profile = column_profile(picture, told.box, column)
        deep = round(11.0 / told.mm_per_pixel)  # above it, fasciae are bright too
        brightest = deep + int(np.argmax(profile[deep:])) + told.box[1]
        assert 0 <= (brightest - row) * told.mm_per_pixel + 0.15 < 0.6, (column, row, brightest)


@pytest.mark.parametrize("n", FRAMES)
def test_bone_throws_a_shadow(n: int) -> None:
    told = truth(n, 1280, 720, 30.0)
    picture = screen(1280, 720).render(n)
    for column, row in told.layer("perio").points[3:-3:3]:
        profile = column_profile(picture, told.box, column)
        at, mm = round(row) - told.box[1], 1 / told.mm_per_pixel
        above, below = profile[round(at - 3 * mm) : round(at - 0.5 * mm)], profile[round(at + 4 * mm) :]
        assert below.mean() < 0.4 * above.mean()


@pytest.mark.parametrize("n", FRAMES)
def test_the_skin_line_and_the_fascia_are_bright(n: int) -> None:
    told = truth(n, 1280, 720, 30.0)
    picture = screen(1280, 720).render(n)
    mm = 1 / told.mm_per_pixel
    for layer_id, dark_above_mm in (("epi", 0.3), ("smas", 0.5)):
        for column, row in told.layer(layer_id).points[3:-3:4]:
            profile = column_profile(picture, told.box, column)
            at = row - told.box[1]
            line = profile[round(at) : round(at + 0.35 * mm)].max()
            above = profile[max(0, round(at - dark_above_mm * mm) - 2) : round(at - 0.1 * mm)].mean()
            assert line > 1.4 * above, (layer_id, column)


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("n", FRAMES)
def test_the_artery_is_red_and_the_vein_blue(width: int, height: int, n: int) -> None:
    told = truth(n, width, height, 30.0)
    picture = screen(width, height).render(n)
    blue, _, red = hue(picture, told.vessel("fa").centre)
    assert red > 80 and blue < 20, "towards the probe is red"
    blue, _, red = hue(picture, told.vessel("fv").centre)
    assert blue > 80 and red < 20, "away from it is blue"


def coloured(picture: NDArray[np.uint8], told: FrameTruth, vessel_id: str) -> NDArray[np.bool_]:
    """Which pixels near the vessel have a colour, over the whole screen."""
    vessel = told.vessel(vessel_id)
    values = picture.astype(int)
    mask = values.max(axis=2) - values.min(axis=2) > 40
    near = np.zeros(mask.shape, bool)
    (column, row), (rx, ry) = vessel.centre, vessel.radius_px
    near[round(row - 1.6 * ry) : round(row + 1.6 * ry), round(column - 1.6 * rx) : round(column + 1.6 * rx)] = True
    found: NDArray[np.bool_] = mask & near
    return found


@pytest.mark.parametrize("n", FRAMES)
@pytest.mark.parametrize("vessel_id", ["fa", "fv"])
def test_colour_fills_the_lumen(vessel_id: str, n: int) -> None:
    told = truth(n, 1920, 1080, 30.0)
    vessel = told.vessel(vessel_id)
    mask = coloured(screen(1920, 1080).render(n), told, vessel_id)
    rows, columns = np.nonzero(mask)
    assert abs(columns.mean() - vessel.centre[0]) < 0.12 * vessel.radius_px[0] + 0.5
    assert abs(rows.mean() - vessel.centre[1]) < 0.12 * vessel.radius_px[1] + 0.5
    area = np.pi * vessel.radius_px[0] * vessel.radius_px[1]
    assert 0.75 * area < mask.sum() < 1.3 * area


def test_the_artery_beats_seventy_times_a_minute() -> None:
    """Its brightness rises and falls seven times in the six seconds of the loop, and its calibre with it."""
    fps, frames = 30.0, 180
    red = np.array(
        [hue(screen(640, 480).render(n), truth(n, 640, 480, fps).vessel("fa").centre)[2] for n in range(frames)]
    )
    spectrum = np.abs(np.fft.rfft(red - red.mean()))
    assert int(np.argmax(spectrum)) == 7
    radii = [truth(n, 640, 480, fps).vessel("fa").radius_mm[0] for n in range(frames)]
    assert 0.595 < min(radii) < 0.61 and 0.65 < max(radii) < 0.67


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_ruler_is_the_scale(width: int, height: int) -> None:
    """Ticks are found in the pixels as rows brighter than their neighbours; thirty millimetres from first to last."""
    told = truth(0, width, height, 30.0)
    picture = screen(width, height).render(0)
    strip = grey(picture[:, told.ruler.column + 1 : told.ruler.column + 4]).mean(axis=1)
    found = tuple(int(row) for row in np.nonzero(strip > 100)[0])
    assert found == told.ruler.rows
    assert len(found) == 31
    assert (found[-1] - found[0]) * told.mm_per_pixel == pytest.approx(30.0)
    assert told.box[3] - told.box[1] == found[-1] - found[0]


def test_the_colour_bar_has_its_ends() -> None:
    told = truth(0, 1280, 720, 30.0)
    x0, y0, x1, y1 = told.colour_bar
    bar = screen(1280, 720).render(0)[y0:y1, x0:x1].astype(int)
    middle = bar[:, (x1 - x0) // 2]
    assert middle[3, 2] > 200 and middle[3, 0] < 40, "the upper end is towards the probe"
    assert middle[-4, 0] > 200 and middle[-4, 2] < 40
    assert middle[(y1 - y0) // 2].max() < 20
    assert told.colour_limits_cm_s == (-5.0, 5.0)


def test_speckle_moves_with_the_tissue() -> None:
    """A piece of deep fat is found again where the truth says it went; fresh noise would be found nowhere."""
    first, later = 0, 45  # a quarter of the loop: the hand has drifted 0.45 mm
    a, b = truth(first, 1280, 720, 30.0), truth(later, 1280, 720, 30.0)
    moved = b.vessel("fv").centre[0] - a.vessel("fv").centre[0]
    assert abs(moved) > 5
    one, two = grey(screen(1280, 720).render(first)), grey(screen(1280, 720).render(later))
    rows, column = slice(330, 370), 850
    piece = one[rows, column : column + 90]
    scores = {}
    for dx in range(-14, 15):
        for dy in range(-8, 9):
            other = two[rows.start + dy : rows.stop + dy, column + dx : column + dx + 90]
            scores[dx, dy] = float(np.corrcoef(piece.ravel(), other.ravel())[0, 1])
    best = max(scores, key=lambda shift: scores[shift])
    assert abs(best[0] - moved) <= 1
    assert scores[best] > 0.8
    assert scores[0, 0] < 0.5


def test_the_scene_repeats_after_six_seconds() -> None:
    s = screen(640, 480)
    assert np.array_equal(s.render(7), s.render(187))
    assert not np.array_equal(s.render(7), s.render(8))


def test_another_seed_is_another_picture() -> None:
    assert not np.array_equal(screen(640, 480).render(0), screen(640, 480, seed=21).render(0))
    assert len({s.seed for s in SCENARIOS.values()}) == len(SCENARIOS)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_truth_is_plain_json_and_lies_on_the_screen(width: int, height: int) -> None:
    told = truth(12, width, height, 20.0)
    again = json.loads(json.dumps(told.to_json()))
    assert again["box"] == [round(0.12 * width), round(0.08 * height), round(0.88 * width), round(0.92 * height)]
    assert again["mm_per_pixel"] == pytest.approx(30 / (again["box"][3] - again["box"][1]))
    assert [layer["id"] for layer in again["layers"]] == [
        "epi",
        "der-u",
        "der-l",
        "sfat",
        "smas",
        "musc",
        "dfat",
        "perio",
    ]
    assert [(v["id"], v["kind"]) for v in again["vessels"]] == [("fa", "artery"), ("fv", "vein")]
    x0, y0, x1, y1 = again["box"]
    for layer in again["layers"]:
        assert all(x0 - 20 < c < x1 + 20 and y0 < r < y1 for c, r in layer["points"])
    rows = np.array([[r for _, r in layer["points"]] for layer in again["layers"]])
    assert (np.diff(rows, axis=0) > 0).all(), "layers do not cross"
    assert again["text"]["mark"] == "SIMULATED"


def test_truth_is_pure() -> None:
    assert truth(5, 1280, 720, 30.0) == truth(5, 1280, 720, 30.0)
    later = truth(185, 1280, 720, 30.0)
    assert later.layers == truth(5, 1280, 720, 30.0).layers
    assert later.frame_number == 185
