"""What was read before is not read again, and what differs by one bit or in shape is another picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from imaging.remembered import PixelMemory

Strip = npt.NDArray[np.uint8]


class Reader:
    """Says what it was given, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, strip: Strip) -> bytes:
        self.asked += 1
        return b"%d %d " % strip.shape[:2] + strip.tobytes()


SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def strips(draw: st.DrawFn) -> Strip:
    rows, columns = draw(SHAPES)
    pixels = draw(st.lists(st.sampled_from([0, 1, 255]), min_size=rows * columns * 3, max_size=rows * columns * 3))
    return np.array(pixels, np.uint8).reshape(rows, columns, 3)


@given(st.lists(strips(), max_size=12))
def test_the_answer_is_always_that_of_the_reader(seen: list[Strip]) -> None:
    memory: PixelMemory[bytes] = PixelMemory(most=3)
    reader = Reader()
    for strip in seen:
        assert memory.answer(strip, reader) == Reader()(strip)
    assert reader.asked <= len(seen)


@given(st.lists(strips(), min_size=1, max_size=6))
def test_what_is_remembered_is_read_once(seen: list[Strip]) -> None:
    memory: PixelMemory[bytes] = PixelMemory()
    reader = Reader()
    for strip in [*seen, *seen, *(strip.copy() for strip in seen)]:
        memory.answer(strip, reader)
    assert reader.asked == len({(strip.shape, strip.tobytes()) for strip in seen})


def test_a_cut_of_a_picture_is_taken_as_it_stands() -> None:
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    memory: PixelMemory[bytes] = PixelMemory()
    reader = Reader()
    memory.answer(picture[1:3, 2:5], reader)
    memory.answer(np.ascontiguousarray(picture[1:3, 2:5]), reader)
    memory.answer(picture[1:3, 1:4], reader)
    assert reader.asked == 2
