"""Playback: real files through the contract of every source, their own bytes where they can be had, their own times."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pydicom
import pytest
import simplejpeg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.encaps import generate_frames

from devices import jpeg
from devices.cv import cv2
from devices.errors import DeviceError, DeviceStalled, EndOfStream, FrameSizeChanged, UnreadableFile
from devices.playback import PlaybackSource, playback_info
from devices.source import Frame, FrameSource, PixelFormat
from tests.contracts.source_contract import SourceContract

FRAMES = 12
FPS = 20


def drawn(number: int, width: int = 160, height: int = 120) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([(columns + number * 7) % 256, (rows * 2) % 256, (rows + columns) % 256], axis=-1).astype(np.uint8)


def drawn_jpegs(count: int = FRAMES, width: int = 160, height: int = 120) -> list[bytes]:
    return [simplejpeg.encode_jpeg(drawn(i, width, height), quality=90, colorsubsampling="422") for i in range(count)]


def write_mjpeg(path: Path, frames: list[bytes], at_ms: list[int] | None = None) -> Path:
    """A video of these JPEG frames, packet by packet, 50 ms apart or at the times given."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuvj422p"
        stream.time_base = Fraction(1, 1000)
        for number, data in enumerate(frames):
            packet = av.Packet(data)
            packet.stream = stream
            packet.time_base = Fraction(1, 1000)
            packet.pts = packet.dts = at_ms[number] if at_ms else number * 1000 // FPS
            container.mux(packet)
    return path


