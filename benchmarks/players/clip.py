"""A clip of ten seconds whose every frame carries its number where a camera before the screen could read it.

A picture is magenta, which no viewer's own surface is, with a strip of black and white fields: white, the number in binary
(highest bit first), its parity, black. Below it lies speckle, so that a player has something to decode.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from dicom_io import encode_clip
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, clip, write

COLUMNS: Final = 640
ROWS: Final = 480
BITS: Final = 10
FIELDS: Final = BITS + 3  #: white, the bits, parity, black
FIELD_PIXELS: Final = 40
STRIP: Final = ((COLUMNS - FIELDS * FIELD_PIXELS) // 2, 200)  #: its upper left corner, [column, row]
MAGENTA: Final = (200, 30, 200)
FPS: Final = 30
SECONDS: Final = 10.0

STEADY: Final = "steady"
UNEVEN: Final = "uneven"
#: In the uneven clip: between these seconds two frames of three are missing, and between those all.
THIN: Final = (3.0, 5.0)
HOLE: Final = (7.0, 8.0)


def fields_of(number: int) -> list[bool]:
    """The strip's fields of this frame, white as True."""
    bits = [bool(number >> bit & 1) for bit in reversed(range(BITS))]
    return [True, *bits, sum(bits) % 2 == 1, False]


def number_of(white: list[bool]) -> int | None:
    """The frame's number, or None where the fields are not those of any frame (a picture caught half drawn)."""
    number = sum(1 << bit for bit, one in zip(reversed(range(BITS)), white[1 : 1 + BITS], strict=True) if one)
    return number if white == fields_of(number) else None


def picture(number: int) -> NDArray[np.uint8]:
    """Frame `number` as RGB, (480, 640, 3)."""
    rgb = np.empty((ROWS, COLUMNS, 3), np.uint8)
    rgb[:] = MAGENTA
    left, top = STRIP
    for at, white in enumerate(fields_of(number)):
        rgb[top : top + 80, left + at * FIELD_PIXELS : left + (at + 1) * FIELD_PIXELS] = 255 if white else 0
    speckle = np.random.default_rng(number).rayleigh(40, (140, 540)).clip(0, 255).astype(np.uint8)
    rgb[310:450, 50:590] = speckle[:, :, None]
    return rgb


def times_s(kind: str) -> list[float]:
    """When each frame was taken, from the first: 30 a second with a camera's jitter, less what is missing if uneven.

    The frames fill ten seconds: the first picture after the last would come at 10 s.
    """
    chance = np.random.default_rng(11)
    every = [n / FPS + float(chance.uniform(-0.002, 0.002)) * (n > 0) for n in range(round(FPS * SECONDS))]
    if kind == STEADY:
        return every
    kept = []
    for n, time_s in enumerate(every):
        thinned = THIN[0] <= n / FPS < THIN[1] and n % 3
        lost = HOLE[0] < n / FPS < HOLE[1] or chance.random() < 0.05
        if n == 0 or not (thinned or lost):
            kept.append(time_s)
    return kept


def make(kind: str, folder: Path) -> Path:
    """The clip as a DICOM file in `folder`, written by the program's own encoder."""
    times = times_s(kind)
    jpegs = [bytes(simplejpeg.encode_jpeg(picture(n), 85, "RGB", "422")) for n in range(len(times))]
    stamps = [5_000_000_000 + round(t * 1e9) for t in times]
    source = clip(folder / kind, jpegs, COLUMNS, ROWS, times=stamps, fps=FPS)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=folder)
    return write(item, folder)
