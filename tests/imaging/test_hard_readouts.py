"""Screens whose text is small, strange or laid out the other way round; each row is one that was missed or read wrongly."""

from __future__ import annotations

import pytest

from imaging.readout import ScreenReader
from tests.imaging.hard_readouts import WAYS, hard_screen
from tests.imaging.test_readout_grammar import read
from tests.imaging.text_screens import KEYS

_WAYS = {way[0]: number for number, way in enumerate(WAYS)}


@pytest.mark.parametrize(
    ("way", "number"),
    [("bitmap-list", 3), ("over-tissue", 3), ("drawn-by-a-program", 2), ("japanese", 1)],
    ids=[
        "a label that the detector overlooks",
        "values before their labels",
        "two indices with a slash between",
        "Japanese",
    ],
)
def test_hard_screens(way: str, number: int) -> None:
    screen, truth = hard_screen(_WAYS[way], number)
    found = {key: one.value for key, one in ScreenReader().read(screen).settings.items() if key in KEYS[:9]}
    assert found == pytest.approx(truth)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["0.9MI", "0.2TIS"], {"mechanical_index": 0.9, "thermal_index_soft_tissue": 0.2}),
        (["54 Gain", "40 mm Depth", "12 MHz", "38 fps"],
         {"gain": 54, "depth_mm": 40, "frequency_mhz": 12, "frame_rate_hz": 38}),
        (["FR 38Hz", "R 40mm", "G 54"], {"frame_rate_hz": 38, "depth_mm": 40, "gain": 54}),
        (["R05.0 G63 C6 A1"], {"depth_mm": 50, "gain": 63}),
        (["GN:90", "F:H10M"], {"gain": 90, "frequency_mhz": 10}),
        (["Gain 54", "Center 12 MHz"], {"gain": 54, "frequency_mhz": 12}),
        (["Gain 54", "L12-3  3-12 MHz", "Center 9 MHz"], {"gain": 54}),
        (["Gain 54", "R 0.73", "R 4.2 mm"], {"gain": 54}),
        (["FR 6CHz"], {"frame_rate_hz": 60}),
        (["65 mm", "69 k/c"], {"depth_mm": 65, "frame_rate_hz": 69}),
        (["深さ 4.0cm", "ゲイン 54", "フレームレート 38"], {"depth_mm": 40, "gain": 54, "frame_rate_hz": 38}),
    ],
)  # fmt: skip
def test_more_ways_to_write_a_setting(texts: list[str], expected: dict[str, float]) -> None:
    assert read(*texts) == expected


_OF_B = {"gain": 54, "frequency_mhz": 12, "dynamic_range_db": 60}


@pytest.mark.parametrize(
    "texts",
    [
        ["Frq 12.0", "Gn 54", "DR 60", "Frq 5.0", "Gn 42", "PRF 1.2", "WF 60"],
        ["PRF 1.2k", "WF 60", "G 42", "F 5.0", "G 54", "DR 60", "F 12.0"],
        ["Gn 54 DR 60 Frq 12.0", "Col Gn 42 Frq 5.0 PRF 1.2k"],
        ["B|G 54|DR 60|F 12.0", "C|G 42|PRF 1.2k|F 5.0"],
        ["Freq 12.0 MHz", "Gain 54 %", "DR 60 dB", "Color Freq 5.0 MHz", "Color Gain 42 %", "PRF 1.2 kHz"],
        ["Gain 54", "12.0 MHz", "DR 60", "Power Gain 42", "Power Freq 5.0 MHz", "PRF 1.0k"],
        ["B-Verst. 54 dB", "B-Freq. 12,0 MHz", "Dyn. 60 dB", "F-Verst. 42 dB", "F-Freq. 5,0 MHz", "PRF 1,2 kHz"],
        ["Gain 54", "Freq 12.0 MHz", "DR 60", "Color 5.0 MHz", "Gain 42", "PRF 1.0k"],
    ],
)
def test_the_settings_of_a_doppler_without_a_heading_are_not_the_pictures(texts: list[str]) -> None:
    found = {key: value for key, value in read(*texts).items() if key in _OF_B}
    assert found == _OF_B


def test_a_doppler_alone_says_nothing_of_the_picture() -> None:
    assert read("Power Freq 5.0 MHz", "Color Gain 42", "PRF 1.2k").keys() <= {"prf_hz"}
