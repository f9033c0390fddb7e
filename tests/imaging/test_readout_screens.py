"""Whole screens: drawn ones at random, real ones, and a clip whose settings change."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from devices.cv import cv2
from imaging import Pictures
from imaging.readout import ReadoutWatch, ScreenReader
from tests.imaging.readout_pictures import picture
from tests.imaging.text_screens import KEYS, drawn_screen
from workstation.cli import main

_LAYOUTS = (0, 5, 9, 14, 22)
_SEEDS = range(900, 909)  #: one of each layout; `benchmarks` has the room for more


def test_drawn_screens_are_read_and_nothing_is_invented() -> None:
    stated = right = 0
    wrong = []
    for seed in _SEEDS:
        screen = drawn_screen(seed)
        read = {key: one.value for key, one in ScreenReader().read(screen.picture).settings.items()}
        stated += len(screen.truth)
        right += sum(read.get(key) == pytest.approx(value) for key, value in screen.truth.items())
        wrong += [
            (seed, key, read[key])
            for key in KEYS
            if key in read and read[key] != pytest.approx(screen.truth.get(key, np.nan))
        ]
    assert not wrong
    assert right / stated >= 0.95


def test_layouts_of_any_combination_are_read_off_their_pictures() -> None:
    stated = right = 0
    wrong = []
    for seed in _LAYOUTS:
        screen, placed = picture(seed)
        read = {key: one.value for key, one in ScreenReader().read(screen).settings.items()}
        stated += len(placed.truth)
        right += sum(read.get(key) == pytest.approx(value) for key, value in placed.truth.items())
        wrong += [
            (seed, key, read[key])
            for key in KEYS[:9]
            if key in read and read[key] != pytest.approx(placed.truth.get(key, np.nan))
        ]
    assert not wrong
    assert right / stated >= 0.9


@pytest.mark.parametrize(
    "name",
    [
        "mindray-dc8-carotid-colour.png",
        "philips-epiq7-aorta.dcm",
        "ge-logiq-e9-muscle.png",
        "telemed-echowave-muscle.png",
    ],
)
def test_real_screens(screens: Path, name: str) -> None:
    truth = json.loads((screens / "readouts.json").read_text())[name]
    absent = json.loads((screens / "absent.json").read_text())[name]
    read = {key: one.value for key, one in ScreenReader().read(Pictures(screens / name).first().bgr).settings.items()}
    assert {key: read.get(key) for key in truth} == truth
    assert not read.keys() & set(absent)


@pytest.mark.parametrize("name", ["noise", "black", "photograph"])
def test_what_is_no_screen_says_nothing(name: str) -> None:
    rng = np.random.default_rng(7)
    pictures = {
        "noise": rng.integers(0, 256, (300, 400, 3), np.uint8),
        "black": np.zeros((300, 400, 3), np.uint8),
        "photograph": cv2.resize(rng.integers(0, 256, (6, 8, 3), np.uint8), (400, 300), interpolation=cv2.INTER_CUBIC),
    }
    assert not ScreenReader().read(pictures[name])


def _frame(depth: str, gain: str) -> np.ndarray:
    picture = np.zeros((480, 640, 3), np.uint8)
    for row, words in enumerate(("MI 0.8  TIS 0.4", f"Depth {depth} cm", f"Gain {gain} %", "DR 60 dB")):
        cv2.putText(picture, words, (20, 40 + 36 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (220, 220, 220), 1, cv2.LINE_AA)
    return picture


def test_a_change_is_an_event_at_its_frame_and_a_flicker_is_none() -> None:
    watch = ReadoutWatch()
    frames = [_frame("4.0", "50")] * 3 + [_frame("9.0", "50")] + [_frame("4.0", "50")] * 3 + [_frame("4.0", "65")] * 4
    changes = [change.document() for number, frame in enumerate(frames) for change in watch.see(number, frame)]
    assert changes == [{"frame": 7, "key": "gain", "from": 50, "to": 65}]
    assert watch.first is not None
    assert watch.first.settings["gain"].value == 50
    assert watch.readings.settings["gain"].value == 65


def test_seeing_that_nothing_changed_costs_little() -> None:
    screen = cv2.resize(_frame("4.0", "50"), (1920, 1080), interpolation=cv2.INTER_CUBIC)
    watch = ReadoutWatch()
    watch.see(0, screen)
    began = time.thread_time()
    for number in range(1, 11):
        assert watch.see(number, screen) == []
    assert (time.thread_time() - began) / 10 < 0.010


def test_the_command_answers_with_json_or_with_status_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    screen, empty = tmp_path / "screen.png", tmp_path / "empty.png"
    cv2.imwrite(str(screen), _frame("4.0", "50"))
    cv2.imwrite(str(empty), np.zeros((240, 320, 3), np.uint8))
    assert main(["read-screen", str(screen), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["depth_mm"]["value"] == 40
    assert document["depth_mm"]["text"] == "Depth 4.0 cm"
    assert document["depth_mm"]["unit"] == "mm"
    assert len(document["depth_mm"]["box"]) == 4
    assert "changes" not in document
    assert main(["read-screen", str(empty), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["reason"].startswith("No read-out is found")
