"""The commands that measure a file: what is no ultrasound is refused by each of them in one sentence, never measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from devices.cv import cv2
from tests.workstation.conftest import Sonofill
from workstation.cli import COMMANDS

pytestmark = pytest.mark.timeout(300)

MEASURING = [c for c in ("calibrate", "read_screen", "spectrum", "vessels", "layers", "needle") if c in COMMANDS]
WORDS = [c.replace("_", "-") for c in MEASURING]
Picture = npt.NDArray[np.uint8]


def noise() -> Picture:
    return np.random.default_rng(5).integers(0, 256, (600, 800, 3)).astype(np.uint8)


def black() -> Picture:
    return np.zeros((600, 800, 3), np.uint8)


def landscape() -> Picture:
    """Like a photograph: a sky, hills, a sun, leaves, all in colour and soft."""
    draw = np.random.default_rng(6)
    rows = np.linspace(0, 1, 600)[:, None, None]
    picture = (np.array([235, 190, 120]) * (1 - rows) + np.array([200, 220, 240]) * rows) * np.ones((1, 800, 1))
    cv2.circle(picture, (620, 130), 60, (90, 220, 255), -1, cv2.LINE_AA)
    for _ in range(400):
        centre = (int(draw.integers(0, 800)), int(draw.integers(330, 600)))
        colour = tuple(float(c) for c in draw.integers((20, 70, 20), (70, 170, 90)))
        cv2.circle(picture, centre, int(draw.integers(8, 40)), colour, -1, cv2.LINE_AA)
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 2)) + draw.normal(0, 3, picture.shape)
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def desktop() -> Picture:
    """Windows with text, a task bar, a ruler as word processors have it."""
    picture = np.full((720, 1280, 3), (120, 90, 40), np.uint8)
    cv2.rectangle(picture, (120, 60), (1100, 620), (245, 245, 245), -1)
    cv2.rectangle(picture, (120, 60), (1100, 90), (200, 160, 110), -1)
    for line in range(14):
        words = f"Minutes of the meeting, item {line + 1}: depth of the shelf 3.0 cm"
        cv2.putText(picture, words, (180, 180 + 30 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 30, 30), 1, cv2.LINE_AA)
    for mark in range(40):
        x = 180 + 22 * mark
        cv2.line(picture, (x, 110), (x, 116 if mark % 5 else 124), (60, 60, 60), 1)
    cv2.rectangle(picture, (0, 690), (1280, 720), (60, 60, 60), -1)
    return picture


@pytest.mark.parametrize("command", WORDS)
@pytest.mark.parametrize("draw", [noise, black, landscape, desktop])
def test_no_ultrasound_no_number(sonofill: Sonofill, tmp_path: Path, command: str, draw: Callable[[], Picture]) -> None:
    file = tmp_path / "picture.png"
    cv2.imwrite(str(file), draw())
    ran = sonofill(command, file, "--json")
    assert ran.status == 3, (ran.out, ran.err)
    assert set(json.loads(ran.out)) == {"reason"}
    assert ran.err.count("\n") == 1 and "Traceback" not in ran.err


@pytest.mark.skipif("doppler" not in COMMANDS, reason="no such command")
@pytest.mark.parametrize("draw", [noise, black, landscape, desktop])
def test_colours_alone_are_no_flow(sonofill: Sonofill, tmp_path: Path, draw: Callable[[], Picture]) -> None:
    file = tmp_path / "picture.png"
    cv2.imwrite(str(file), draw())
    ran = sonofill("doppler", file, "--json")
    assert ran.status == 0, ran.err
    said: dict[str, Any] = json.loads(ran.out)
    assert said["kind"] == "none" and said["regions"] == [] and said["box"] is None


@pytest.mark.parametrize("command", [*WORDS, "doppler", "quality"])
def test_a_file_that_cannot_be_read(sonofill: Sonofill, tmp_path: Path, command: str) -> None:
    text = tmp_path / "text.png"
    text.write_text("nothing to see")
    for file in (text, tmp_path / "missing.png", tmp_path):
        ran = sonofill(command, file, "--json")
        assert ran.status == 1 and ran.out == "", (ran.out, ran.err)
        assert ran.err.startswith("sonofill: ") and ran.err.count("\n") == 1 and "Traceback" not in ran.err


@pytest.mark.parametrize("command", [*WORDS, "doppler", "quality"])
def test_wrong_words(sonofill: Sonofill, command: str) -> None:
    assert sonofill(command).status == 2
    assert sonofill(command, "--help").status == 0
