"""One picture laid over another of the same place: a known shift and turn comes back, another place is refused."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from devices.cv import cv2
from imaging.registration import NotRegistered, Registration, register
from imaging.scale import Scale

PER_MM = 12.0
WIDE, HIGH = 480, 360
SCALE = Scale(1 / PER_MM, 1 / PER_MM, (0, 0, WIDE, HIGH), "profile", 0.01)


@dataclass(frozen=True)
class Tissue:
    """Layers and lumps of one place, larger than a picture of it; each picture has speckle of its own."""

    seed: int

    def picture(self, shift_mm: tuple[float, float] = (0.0, 0.0), turn_deg: float = 0.0) -> npt.NDArray[np.uint8]:
        place = np.random.default_rng(self.seed)
        coarse = cv2.GaussianBlur(place.normal(0, 1, (HIGH * 2, WIDE * 2)).astype(np.float32), (0, 0), 7)
        lines = cv2.GaussianBlur(place.normal(0, 1, (HIGH * 2, 1)).astype(np.float32), (1, 0), 0, sigmaY=9)
        whole = 90 + 34 * coarse / coarse.std() + 26 * lines / lines.std()
        turn = math.radians(turn_deg)
        cos, sin = math.cos(turn), math.sin(turn)
        # A place p of this picture lies at R p + shift of the unmoved one, whose corner is in the middle of the whole.
        matrix = np.array(
            [
                [cos, -sin, WIDE / 2 + shift_mm[0] * PER_MM],
                [sin, cos, HIGH / 2 + shift_mm[1] * PER_MM],
            ]
        )
        seen = cv2.warpAffine(whole, matrix, (WIDE, HIGH), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        own = np.random.default_rng(hash((self.seed, shift_mm, turn_deg)) & 0xFFFF)
        speckle = own.rayleigh(1, seen.shape)
        return np.asarray(np.clip(seen * (0.6 + 0.32 * speckle), 0, 255), np.uint8)


@pytest.mark.requirement("C6")
@pytest.mark.parametrize(("shift_mm", "turn_deg"), [((0.0, 0.0), 0.0), ((2.0, -1.2), 3.0), ((-3.5, 0.8), -5.0)])
def test_a_known_shift_and_turn_comes_back(shift_mm: tuple[float, float], turn_deg: float) -> None:
    tissue = Tissue(3)
    found = register(tissue.picture(), SCALE, tissue.picture(shift_mm, turn_deg), SCALE)
    assert isinstance(found, Registration), found
    assert found.shift_mm == pytest.approx(shift_mm, abs=0.15)
    assert found.turn_deg == pytest.approx(turn_deg, abs=0.3)
    assert found.correlation > 0.65 and found.overlap > 0.6 and found.inconsistent_mm < 0.4


def test_pictures_of_other_pixel_sizes_are_laid_in_millimetres() -> None:
    tissue = Tissue(4)
    half = cv2.resize(tissue.picture((1.0, 0.5)), (WIDE // 2, HIGH // 2), interpolation=cv2.INTER_AREA)
    coarse = Scale(2 / PER_MM, 2 / PER_MM, (0, 0, WIDE // 2, HIGH // 2), "profile", 0.01)
    found = register(tissue.picture(), SCALE, np.dstack([half] * 3), coarse)
    assert isinstance(found, Registration) and found.shift_mm == pytest.approx((1.0, 0.5), abs=0.15)


def test_another_place_is_refused_and_says_why() -> None:
    for seed in range(10, 14):
        found = register(Tissue(3).picture(), SCALE, Tissue(seed).picture(), SCALE)
        assert isinstance(found, NotRegistered) and found.why


def test_what_cannot_be_laid_is_refused() -> None:
    picture = Tissue(3).picture()
    assert register(picture, None, picture, SCALE) == NotRegistered("The scale of a picture is not known.")
    flat = np.full((HIGH, WIDE), 80, np.uint8)
    assert isinstance(register(picture, SCALE, flat, SCALE), NotRegistered)
    narrow = Scale(1 / PER_MM, 1 / PER_MM, (0, 0, 30, HIGH), "profile", 0.01)
    assert isinstance(register(picture, SCALE, picture, narrow), NotRegistered)
