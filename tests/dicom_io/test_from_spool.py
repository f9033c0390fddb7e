"""From the device's bytes through the real spool into the file: what was done to them on the way, and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.pixels.utils import pixel_array

from acquisition import Clip, SpoolLimits, SpoolWriter, StreamDescription
from devices.jpeg.structure import STANDARD_HUFFMAN_TABLES
from devices.source import Frame, PixelFormat
from dicom_io import OpenedImage, encode_clip, encode_still
from tests.dicom_io.material import DEVICE, EQUIPMENT, SERIES, STUDY, jpeg, times_ns, write, yuyv
from tests.interop.own_checks import check_image
from tests.interop.tools import errors_of_dciodvfy, run

COLUMNS, ROWS = 160, 120


def without_tables(data: bytes) -> bytes:
    """As many cameras send it. The encoder's tables must be the standard's own, or the picture would be lost."""
    at = data.index(b"\xff\xc4")
    kept = data[:at]
    while data[at : at + 2] == b"\xff\xc4":
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return kept + data[at:]


def spooled(root: Path, payloads: Sequence[bytes], pixel_format: PixelFormat = PixelFormat.MJPEG) -> Clip:
    times = times_ns(len(payloads))
    stream = StreamDescription("s1", DEVICE, pixel_format, COLUMNS, ROWS, 30.0, 1_790_000_000 * 10**9, times[0])
    writer = SpoolWriter.create(root, stream, SpoolLimits(segment_bytes=40_000))
    for index, payload in enumerate(payloads):
        writer.append(Frame(payload, pixel_format, COLUMNS, ROWS, times[index], sequence=index))
    writer.close()
    return Clip(stream, [frame for frame in writer.frames if not frame.corrupt])


@pytest.mark.requirement("N3")
def test_bytes_of_the_device_reach_the_file_unchanged_over_several_segments(tmp_path: Path) -> None:
    sent = [jpeg(COLUMNS, ROWS, i, odd=bool(i % 2)) for i in range(12)]
    source = spooled(tmp_path / "spool", sent)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    assert len(item.parts) > 4, "the clip lies in several segments"
    path = write(item, tmp_path)
    check_image(path)
    with OpenedImage(path) as image:
        assert [image.frame_bytes(i) for i in range(12)] == sent


@pytest.mark.requirement("N3")
def test_a_broken_frame_is_left_out_and_its_neighbours_stay(tmp_path: Path) -> None:
    sent = [jpeg(COLUMNS, ROWS, i) for i in range(6)]
    broken = [*sent[:3], sent[3][:2000], *sent[4:]]
    (item,) = encode_clip(spooled(tmp_path / "spool", broken), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    path = write(item, tmp_path)
    assert errors_of_dciodvfy(path) == []
    with OpenedImage(path) as image:
        assert [image.frame_bytes(i) for i in range(5)] == sent[:3] + sent[4:]


@pytest.mark.requirement("N3")
def test_frames_without_tables_and_with_junk_are_completed_said_and_drawn_by_dcmtk(tmp_path: Path) -> None:
    whole = [jpeg(COLUMNS, ROWS, i) for i in range(3)]
    bare = [without_tables(data) for data in whole]
    assert all(b"\xff\xc4" not in data[:700] for data in bare)
    source = spooled(tmp_path / "spool", [data + b"\x00junk" for data in bare])
    path = write(encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)[0], tmp_path)
    run("dcmj2pnm", "+F", 3, path, tmp_path / "drawn.ppm")
    words = dcmread(path).ContributingEquipmentSequence[1].ContributionDescription
    assert "Huffman tables into 3 of 3 frames" in words
    assert "Cut off 15 bytes" in words
    with OpenedImage(path) as image:
        for index, data in enumerate(bare):
            stored = image.frame_bytes(index)
            assert stored.replace(STANDARD_HUFFMAN_TABLES, b"", 1) == data, "nothing but the tables was put in"


@pytest.mark.requirement("N3")
def test_yuyv_through_the_spool(tmp_path: Path) -> None:
    sent = [yuyv(COLUMNS, ROWS, i) for i in range(4)]
    source = spooled(tmp_path / "spool", sent, PixelFormat.YUYV)
    path = write(encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)[0], tmp_path)
    check_image(path)
    assert pixel_array(path, raw=True).shape == (4, ROWS, COLUMNS, 3)


def test_a_still_holds_the_bytes_of_its_frame_in_the_clip(tmp_path: Path) -> None:
    sent = [jpeg(COLUMNS, ROWS, i) for i in range(5)]
    source = spooled(tmp_path / "spool", sent)
    still = encode_still(source.still(3), STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    with OpenedImage(write(still, tmp_path)) as image:
        assert image.frame_bytes(0) == sent[3]
        assert image.timestamps_s == (0.0,)
