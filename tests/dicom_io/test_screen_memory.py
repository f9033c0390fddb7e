"""Each distinct content is read once: what is read through the memory is what a reader without one reads."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from dicom_io.deidentify.screen_memory import ScreenMemory, ScreenReading
from dicom_io.deidentify.screens import ScreenText
from dicom_io.deidentify.words import KnownWords
from imaging.pictures import Bgr

FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 20)
SETTINGS = {(20, 20): "GAIN 48 %", (20, 60): "DEPTH 2.0 cm", (330, 20): "MI 0.40"}


def screen(words: dict[tuple[int, int], str], rows: int = 240) -> Bgr:
    image = Image.new("RGB", (480, rows), (8, 8, 8))
    draw = ImageDraw.Draw(image)
    for place, text in words.items():
        draw.text(place, text, font=FONT, fill=(235, 235, 235))
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def texts(reading: ScreenReading) -> set[str]:
    return {line.text.replace(" ", "") for _, line in reading.found if line is not None}


@pytest.mark.requirement("N14")
def test_the_same_content_is_read_once_and_what_is_new_is_found() -> None:
    memory = ScreenMemory()
    first = memory.read(screen(SETTINGS))
    assert {"GAIN48%", "DEPTH2.0cm", "MI0.40"} <= texts(first)
    assert memory.looks == 1
    assert texts(memory.read(screen(SETTINGS))) == texts(first)
    assert memory.looks == 1, "the same pixels are not read again"

    # A line that goes on, a line that is new, one that is gone, and more rows below with a line.
    other = {(20, 20): "GAIN 48 % Novak", (20, 60): "DEPTH 2.0 cm", (200, 130): "Anna", (20, 250): "below"}
    again = memory.read(screen(other, rows=290))
    assert memory.looks == 2
    assert texts(again) == texts(ScreenMemory().read(screen(other, rows=290)))
    assert {"GAIN48%Novak", "Anna", "below", "DEPTH2.0cm"} <= texts(again)


@pytest.mark.requirement("N14")
def test_what_one_picture_may_show_another_may_not() -> None:
    """The memory knows what is written, not what may stay: that is asked anew, with each object's own names."""
    memory, picture = ScreenMemory(), screen({(20, 20): "GAIN 48 %", (20, 80): "Layer"})
    boxes = []
    for name in ("Novak", "Layer"):
        text = ScreenText((name,), KnownWords((name,)), memory)
        text.see(picture, 0, whole=True)
        boxes.append(text.boxes)
    assert not boxes[0]
    assert len(boxes[1]) == 1
    assert memory.looks == 1
