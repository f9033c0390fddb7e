"""The probe's own ringing is no skin; skin that lies on the probe is no ringing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from imaging.layers._near_field import ringing_rows

MM = 20.0  # pixels


def rows(profile: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float32]:
    noise = np.random.default_rng(seed).normal(0, 6, (profile.size, 48))
    return np.clip(profile[:, None] + noise, 0, 255).astype(np.float32)


def band(depth_mm: npt.NDArray[np.float64], top_mm: float, thick_mm: float, level: float) -> npt.NDArray[np.float64]:
    return np.where((depth_mm >= top_mm) & (depth_mm < top_mm + thick_mm), level, 0.0)


DEPTH = (np.arange(400) + 0.5) / MM


@given(st.floats(0.6, 3.5), st.floats(0.15, 0.35), st.integers(0, 1000))
def test_ringing_ends_in_the_gel(gel_mm: float, decay_mm: float, seed: int) -> None:
    ringing = 230 * np.exp(-DEPTH / decay_mm)
    skin = band(DEPTH, gel_mm, 0.25, 240) + band(DEPTH, gel_mm + 0.25, 1.2, 150) + band(DEPTH, gel_mm + 1.45, 15, 70)
    found = ringing_rows(rows(np.maximum(ringing, skin), seed), 0.0, MM) / MM
    assert 0.1 < found <= gel_mm + 0.06


@given(st.floats(0.8, 1.6), st.floats(2.5, 6), st.integers(0, 1000))
def test_skin_on_the_probe_stays(dermis_mm: float, smas_mm: float, seed: int) -> None:
    skin = band(DEPTH, 0, 0.2, 240) + band(DEPTH, 0.2, dermis_mm, 160) + band(DEPTH, 0.2 + dermis_mm, 15, 60)
    smas = band(DEPTH, smas_mm, 0.4, 200)
    assert ringing_rows(rows(np.maximum(skin, smas), seed), 0.0, MM) == 0


def test_a_dark_top_has_no_ringing() -> None:
    assert ringing_rows(rows(band(DEPTH, 1.0, 3.0, 200), 1), 0.0, MM) == 0


@given(st.floats(0.25, 0.5), st.floats(0.3, 0.6), st.integers(0, 1000))
def test_a_thin_film_of_gel_at_high_gain_is_no_skin(gel_mm: float, decay_mm: float, seed: int) -> None:
    """The gap stays half bright; but film and ringing are alike in every strip, and tissue is speckled."""
    film = 90 + 130 * np.exp(-DEPTH / decay_mm * 2)
    calm = np.repeat(film[:, None], 48, axis=1)
    tissue = (150.0 + band(DEPTH, 0, gel_mm + 0.3, 85))[:, None] + np.random.default_rng(seed).normal(0, 9, (400, 48))
    grey = np.where(DEPTH[:, None] < gel_mm, calm, tissue).clip(0, 255).astype(np.float32)
    assert abs(ringing_rows(grey, 0.0, MM, 10.0) / MM - gel_mm) <= 0.11


@given(st.floats(0.15, 0.3), st.floats(0.2, 0.4), st.integers(0, 1000))
def test_the_upper_dermis_is_no_film_of_gel(epidermis_mm: float, dermis_mm: float, seed: int) -> None:
    skin = 200 + band(DEPTH, 0, epidermis_mm, 35) - band(DEPTH, epidermis_mm, dermis_mm, 70)
    grey = (skin[:, None] + np.random.default_rng(seed).normal(0, 10.5, (400, 48))).clip(0, 255).astype(np.float32)
    assert ringing_rows(grey, 0.0, MM, 10.0) == 0
