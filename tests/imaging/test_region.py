"""The ultrasound picture on a screen is found, with its shape, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from devices.cv import cv2
from imaging import Pictures
from imaging.region import find_region, find_regions


def _speckle(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Speckle that is broader than deep, log compressed, fading with depth."""
    waves = rng.normal(size=(2, rows, columns)).astype(np.float32)
    waves = np.stack([cv2.GaussianBlur(w, (0, 0), sigmaX=2.2, sigmaY=1.0) for w in waves])
    amplitude = np.hypot(*waves)
    grey = 90 + 40 * np.log(amplitude / amplitude.mean() + 0.05) - np.linspace(0, 50, rows)[:, None]
    return np.clip(grey, 0, 255).astype(np.uint8)


def _screen(rng: np.random.Generator, rows: int, columns: int, mask: np.ndarray, theme: int) -> np.ndarray:
    screen = np.full((rows, columns, 3), theme, np.uint8)
    screen[mask > 0] = _speckle(rng, rows, columns)[mask > 0][:, None]
    ink = (0, 0, 0) if theme > 128 else (220, 220, 220)
    for k in range(6):
        cv2.putText(screen, f"Gn {k}7  MI 0.{k}", (8, 40 + 26 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.5, ink, 1)
    return screen


@pytest.mark.parametrize("seed", range(12))
def test_a_straight_picture_is_found_to_the_pixel(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(480, 1000)), int(rng.integers(700, 1600))
    x0, y0 = int(columns * rng.uniform(0.2, 0.35)), int(rows * rng.uniform(0.03, 0.2))
    x1, y1 = int(columns * rng.uniform(0.6, 0.9)), int(rows * rng.uniform(0.7, 0.97))
    mask = np.zeros((rows, columns), np.uint8)
    mask[y0:y1, x0:x1] = 1
    region = find_region(_screen(rng, rows, columns, mask, int(rng.choice([0, 30, 240]))))
    assert region is not None
    assert region.kind == "linear"
    assert np.abs(np.subtract(region.box, (x0, y0, x1, y1))).max() <= 3


@pytest.mark.parametrize("seed", range(12))
def test_a_fan_is_found_with_its_apex(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(500, 900)), int(rng.integers(800, 1400))
    convex = bool(seed % 2)
    apex = np.array([columns * rng.uniform(0.4, 0.6), rows * (-0.12 if convex else 0.06)])
    grid_c, grid_r = np.meshgrid(np.arange(columns) - apex[0], np.arange(rows) - apex[1])
    depth, angle = np.hypot(grid_c, grid_r), np.arctan2(grid_c, grid_r)
    near = rows * (0.22 if convex else 0.015)
    half = rng.uniform(0.5, 0.7)
    mask = ((depth > near) & (depth < rows * (0.95 if convex else 0.85)) & (np.abs(angle) < half)).astype(np.uint8)
    region = find_region(_screen(rng, rows, columns, mask, 0))
    assert region is not None
    assert region.kind == ("convex" if convex else "sector")
    assert region.apex is not None
    assert np.hypot(*(np.array(region.apex) - apex)) < 0.04 * rows
    overlap = (mask & (region.mask > 0)).sum() / (mask | (region.mask > 0)).sum()
    assert overlap > 0.93


def test_a_split_screen_has_two_pictures() -> None:
    rng = np.random.default_rng(5)
    mask = np.zeros((600, 1200), np.uint8)
    mask[60:560, 200:640] = 1
    mask[60:560, 670:1110] = 1
    boxes = sorted(region.box for region in find_regions(_screen(rng, 600, 1200, mask, 0)))
    assert len(boxes) == 2
    assert np.abs(np.subtract(boxes, [(200, 60, 640, 560), (670, 60, 1110, 560)])).max() <= 3


@pytest.mark.parametrize("size", [(480, 640), (1080, 1920), (64, 64), (20, 30)])
def test_no_ultrasound_is_no_region(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (*size, 3), np.uint8)
    assert find_region(noise) is None
    assert find_region(np.repeat(noise[..., :1], 3, axis=2)) is None
    assert find_region(np.zeros((*size, 3), np.uint8)) is None
    assert find_region(np.full((*size, 3), 255, np.uint8)) is None
    page = np.full((*size, 3), 250, np.uint8)
    for row in range(12, size[0], 16):
        cv2.putText(page, "the quick brown fox jumps over the lazy dog " * 5, (4, row), 0, 0.4, (0, 0, 0), 1)
    assert find_region(page) is None


def test_real_screens(screens: Path) -> None:
    def kind(name: str) -> str | None:
        region = find_region(Pictures(screens / name).first().bgr)
        return region.kind if region else None

    assert kind("other-histology.jpg") is None
    assert kind("other-phone-settings.png") is None
    assert kind("mindray-dc8-carotid-colour.png") == "linear"
    assert kind("telemed-echowave-mirrored.jpg") == "linear"
    assert kind("philips-epiq7-aorta.dcm") == "sector"
    assert kind("ge-vivid-heart-colour.dcm") == "sector"
    assert kind("ge-voluson-e8-uterine-left.png") == "convex"
