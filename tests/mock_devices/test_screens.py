"""The simulated screens: what they say of themselves is what they draw."""

import hashlib
import math
import random
import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from mock_devices.contract import (
    ColourOverlay,
    ColourSettings,
    FrameState,
    SceneImages,
    Settings,
    SpectralSettings,
    SpectrumTrace,
)
from mock_devices.screens import OPEN_STYLES, STYLES, screen_style, still, still_mask
from mock_devices.screens._screen import Screen
from mock_devices.screens._space import overlap
from mock_devices.screens._words import setting

SIZES = [(640, 480), (1280, 720), (1024, 768), (1920, 1080)]
LIVE = FrameState(0, 0.0)


def settings(mode="b", **changed):
    colour = ColourSettings(7.5, 900, 62, 44, (-7.7, 7.7)) if mode != "b" else None
    spectral = None
    if mode == "spectral":
        spectral = SpectralSettings(7.5, 2700, 80, 51, 45, 1.5, 11.0, (-20.0, 60.0), 3.0, True, False)
    base = Settings(
        mode, "L15-7", "Face", 38.0, 14.0, 30.0, 12.0, 57, 65, 33.0, 0.83, 0.27, 0.41, colour=colour, spectral=spectral
    )
    return replace(base, **changed)


def images(screen: Screen, chosen: Settings, grey: int = 0, level: int = 0) -> SceneImages:
    """A flat picture, and a box of colour whose middle has `level`."""
    areas = screen.areas(chosen)
    x0, y0, x1, y1 = areas.picture
    overlay = trace = None
    if chosen.colour is not None:
        box = (x0 + 20, y0 + 20, x0 + 100, y0 + 80)
        levels = np.zeros((60, 80), np.uint8)
        levels[20:40, 30:60] = level
        corners = ((x0 + 20.0, y0 + 20.0), (x0 + 99.0, y0 + 20.0), (x0 + 99.0, y0 + 79.0), (x0 + 20.0, y0 + 79.0))
        overlay = ColourOverlay("power" if chosen.mode == "power" else "colour", box, levels, corners)
    if areas.trace is not None and chosen.spectral is not None:
        u0, v0, u1, v1 = areas.trace
        low, high = chosen.spectral.limits_cm_s
        per = (high - low) / (v1 - v0)
        grey_trace = np.zeros((v1 - v0, u1 - u0), np.uint8)
        trace = SpectrumTrace(grey_trace, v0 - 0.5 + high / per, per, chosen.spectral.sweep_s / (u1 - u0), None)
    return SceneImages(np.full((y1 - y0, x1 - x0), grey, np.uint8), overlay, trace)


def plain(style: int, seed: int, size, **changed) -> Screen:
    """A screen without blur, to look at single pixels."""
    screen = screen_style(style, seed=seed, size=size)
    screen.design = replace(screen.design, soft=0.0, **changed)
    return screen


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", SIZES)
def test_words_stay_on_the_screen_and_apart(style, size):
    for seed, mode in ((1, "b"), (2, "colour"), (3, "spectral"), (4, "power")):
        screen = screen_style(style, seed=seed, size=size)
        chosen = settings(mode)
        composed = screen.compose(images(screen, chosen), chosen, LIVE)
        assert composed.picture.shape == (size[1], size[0], 3)
        words = screen.words(chosen)
        assert len(words) >= 3
        for text, box in words:
            assert 0 <= box[0] < box[2] <= size[0] and 0 <= box[1] < box[3] <= size[1], (text, box)
        for (a, box_a), (b, box_b) in combinations(words, 2):
            assert not overlap(box_a, box_b), (style, seed, a, b)
        for rooms in combinations(screen.plan(chosen).rooms.items(), 2):
            assert not overlap(rooms[0][1], rooms[1][1]), rooms


