from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.pixels.decoders.rle import _rle_decode_frame

from devices.source import PixelFormat
from dicom_io.errors import WrongPicture
from dicom_io.picture.lossless import planes_of, rle_frame, yuyv_from_planes


@pytest.mark.requirement("N3")
@given(st.integers(1, 20), st.integers(1, 12), st.randoms(use_true_random=False))
def test_yuyv_comes_back_byte_for_byte(half_columns: int, rows: int, random) -> None:  # type: ignore[no-untyped-def]
    columns = 2 * half_columns
    sent = random.randbytes(columns * rows * 2)
    assert yuyv_from_planes(planes_of(sent, PixelFormat.YUYV, columns, rows, 3)) == sent


@given(st.integers(1, 300), st.integers(1, 12), st.integers(1, 3), st.integers(1, 255), st.integers(0, 2**31))
def test_rle_is_what_pydicoms_own_decoder_reads(columns: int, rows: int, samples: int, values: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    planes = [rng.integers(0, values, (rows, columns), dtype=np.uint8) for _ in range(samples)]
    frame = rle_frame(planes)
    assert len(frame) % 2 == 0
    decoded = _rle_decode_frame(frame, rows, columns, samples, 8)
    assert bytes(decoded) == b"".join(plane.tobytes() for plane in planes)


def test_a_grey_yuyv_comes_back_too() -> None:
    sent = bytes([7, 128, 9, 128] * 6)
    assert yuyv_from_planes(planes_of(sent, PixelFormat.YUYV, 4, 3, 1)) == sent


def test_bgr_becomes_red_green_blue_planes() -> None:
    red, green, blue = planes_of(bytes([1, 2, 3, 4, 5, 6]), PixelFormat.BGR24, 2, 1, 3)
    assert (red.tolist(), green.tolist(), blue.tolist()) == ([[3, 6]], [[2, 5]], [[1, 4]])


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(WrongPicture, match="has 12 bytes, this one 3"):
        planes_of(b"abc", PixelFormat.GREY, 4, 3, 1)
