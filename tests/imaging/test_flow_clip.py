"""Flow over time: artery, vein or unknown; flashes; a box that comes, moves and goes; the words for 'nothing seen'."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.cv import cv2
from imaging.flow import NO_SIGNAL, FlowWatch, analyse, classify
from imaging.flow.report import as_document
from imaging.pictures import Picture
from tests.imaging.flow_screens import Drawing
from workstation.cli import main

FPS = 20.0


def pulse(seconds: float, rate: float, fps: float, rest: float) -> list[float]:
    """A beat: a quick rise, a slow fall to the part `rest` of the peak."""
    phase = (np.arange(int(seconds * fps)) / fps * rate / 60) % 1
    return list(rest + (1 - rest) * np.where(phase < 0.12, phase / 0.12, np.exp(-(phase - 0.12) / 0.2)))


@settings(deadline=None, max_examples=60)
@given(
    st.floats(45, 160),
    st.floats(4, 10),
    st.sampled_from([12.0, 20.0, 30.0, 60.0]),
    st.floats(0, 0.3),
    st.integers(0, 99),
)
def test_a_regular_pulse_is_an_arterys_with_its_rate(
    rate: float, seconds: float, fps: float, rest: float, seed: int
) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.03, int(seconds * fps))
    kind, reason, found, _ = classify(np.array(pulse(seconds, rate, fps, rest)) + noise + 0.05, fps)
    assert kind in {"artery", "unknown"}, reason
    assert (found is not None) == (kind == "artery" and fps >= 18)
    if found is not None:
        assert found == pytest.approx(rate, rel=0.05)


@settings(deadline=None, max_examples=60)
@given(st.floats(3.1, 10), st.sampled_from([12.0, 20.0, 30.0]), st.floats(0, 0.06), st.integers(0, 9999))
def test_a_steady_flow_is_never_an_arterys(seconds: float, fps: float, spread: float, seed: int) -> None:
    signal = 1 + np.random.default_rng(seed).normal(0, spread, int(seconds * fps))
    assert classify(signal, fps)[0] in {"vein", "unknown"}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1e6), max_size=200), st.floats(0.5, 120))
def test_any_signal_gets_an_answer_with_a_reason(signal: list[float], fps: float) -> None:
    kind, reason, rate, _ = classify(np.array(signal), fps)
    assert reason
    assert rate is None or kind == "artery"


@pytest.mark.parametrize(("seconds", "fps"), [(1.0, 30.0), (5.0, 5.0), (0.0, 20.0)])
def test_too_short_or_too_slow_is_unknown(seconds: float, fps: float) -> None:
    assert classify(np.array(pulse(seconds, 70, fps, 0.2)), fps)[0] == "unknown"


def clip(seed: int, gains: list[list[float]], flashes: set[int] = frozenset()) -> list[Picture]:  # type: ignore[assignment]
    drawing = Drawing(seed, kind="colour", size=(640, 480))
    return [Picture(k, k / FPS, drawing.draw(gain, 0.5 if k in flashes else 0.0)[0]) for k, gain in enumerate(gains)]


def test_an_artery_and_a_vein_on_drawn_clips() -> None:
    beat = pulse(3.2, 75, FPS, 0.25)
    arteries = analyse(clip(11, [[value] for value in beat]), FPS).vessels
    assert [vessel.kind for vessel in arteries[:1]] == ["artery"], arteries
    assert arteries[0].heart_rate_per_min == pytest.approx(75, rel=0.06)
    veins = analyse(clip(11, [[0.9]] * len(beat)), FPS).vessels
    assert [vessel.kind for vessel in veins[:1]] == ["vein"], veins


def test_a_flash_is_told_from_flow() -> None:
    findings = analyse(clip(11, [[0.9]] * 20, {8, 9}), FPS)
    flashed = {frame.frame for frame in findings.frames if any(region.flash for region in frame.regions)}
    assert flashed == {8, 9}
    document = as_document(findings)
    assert {region["frame"] for region in document["flashes"]} == {8, 9}


def test_a_known_layout_is_confirmed_and_a_lost_one_is_given_up() -> None:
    drawing = Drawing(11, kind="colour", size=(640, 480))
    watch = FlowWatch()
    first, second = watch.look(drawing.draw()[0]), watch.look(drawing.draw()[0])
    assert first.layout is not None
    assert second.layout is first.layout
    assert watch.look(np.full((480, 640, 3), 30, np.uint8)).layout is None
    assert watch.look(drawing.draw()[0]).layout is not None


def test_the_command_says_no_signal_in_the_words_that_never_mean_no_vessel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing = Drawing(11, kind="colour", size=(640, 480))
    path = tmp_path / "empty.png"
    cv2.imwrite(str(path), drawing.draw([0.0])[0])
    assert main(["doppler", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["kind"] == "colour"
    assert document["regions"] == []
    assert document["notice"] == NO_SIGNAL
    assert main(["doppler", str(path)]) == 0
    assert "does not exclude flow" in capsys.readouterr().out


def test_the_command_on_a_picture_without_doppler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plain.png"
    cv2.imwrite(str(path), np.full((240, 320, 3), 60, np.uint8))
    assert main(["doppler", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["kind"] == "none"
    assert document["box"] is None
    assert document["bar_limits_cm_s"] is None
    assert document["regions"] == []
