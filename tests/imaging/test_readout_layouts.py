"""The grammar on layouts drawn at random: everything that is printed is read, and nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.readout._grammar import settings_of
from imaging.text import TextLine
from tests.imaging.readout_layouts import LABELS, as_lines, layout
from tests.imaging.test_readout_grammar import lines, read

#: The numbers of the contract, and what no machine goes beyond.
_LIMITS = {
    "mechanical_index": (0.0, 1.9),
    "thermal_index_soft_tissue": (0.0, 6.0),
    "thermal_index_bone": (0.0, 6.0),
    "thermal_index_cranial": (0.0, 6.0),
    "depth_mm": (5.0, 400.0),
    "gain": (-60.0, 130.0),
    "frequency_mhz": (1.0, 50.0),
    "frame_rate_hz": (1.0, 1000.0),
    "dynamic_range_db": (20.0, 260.0),
}
_SEEDS = range(4000, 4400)
_PIECES = [
    *(label for labels in LABELS.values() for label in labels),
    *("MI", "TIS", "TIb", "TI", "IM", "ITm", "PRF", "WF", "B", "2D", "CF", "PW", "Map", "Power", "Dist", "[", "]", "/", ","),
    *("0.7", "12", "3.5 cm", "40mm", "85%", "60 dB", "1.2k", "25 fps", "31Hz", "7.5MHz", "H9.0", "12/60", "09:41", "-3", "°"),
    *(":", "=", "  ", " ", "<", "V1.4.2", "L12-4", "2.3", "0,7", "#59", "cm/s", "16cm/s", "Off", "II", "O.4", "."),
]  # fmt: skip


def test_all_that_layouts_print_is_read_and_nothing_else() -> None:
    printed, missed, invented = 0, [], []
    for seed in _SEEDS:
        placed = layout(seed)
        got = {key: one.value for key, one in settings_of(as_lines(placed, seed)).items() if key in _LIMITS}
        printed += len(placed.truth)
        missed += [(seed, key) for key, value in placed.truth.items() if got.get(key) != pytest.approx(value)]
        invented += [(seed, key) for key, value in got.items() if placed.truth.get(key) != pytest.approx(value)]
    assert not invented
    assert len(missed) <= 0.01 * printed, missed


def _scattered(seed: int, texts: list[str]) -> list[TextLine]:
    """The texts at any place, of any size, some beside and some under each other."""
    rng = random.Random(seed)
    made = []
    for text in texts:
        size = rng.choice([16, 20, 28])
        x, y = 40 * rng.randrange(8), 24 * rng.randrange(8)
        columns = tuple(x + 10 * (place + 0.5) for place in range(len(text)))
        made.append(TextLine(text, (x, y, x + 10 * max(1, len(text)), y + size), 0.99, columns))
    return made


@settings(deadline=None)
@given(
    st.integers(0, 2**30),
    st.lists(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join), max_size=12),
)
def test_no_value_beyond_what_can_be_and_no_number_for_two_settings(seed: int, texts: list[str]) -> None:
    found = settings_of(_scattered(seed, texts))
    for key, reading in found.items():
        if key in _LIMITS:
            assert isinstance(reading.value, float)
            assert _LIMITS[key][0] <= reading.value <= _LIMITS[key][1], (key, reading.text)
    places = [(reading.value_box, reading.value) for reading in found.values()]
    assert len(places) == len(set(places)), "one number was taken for two settings"


@pytest.mark.parametrize(
    "texts",
    [
        ["1", "2", "3", "4"],
        ["Depth", "1", "2", "3"],
        ["D=12.3mm"],
        ["D 3.31 cm"],
        ["D=3.3 cm"],
        ["023mm"],
        ["21.5 mm"],
        ["2.3 cm"],
        ["PD 54"],
        ["100%", "V1.6.0", "09:41"],
        ["SW 1.2", "Ver. 0.9", "Build 54"],
        ["BMI 22.5"],
        ["G 54"],
    ],
)
def test_rulers_calipers_versions_and_batteries_are_no_settings(texts: list[str]) -> None:
    assert not read(*texts)


def test_a_rulers_number_is_not_the_value_of_the_label_beside_it() -> None:
    """Labels over their values at the left, the ruler at their right: its numbers stand on the labels' rows."""
    listed = lines("Gain", "68", "Depth", "4.0 cm", "DR", "60")
    ruler = [line for n in range(4) for line in lines(f"{5 * (n + 1)}", x=120, y=10 + 60 * n)]
    got = {key: one.value for key, one in settings_of([*listed, *ruler]).items()}
    assert got == {"gain": 68, "depth_mm": 40, "dynamic_range_db": 60}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2D", "Depth(cm)", "4.5", "Gain(%)", "52"], {"depth_mm": 45, "gain": 52}),
        (["D", "1.8 cm", "DR", "70", "Gn", "54"], {"depth_mm": 18, "dynamic_range_db": 70, "gain": 54}),
        (["Dyn Range 98  Gain 26  FPS 31"], {"dynamic_range_db": 98, "gain": 26, "frame_rate_hz": 31}),
        (["Frq.11.0", "Gain 40", "TVI Off", "DR 60"], {"frequency_mhz": 11, "gain": 40, "dynamic_range_db": 60}),
        (["TIS 0.6MI 1.2"], {"thermal_index_soft_tissue": 0.6, "mechanical_index": 1.2}),
        (["MI 0,40 ITm 0,102022-12-27 15:06:59"], {"mechanical_index": 0.4, "thermal_index_soft_tissue": 0.1}),
        (["Prof.: 3.0cm", "PD 54", "CI 13 Hz"], {"depth_mm": 30, "dynamic_range_db": 54, "frame_rate_hz": 13}),
        (["Tiefe 3.0cm", "DB 54", "BR 18 Hz"], {"depth_mm": 30, "dynamic_range_db": 54, "frame_rate_hz": 18}),
        (["F 12.0M", "G 40"], {"frequency_mhz": 12, "gain": 40}),
        (["D 15 mm"], {"depth_mm": 15}),
        (["[2D] G53/145dB/FA4", "4.0cm / 31Hz"], {"gain": 53, "dynamic_range_db": 145, "depth_mm": 40, "frame_rate_hz": 31}),
        (["H10.00 MHz", "-3 dB/DR 60"], {"frequency_mhz": 10, "dynamic_range_db": 60}),
        (["2D 12.0 MHz Gn 54 DR 60", "CF 5.0 MHz Gn 30 WF 60Hz"],
         {"frequency_mhz": 12, "gain": 54, "dynamic_range_db": 60, "wall_filter": 60}),
        (["BGn 54", "FrmRate 20", "DynamicRange60"], {"gain": 54, "frame_rate_hz": 20, "dynamic_range_db": 60}),
        (["Gain B 54", "Gain C 30"], {"gain": 54}),
        (["Gain: 54", "D-Gain: 30"], {"gain": 54}),
        (["Dyn. Bereich 60 dB", "Verst. 54 %"], {"dynamic_range_db": 60, "gain": 54}),
        (["M.I. 0.7", "T.I.S. 0.2"], {"mechanical_index": 0.7, "thermal_index_soft_tissue": 0.2}),
        (["B: 12.0MHz", "G: 54", "DR: 60"], {"frequency_mhz": 12, "gain": 54, "dynamic_range_db": 60}),
        (["Power", "100%", "Gain", "44"], {"acoustic_power_percent": 100, "gain": 44}),
    ],
)  # fmt: skip
def test_tiles_switches_and_units_in_labels(texts: list[str], expected: dict[str, float]) -> None:
    assert read(*texts) == expected


def test_a_unit_in_a_box_of_its_own_belongs_to_the_number_before_it() -> None:
    parts = [*lines("Freq", "Gain"), *lines("12", "54", x=80), *lines("MHz", "%", x=120)]
    assert {key: one.value for key, one in settings_of(parts).items()} == {"frequency_mhz": 12, "gain": 54}
