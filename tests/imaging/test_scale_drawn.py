"""Scales of drawn screens: right within half a percent, never wrong by two, refused where nothing tells."""

from __future__ import annotations

import numpy as np
import pytest

from devices.cv import cv2
from imaging import CannotTell
from imaging.scale import read_scale
from tests.imaging.drawn_screens import draw


@pytest.mark.slow
def test_numbered_rulers_are_read() -> None:
    errors, refused = [], 0
    for seed in range(24):
        drawn = draw(np.random.default_rng(seed))
        try:
            scale = read_scale(drawn.bgr).scale
        except CannotTell:
            refused += 1
            continue
        errors += [scale.mm_per_pixel_x / drawn.mm_per_pixel[0] - 1, scale.mm_per_pixel_y / drawn.mm_per_pixel[1] - 1]
    assert refused <= 2
    assert np.abs(errors).max() < 0.005


@pytest.mark.slow
def test_rulers_without_numbers_are_right_or_refused() -> None:
    for seed in range(6):
        drawn = draw(np.random.default_rng(seed), labelled=False)
        try:
            scale = read_scale(drawn.bgr).scale
        except CannotTell:
            continue
        assert abs(scale.mm_per_pixel_y / drawn.mm_per_pixel[1] - 1) < 0.02


def test_a_picture_squeezed_sideways_has_two_scales() -> None:
    seen = 0
    for seed in range(60):
        drawn = draw(np.random.default_rng(seed), degrade=False, kind="linear", size=(1024, 768))
        if not drawn.notes.get("bottom"):
            continue
        rows, columns = drawn.bgr.shape[:2]
        squeezed = cv2.resize(drawn.bgr, (round(columns * 0.9), rows), interpolation=cv2.INTER_AREA)
        try:
            reading = read_scale(squeezed)
        except CannotTell:
            continue
        if reading.anisotropic:
            seen += 1
            assert abs(reading.scale.mm_per_pixel_x * 0.9 / drawn.mm_per_pixel[0] - 1) < 0.01
        if seen >= 2:
            break
    assert seen >= 2


@pytest.mark.parametrize("seed", range(3))
def test_what_is_no_scale_is_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = draw(rng, degrade=False, kind="linear", size=(800, 600))
    x0, y0, x1, y1 = drawn.box
    inner = (x1 - x0) // 4
    crop = np.ascontiguousarray(drawn.bgr[y0:y1, x0 + inner : x1 - inner])
    noise = rng.integers(0, 256, (480, 640, 3), np.uint8)
    for picture in (crop, noise, np.zeros((720, 1280, 3), np.uint8), np.full((300, 400, 3), 255, np.uint8)):
        with pytest.raises(CannotTell):
            read_scale(picture)


def test_broken_pictures_never_crash_it() -> None:
    rng = np.random.default_rng(7)
    for seed in range(6):
        picture = draw(np.random.default_rng(seed)).bgr
        rows, columns = picture.shape[:2]
        for _ in range(4):
            y, x = int(rng.integers(rows)), int(rng.integers(columns))
            part = picture[y : y + int(rng.integers(1, rows)), x : x + int(rng.integers(1, columns))]
            part[:] = rng.integers(0, 256, part.shape) if rng.random() < 0.3 else int(rng.integers(256))
        if rng.random() < 0.5:
            picture = np.ascontiguousarray(picture[: int(rng.integers(1, rows)), : int(rng.integers(1, columns))])
        try:
            read_scale(picture)
        except CannotTell as refusal:
            assert str(refusal)
