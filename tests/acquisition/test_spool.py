"""The spool: what is appended can be read, bounds hold, ends are clean."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.cine import Clip
from acquisition.errors import FramesGone, SpoolBusy, SpoolDenied, SpoolFailed
from acquisition.limits import SpoolLimits
from acquisition.recovery import leftover_streams
from acquisition.segment import Segment, paths_of
from acquisition.spool import SpoolWriter
from devices.errors import FrameSizeChanged
from devices.jpeg.structure import STANDARD_HUFFMAN_TABLES
from devices.source import PixelFormat
from tests.acquisition.disk_calls import DiskCalls
from tests.acquisition.pictures import DEVICE, FRAME_NS, description, frame, jpeg, standard_jpeg, without_tables


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SpoolWriter]:
    made = SpoolWriter.create(tmp_path, description())
    yield made
    made.discard()


@pytest.mark.requirement("N3")
def test_what_is_appended_is_on_disk_as_dicom_items(writer: SpoolWriter) -> None:
    odd = next(n for n in range(99) if len(jpeg(n)) % 2)
    for number in (0, odd, 2):
        writer.append(frame(number))
    frames = writer.frames
    clip = Clip(writer.description, frames)
    assert [clip.payload(i) for i in range(3)] == [jpeg(0), jpeg(odd), jpeg(2)]
    (extent,) = clip.item_ranges()
    items = extent.path.read_bytes()[extent.offset : extent.offset + extent.length]
    expected = b"".join(
        b"\xfe\xff\x00\xe0" + len(d + b"\0" * (len(d) % 2)).to_bytes(4, "little") + d + b"\0" * (len(d) % 2)
        for d in (jpeg(0), jpeg(odd), jpeg(2))
    )
    assert items == expected == extent.path.read_bytes()
    assert frames[1].checksum == frames[1].raw_checksum and frames[1].sequence == odd


def test_missing_huffman_tables_are_inserted_and_junk_is_cut(writer: SpoolWriter) -> None:
    whole = standard_jpeg()
    bare = without_tables(whole)
    kept = writer.append(frame(0, bare + b"junk"))
    assert kept.inserted_tables and kept.trailing_bytes == 4 and not kept.corrupt
    stored = Clip(writer.description, [kept]).payload(0)
    assert stored.replace(STANDARD_HUFFMAN_TABLES, b"") == bare
    assert len(stored) == len(bare) + 420 == kept.length
    trimmed = writer.append(frame(1, whole + b"\0"))
    assert (trimmed.trailing_bytes, trimmed.inserted_tables, trimmed.length) == (1, False, len(whole))
    assert trimmed.checksum != trimmed.raw_checksum


@pytest.mark.parametrize(
    ("changes", "corrupt"),
    [
        ({"data": jpeg(3)[:-2]}, True),
        ({"data": b""}, True),
        ({"data": b"\xff"}, True),
        ({"damage": "the driver said so"}, True),
        ({}, False),
    ],
)
def test_a_broken_picture_is_stored_as_it_came(writer: SpoolWriter, changes: dict[str, Any], corrupt: bool) -> None:
    sent = frame(3, **changes)
    kept = writer.append(sent)
    assert kept.corrupt is corrupt
    assert Clip(writer.description, [kept]).payload(0) == sent.data


def test_raw_pictures_have_an_exact_length(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path, description(pixel_format=PixelFormat.YUYV))
    yuyv = {"pixel_format": PixelFormat.YUYV}
    assert not writer.append(frame(0, bytes(64 * 48 * 2), **yuyv)).corrupt
    assert writer.append(frame(1, bytes(64 * 48 * 2 - 1), **yuyv)).corrupt
    with pytest.raises(FrameSizeChanged):
        writer.append(frame(2, bytes(64 * 48 * 2), height=24, width=128, **yuyv))
    with pytest.raises(FrameSizeChanged):
        writer.append(frame(2))
    assert writer.appended_frames == 2
    writer.discard()


def test_another_size_is_refused_with_the_size(writer: SpoolWriter) -> None:
    with pytest.raises(FrameSizeChanged, match="64x48 to 32x16") as raised:
        writer.append(frame(0, jpeg(0, 32, 16)))
    assert (raised.value.width, raised.value.height) == (32, 16)
    assert writer.frames == []


@pytest.mark.requirement("N4")
def test_it_is_synced_without_being_asked(writer: SpoolWriter) -> None:
    for number in range(3):
        writer.append(frame(number))
    deadline = time.monotonic() + 2
    while writer.synced_frames < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert writer.synced_frames == 3


@pytest.mark.requirement("N4")
@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for a descriptor's file")
def test_a_sync_brings_data_then_journal_then_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this order a record on the disk always speaks of a frame that is there."""
    disk, root = DiskCalls(monkeypatch), tmp_path / "spool"
    limits = SpoolLimits(sync_interval_s=1000.0, segment_bytes=2 * len(jpeg(0)))
    writer = SpoolWriter.create(root, description(), limits)
    folder = writer.folder
    told = folder / "stream.json"
    assert (
        disk.made.index(("sync", folder / "stream.json.new")) < disk.place("rename", told) < disk.place("sync", folder)
    )
    assert disk.place("sync", root) > 0, "the stream's own name"
    items, journal = paths_of(folder, 0)
    for expected in ([items, journal, folder], [items, journal]):
        disk.made.clear()
        writer.append(frame(0))
        writer.sync()
        assert disk.of("sync") == expected
    disk.made.clear()
    writer.sync()
    assert disk.made == [], "nothing new, nothing to wait for"
    writer.append(frame(2))
    writer.sync()
    assert disk.of("sync") == [items, journal, *paths_of(folder, 1), folder], "the full one before the new one"
    writer.discard()


