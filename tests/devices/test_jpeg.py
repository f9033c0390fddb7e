"""The structure of JPEG bitstreams, against real encoders and decoders, and against damage of every kind."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.cv import cv2
from devices.jpeg import structure


def picture(width: int = 64, height: int = 48, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def encoded(width: int = 64, height: int = 48, subsampling: str = "422", seed: int = 1) -> bytes:
    return bytes(simplejpeg.encode_jpeg(picture(width, height, seed), quality=85, colorsubsampling=subsampling))


def without_tables(data: bytes) -> bytes:
    """The picture as many USB cameras send it: its DHT segments cut out."""
    out, at = bytearray(data[:2]), 2
    while data[at + 1] != 0xDA:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] != 0xC4:
            out += data[at : at + length]
        at += length
    return bytes(out) + data[at:]


def test_the_standard_tables_are_the_standard_s() -> None:
    digest = hashlib.sha256(structure.STANDARD_HUFFMAN_TABLES).hexdigest()
    assert digest == "61c9136fec639109467111f35241456fa84980e115cecae6273ae323b0d320bc"
    assert len(structure.STANDARD_HUFFMAN_TABLES) == 420


@pytest.mark.parametrize(
    ("subsampling", "name"), [("422", "4:2:2"), ("420", "4:2:0"), ("444", "4:4:4"), ("Gray", "grey")]
)
def test_layout_of_a_whole_picture(subsampling: str, name: str) -> None:
    data = encoded(80, 40, subsampling)
    parts = structure.layout(data)
    assert (parts.width, parts.height, parts.subsampling) == (80, 40, name)
    assert parts.components == (1 if name == "grey" else 3)
    assert parts.has_huffman_tables
    assert data[parts.scan_offset : parts.scan_offset + 2] == b"\xff\xda"
    assert parts.end == len(data)


def test_unusual_sampling_is_not_called_by_a_usual_name() -> None:
    data = bytearray(encoded(subsampling="420"))
    header = data.index(b"\xff\xc0")
    data[header + 14] = data[header + 17] = 0x22  # all components alike: not subsampled at all
    assert structure.layout(bytes(data)).subsampling == "other"


@pytest.mark.requirement("N3")
def test_tables_are_inserted_and_the_pixels_stay() -> None:
    whole = encoded()
    bare = without_tables(whole)
    parts = structure.layout(bare)
    assert not parts.has_huffman_tables
    mended = structure.insert_huffman_tables(bare, parts)
    assert len(mended) == len(bare) + 420
    assert structure.layout(mended).has_huffman_tables
    assert mended.replace(structure.STANDARD_HUFFMAN_TABLES, b"") == bare
    assert np.array_equal(simplejpeg.decode_jpeg(mended), simplejpeg.decode_jpeg(whole))


def test_tables_that_are_there_stay() -> None:
    data = encoded()
    assert structure.insert_huffman_tables(data, structure.layout(data)) is data


def test_junk_behind_the_end_is_cut() -> None:
    data = encoded()
    assert structure.trim(data, structure.layout(data)) is data
    for junk in (b"\x00", b"\x00" * 500, b"\xff" * 7, b"camera junk"):
        assert structure.trim(data + junk, structure.layout(data + junk)) == data


def test_fill_bytes_and_comments_between_headers_are_read() -> None:
    data = encoded()
    parts = structure.layout(data)
    varied = data[:2] + b"\xff\xfe\x00\x09frame=7" + b"\xff\xff" + data[2:]
    assert structure.layout(varied).scan_offset == parts.scan_offset + 13


def test_a_progressive_picture_is_refused() -> None:
    progressive = cv2.imencode(".jpg", picture(), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    with pytest.raises(structure.BrokenJpeg, match="baseline"):
        structure.layout(progressive)


@settings(max_examples=300, deadline=None)
@given(cut=st.integers(0, 10_000))
def test_a_picture_cut_anywhere_is_found(cut: int) -> None:
    data = encoded()
    with pytest.raises(structure.BrokenJpeg):
        structure.layout(data[: cut % len(data)])


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_layout_or_a_clear_refusal(noise: bytes) -> None:
    for data in (noise, b"\xff\xd8" + noise, b"\xff\xd8" + noise + b"\xff\xd9"):
        try:
            parts = structure.layout(data)
        except structure.BrokenJpeg as error:
            assert str(error)
        else:
            assert 0 < parts.scan_offset < parts.end <= len(data)


@settings(max_examples=500, deadline=None)
@given(at=st.integers(0, 700), value=st.integers(0, 255))
def test_a_damaged_header_gives_a_layout_or_a_clear_refusal(at: int, value: int) -> None:
    data = bytearray(encoded())
    data[at % len(data)] = value
    try:
        parts = structure.layout(bytes(data))
    except structure.BrokenJpeg:
        return
    assert parts.scan_offset < parts.end <= len(data)


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    subsampling=st.sampled_from(["422", "420", "444", "Gray"]),
    seed=st.integers(0, 99),
    junk=st.binary(max_size=20).filter(lambda b: b"\xd9" not in b),
)
def test_mending_any_picture_keeps_its_pixels(
    width: int, height: int, subsampling: str, seed: int, junk: bytes
) -> None:
    whole = encoded(width, height, subsampling, seed)
    sent = without_tables(whole) + junk
    parts = structure.layout(sent)
    mended = structure.insert_huffman_tables(structure.trim(sent, parts), parts)
    again = structure.layout(mended)
    assert (again.width, again.height, again.end) == (width, height, len(mended))
    assert np.array_equal(simplejpeg.decode_jpeg(mended), simplejpeg.decode_jpeg(whole))


def table_places(data: bytes) -> list[tuple[int, int]]:
    """Where the contents of the quantization and Huffman tables' segments lie."""
    places, at = [], 2
    while data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] in (0xC4, 0xDB):
            places.append((at + 4, at + 2 + length))
        at += 2 + length
    return places


def test_damaged_tables_are_damaged_headers() -> None:
    """A table that no decoder takes is found without decoding: in a clip's first frame it would hide all the others."""
    data = encoded()
    (place, *_) = [begin for begin, _ in table_places(data) if data[begin - 3] == 0xC4]
    for offset, value in ((0, 0x77), (1, 0xFF), (2, 0x09), (16, 0xFF)):
        broken = bytearray(data)
        broken[place + offset] = value
        with pytest.raises(structure.BrokenJpeg, match="tables"):
            structure.layout(bytes(broken))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_taken_has_tables_that_a_decoder_takes(draws: st.DataObject) -> None:
    data = bytearray(encoded())
    begin, end = draws.draw(st.sampled_from(table_places(bytes(data))))
    # Not the table's number, its first byte: which table a component refers to is not looked at.
    data[draws.draw(st.integers(begin + 1, end - 1))] = draws.draw(st.integers(0, 255))
    try:
        structure.layout(bytes(data))
    except structure.BrokenJpeg:
        return
    simplejpeg.decode_jpeg(bytes(data), strict=False)
