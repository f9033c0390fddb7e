"""Where a spectrum stands, and where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from devices.cv import cv2
from imaging.pictures import Pictures
from imaging.spectrum import find_spectrum_area
from tests.imaging.spectra import b_picture, draw_spectrum

NO_SPECTRUM = (
    "butterfly_axial-lateral-resolution-2020.png",
    "clarius-ocular-image.png",
    "crop-mindray-carotid.png",
    "esaote-elbow-nerve.dcm",
    "ge-logiq-e-artery-colour.mov",
    "ge-logiq-e9-muscle.png",
    "ge-vivid-heart-colour.dcm",
    "mindray-dc8-carotid-colour.png",
    "other-histology.jpg",
    "other-phone-settings.png",
    "philips-epiq7-aorta.dcm",
    "sonoque_anechoic-3mm-3mm.dcm",
    "telemed-echowave-mirrored.jpg",
    "telemed-echowave-muscle.png",
)


def test_the_baseline_and_the_sides_of_drawn_spectra_are_found() -> None:
    right = 0
    for seed in range(20):
        drawn = draw_spectrum(seed)
        area = find_spectrum_area(drawn.bgr)
        if area is None:
            continue
        x0, _, x1, _ = drawn.box
        assert area.box[0] < (x0 + x1) / 2 < area.box[2], seed
        right += abs(area.baseline_row - drawn.baseline_row) <= 3
    assert right >= 18


@pytest.mark.parametrize("name", NO_SPECTRUM)
def test_other_screens_have_no_spectrum(screens: Path, name: str) -> None:
    assert find_spectrum_area(Pictures(screens / name).first().bgr) is None


@pytest.mark.parametrize(
    ("name", "row", "columns"),
    [("cw-spectrum.png", 200, (52, 990)), ("ge-voluson-e8-uterine-left.png", 819, (66, 1234))],
)
def test_the_real_spectra_are_found(screens: Path, name: str, row: int, columns: tuple[int, int]) -> None:
    area = find_spectrum_area(Pictures(screens / name).first().bgr)
    assert area is not None
    assert abs(area.baseline_row - row) <= 2
    assert abs(area.box[0] - columns[0]) <= 12 and abs(area.box[2] - columns[1]) <= 12


def test_nothing_is_found_in_noise_text_m_mode_or_a_b_picture() -> None:
    rng = np.random.default_rng(7)
    page = np.full((600, 800, 3), 255, np.uint8)
    for line in range(20, 580, 22):
        cv2.putText(page, "The quick brown fox jumps over it", (30, line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1)
    motion = np.repeat(b_picture(rng, 400, 60), 15, axis=1)[:, :800]
    motion = cv2.GaussianBlur(motion, (5, 1), 0)
    grey = b_picture(rng, 500, 700)
    table = np.full((600, 800, 3), 40, np.uint8)
    table[::30] = 120
    for picture in (
        rng.integers(0, 256, (480, 640, 3)).astype(np.uint8),
        np.zeros((480, 640, 3), np.uint8),
        page,
        255 - page,
        np.repeat(motion[:, :, None], 3, axis=2).astype(np.uint8),
        np.repeat(grey[:, :, None], 3, axis=2).astype(np.uint8),
        table,
    ):
        assert find_spectrum_area(picture) is None


def test_small_and_odd_pictures_do_no_harm() -> None:
    rng = np.random.default_rng(11)
    for shape in ((1, 1), (119, 500), (120, 120), (130, 2000), (900, 121)):
        assert find_spectrum_area(rng.integers(0, 256, (*shape, 3)).astype(np.uint8)) is None