def write_encoded(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(FRAMES):
            picture = av.VideoFrame.from_ndarray(drawn(number), format="bgr24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def played(path: Path, **how: object) -> list[Frame]:
    frames: list[Frame] = []
    with PlaybackSource(path, pace="fast", **how) as source:
        source.start()
        while True:
            try:
                frames.append(source.read())
            except EndOfStream:
                return frames


def intervals_ms(frames: list[Frame]) -> list[float]:
    return [(b.timestamp_ns - a.timestamp_ns) / 1e6 for a, b in itertools.pairwise(frames)]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for suffix in ("avi", "mkv", "mov"):
        write_mjpeg(folder / f"mjpeg.{suffix}", drawn_jpegs())
    write_encoded(folder / "encoded.mp4")
    return folder


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


def ybr_color() -> Path:
    return Path(str(pydicom.examples.get_path("ybr_color")))


def rgb_color() -> Path:
    return Path(str(pydicom.examples.get_path("rgb_color")))


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
        end = jpeg.layout(data).scan_offset
        bare.append(data[:start] + data[end:])
    assert len({len(data) % 2 for data in bare}) == 2, "odd and even lengths are to be tried"
    assert [frame.data for frame in played(write_mjpeg(tmp_path / "bare.avi", bare))] == bare


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
def test_other_dicom_pictures_play_too(name: str) -> None:
    (frame,) = played(Path(str(pydicom.examples.get_path(name))))
    picture = np.frombuffer(frame.data, np.uint8)
    assert frame.pixel_format is (PixelFormat.BGR24 if name == "palette_color" else PixelFormat.GREY)
    assert picture.max() - picture.min() > 150, "the picture can be seen"


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


# --- files that cannot be played ------------------------------------------------------------------------------------


def make_unreadable(kind: str, folder: Path, clips: Path) -> Path:
    path = folder / "Doe^Jane"
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("#EXTM3U\nhttp://example.com/film.mp4\n" * 30)
    elif kind == "folder":
        path.mkdir()
    elif kind == "noise":
        path.write_bytes(hashlib.sha256(b"noise").digest() * 100)
    elif kind == "mp4 cut short":
        path.write_bytes((clips / "encoded.mp4").read_bytes()[:2000])
    elif kind == "avi header alone":
        path.write_bytes((clips / "mjpeg.avi").read_bytes()[:400])
    elif kind == "jpeg cut short":
        path.write_bytes(drawn_jpegs(1)[0][:900])
    elif kind == "png cut short":
        path.write_bytes(cv2.imencode(".png", drawn(0))[1].tobytes()[:-300])
    elif kind == "dicom header cut short":
        path.write_bytes(ybr_color().read_bytes()[:600])
    elif kind == "dicom pixels cut short":
        path.write_bytes(rgb_color().read_bytes()[:-2000])
    elif kind == "dicom without pixels":
        path.write_bytes(Path(str(pydicom.data.get_testdata_file("test-SR.dcm"))).read_bytes())
    return path


@pytest.mark.parametrize(
    "kind",
    [
        *("missing", "empty", "text", "folder", "noise", "mp4 cut short", "avi header alone", "jpeg cut short"),
        *("png cut short", "dicom header cut short", "dicom pixels cut short", "dicom without pixels"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_sentence(kind: str, tmp_path: Path, clips: Path) -> None:
    path = make_unreadable(kind, tmp_path, clips)
    with pytest.raises(UnreadableFile) as caught:
        PlaybackSource(path)
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message and len(message) < 200
    assert "Doe" not in message


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_a_dicom_clip_cut_short_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    data = ybr_color().read_bytes()
    path = tmp_path / "cut.dcm"
    path.write_bytes(data[: len(data) // 2])
    with PlaybackSource(path, pace="fast") as source:
        source.start()
        count = 0
        with pytest.raises(UnreadableFile, match="cut short"):
            while True:
                source.read()
                count += 1
    assert 5 < count < 30


def test_a_video_cut_short_gives_what_is_there(tmp_path: Path, clips: Path) -> None:
    data = (clips / "mjpeg.avi").read_bytes()
    (tmp_path / "cut.avi").write_bytes(data[: len(data) // 2])
    frames = played(tmp_path / "cut.avi")
    assert 3 < len(frames) < FRAMES
    assert [frame.data for frame in frames[:-1]] == drawn_jpegs()[: len(frames) - 1]


def test_a_damaged_uid_does_not_carry_the_patient_s_name_into_the_message(tmp_path: Path) -> None:
    data = bytearray(Path(str(pydicom.data.get_testdata_file("test-SR.dcm"))).read_bytes())
    at = data.index(b"\x08\x00\x16\x00UI", 132) + 8
    data[at : at + 12] = b"Doe^Jane\n1.2"
    (tmp_path / "a.dcm").write_bytes(data)
    with warnings.catch_warnings(), pytest.raises(UnreadableFile) as caught:
        warnings.simplefilter("ignore")
        PlaybackSource(tmp_path / "a.dcm")
    assert "Doe" not in str(caught.value)


SOUND = ["dicom clip", "dicom picture", "png", "jpeg", "avi", "mp4"]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(SOUND),
    places=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6),
    keep=st.floats(0, 1),
    cut=st.booleans(),
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_file_plays_or_is_refused(
    tmp_path: Path, clips: Path, kind: str, places: list[tuple[int, int]], keep: float, cut: bool
) -> None:
    """Whatever is wrong with it, only errors of a device come out, in one line."""
    data = bytearray(sound(kind, clips))
    for place, value in places:
        data[place % len(data)] = value
    path = tmp_path / "damaged"
    path.write_bytes(data[: int(keep * len(data))] if cut else data)
    try:
        with PlaybackSource(path, pace="fast") as source:
            source.start()
            for _ in range(40):
                source.read()
    except DeviceError as error:
        assert str(error) and "\n" not in str(error)


def sound(kind: str, clips: Path) -> bytes:
    if kind == "dicom clip":
        return ybr_color().read_bytes()
    if kind == "dicom picture":
        return rgb_color().read_bytes()
    if kind == "png":
        return bytes(cv2.imencode(".png", drawn(0))[1])
    if kind == "jpeg":
        return drawn_jpegs(1)[0]
    return (clips / ("mjpeg.avi" if kind == "avi" else "encoded.mp4")).read_bytes()


def test_a_change_of_size_is_told(tmp_path: Path) -> None:
    path = write_mjpeg(tmp_path / "sizes.mkv", [*drawn_jpegs(2), *drawn_jpegs(1, 80, 60)])
    with PlaybackSource(path, pace="fast") as source:
        source.start()
        source.read(), source.read()
        with pytest.raises(FrameSizeChanged) as caught:
            source.read()
    assert (caught.value.width, caught.value.height) == (80, 60)


def test_a_refusal_writes_nothing_of_its_own(tmp_path: Path, clips: Path) -> None:
    """FFmpeg and OpenCV would write to standard error, where the program says one clear line."""
    path = make_unreadable("mp4 cut short", tmp_path, clips)
    program = (
        "import sys, pathlib; from devices.playback import playback_info\n"
        "from devices.errors import UnreadableFile\n"
        "try: playback_info(pathlib.Path(sys.argv[1]))\nexcept UnreadableFile: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
