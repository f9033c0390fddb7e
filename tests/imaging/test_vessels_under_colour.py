"""Colour that spills over the wall, or stops short of it, does not change how wide the lumen is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from devices.cv import cv2
from imaging.bmode import b_mode
from imaging.vessels import Vessel, find_vessels

MM = 0.03
Mask = npt.NDArray[np.uint8]


def _screen(seed: int, radius_mm: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Grey levels of speckle with a walled lumen in the middle, and each pixel's distance from its centre, mm."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:400, :800]
    off = np.hypot((columns - 400.3) / 1.15, rows - 200.4) * MM
    # Scatterers through a point spread, on a scale of decibels: the wall's echo spreads into the lumen as it does in life.
    strength = np.where(off < radius_mm, 0.003, np.where(off < radius_mm + 0.12, 2.5, 1.0))
    field = strength * (rng.normal(size=off.shape) + 1j * rng.normal(size=off.shape))
    field += np.where((off >= radius_mm) & (off < radius_mm + 0.12), 1.5, 0)
    real, imaginary = (cv2.GaussianBlur(part, (0, 0), sigmaX=4.0, sigmaY=2.5) for part in (field.real, field.imag))
    level_db = 20 * np.log10(np.hypot(real, imaginary) + 1e-4)
    return (level_db - np.median(level_db)) * 255 / 60 + 110, off


def _found(seed: int, radius_mm: float, beyond_mm: float, shown: Mask | None = None) -> list[Vessel]:
    grey, off = _screen(seed, radius_mm)
    picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    flow = (off < radius_mm + beyond_mm).astype(np.uint8)
    if shown is not None:
        flow &= shown
    picture[flow > 0] = (30, 40, 200)
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    assert done
    sent = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return [v for v in find_vessels(b_mode(sent, None, (MM, MM)), None, flow) if v.evidence != "b-mode"]


@pytest.mark.parametrize("beyond_mm", [-0.12, -0.06, 0.0, 0.04])
def test_colour_does_not_widen_the_lumen(beyond_mm: float) -> None:
    errors, held = [], []
    for seed in range(8):
        radius = float(np.random.default_rng(seed).uniform(0.35, 0.8))
        (vessel,) = _found(seed, radius, beyond_mm)
        errors.append(vessel.diameter.value - 2 * radius)
        held.append(vessel.diameter.low <= 2 * radius <= vessel.diameter.high)
    assert abs(float(np.mean(errors))) < 0.11
    assert max(abs(error) for error in errors) < 0.2
    assert sum(held) >= 7


@pytest.mark.parametrize("seed", range(3))
def test_a_lumen_that_the_colour_box_cuts_is_one(seed: int) -> None:
    inside = np.zeros((400, 800), np.uint8)
    inside[200:] = 1
    (vessel,) = _found(seed, 0.7, 0.0, inside)
    assert vessel.centre == pytest.approx((400.3, 200.4), abs=5)
    assert vessel.diameter.value == pytest.approx(1.4, abs=0.2)


def test_a_screen_s_mark_above_the_skin_is_no_vessel() -> None:
    from imaging.layers import skin_line

    rng = np.random.default_rng(2)
    rows = np.arange(400)[:, None]
    grey = np.where(rows < 60, 8.0, np.where(rows < 70, 220.0, 40 + 60 * rng.rayleigh(0.8, (400, 800))))
    picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    flow = np.zeros((400, 800), np.uint8)
    cv2.circle(flow, (40, 30), 12, 1, -1)
    picture[flow > 0] = (200, 120, 230)
    b = b_mode(picture, None, (MM, MM))
    assert not [v for v in find_vessels(b, skin_line(b), flow) if v.evidence != "b-mode"]


@pytest.mark.parametrize("seed", range(3))
def test_a_small_lumen_with_little_colour_in_it_is_found(seed: int) -> None:
    (vessel,) = _found(seed, 0.3, -0.16)
    assert vessel.centre == pytest.approx((400, 200), abs=8)


def test_a_line_in_the_colours_of_flow_is_no_vessel() -> None:
    drawn = np.zeros((400, 800), np.uint8)
    drawn[120:126, 100:700] = 1
    grey, _ = _screen(1, 0.0)
    picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    picture[drawn > 0] = (30, 40, 200)
    assert not [v for v in find_vessels(b_mode(picture, None, (MM, MM)), None, drawn) if v.evidence != "b-mode"]
