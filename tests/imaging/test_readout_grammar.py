"""Labels find their numbers, doubt leaves out: the grammar on lines as an OCR hands them over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.readout._grammar import settings_of
from imaging.readout._names import identifying, names_of
from imaging.text import TextLine


def lines(*texts: str, x: int = 10, y: int = 10, step: int = 24) -> list[TextLine]:
    """The texts under each other, ten pixels a letter."""
    made = []
    for row, text in enumerate(texts):
        top = y + row * step
        columns = tuple(x + 10 * (place + 0.5) for place in range(len(text)))
        made.append(TextLine(text, (x, top, x + 10 * len(text), top + 20), 0.99, columns))
    return made


def read(*texts: str) -> dict[str, object]:
    return {key: reading.value for key, reading in settings_of(lines(*texts)).items()}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["AP 96.6%MI 1.3 TIS 0.5"],
         {"acoustic_power_percent": 96.6, "mechanical_index": 1.3, "thermal_index_soft_tissue": 0.5}),
        (["MI'0.14 TIs 0.1"], {"mechanical_index": 0.14, "thermal_index_soft_tissue": 0.1}),
        (["IM 0,7 ITm 0,3"], {"mechanical_index": 0.7, "thermal_index_soft_tissue": 0.3}),
        (["IM: 0,7", "ITo: 0,3", "ITc: 0,9"],
         {"mechanical_index": 0.7, "thermal_index_bone": 0.3, "thermal_index_cranial": 0.9}),
        (["MlO.8 TlS O.4"], {"mechanical_index": 0.8, "thermal_index_soft_tissue": 0.4}),
        (["TIS: 0.01, MI: 0.45, Nerve"], {"mechanical_index": 0.45, "thermal_index_soft_tissue": 0.01}),
        (["B", "F H9.0", "D3.5", "G 57", "FR 31", "DR 115"],
         {"frequency_mhz": 9.0, "depth_mm": 35, "gain": 57, "frame_rate_hz": 31, "dynamic_range_db": 115}),
        (["B RES-A", "P 30mm", "G 54%"], {"depth_mm": 30, "gain": 54}),
        (["Tiefe: 4,5 cm", "Verstärkung: 60 %", "Bildrate: 22"], {"depth_mm": 45, "gain": 60, "frame_rate_hz": 22}),
        (["Frq 9 MHz", "FPS 16", "De 50 mm", "DR 74 dB"],
         {"frequency_mhz": 9, "frame_rate_hz": 16, "depth_mm": 50, "dynamic_range_db": 74}),
        (["深度 4.0cm", "增益 50"], {"depth_mm": 40, "gain": 50}),
        (["[2D] Gen", "Gn 48", "[C] Gen", "Gn 50"], {"gain": 48}),
        (["[2D]", "Gn 48 / DR 131"], {"gain": 48, "dynamic_range_db": 131}),
        (["S5-1", "49Hz", "16cm"], {"frame_rate_hz": 49, "depth_mm": 160}),
    ],
)  # fmt: skip
def test_what_a_person_reads(texts: list[str], expected: dict[str, float]) -> None:
    assert read(*texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ["MI N/A", "TIS N/A"],
        ["TI 0.4"],
        ["MI 08"],
        ["MI 3.2"],
        ["MI <0.4"],
        ["Dist 0.05 cm", "D1 3.31 cm", "D2 2.07 cm"],
        ["Asc Ao Diam 3.3 cm"],
        ["03/15/21 06:26:02PM", "107/1107", "#59", "3.5.0"],
        ["Gn -2", "WMF low1", "SV Angle 60", "Size 2.0mm", "Depth 45.7mm", "PRF 4.4kHz"],
        ["C", "G 40", "F 5.0"],
        ["F 5.0-12.0 MHz"],
        ["TGC 50 55 60"],
        ["65bpm", "HR 89"],
        ["Gn 50", "x", "y", "z", "Gn 60"],
        ["Fr 12"],
        ["D 25 cm", "Frq 10.0 MHz"],
        ["10mm"],
    ],
)
def test_what_is_no_setting_or_is_in_doubt_is_left_out(texts: list[str]) -> None:
    contract = {
        "mechanical_index", "thermal_index_soft_tissue", "thermal_index_bone", "thermal_index_cranial", "depth_mm",
        "gain", "frequency_mhz", "frame_rate_hz", "dynamic_range_db",
    }  # fmt: skip
    assert not contract & read(*texts).keys()


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_text_at_all_is_parsed_or_left(texts: list[str]) -> None:
    settings_of(lines(*texts))
    names_of(lines(*texts))
    identifying(lines(*texts))


@given(mi=st.integers(1, 19), comma=st.booleans(), joint=st.sampled_from([" ", ":", ": ", "", "=", "  "]))
def test_an_index_is_read_as_printed(mi: int, comma: bool, joint: str) -> None:
    printed = f"MI{joint}{mi / 10:.1f}"
    assert read(printed.replace(".", ",") if comma else printed) == {"mechanical_index": mi / 10}


def test_people_and_probes() -> None:
    texts = lines("Name: Muster, Erika", "ID: --", "Muster^Erika", "St. Anna Hospital", "ML6-15", "MSK Gen", "LOGIQ")
    assert [one.text for one in identifying(texts)] == ["Name: Muster, Erika", "Muster^Erika", "St. Anna Hospital"]
    assert {key: reading.value for key, reading in names_of(texts).items()} == {
        "probe": "ML6-15",
        "preset": "MSK Gen",
        "device": "LOGIQ",
    }


def test_a_name_in_dicoms_form_is_found_among_other_words() -> None:
    assert [one.why for one in identifying(lines("Maker MUSTER^ERIKA Vascular HL15-6", "2^3 D^2"))] == [
        "the form of a name"
    ]


def test_a_name_of_the_header_is_found_on_the_screen_and_not_shown_in_a_repr() -> None:
    found = identifying(lines("MUSTERFRAU 44y"), ["Musterfrau^Erika"])
    assert [one.why for one in found] == ["a name of the file's header"]
    assert "MUSTERFRAU" not in repr(found)