@pytest.mark.parametrize("style", STYLES)
def test_areas_are_as_the_contract_says(style):
    dice = random.Random(style)
    for size in SIZES:
        for _ in range(12):
            chosen = settings(
                dice.choice(["b", "colour", "spectral"]), depth_mm=float(dice.choice([10, 15, 22, 30, 40])),
                face_mm=dice.choice([25.0, 38.0, 45.0]),
            )  # fmt: skip
            screen = screen_style(style, seed=dice.randrange(1000), size=size)
            areas = screen.areas(chosen)
            x0, y0, x1, y1 = areas.picture
            assert 0 <= x0 < x1 <= size[0] and 0 <= y0 < y1 <= size[1]
            assert (y1 - y0) * areas.mm_per_pixel[1] == pytest.approx(chosen.depth_mm, rel=1e-9)
            assert (x1 - x0) * areas.mm_per_pixel[0] <= chosen.face_mm * (1 + 1e-9)
            assert x1 - x0 >= 90 and y1 - y0 >= 50, (size, areas.picture)
            assert 0.85 < areas.mm_per_pixel[0] / areas.mm_per_pixel[1] < 1.16
            assert (areas.trace is None) == (chosen.mode != "spectral")
            if areas.trace is not None:
                u0, v0, u1, v1 = areas.trace
                assert u1 - u0 >= 90 and v1 - v0 >= 40, (size, areas.trace)
                assert not overlap(areas.trace, areas.picture)


@pytest.mark.parametrize("style", STYLES)
def test_each_tick_is_where_it_is_said_to_be(style):
    """The drawn mark's centre of mass, down its own column, is the truth's row to 0.1 pixel; and the step is true."""
    checked = 0
    for seed in range(14):
        screen = plain(style, seed, (1280, 720), mark="none", focus="none")
        design = screen.design
        screen.design = replace(design, ruler=replace(design.ruler, spine=False, labels="none"), places={})
        chosen = settings()
        composed = screen.compose(images(screen, chosen), chosen, LIVE)
        if design.ruler.kind not in ("ticks", "dots"):
            continue
        _, down = screen.areas(chosen).mm_per_pixel
        rows = np.array([point[1] for point in composed.ruler])
        step = np.polyfit(np.arange(len(rows)), rows, 1)[0]
        assert step * down == pytest.approx(composed.ruler_mm_per_tick, rel=0.004)
        assert np.abs(np.diff(rows) * down - composed.ruler_mm_per_tick).max() <= 1.01 * down
        for column, row in composed.ruler[1:-1]:
            at, middle = round(column), round(row)
            reach = min(5, int(step / 2))
            part = composed.picture[middle - reach : middle + reach + 1, at].astype(float)
            ground = (part[0] + part[-1]) / 2
            mark = np.abs(part - ground).sum(axis=1)
            assert mark.max() > 60, (seed, column, row)
            centre = (mark * np.arange(middle - reach, middle + reach + 1)).sum() / mark.sum()
            assert centre == pytest.approx(row, abs=0.1), (seed, design.ruler)
            checked += 1
    assert checked > 40


def test_rulers_differ_as_makers_differ():
    drawn = [screen_style(style, seed=seed, size=(1280, 720)).design.ruler for style in STYLES for seed in range(40)]
    for name in ("kind", "right", "where", "labels", "unit", "label_under", "phase", "spine", "below"):
        kinds = {getattr(ruler, name) for ruler in drawn}
        assert len(kinds) >= 2, name


@pytest.mark.parametrize("style", STYLES)
def test_what_is_printed_is_true(style):
    for seed in range(16):
        screen = screen_style(style, seed=seed, size=(1280, 720))
        chosen = settings(random.Random(seed).choice(["b", "colour", "spectral"]))
        readouts = screen.compose(images(screen, chosen), chosen, LIVE).readouts
        assert "mechanical_index" in readouts and "depth_mm" in readouts, (seed, list(readouts))
        for key, said in readouts.items():
            true = setting(key, chosen)
            if isinstance(true, str):
                assert said.value == said.text == true
                continue
            (number,) = re.findall(r"[\d.,]+(?=\D*$)", said.text.rstrip("."))
            printed = float(number.replace(",", "."))
            half = 0.5 * 10.0 ** -len(number.replace(",", ".").partition(".")[2])
            per = printed / said.value if said.value else 1.0
            assert any(per == pytest.approx(unit) for unit in (1.0, 0.1, 0.001)), (key, said)
            assert abs(true * per - printed) <= half + 1e-9, (key, said, true)


