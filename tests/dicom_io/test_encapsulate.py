"""Offset tables, at the border where one gives way to the other."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.encaps import get_frame, parse_basic_offsets

from dicom_io import OpenedImage, encode_clip
from dicom_io.picture.clip import US_MULTIFRAME_IMAGE
from dicom_io.picture.encapsulate import encapsulated
from dicom_io.picture.pixels import coding_of
from dicom_io.picture.still import image_dataset
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip, write


def test_the_parts_are_a_header_and_the_spools_own_ranges(tmp_path: Path) -> None:
    clip = jpeg_clip(tmp_path, 7, frames_per_segment=3)
    (item,) = encode_clip(clip, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    head, *ranges, end = item.parts
    assert ranges == clip.item_ranges()
    assert len(ranges) == 3
    assert isinstance(head, bytes)
    assert len(head) < 8000
    assert end == b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
    assert item.number_of_frames == 7
    assert item.study_instance_uid == STUDY.study_instance_uid


def test_a_basic_table_leads_to_every_frame(tmp_path: Path) -> None:
    clip = jpeg_clip(tmp_path, 7)
    (item,) = encode_clip(clip, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    dataset = dcmread(write(item, tmp_path))
    assert len(parse_basic_offsets(dataset.PixelData)) == 7
    assert "ExtendedOffsetTable" not in dataset


def test_beyond_four_gibibytes_an_extended_table_and_an_empty_basic_one(tmp_path: Path) -> None:
    # The border is moved down: a real file of 4 GiB would be too much for a test, and its numbers are checked below.
    clip = jpeg_clip(tmp_path, 7)
    coding = coding_of(clip)
    dataset = image_dataset(
        clip, coding, STUDY, SERIES, EQUIPMENT,
        scales=(), sop_class_uid=US_MULTIFRAME_IMAGE, sop_instance_uid="2.25.1",
    )  # fmt: skip
    dataset.NumberOfFrames = 7
    lengths = [frame.length for frame in clip.frames]
    item = encapsulated(dataset, coding.transfer_syntax_uid, lengths, clip.item_ranges(), largest_basic_offset=1000)
    path = write(item, tmp_path)
    read = dcmread(path)
    assert parse_basic_offsets(read.PixelData) == []
    for index in range(7):
        theirs = get_frame(
            read.PixelData,
            index,
            extended_offsets=(read.ExtendedOffsetTable, read.ExtendedOffsetTableLengths),
        )
        assert theirs.rstrip(b"\x00") == clip.payload(index)
    with OpenedImage(path) as image:
        assert [image.frame_bytes(i) for i in range(7)] == [clip.payload(i) for i in range(7)]


def test_offsets_of_a_huge_clip_are_exact(tmp_path: Path) -> None:
    """Twenty gibibytes that are told of, never written."""
    clip = jpeg_clip(tmp_path, 1)
    dataset = image_dataset(
        clip, coding_of(clip), STUDY, SERIES, EQUIPMENT,
        scales=(), sop_class_uid=US_MULTIFRAME_IMAGE, sop_instance_uid="2.25.1",
    )  # fmt: skip
    from acquisition.cine import FileRange

    lengths = [1_000_001] * 20_000
    items = [FileRange(tmp_path / "none", 0, 20_000 * 1_000_010)]
    item = encapsulated(dataset, "1.2.840.10008.1.2.4.50", lengths, items)
    table = dataset.ExtendedOffsetTable
    assert struct.unpack_from("<Q", table, 8 * 19_999) == (19_999 * 1_000_010,)
    assert len(table) == len(dataset.ExtendedOffsetTableLengths) == 160_000
    assert item.size > 20 * 1_000_000_000


def test_ranges_that_do_not_hold_the_frames_are_refused(tmp_path: Path) -> None:
    clip = jpeg_clip(tmp_path, 2)
    dataset = image_dataset(
        clip, coding_of(clip), STUDY, SERIES, EQUIPMENT,
        scales=(), sop_class_uid=US_MULTIFRAME_IMAGE, sop_instance_uid="2.25.1",
    )  # fmt: skip
    with pytest.raises(ValueError, match="not the frames' items"):
        encapsulated(dataset, "1.2.840.10008.1.2.4.50", [5], clip.item_ranges())
