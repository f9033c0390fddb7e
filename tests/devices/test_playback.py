"""Playback: real files through the contract of every source, their own bytes where they can be had, their own times."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames

from devices.cv import cv2
from devices.errors import DeviceStalled, UnreadableFile
from devices.jpeg import structure
from devices.playback import PlaybackSource, playback_info
from devices.source import FrameSource, PixelFormat
from tests.contracts.source_contract import SourceContract
from tests.devices.clips import (
    FPS,
    FRAMES,
    drawn,
    drawn_jpegs,
    intervals_ms,
    played,
    rgb_color,
    write_mjpeg,
    ybr_color,
)


class TestMjpegFile(SourceContract):
    frames_in_all = FRAMES
    expected_size = (160, 120)
    expected_format = PixelFormat.MJPEG

    @pytest.fixture
    def make_source(self, clips: Path) -> Callable[[], FrameSource]:
        return lambda: PlaybackSource(clips / "mjpeg.avi")


class TestEncodedFile(SourceContract):
    frames_in_all = FRAMES
    expected_size = (160, 120)
    expected_format = PixelFormat.BGR24

    @pytest.fixture
    def make_source(self, clips: Path) -> Callable[[], FrameSource]:
        return lambda: PlaybackSource(clips / "encoded.mp4")


class TestFast(SourceContract):
    frames_in_all = FRAMES
    ahead_of_clock = True

    @pytest.fixture
    def make_source(self, clips: Path) -> Callable[[], FrameSource]:
        return lambda: PlaybackSource(clips / "mjpeg.avi", pace="fast")


class TestLoop(SourceContract):
    ahead_of_clock = True
    frames_read = FRAMES * 2 + 3

    @pytest.fixture
    def make_source(self, clips: Path) -> Callable[[], FrameSource]:
        return lambda: PlaybackSource(clips / "mjpeg.avi", pace="fast", loop=True)


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
class TestDicomClip(SourceContract):
    frames_in_all = 30
    expected_size = (320, 240)
    expected_format = PixelFormat.MJPEG

    @pytest.fixture
    def make_source(self) -> Callable[[], FrameSource]:
        return lambda: PlaybackSource(ybr_color())


class TestPicture(SourceContract):
    frames_in_all = 1

    @pytest.fixture
    def make_source(self, tmp_path: Path) -> Callable[[], FrameSource]:
        path = tmp_path / "still.png"
        cv2.imwrite(str(path), drawn(1))
        return lambda: PlaybackSource(path)


# --- the file's own bytes -------------------------------------------------------------------------------------------


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("suffix", ["avi", "mkv", "mov"])
def test_mjpeg_of_a_video_is_handed_over_untouched(clips: Path, suffix: str) -> None:
    frames = played(clips / f"mjpeg.{suffix}")
    assert [frame.data for frame in frames] == drawn_jpegs()
    assert intervals_ms(frames) == [1000 / FPS] * (FRAMES - 1)


def test_frames_without_tables_and_odd_sizes_stay_as_they_are(tmp_path: Path) -> None:
    bare = []
    for data in drawn_jpegs():
        start = data.index(b"\xff\xc4")
        end = structure.layout(data).scan_offset
        bare.append(data[:start] + data[end:])
    assert len({len(data) % 2 for data in bare}) == 2, "odd and even lengths are to be tried"
    assert [frame.data for frame in played(write_mjpeg(tmp_path / "bare.avi", bare))] == bare


def test_a_damaged_first_frame_does_not_decide_for_the_file(tmp_path: Path) -> None:
    frames = drawn_jpegs()
    damaged = bytearray(frames[0])
    damaged[damaged.index(b"\xff\xc4") + 5] = 0xFF  # more codes of one bit than there can be
    sent = [bytes(damaged), *frames[1:]]
    clip = write_mjpeg(tmp_path / "clip.avi", sent)
    assert playback_info(clip).formats[0].pixel_format is PixelFormat.MJPEG
    assert [frame.data for frame in played(clip)] == sent


def test_a_jpeg_picture_is_handed_over_untouched(tmp_path: Path) -> None:
    data = drawn_jpegs(1)[0]
    (tmp_path / "a.jpg").write_bytes(data)
    (frame,) = played(tmp_path / "a.jpg")
    assert frame.data == data and frame.pixel_format is PixelFormat.MJPEG


@pytest.mark.requirement("N3")
@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_jpeg_of_a_dicom_clip_is_handed_over_untouched() -> None:
    header = pydicom.dcmread(ybr_color())
    stored = list(generate_frames(header.PixelData, number_of_frames=30))
    frames = played(ybr_color())
    assert len(frames) == 30
    for frame, data in zip(frames, stored, strict=True):
        assert frame.data.endswith(b"\xff\xd9")
        assert data in (frame.data, frame.data + b"\x00")
    assert set(intervals_ms(frames)) == {33.333}


# --- decoded --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pixel_format", [PixelFormat.GREY, PixelFormat.BGR24])
def test_a_picture_without_loss_is_decoded_exactly(tmp_path: Path, pixel_format: PixelFormat) -> None:
    picture = drawn(3)[:, :, 0] if pixel_format is PixelFormat.GREY else drawn(3)
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    (frame,) = played(tmp_path / "a.png")
    assert frame.pixel_format is pixel_format
    assert np.array_equal(np.frombuffer(frame.data, np.uint8).reshape(picture.shape), picture)


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_an_uncompressed_dicom_picture_is_decoded_exactly() -> None:
    (frame,) = played(rgb_color())
    wanted = pydicom.dcmread(rgb_color()).pixel_array[..., ::-1]
    assert frame.pixel_format is PixelFormat.BGR24
    assert np.array_equal(np.frombuffer(frame.data, np.uint8).reshape(wanted.shape), wanted)


@pytest.mark.parametrize("name", ["palette_color", "overlay"])
def test_other_dicom_pictures_play_too(name: str, tmp_path: Path) -> None:
    picture_file = pydicom.dcmread(Path(str(pydicom.examples.get_path(name))))
    picture_file.Modality = "US"  # grey of more than 8 bits with an overlay: an MR picture, here as if it were ours
    picture_file.save_as(tmp_path / "picture.dcm")
    (frame,) = played(tmp_path / "picture.dcm")
    picture = np.frombuffer(frame.data, np.uint8)
    assert frame.pixel_format is (PixelFormat.BGR24 if name == "palette_color" else PixelFormat.GREY)
    assert picture.max() - picture.min() > 150, "the picture can be seen"


def test_a_picture_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="not ultrasound"):
        PlaybackSource(Path(str(pydicom.examples.get_path("ct"))))


def test_a_progressive_jpeg_is_decoded(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), drawn(1), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    with PlaybackSource(tmp_path / "a.jpg") as source:
        assert source.start().pixel_format is PixelFormat.BGR24
        assert "decoded" in source.delivers.lower()


def test_real_screens_play(screens: Path) -> None:
    sizes = {
        "butterfly_axial-lateral-resolution-2020.png": (1928, 1080, 1),
        "clarius-ocular-short.mp4": (1280, 960, 50),
        "sonoque_anechoic-3mm-3mm.dcm": (2083, 1455, 1),
        "esaote-elbow-nerve.dcm": (800, 555, 1),
        "philips-epiq7-aorta.dcm": (1024, 768, 1),  # JPEG Lossless: pydicom alone has no decoder for it
        "ge-vivid-heart-colour.dcm": (636, 434, 1),
        "telemed-echowave-mirrored.jpg": None,
    }
    for name, wanted in sizes.items():
        frames = played(screens / name)
        if wanted is None:
            assert frames[0].pixel_format is PixelFormat.MJPEG
        else:
            assert (frames[0].width, frames[0].height, len(frames)) == wanted, name


# --- times ----------------------------------------------------------------------------------------------------------


def test_uneven_times_of_a_video_are_kept(tmp_path: Path) -> None:
    at_ms = [0, 20, 60, 61, 200, 220]
    frames = played(write_mjpeg(tmp_path / "uneven.mkv", drawn_jpegs(6), at_ms))
    assert intervals_ms(frames) == [20, 40, 1, 139, 20]


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_the_frame_time_vector_of_a_dicom_clip_is_kept(tmp_path: Path) -> None:
    header = pydicom.dcmread(ybr_color())
    del header.FrameTime
    steps = [0.0] + [20.0 + i for i in range(29)]
    header.FrameTimeVector = steps
    header.FrameIncrementPointer = 0x00181065
    header.save_as(tmp_path / "vector.dcm")
    assert intervals_ms(played(tmp_path / "vector.dcm")) == steps[1:]


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_a_clip_without_times_says_what_is_assumed(tmp_path: Path) -> None:
    header = pydicom.dcmread(ybr_color())
    del header.FrameTime, header.FrameIncrementPointer
    header.save_as(tmp_path / "timeless.dcm")
    source = PlaybackSource(tmp_path / "timeless.dcm")
    assert "30/s is assumed" in source.delivers
    header.CineRate = 12
    header.save_as(tmp_path / "cine.dcm")
    assert "assumed" not in PlaybackSource(tmp_path / "cine.dcm").delivers
    assert intervals_ms(played(tmp_path / "cine.dcm"))[0] == pytest.approx(1000 / 12, abs=0.001)


def test_the_real_pace_is_the_file_s(clips: Path) -> None:
    with PlaybackSource(clips / "mjpeg.avi") as source:
        source.start()
        began = time.monotonic()
        for _ in range(FRAMES):
            frame = source.read()
            assert frame.timestamp_ns <= time.monotonic_ns()
        took_s = time.monotonic() - began
    assert took_s == pytest.approx((FRAMES - 1) / FPS, abs=0.5)


def test_waiting_for_a_frame_ends_with_a_stall_and_loses_nothing(tmp_path: Path) -> None:
    path = write_mjpeg(tmp_path / "slow.mkv", drawn_jpegs(2), [0, 300])
    with PlaybackSource(path) as source:
        source.start()
        source.read()
        with pytest.raises(DeviceStalled):
            source.read(0.05)
        assert source.read(2.0).sequence == 1


def test_a_loop_goes_on_in_time_and_number(clips: Path) -> None:
    with PlaybackSource(clips / "mjpeg.avi", pace="fast", loop=True) as source:
        source.start()
        frames = [source.read() for _ in range(FRAMES * 2 + 1)]
    assert [frame.sequence for frame in frames] == list(range(FRAMES * 2 + 1))
    assert set(intervals_ms(frames)) == {1000 / FPS}
    assert frames[FRAMES].data == frames[0].data


# --- who it is ------------------------------------------------------------------------------------------------------


def test_the_file_s_name_is_not_shown(tmp_path: Path, clips: Path) -> None:
    path = tmp_path / "Doe^Jane 1970.avi"
    shutil.copy(clips / "mjpeg.avi", path)
    info = playback_info(path)
    shown = f"{info} {info.to_json()}"
    assert "Doe" not in shown and str(tmp_path) not in shown
    assert info.name == "Playback of an AVI file" and info.kind == "playback" and info.identity_rule == "file"
    assert info.id == playback_info(clips / "mjpeg.avi").id, "the same file, wherever it lies"
    assert info.id != playback_info(clips / "mjpeg.mkv").id