@pytest.mark.parametrize("style", STYLES)
def test_a_readout_has_its_ink_in_its_box(style):
    screen = plain(style, 6, (1280, 720))
    chosen = settings("colour")
    composed = screen.compose(images(screen, chosen), chosen, LIVE)
    for key, said in composed.readouts.items():
        x0, y0, x1, y1 = said.box
        part = composed.picture[y0:y1, x0:x1].astype(int)
        assert np.ptp(part.sum(axis=2)) > 120, key
        for edge in (part[0], part[-1], part[:, 0], part[:, -1]):  # the box is tight
            assert np.abs(edge - composed.picture[y0, x1 + 1]).max() > 20, key


@pytest.mark.parametrize("style", STYLES)
def test_flow_is_painted_where_it_is_and_as_the_bar_says(style):
    for seed in range(6):
        screen = plain(style, seed, (1280, 720))
        screen.design = replace(screen.design, flow=replace(screen.design.flow, opacity=1.0, outline="none"), places={})
        chosen = settings("colour")
        composed = screen.compose(images(screen, chosen, grey=90, level=230), chosen, LIVE)
        x0, y0, _, _ = screen.areas(chosen).picture
        shown = composed.picture[y0 + 20 : y0 + 80, x0 + 20 : x0 + 100].astype(int)
        flow = shown[20:40, 30:60].reshape(-1, 3)
        assert np.ptp(flow, axis=0).max() == 0 and np.ptp(flow[0]) > 40
        chroma = np.ptp(shown, axis=2) > 60
        chroma[20:40, 30:60] = False
        assert not chroma[5:, 30:].any()  # apart from a mark in the corner
        bar = composed.bar
        assert bar is not None
        column = composed.picture[bar[1] : bar[3], bar[0]].astype(int)
        at = np.abs(column - flow[0]).sum(axis=1).argmin()
        assert np.abs(column[at] - flow[0]).max() < 30
        if screen.design.flow.velocity_map != "steps":
            assert 1 + 254 * (1 - (at + 0.5) / len(column)) == pytest.approx(230, abs=8)
        if composed.bar_limits_cm_s is not None:
            assert composed.bar_limits_cm_s == pytest.approx((-7.7, 7.7), rel=0.01)