def test_bounds_drop_the_oldest_segments_and_nothing_pinned(tmp_path: Path) -> None:
    size = len(jpeg(0))
    limits = SpoolLimits(max_bytes=size * 40, segment_bytes=size * 5)
    writer = SpoolWriter.create(tmp_path, description(), limits)
    for number in range(20):
        writer.append(frame(number, jpeg(0)))
    pin = writer.pin(7, 9)
    assert 3 * size <= writer.pinned_bytes <= 4 * size
    for number in range(20, 200):
        writer.append(frame(number, jpeg(0)))
    held = [f.index for f in writer.frames]
    assert set(held) >= {7, 8, 9} and held[-1] == 199 and 0 not in held and 30 not in held
    assert sum(p.stat().st_size for p in (tmp_path / "s1").iterdir()) < size * 45
    clip = Clip(writer.description, [f for f in writer.frames if 7 <= f.index <= 9])
    assert clip.payload(2) == jpeg(0)
    with pytest.raises(FramesGone):
        writer.pin(0, 9)
    with pytest.raises(FramesGone):
        writer.pin(190, 300)
    pin.release()
    pin.release()
    for number in range(200, 210):
        writer.append(frame(number, jpeg(0)))
    assert 7 not in {f.index for f in writer.frames}
    writer.discard()


def test_pinned_bytes_count_each_item_once(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path, description(), SpoolLimits(segment_bytes=5 * len(jpeg(0))))
    for number in range(12):
        writer.append(frame(number))

    @settings(max_examples=100, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 11), st.integers(-1, 11)).filter(lambda p: p[1] in (-1, *range(p[0], 12))))
    )
    def check(spans: list[tuple[int, int]]) -> None:
        pins = [writer.pin(first, last) for first, last in spans]
        kept = {i for first, last in spans for i in range(first, 12 if last < 0 else last + 1)}
        items = sum(8 + f.stored_length for f in writer.frames if f.index in kept)
        assert items <= writer.pinned_bytes <= items + 80 * len(kept)  # whole segments with their journals
        for pin in pins:
            pin.release()

    check()
    writer.discard()


def test_bounds_by_age(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path, description(), SpoolLimits(max_age_s=2.0))
    for number in range(300):
        writer.append(frame(number, jpeg(0)))
    times = [f.timestamp_ns for f in writer.frames]
    assert 2.0e9 - FRAME_NS <= times[-1] - times[0] <= 2.6e9
    writer.discard()


