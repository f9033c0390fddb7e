"""The grammar on the conventions of other languages and makers: what their screens print, as a person reads it."""

from __future__ import annotations

import numpy as np
import pytest

from devices.cv import cv2
from imaging.readout._grammar import settings_of
from imaging.readout._second_look import confirmed
from imaging.readout.readings import Reading
from imaging.text import TextReader
from imaging.text.reader import _each_once
from tests.imaging.test_readout_grammar import TextLine, lines, read

MI, TIS, TIB = "mechanical_index", "thermal_index_soft_tissue", "thermal_index_bone"
DEPTH, GAIN, FREQUENCY, RATE, RANGE = "depth_mm", "gain", "frequency_mhz", "frame_rate_hz", "dynamic_range_db"


def _expected(depth: float, gain: float, mhz: float, rate: float, decibels: float) -> dict[str, float]:
    return {DEPTH: depth, GAIN: gain, FREQUENCY: mhz, RATE: rate, RANGE: decibels}


@pytest.mark.parametrize(
    "texts",
    [
        ["Prof. 4,0 cm", "Gain 52 %", "Fréq. 12 MHz", "Cad. 31 i/s", "Dyn. 60 dB"],
        ["Prof. d'image 40 mm", "Gain génér. 52", "Fréq. 12,0", "31 im/s", "Plage 60 dB"],
        ["Tiefe 4,0 cm", "Verst. 52 %", "Freq. 12 MHz", "Bildrate 31 B/s", "Dyn. 60 dB"],
        ["Bildtiefe 40 mm", "Gesamtverst. 52", "Sendefrequenz 12 MHz", "31 Bilder/s", "Dyn.-Ber. 60 dB"],
        ["Prof. 4,0 cm", "Gan. 52", "Frec. 12 MHz", "Fot./s 31", "R.D. 60"],
        ["Prof. 4,0 cm", "Ganancia total 52", "Frec. 12 MHz", "Fq. imág. 31 Hz", "Gama din. 60"],
        ["Prof. 4,0 cm", "Guad. 52", "Freq. 12 MHz", "Freq. immagine 31 Hz", "Dinamica 60"],
        ["Prof. 4,0 cm", "Ganho 52", "Freq. 12 MHz", "Quadros/s 31", "F.D. 60"],
        ["B-Depth 4.0 cm", "B-Gain: 52 dB", "B-Freq: 12 MHz", "Rate 31 Hz", "B-DR: 60"],
        ["Tf. 40 mm", "Vst. 52", "Frq. 12 MHz", "Bild/s 31", "Dyn. 60"],
        ["Pr. 40 mm", "Gn. 52", "Fq. 12 MHz", "Im/s 31", "Dyn. 60"],
        ["T 4,0 cm", "V 52 %", "F 12 MHz", "BR 31 Hz", "Dyn 60"],
        ["Depth: 4 cm", "Gain 2D: 52", "Freq 2D: 12 MHz", "Frame: 31 Hz", "DR: 60"],
        ["Prof. 4 cm", "Gain B 52", "Freq. B 12 MHz", "F-rate 31", "Dyn. 60"],
        ["31.0 Hz", "Depth 4cm", "Gain 52", "Freq 12 MHz", "D.R. 60"],
        ["12.0MHz  G52  DR60  4.0cm  31fps"],
        ["12.0MHz | G52 | DR60 | 40mm | 31Hz"],
        ["FR: 31 / DR: 60 / 2D Gain: 52 / Frequency: H12.0MHz", "Depth(cm) 4.0"],
        ["depth:4,0Fps:31", "Gain 52", "F:H12,0", "DR 60"],
    ],
)
def test_settings_in_other_words(texts: list[str]) -> None:
    assert read(*texts) == _expected(40, 52, 12, 31, 60)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["IM :1,00 /ITm :1,4"], {MI: 1.0, TIS: 1.4}),
        (["MI 0.7/TIS 0.2/TIB 0.3"], {MI: 0.7, TIS: 0.2, TIB: 0.3}),
        (["MI 0.7", "TI-S 0.2"], {MI: 0.7, TIS: 0.2}),
        (["M:0,52, TiS:1,5"], {MI: 0.52, TIS: 1.5}),
        (["M: 0.5 s", "Gain 52"], {GAIN: 52}),
        (["MI0.4 TISO.4"], {MI: 0.4, TIS: 0.4}),
        (["Índ. mec. 0,7", "Índ. térm. 0,2"], {MI: 0.7}),
        (["4 cm", "12 MHz", "31 Hz", "G 52"], {DEPTH: 40, FREQUENCY: 12, RATE: 31, GAIN: 52}),
        (["Heart rate 72", "Depth 40 mm"], {DEPTH: 40}),
        (["Depth(cm) 18 .15", "Gain 52"], {GAIN: 52}),
        (["MI 1 .2", "Gain 52"], {GAIN: 52}),
        (["[Power = 100%]", "[Gain = 52]"], {"acoustic_power_percent": 100, GAIN: 52}),
        (["V 1.4", "Gain 52", "Prof. 4 cm"], {GAIN: 52, DEPTH: 40}),
        (["Frame 12", "Gain 52"], {GAIN: 52}),
        (["TVI 0ff", "Gain 52"], {GAIN: 52}),
        (["G 52  DR 60  Dist 2.5 cm"], {GAIN: 52, RANGE: 60}),
        (["CF 31 Hz  PRF 1.2k  Gn 20"], {"prf_hz": 1200}),
    ],
)
def test_indices_units_and_numbers_that_are_none(texts: list[str], expected: dict[str, float]) -> None:
    assert read(*texts) == expected


def test_in_tiles_the_number_under_a_label_is_its_own_whatever_stands_over_it() -> None:
    """'Smooth 2' has no setting that we know, and its 2 is as near to the label under it as that label's own number."""
    assert read("Smooth", "2", "Frequency", "12.0", "DR", "60", "Rej", "6") == {FREQUENCY: 12, RANGE: 60}


def test_a_battery_beside_2d_is_no_gain() -> None:
    assert not settings_of([*lines("2D"), *lines("100 %", x=190)])


def test_a_line_found_twice_is_told_once() -> None:
    whole, half = TextLine("MI:0.6", (755, 33, 832, 65), 0.99), TextLine("MI.0.6", (765, 47, 823, 58), 0.82)
    beside = TextLine("MI:0.6", (900, 33, 980, 65), 0.99)
    assert _each_once([whole, half, beside]) == [whole, beside]


@pytest.mark.parametrize(("cut", "kept"), [(0, True), (14, False)])
def test_a_number_cut_off_by_the_pictures_edge_is_left_out(cut: int, kept: bool) -> None:
    screen = np.zeros((60, 220, 3), np.uint8)
    cv2.putText(screen, "Gain 35", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (230, 230, 230), 2, cv2.LINE_AA)
    ink = np.flatnonzero(screen.max(axis=(0, 2)) > 60)
    picture = np.ascontiguousarray(screen[:, : int(ink[-1]) + 12 if kept else int(ink[-1]) - cut])
    box = (100, 10, picture.shape[1], 50)
    reading = Reading(35.0, "Gain 35", box, 0.99, None, box)
    assert bool(confirmed(picture, {GAIN: reading}, TextReader())) is kept