@pytest.mark.parametrize("style", STYLES)
def test_same_seed_same_bytes_and_other_seeds_other_screens(style):
    chosen = settings("colour")
    pictures = []
    for seed in (5, 5, 6):
        screen = screen_style(style, seed=seed, size=(800, 600))
        pictures.append(screen.compose(images(screen, chosen), chosen, LIVE).picture.copy())
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_another_process_draws_the_same_bytes():
    code = (
        "import hashlib; from mock_devices.screens import still;"
        "print(hashlib.sha256(still(4, 77, (800, 600))[0].tobytes() + still(9, 5, (640, 480))[0].tobytes()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    here = hashlib.sha256(still(4, 77, (800, 600))[0].tobytes() + still(9, 5, (640, 480))[0].tobytes()).hexdigest()
    assert other.stdout.strip() == here


@pytest.mark.parametrize("style", STYLES)
def test_composing_twice_gives_the_same_and_leaves_the_picture_alone(style):
    screen = screen_style(style, seed=8, size=(1024, 768))
    chosen = settings("spectral")
    scene = images(screen, chosen, grey=120)
    first = screen.compose(scene, chosen, LIVE).picture.copy()
    assert np.array_equal(first, screen.compose(scene, chosen, LIVE).picture)
    assert (scene.grey == 120).all()


def test_no_real_makers_name():
    names = (
        "philips siemens mindray butterfly clarius esaote samsung canon toshiba hitachi fujifilm sonosite telemed sonoque "
        "healcerion voluson logiq vivid epiq affiniti acuson alpinion chison sonoscape wisonic lumify vscan konted edan "
        "zonare supersonic aixplorer aloka ultrasonix bk medison medical general electric ibeam xres"
    )
    makers = names.split()
    said = []
    for style in STYLES:
        for seed in range(14):
            screen = screen_style(style, seed=seed, size=(640, 480))
            said += [text.lower() for text, _ in screen.words(settings())] + [screen.design.maker.lower()]
    for text in set(said):
        assert not any(re.search(rf"\b{maker}\b", text) for maker in makers), text


@pytest.mark.parametrize("style", STYLES)
def test_a_spectral_axis_is_true(style):
    """The baseline is drawn at the row where velocity is zero."""
    screen = plain(style, 11, (1280, 720))
    chosen = settings("spectral")
    scene = images(screen, chosen)
    composed = screen.compose(scene, chosen, LIVE)
    trace = screen.areas(chosen).trace
    assert trace is not None and scene.spectrum is not None
    middle = composed.picture[trace[1] : trace[3], (trace[0] * 2 + trace[2]) // 3].astype(int)
    ground = np.median(middle, axis=0)
    row = trace[1] + np.abs(middle - ground).sum(axis=1).argmax()
    assert abs(row - scene.spectrum.baseline_row) <= 1.5


@pytest.mark.parametrize("signal", ["menu", "no-signal", "screensaver"])
@pytest.mark.parametrize("style", STYLES)
def test_screens_without_a_picture(style, signal):
    for size in ((640, 480), (1920, 1080)):
        screen = screen_style(style, seed=3, size=size)
        one = screen.without_picture(settings(), FrameState(0, 0.0, signal=signal)).picture.copy()
        assert one.shape == (size[1], size[0], 3) and one.std() > 0.5
        assert not screen.without_picture(settings(), FrameState(0, 0.0, signal=signal)).readouts
    if signal == "screensaver":
        later = screen.without_picture(settings(), FrameState(90, 3.0, signal=signal)).picture
        assert not np.array_equal(one, later)


def test_what_cannot_be_drawn_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="no screen style 99"):
        screen_style(99, seed=1, size=(1280, 720))
    with pytest.raises(ValueError, match="20x20"):
        screen_style(1, seed=1, size=(20, 20))
    screen = screen_style(1, seed=1, size=(1280, 720))
    with pytest.raises(ValueError, match="its place"):
        screen.compose(SceneImages(np.zeros((10, 10), np.uint8)), settings(), LIVE)
    with pytest.raises(ValueError, match="live picture"):
        screen.without_picture(settings(), LIVE)


@pytest.mark.parametrize("style", STYLES)
def test_a_still_says_its_scale(style):
    kinds = set()
    for seed in range(8):
        size = random.Random(seed).choice(SIZES)
        bgr, truth = still(style, seed, size)
        kinds.add(truth["kind"])
        assert bgr.shape == (size[1], size[0], 3)
        region, (across, down) = truth["region"], truth["mm_per_pixel"]
        assert 0 <= region["x0"] < region["x1"] <= size[0] and 0 <= region["y0"] < region["y1"] <= size[1]
        assert 0.7 < across / down < 1.4
        ruler = truth["ruler"]
        if ruler is not None and truth["kind"] in ("linear", "trapezoid") and len(ruler["points"]) > 3:
            rows = np.array([point[1] for point in ruler["points"]])
            if np.ptp(rows) > 60:  # not a scale bar, which lies flat
                step = np.polyfit(np.arange(len(rows)), rows, 1)[0]
                assert step * down == pytest.approx(ruler["mm_per_tick"], rel=0.006)
        for said in truth["readouts"].values():
            assert said["box"][0] >= 0 and said["box"][2] <= size[0] + 1e-6
        mask = still_mask(truth, size)
        assert (mask.sum() > 0) == (truth["doppler"]["kind"] != "none")
    assert "linear" in kinds


def test_open_styles_are_four():
    assert OPEN_STYLES == (1, 2, 3, 4) and len(STYLES) >= 8 and math.prod(STYLES) > 0


def test_a_leaning_ruler_is_true_along_its_side():
    leaning = 0
    for style, seed in ((s, k) for s in (4, 6, 8) for k in range(40)):
        _, truth = still(style, seed, (1024, 768), mode="b")
        ruler = truth["ruler"]
        if truth["kind"] not in ("convex", "sector") or ruler is None or len(ruler["points"]) < 4:
            continue
        points = np.array(ruler["points"]) * truth["mm_per_pixel"]
        steps = np.hypot(*np.diff(points, axis=0).T)
        if np.ptp(points[:, 0]) > 5:
            leaning += 1
            assert steps == pytest.approx(ruler["mm_per_tick"], rel=1e-6)
    assert leaning >= 3
