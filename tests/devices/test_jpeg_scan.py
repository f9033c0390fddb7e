"""Damage inside the entropy-coded data: a marker that cannot stand there is found, and no whole picture is called broken."""

from __future__ import annotations

import numpy as np
import pytest
import simplejpeg
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devices.cv import cv2
from devices.jpeg import structure
from devices.jpeg.scan import check_scan

pytestmark = pytest.mark.requirement("N3")

SUBSAMPLINGS = st.sampled_from(["422", "420", "444", "Gray"])
#: All but 00 (a stuffed FF), the restart markers, the end marker (the true end, junk behind it) and FF (a fill byte).
ILLEGAL = sorted(set(range(1, 255)) - set(range(0xD0, 0xD8)) - {0xD9})


def encoded(width: int = 64, height: int = 48, subsampling: str = "422", seed: int = 1, quality: int = 85) -> bytes:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    if subsampling == "Gray":
        return bytes(simplejpeg.encode_jpeg(picture[:, :, :1].copy(), quality=quality, colorspace="GRAY"))
    return bytes(simplejpeg.encode_jpeg(picture, quality=quality, colorsubsampling=subsampling))


def scan_begin(data: bytes) -> int:
    at = structure.layout(data).scan_offset
    return at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def check(data: bytes) -> None:
    check_scan(data, structure.layout(data))


def three_scans() -> bytes:
    """A picture whose components stand one after the other, each in a scan of its own, put together from three grey ones."""
    greys = [encoded(subsampling="Gray", seed=seed) for seed in range(3)]
    out, at = bytearray(b"\xff\xd8"), 2
    while greys[0][at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(greys[0][at + 2 : at + 4], "big")
        segment = greys[0][at:end]
        if segment[1] == 0xC0:  # of three components instead of one
            segment = b"\xff\xc0\x00\x11" + segment[4:9] + b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
        out += segment
        at = end
    for number, grey in enumerate(greys, 1):
        out += b"\xff\xda\x00\x08\x01" + bytes([number]) + b"\x00\x00\x3f\x00" + grey[scan_begin(grey) : -2]
    return bytes(out) + b"\xff\xd9"


@settings(max_examples=500, deadline=None)
@given(
    subsampling=SUBSAMPLINGS,
    seed=st.integers(0, 20),
    place=st.floats(0, 1),
    code=st.sampled_from(ILLEGAL),
    inserted=st.booleans(),
)
def test_any_marker_that_cannot_stand_in_the_scan_is_found(
    subsampling: str, seed: int, place: float, code: int, inserted: bool
) -> None:
    data = encoded(subsampling=subsampling, seed=seed)
    begin, end = scan_begin(data), len(data) - 2
    at = begin + round(place * (end - 2 - begin))
    damaged = data[:at] + bytes([0xFF, code]) + data[at if inserted else at + 2 :]
    # A whole segment just before the end is legal, should the bytes happen to make one.
    assume(at + 2 + int.from_bytes(damaged[at + 2 : at + 4], "big") != len(damaged) - 2)
    with pytest.raises(structure.BrokenJpeg):
        check(damaged)


@settings(max_examples=300, deadline=None)
@given(
    width=st.integers(1, 200),
    height=st.integers(1, 200),
    subsampling=SUBSAMPLINGS,
    seed=st.integers(0, 99),
    quality=st.integers(1, 100),
    junk=st.one_of(st.binary(max_size=40), st.just(encoded(seed=5)), st.just(encoded(seed=6)[300:])),
    note=st.one_of(st.none(), st.binary(max_size=40)),
)
def test_no_whole_picture_is_called_broken(
    width: int, height: int, subsampling: str, seed: int, quality: int, junk: bytes, note: bytes | None
) -> None:
    """Whatever stands behind its end, and with a comment before it."""
    data = encoded(width, height, subsampling, seed, quality)
    if note is not None:
        data = data[:-2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + data[-2:]
    check(data)
    check(data + junk)


@settings(max_examples=60, deadline=None)
@given(interval=st.integers(1, 40), seed=st.integers(0, 20), fill=st.integers(0, 3))
def test_restart_markers_and_fill_bytes_are_legal(interval: int, seed: int, fill: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_RST_INTERVAL, interval])[1].tobytes()
    assert b"\xff\xd0" in data[scan_begin(data) :]
    check(data)
    check(data[:-2] + b"\xff" * fill + data[-2:])
    middle = data.index(b"\xff\xd0", scan_begin(data))
    with pytest.raises(structure.BrokenJpeg, match="marker"):
        check(data[: middle + 1] + b"\xc8" + data[middle + 2 :])


def test_components_in_scans_of_their_own_are_whole_and_their_damage_is_found() -> None:
    data = three_scans()
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is not None
    check(data)
    for scan in (data.index(b"\xff\xda"), data.rindex(b"\xff\xda")):
        with pytest.raises(structure.BrokenJpeg, match="marker"):
            check(data[: scan + 60] + b"\xff\x01" + data[scan + 62 :])


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 4), st.integers(0, 400))
def test_any_bytes_behind_the_headers_give_an_answer(noise: bytes, kept: int, cut: int) -> None:
    data = encoded()
    begin = structure.layout(data).scan_offset
    for behind in (noise, noise + data[begin + cut :]):
        try:
            check(data[: begin + kept] + behind + b"\xff\xd9")
        except structure.BrokenJpeg as error:
            assert str(error)
