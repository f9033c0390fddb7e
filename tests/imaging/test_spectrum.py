"""Speeds, ratios and rates off drawn and real spectra, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from devices.cv import cv2
from imaging.errors import CannotTell
from imaging.pictures import Pictures
from imaging.spectrum import SpectrumArea, SpectrumReading, measure_spectrum
from imaging.spectrum._ticks import Ticks
from imaging.spectrum.angle import angle_text
from imaging.spectrum.beats import find_rhythm
from imaging.spectrum.timebase import heart_rate_text, read_timebase
from imaging.text import TextLine, TextReader
from tests.imaging.spectra import draw_spectrum, waveform
from workstation.cli import main


def _line(text: str) -> TextLine:
    return TextLine(text, (0, 0, 10 * len(text), 12), 1.0)


def test_drawn_spectra_are_read_within_five_per_cent_or_refused() -> None:
    reader = TextReader()
    told = 0
    for seed in range(5):
        drawn = draw_spectrum(seed)
        try:
            reading = measure_spectrum(drawn.bgr, reader)
        except CannotTell:
            continue
        told += 1
        peak, rate = reading.peak_systolic_velocity_cm_s, reading.heart_rate_per_min
        assert peak is not None and abs(peak.value / drawn.peak_systolic_cm_s - 1) < 0.05, seed
        assert abs(reading.axis.cm_s_per_pixel / drawn.cm_s_per_pixel - 1) < 0.015, seed
        assert rate is None or abs(rate.value - drawn.heart_rate_per_min) < 2, seed
        assert reading.kind.name in ("artery", "unknown"), seed
    assert told >= 4


def test_the_real_spectrum_says_what_its_machine_says(screens: Path) -> None:
    reading = _real(screens / "ge-voluson-e8-uterine-left.png")
    peak, end, index = (
        reading.peak_systolic_velocity_cm_s,
        reading.end_diastolic_velocity_cm_s,
        reading.resistance_index,
    )
    assert peak is not None and peak.ci95[0] < 70.64 < peak.ci95[1]
    assert end is not None and end.ci95[0] < 20.5 < end.ci95[1]
    assert index is not None and index.ci95[0] < 0.71 < index.ci95[1]
    assert reading.heart_rate_per_min is not None and abs(reading.heart_rate_per_min.value - 82) < 4
    assert (reading.angle_deg, reading.kind.name) == (60, "artery")


def test_flow_in_both_directions_is_no_artery(screens: Path) -> None:
    reading = _real(screens / "cw-spectrum.png")
    assert reading.both_directions and reading.kind.name == "unknown"
    assert reading.heart_rate_per_min is not None and abs(reading.heart_rate_per_min.value - 64) < 2


def _real(path: Path) -> SpectrumReading:
    return measure_spectrum(Pictures(path).first().bgr, TextReader())


def test_the_command_refuses_a_picture_without_a_spectrum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "noise.png"
    cv2.imwrite(str(file), np.random.default_rng(1).integers(0, 256, (400, 500, 3)).astype(np.uint8))
    assert main(["spectrum", str(file), "--json"]) == 3
    assert "no Doppler spectrum" in json.loads(capsys.readouterr().out)["reason"]


def test_without_numbers_at_the_axis_there_is_no_speed() -> None:
    drawn = draw_spectrum(3)
    x0, y0, x1, y1 = drawn.box
    bare = np.zeros_like(drawn.bgr)
    bare[y0:y1, x0:x1] = drawn.bgr[y0:y1, x0:x1]
    with pytest.raises(CannotTell):
        measure_spectrum(bare, TextReader())


def test_greater_ticks_alone_tell_the_time_only_where_three_stand_out_and_a_person_at_rest_fits() -> None:
    places = tuple(100.0 + 40 * n for n in range(16))
    lengths = tuple(12 if n % 5 == 0 else 6 for n in range(16))
    area = SpectrumArea((90, 100, 710, 300), 250.0, None, Ticks(40.0, places, lengths, 302), ())
    times = read_timebase(area, [], 180.0)
    assert times is not None and abs(times.s_per_pixel * 200 - 1) < 1e-6
    assert read_timebase(area, [], None) is None
    assert read_timebase(area, [], 60.0) is None  # 200 a minute
    two = tuple(12 if n in (3, 13) else 6 for n in range(16))
    few = SpectrumArea(area.box, 250.0, None, Ticks(40.0, places, two, 302), ())
    assert read_timebase(few, [], 300.0) is None


def test_beats_at_both_sides_of_an_erase_bar_are_counted_for_themselves() -> None:
    heights = waveform((np.arange(900) / 90.0) % 1, 80, 20)
    heights[400:] = waveform((np.arange(500) / 90.0 + 0.37) % 1, 80, 20)
    heights[395:410] = np.nan
    rhythm = find_rhythm(heights)
    assert rhythm is not None and abs(rhythm.period_px / 90 - 1) < 0.01
    assert len(rhythm.beats) >= 6


@pytest.mark.parametrize(("said", "angle"), [("SV Angle 60", 60), ("AC 45", 45), ("ANGLE 64", 64), ("Steer 15", None)])
def test_angles_are_read_where_they_are_named(said: str, angle: float | None) -> None:
    assert angle_text([_line(said)]) == angle


def test_angles_and_rates_that_differ_are_not_told() -> None:
    assert angle_text([_line("Angle 60"), _line("Angle 45")]) is None
    assert heart_rate_text([_line("64bpm")]) == 64
    assert heart_rate_text([_line("64bpm"), _line("HR 80")]) is None
    assert heart_rate_text([_line("PRF 64")]) is None


def test_beats_are_those_of_the_wave_and_steady_flow_has_none() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        period, peak, end = rng.uniform(60, 200), rng.uniform(40, 200), rng.uniform(0.1, 0.5)
        heights = waveform((np.arange(900) / period + rng.random()) % 1, peak, end * peak) + rng.normal(0, 0.5, 900)
        rhythm = find_rhythm(heights)
        assert rhythm is not None and abs(rhythm.period_px / period - 1) < 0.02
        assert abs(np.mean([beat.peak_px for beat in rhythm.beats]) / peak - 1) < 0.03
    assert find_rhythm(80 + rng.normal(0, 0.5, 900)) is None
    assert find_rhythm(np.full(900, np.nan)) is None
