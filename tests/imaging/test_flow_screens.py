"""Colour Doppler on random drawn screens and on real ones: box, kind, flow, limits, and nothing where colours only tempt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.cv import cv2
from imaging import Pictures
from imaging.flow import find_bars, find_layout, flow_on, read_bar_text
from imaging.text import TextReader
from tests.imaging.flow_screens import Drawing, negative

SEEDS = range(2000, 2012)


def overlap(one: Any, other: Any) -> float:
    wide, tall = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    both = max(0, wide) * max(0, tall)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return float(both / (areas - both))


def dice(one: Any, other: Any) -> float:
    return 2 * float((one & other).sum()) / max(1.0, float(one.sum()) + float(other.sum()))


def flow_of(picture: Any, layout: Any) -> Any:
    x0, y0, x1, y1 = layout.area
    whole = np.zeros(picture.shape[:2], np.uint8)
    whole[y0:y1, x0:x1] = flow_on(picture, layout).flow
    return whole


def test_flow_is_found_on_screens_of_any_make() -> None:
    dices, boxes, velocities = [], [], []
    for seed in SEEDS:
        picture, truth = Drawing(seed, size=(960, 720)).draw()
        layout = find_layout(picture)
        assert layout is not None, seed
        assert layout.kind == truth.kind, (seed, truth.what)
        dices.append(dice(flow_of(picture, layout), truth.mask))
        boxes.append(overlap(layout.box.box, truth.box) if layout.box else 0.0)
        if truth.limits is None or truth.mask is None or truth.velocity is None:
            continue
        known = layout.with_text(truth.limits, "cm/s", False, layout.kind)
        for region in flow_on(picture, known).regions[:1]:
            inside = np.zeros(picture.shape[:2], np.uint8)
            cv2.fillPoly(inside, [np.array(region.polygon)], 1)
            mean = float(truth.velocity[(inside & truth.mask) > 0].mean())
            if not region.aliased and region.direction != "both":
                assert region.velocity_cm_s is not None
                velocities.append(abs(region.velocity_cm_s - mean) / truth.limits[1])
    assert float(np.median(dices)) >= 0.9, dices
    assert sum(value >= 0.9 for value in dices) >= len(dices) - 1, dices
    assert sum(value >= 0.9 for value in boxes) >= len(boxes) - 1, boxes
    assert float(np.median(velocities)) < 0.1, velocities


def test_limits_are_right_or_not_given() -> None:
    reader = TextReader()
    right = read = 0
    for seed in range(2100, 2106):
        picture, truth = Drawing(seed, kind="colour", size=(960, 720)).draw()
        bars = find_bars(picture)
        assert bars, seed
        limits = read_bar_text(picture, bars[0], reader).limits_cm_s
        if limits is not None:
            assert truth.limits is not None, (seed, limits)
            assert limits == pytest.approx(truth.limits, rel=0.01), (seed, truth.what)
        right += limits is not None
        read += truth.limits is not None
    assert right >= read - 1


def test_nothing_is_claimed_where_colours_only_tempt() -> None:
    for seed in range(3000, 3021):
        picture, what = negative(seed)
        assert find_layout(picture) is None, (seed, what)


def test_fuzzed_pictures_do_not_crash_it() -> None:
    rng = np.random.default_rng(7)
    picture, _ = Drawing(5, size=(640, 480)).draw()
    for _ in range(6):
        broken = picture.copy()
        for _ in range(6):
            x, y = rng.integers(0, 560), rng.integers(0, 400)
            broken[y : y + 80, x : x + 80] = rng.integers(0, 256, (80, 80, 3))
        find_layout(broken)
    for shape in [(1, 1, 3), (39, 300, 3), (300, 39, 3), (64, 64, 3), (48, 1000, 3)]:
        assert find_layout(rng.integers(0, 256, shape).astype(np.uint8)) is None
        assert find_layout(np.zeros(shape, np.uint8)) is None


REAL = [
    "mindray-dc8-carotid-colour.png",
    "ge-vivid-heart-colour.dcm",
    "ge-voluson-e8-uterine-left.png",
    "ge-logiq-e-artery-colour.mov",
]


@pytest.mark.parametrize("name", REAL)
def test_real_screens_give_box_flow_and_limits(screens: Path, name: str) -> None:
    truth = json.loads((screens / "doppler.json").read_text(encoding="utf-8"))[name]
    picture = Pictures(screens / name).first().bgr
    layout = find_layout(picture)
    assert layout is not None
    assert layout.kind == truth["kind"]
    assert layout.box is not None
    assert overlap(layout.box.box, truth["box"]) >= 0.93
    regions = flow_on(picture, layout).regions
    for flow in truth["flow"]:
        best = max(overlap(flow, region.bounds) for region in regions)
        assert best >= (0.85 if (flow[2] - flow[0]) * (flow[3] - flow[1]) > 1000 else 0.6), flow
    assert layout.bar is not None
    limits = read_bar_text(picture, layout.bar, TextReader()).limits_cm_s
    assert limits == (pytest.approx(truth["bar_limits_cm_s"]) if truth["bar_limits_cm_s"] else None)


def test_real_screens_without_doppler_give_none(screens: Path) -> None:
    for path in sorted(screens.iterdir()):
        if path.suffix in {".png", ".jpg", ".dcm", ".mp4", ".mov"} and path.name not in REAL:
            assert find_layout(Pictures(path).first().bgr) is None, path.name


def test_a_power_doppler_split_screen_that_pydicom_brings() -> None:
    examples = pytest.importorskip("pydicom.examples")
    picture = Pictures(Path(examples.get_path("rgb_color"))).first().bgr
    layout = find_layout(picture)
    assert layout is not None
    assert layout.kind == "power"
    assert layout.box is not None
    assert overlap(layout.box.box, (43, 73, 274, 148)) > 0.9
    assert read_bar_text(picture, layout.bars[0], TextReader()).limits_cm_s is None
    regions = flow_on(picture, layout).regions
    assert sum(region.area_px for region in regions) > 2500
    assert all(region.velocity_cm_s is None for region in regions)
