"""A black band between two walls is one tube, whatever cuts it; a speckled band of fat between two fascias is none."""

from __future__ import annotations

import numpy as np
import pytest

from devices.cv import cv2
from imaging.bmode import BMode, b_mode
from imaging.vessels import find_vessels

MM = 0.06


def _picture(seed: int, band: float, cuts: int = 0) -> tuple[BMode, float]:
    """Speckle with a band 0.9 mm high between bright walls; `band`: its level as a part of the tissue's; and its row."""
    rng = np.random.default_rng(seed)
    tissue = 20 + 75 * cv2.GaussianBlur(rng.rayleigh(0.8, (200, 500)), (0, 0), 1.0)
    row = float(rng.uniform(80, 120))
    middle = row + rng.uniform(-0.04, 0.04) * (np.arange(500) - 250)
    off = np.abs(np.arange(200)[:, None] - middle[None])
    grey = np.where(off < 7.5, tissue * band, np.where(off < 10, 190.0, tissue))
    for cut in range(cuts):
        at = int((cut + 1) * 500 / (cuts + 1))
        grey[:, at : at + 8] = np.where(off[:, at : at + 8] < 10, 150.0, grey[:, at : at + 8])
    picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    return b_mode(picture, None, (MM, MM)), row


@pytest.mark.parametrize("cuts", [0, 1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_a_black_band_is_one_tube(seed: int, cuts: int) -> None:
    picture, row = _picture(seed, 0.02, cuts)
    tubes = [v for v in find_vessels(picture) if v.width.value > 6]
    assert len(tubes) == 1
    assert tubes[0].centre == pytest.approx((250, row), abs=8)
    assert tubes[0].diameter.value == pytest.approx(15 * MM, abs=0.2)


@pytest.mark.parametrize("seed", range(4))
def test_a_band_of_fat_is_no_tube(seed: int) -> None:
    picture, _ = _picture(seed, 0.4)
    assert not [v for v in find_vessels(picture) if v.width.value > 4]


def test_specks_of_flow_and_the_colour_box_are_no_vessels() -> None:
    rng = np.random.default_rng(5)
    grey = np.clip(90 * rng.rayleigh(0.8, (300, 500)), 0, 255).astype(np.uint8)
    picture = np.repeat(grey[:, :, None], 3, axis=2)
    picture[80, 100:400] = picture[220, 100:400] = (0, 220, 220)
    picture[80:220, 100] = picture[80:220, 400] = (0, 220, 220)
    flow = np.zeros(grey.shape, np.uint8)
    for column in (150, 200, 350):
        flow[120:122, column : column + 3] = 1
    rows, columns = np.mgrid[:300, :500]
    flow[(rows - 160) ** 2 + (columns - 250) ** 2 < 100] = 1
    picture[flow > 0] = (220, 60, 0)
    found = [v for v in find_vessels(b_mode(picture, None, (MM, MM)), None, flow) if v.evidence != "b-mode"]
    assert [v.centre for v in found] == [pytest.approx((250, 160), abs=4)]
