"""Where a picture ends that its echoes do not fill, and what stands close to it and is no part of it."""

from __future__ import annotations

import numpy as np
import pytest

from devices.cv import cv2
from imaging import Bgr
from imaging.region import find_region

Box = tuple[int, int, int, int]


def _speckle(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    waves = rng.normal(size=(2, rows, columns)).astype(np.float32)
    waves = np.stack([cv2.GaussianBlur(w, (0, 0), sigmaX=2.2, sigmaY=1.0) for w in waves])
    amplitude = np.hypot(*waves)
    return np.clip(100 + 40 * np.log(amplitude / amplitude.mean() + 0.05), 20, 255).astype(np.uint8)


def _behind_bone(rng: np.random.Generator, *, theme: tuple[int, int, int], beside: bool) -> tuple[Bgr, Box, int]:
    """(screen, the picture's true box, the row where its echoes end): black below bone, a theme of another colour."""
    rows, columns = int(rng.integers(600, 1000)), int(rng.integers(900, 1700))
    x0, y0 = int(columns * rng.uniform(0.15, 0.3)), int(rows * rng.uniform(0.1, 0.2))
    x1, y1 = int(columns * rng.uniform(0.6, 0.75)), int(rows * rng.uniform(0.7, 0.9))
    bone = int(y0 + (y1 - y0) * rng.uniform(0.4, 0.7))
    screen = np.full((rows, columns, 3), theme, np.uint8)
    screen[y0:y1, x0:x1] = 0
    screen[y0:bone, x0:x1] = _speckle(rng, bone - y0, x1 - x0)[..., None]
    screen[bone - 8 : bone, x0:x1] = np.maximum(screen[bone - 8 : bone, x0:x1], 230)
    if beside:
        for k in range(14):
            at = (x1 + 9, y0 + 14 + 24 * k)
            cv2.putText(screen, f"Gn {k}7 dB", at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (230, 230, 230), 1, cv2.LINE_AA)
    data = cv2.imencode(".jpg", screen, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 95))])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8), (x0, y0, x1, y1), bone


@pytest.mark.parametrize("seed", range(10))
def test_the_ground_that_a_picture_stands_on_says_how_far_it_may_reach(seed: int) -> None:
    rng = np.random.default_rng(seed)
    theme = [(20, 20, 20), (48, 36, 28), (12, 12, 16), (225, 225, 225)][seed % 4]
    screen, box, bone = _behind_bone(rng, theme=theme, beside=False)
    region = find_region(screen)
    assert region is not None
    assert abs(region.box[3] - bone) <= 10  # the bone's own line is even
    assert abs(region.panel[1] - box[3]) <= 4


def test_on_a_screen_of_one_colour_only_the_screen_ends_it() -> None:
    screen, _, bone = _behind_bone(np.random.default_rng(5), theme=(0, 0, 0), beside=False)
    region = find_region(screen)
    assert region is not None
    assert abs(region.box[3] - bone) <= 10  # the bone's own line is even
    assert region.panel[1] == len(screen)


@pytest.mark.parametrize("seed", range(20, 26))
def test_a_column_of_text_close_to_the_picture_is_no_part_of_it(seed: int) -> None:
    screen, box, _ = _behind_bone(np.random.default_rng(seed), theme=(22, 20, 18), beside=True)
    region = find_region(screen)
    assert region is not None
    assert region.kind == "linear"
    assert np.abs(np.subtract(region.box[:3], box[:3])).max() <= 4


@pytest.mark.parametrize("seed", range(30, 34))
def test_a_dark_gap_in_the_picture_does_not_end_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    screen, box, bone = _behind_bone(rng, theme=(22, 20, 18), beside=False)
    gap = int(box[1] + (bone - box[1]) * 0.15)
    screen[gap : gap + 22, box[0] : box[2]] = 0
    region = find_region(screen)
    assert region is not None
    assert abs(region.box[1] - box[1]) <= 4


@pytest.mark.parametrize("seed", range(40, 44))
def test_an_edge_of_a_colour_box_in_the_dark_does_not_end_the_ground_but_a_frame_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    screen, box, bone = _behind_bone(rng, theme=(22, 20, 18), beside=False)
    x0, _, x1, y1 = box
    row = (bone + y1) // 2
    wide = x1 - x0
    cv2.rectangle(screen, (x0 + wide // 5, bone - 60), (x1 - wide // 8, row), (180, 200, 60), 2)
    region = find_region(screen)
    assert region is not None
    assert abs(region.panel[1] - y1) <= 4
    cv2.line(screen, (x0 - 2, row), (x1 + 2, row), (120, 120, 120), 1)
    region = find_region(screen)
    assert region is not None
    assert abs(region.panel[1] - row) <= 4


def test_a_spectrum_below_that_is_wider_is_no_part_of_the_picture() -> None:
    rng = np.random.default_rng(50)
    theme = (34, 30, 29)
    screen, box, bone = _behind_bone(rng, theme=theme, beside=False)
    wide = (box[0] - 150, box[2] + 150)
    screen[bone + 4 :] = theme
    streaks = rng.integers(0, 90, (110, wide[1] - wide[0], 1), np.uint8)
    streaks[rng.random(streaks.shape) > 0.3] = 0
    screen[bone + 34 : bone + 144, wide[0] : wide[1]] = streaks
    region = find_region(screen)
    assert region is not None
    assert abs(region.box[3] - bone) <= 10
