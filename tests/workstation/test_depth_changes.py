"""A recording in which the probe's depth changes becomes a clip for each depth, cut at the very frame, nothing left out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from acquisition.cine import Gap
from archive import Archive
from devices.source import FormatRequest
from dicom_io import OpenedImage
from tests.imaging.drawn_films import frames_of, other_depth
from tests.workstation.recordings import recorded_clip
from workstation.capture.recording import record_study
from workstation.studies.visit import Visit

RATE = 20.0


def film(path: Path, frames: list[npt.NDArray[np.uint8]]) -> None:
    rows, columns = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), RATE, (columns, rows))
    for frame in frames:
        writer.write(frame)
    writer.release()


def test_each_depth_is_a_clip_with_its_own_scale(tmp_path: Path) -> None:
    one, two = other_depth(1)
    film(tmp_path / "film.avi", frames_of(one, 27, 1) + frames_of(two, 13, 2))
    visit = Visit.begin("P1")
    recorded = record_study(str(tmp_path / "film.avi"), visit, tmp_path / "archive", seconds=5, request=FormatRequest())
    assert recorded.result.frames_saved == 40
    with Archive(tmp_path / "archive") as archive:
        files = [item.file for item in archive.objects(visit.study_instance_uid)]
    found = {}
    for path in files:
        with OpenedImage(path) as image:
            (scale,) = image.scales
            found[image.number_of_frames] = scale.mm_per_pixel_y
    assert found == {
        27: pytest.approx(one.mm_per_pixel[1], rel=0.01),
        13: pytest.approx(two.mm_per_pixel[1], rel=0.01),
    }


def test_pieces_hold_each_frame_and_each_gap_once(tmp_path: Path) -> None:
    clip = recorded_clip(tmp_path / "spool", 9)
    gaps = tuple(Gap("time", after, 0.1 * after, 1) for after in (-1, 2, 3, 8))
    whole = type(clip)(clip.stream, clip.frames, gaps)
    first, second = whole.piece(0, 4), whole.piece(4, 9)
    assert [*first.frames, *second.frames] == list(clip.frames)
    assert [gap.after_frame for gap in first.gaps] == [-1, 2, 3]
    assert [gap.after_frame for gap in second.gaps] == [4]
