"""A capture's header has the settings that its screen prints from the first frame to the last."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom import dcmread

from archive import Archive
from devices.cv import cv2
from tests.dicom_io.material import clip
from workstation.probe_screen.screens import printed_on
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit


def _frame(gain: str) -> bytes:
    picture = np.zeros((480, 640, 3), np.uint8)
    for row, words in enumerate(("MI 0.8  TIS 0.4", "Depth 4.0 cm", f"Gain {gain} %", "DR 60 dB")):
        cv2.putText(picture, words, (20, 40 + 36 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (220, 220, 220), 1, cv2.LINE_AA)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1])


def test_a_setting_that_changes_within_the_clip_is_not_said_of_all_of_it(tmp_path: Path) -> None:
    frames = [_frame("50"), _frame("50"), _frame("65")]
    printed = {one.key: one.value for one in printed_on(clip(tmp_path, frames, 640, 480))}
    assert printed == {
        "mechanical_index": 0.8,
        "thermal_index_soft_tissue": 0.4,
        "depth_mm": 40.0,
        "dynamic_range_db": 60.0,
    }


def test_a_saved_capture_says_what_its_screen_printed(tmp_path: Path) -> None:
    study = StudyInHand(Visit.begin("P1"))
    study.add_still(clip(tmp_path / "spool", [_frame("50")], 640, 480))
    (file,) = study.save(Archive(tmp_path / "archive")).files
    header = dcmread(file)
    assert (header.MechanicalIndex, header.SoftTissueThermalIndex, header.DepthOfScanField) == (0.8, 0.4, 40)
    assert "gain 50 %" in header.ImageComments


def test_a_screen_without_settings_says_nothing(tmp_path: Path) -> None:
    blank = bytes(cv2.imencode(".jpg", np.zeros((480, 640, 3), np.uint8))[1])
    assert printed_on(clip(tmp_path, [blank], 640, 480)) == ()