def test_pinned_to_the_end_nothing_goes(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path, description(), SpoolLimits(max_age_s=1.0, max_bytes=100_000))
    with writer.pin():
        for number in range(200):
            writer.append(frame(number, jpeg(0)))
        assert len(writer.frames) == 200 and writer.pinned and writer.pinned_bytes == writer.bytes
    assert not writer.pinned
    writer.discard()


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
def test_files_are_for_their_owner_alone(writer: SpoolWriter) -> None:
    writer.write_intent({"patient_id": "P1"})
    for path in (writer.folder, *writer.folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_stream_is_its_owners_until_let_go(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path, description())
    writer.append(frame(0))
    assert leftover_streams(tmp_path) == []
    with pytest.raises(SpoolBusy):
        SpoolWriter.create(tmp_path, description())
    writer.close()
    writer.close()
    with pytest.raises(RuntimeError, match="closed"):
        writer.append(frame(1))
    assert leftover_streams(tmp_path) == []
    writer.let_go()
    (left,) = leftover_streams(tmp_path)
    assert left.stream_id == "s1" and left.state.state == "kept"
    with pytest.raises(SpoolBusy):
        SpoolWriter.create(tmp_path, description())
    with left.claimed(), pytest.raises(SpoolBusy):
        left.discard()
    left.discard()
    left.discard()
    assert list(tmp_path.iterdir()) == []


def test_description_and_intent_come_back(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path, description())
    assert writer.read_intent() is None
    writer.write_intent({"patient_name": "Müller^Änne", "uids": ["1.2"]})
    writer.append(frame(0))
    writer.pin(0, 0)
    writer.let_go()
    (left,) = leftover_streams(tmp_path)
    assert left.description == description()
    assert left.description is not None and left.description.device == DEVICE
    assert left.read_intent() == {"patient_name": "Müller^Änne", "uids": ["1.2"]}
    assert "ller" not in (tmp_path / "s1" / "stream.json").read_text()
    assert left.state.pins == ((0, 0),)


def test_discard_leaves_nothing(tmp_path: Path) -> None:
    writer = SpoolWriter.create(tmp_path / "spool", description())
    writer.append(frame(0))
    writer.discard()
    writer.discard()
    assert list((tmp_path / "spool").iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name.startswith("sync-")]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolDenied, match="cannot be written"):
        SpoolWriter.create(tmp_path / "file" / "spool", description())


@pytest.mark.parametrize("name", ["", "..", "a/b", ".x", "x.lock", "x.gone", "x" * 101])
def test_a_stream_id_is_a_safe_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a stream"):
        SpoolWriter.create(tmp_path, description(name))


def test_a_discarded_stream_offers_no_frames(tmp_path: Path) -> None:
    """A clip cut at the moment at which the recorder is stopped must not name files that are gone."""
    writer = SpoolWriter.create(tmp_path, description())
    writer.append(frame(0))
    writer.discard()
    assert writer.frames == [] and writer.latest is None and writer.bytes == 0
    assert writer.appended_frames == 1
    with pytest.raises(FramesGone):
        writer.pin(0, 0)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files by /proc")
def test_a_stream_that_cannot_begin_leaves_no_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("acquisition.spool.sync_folder", fails)
    before = os.listdir("/proc/self/fd")
    for number in range(5):
        with pytest.raises(SpoolFailed):
            SpoolWriter.create(tmp_path, description(f"s{number}"))
    assert len(os.listdir("/proc/self/fd")) == len(before)
    assert list(tmp_path.iterdir()) == []


def test_after_a_torn_write_that_could_not_be_undone_nothing_more_goes_into_the_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames behind a torn one would lie elsewhere than their records say, and be lost though they were acknowledged."""
    writer = SpoolWriter.create(tmp_path, description())
    writer.append(frame(0))
    real = os.writev
    torn = iter([True])

    def half(fd: int, parts: list[bytes]) -> int:
        if next(torn, False):
            real(fd, [b"".join(parts)[:100]])
            raise OSError(errno.EIO, "Input/output error")
        return real(fd, parts)

    def refused(fd: int, length: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "writev", half)
    with monkeypatch.context() as stuck:
        stuck.setattr(os, "ftruncate", refused)
        with pytest.raises(SpoolFailed):
            writer.append(frame(1))
    with pytest.raises(SpoolFailed):
        writer.append(frame(1))
    writer.let_go()
    (left,) = leftover_streams(tmp_path)
    assert [f.index for f in left.frames] == [0]


def test_a_descriptor_that_failed_to_close_is_not_closed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is closed all the same (close(2)), and its number may be another file's by then."""
    segment, close = Segment(tmp_path, 0), os.close

    def failing(fd: int) -> None:
        close(fd)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "close", failing)
    segment.close()
    monkeypatch.setattr(os, "close", close)
    others = [os.open(tmp_path / str(n), os.O_CREAT | os.O_WRONLY) for n in range(2)]
    segment.close()
    for fd in others:
        os.write(fd, b"still mine")
        close(fd)
