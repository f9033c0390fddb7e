"""Parts of a JPEG covered: black inside, not a pixel changed outside, by two decoders that are not ours."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.jpeg.structure import STANDARD_HUFFMAN_TABLES
from dicom_io.deidentify.jpeg_cover import aligned, cover, unit_of
from dicom_io.deidentify.jpeg_parts import CannotCover
from tests.dicom_io.material import picture

COLUMNS, ROWS = 203, 117


def _jpeg(kind: str) -> bytes:
    rgb = picture(COLUMNS, ROWS)
    if kind in ("422", "420", "444", "Gray"):
        return bytes(simplejpeg.encode_jpeg(rgb[:, :, :1].copy() if kind == "Gray" else rgb, 90, colorsubsampling=kind,
                                            colorspace="Gray" if kind == "Gray" else "RGB"))  # fmt: skip
    kinds: dict[str, dict[str, Any]] = {
        "restart": {"restart_marker_blocks": 5},
        "own tables": {"optimize": True},
        "comment": {"comment": b"Novak^Anna", "exif": _exif()},
    }
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=85, **kinds[kind])
    return buffer.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "Novak^Anna"
    return exif


def _seen(data: bytes) -> list[npt.NDArray[np.int16]]:
    whole = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.int16)
    return [whole, np.asarray(simplejpeg.decode_jpeg(data), np.int16)]


def _outside(boxes: list[tuple[int, int, int, int]]) -> npt.NDArray[np.bool_]:
    """The pixels that may not change: outside the boxes and one pixel around them."""
    mask = np.ones((ROWS, COLUMNS), np.bool_)
    for x0, y0, x1, y1 in boxes:
        mask[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = False
    return mask


_BOXES = st.lists(
    st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1), st.integers(1, 90), st.integers(1, 60)).map(
        lambda t: (t[0], t[1], min(COLUMNS, t[0] + t[2]), min(ROWS, t[1] + t[3]))
    ),
    max_size=3,
)
KINDS = ["422", "420", "444", "Gray", "restart", "own tables", "comment"]


@pytest.mark.requirement("N14")
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, deadline=None)
@given(boxes=_BOXES)
def test_inside_is_black_and_outside_is_as_it_was(kind: str, boxes: list[tuple[int, int, int, int]]) -> None:
    data = _jpeg(kind)
    unit = unit_of(data)
    done = cover(data, boxes)
    assert b"Novak" not in done
    really = [aligned(box, unit, COLUMNS, ROWS) for box in boxes]
    kept = _outside(really)
    for before, after in zip(_seen(data), _seen(done), strict=True):
        assert np.array_equal(before[kept], after[kept])
        for x0, y0, x1, y1 in boxes:
            # A decoder smooths colour over the border; brightness, which letters are made of, is nowhere left.
            assert after[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].max(initial=0) == 0
            assert after[y0:y1, x0:x1].mean(axis=2).max(initial=0) < 40
    assert cover(done, boxes) == done, "what is black is black already"


def test_the_whole_picture_can_be_covered() -> None:
    for kind in KINDS:
        for seen in _seen(cover(_jpeg(kind), [(0, 0, COLUMNS, ROWS)])):
            assert seen.max() == 0


def test_a_picture_without_tables_gets_the_standards_own() -> None:
    data = _jpeg("422")
    data = data[: data.index(b"\xff\xc4")] + STANDARD_HUFFMAN_TABLES + data[data.index(b"\xff\xda") :]
    without = data.replace(STANDARD_HUFFMAN_TABLES, b"")
    assert STANDARD_HUFFMAN_TABLES in data
    assert np.array_equal(_seen(cover(without, []))[0], _seen(data)[0])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.integers(2, 4000), st.integers(0, 255), st.booleans())
def test_a_damaged_picture_is_refused_or_covered(kind: str, place: int, value: int, cut: bool) -> None:
    data = bytearray(_jpeg(kind))
    place %= len(data)
    if cut:
        data = data[:place] + b"\xff\xd9"
    else:
        data[place] = value
    try:
        cover(bytes(data), [(0, 0, 80, 40), (100, 60, 203, 117)])
    except CannotCover as error:
        assert str(error)


def test_what_is_no_baseline_jpeg_is_refused() -> None:
    buffer = io.BytesIO()
    Image.fromarray(picture(COLUMNS, ROWS)).save(buffer, "JPEG", progressive=True)
    with pytest.raises(CannotCover, match="baseline"):
        cover(buffer.getvalue(), [(0, 0, 10, 10)])
    with pytest.raises(CannotCover):
        cover(b"no picture", [])
