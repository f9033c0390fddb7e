"""Every kind of file that can be measured gives its frames, decoded, in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from devices.cv import cv2
from devices.errors import UnreadableFile
from imaging import Pictures
from imaging.text import TextReader


def test_a_picture_is_a_film_of_one_frame(tmp_path: Path) -> None:
    file = tmp_path / "one.png"
    drawn = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
    cv2.imwrite(str(file), drawn)
    pictures = list(Pictures(file))
    assert [(p.frame, p.time_s) for p in pictures] == [(0, 0.0)]
    np.testing.assert_array_equal(pictures[0].bgr, drawn)


def test_a_clip_of_a_real_probe(screens: Path) -> None:
    pictures = Pictures(screens / "clarius-ocular-short.mp4")
    seen = [(p.frame, p.time_s, p.bgr.shape) for p in pictures]
    assert [frame for frame, _, _ in seen] == list(range(50))
    assert {shape for _, _, shape in seen} == {(960, 1280, 3)}
    assert seen[-1][1] == pytest.approx(49 / 25, abs=0.01)


@pytest.mark.parametrize(
    "name", ["sonoque_anechoic-3mm-3mm.dcm", "esaote-elbow-nerve.dcm", "ge-vivid-heart-colour.dcm"]
)
def test_dicom_of_real_machines(screens: Path, name: str) -> None:
    pictures = Pictures(screens / name)
    assert pictures.is_dicom
    assert pictures.first().bgr.std() > 10


@pytest.mark.parametrize("grey", [False, True])
def test_a_photograph_of_a_screen_taken_with_the_camera_turned_stands_upright(tmp_path: Path, grey: bool) -> None:
    """A phone keeps the picture as its sensor lay, and how it is to be turned in the EXIF."""
    upright = np.zeros((48, 96, 3), np.uint8)
    upright[:16, :32] = 255
    image = Image.fromarray(np.rot90(upright).copy()).convert("L" if grey else "RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    pictures = Pictures(tmp_path / "turned.jpg")
    assert (pictures.format.width, pictures.format.height) == (96, 48)
    np.testing.assert_allclose(pictures.first().bgr, upright, atol=12)


def test_no_picture_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "text.png"
    file.write_text("nothing to see")
    with pytest.raises(UnreadableFile):
        Pictures(file)


def test_text_is_found_and_read() -> None:
    screen = np.zeros((300, 500, 3), np.uint8)
    cv2.putText(screen, "MI 0.9", (40, 80), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (230, 230, 230), 1, cv2.LINE_AA)
    cv2.putText(screen, "Depth 3.0 cm", (250, 220), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (230, 230, 230), 1, cv2.LINE_AA)
    first, second = TextReader().find(screen)
    assert first.text.replace(" ", "") == "MI0.9"
    assert second.text.replace(" ", "") == "Depth3.0cm"
    assert 25 < first.box[0] < 45 and 50 < first.box[1] < 70
    assert TextReader().read([screen[195:230, 240:440]])[0][0].replace(" ", "") == "Depth3.0cm"


def test_an_empty_screen_has_no_text() -> None:
    assert TextReader().find(np.zeros((200, 200, 3), np.uint8)) == []
