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
