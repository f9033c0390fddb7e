"""Files that cannot be played, or not to their end: one clear sentence each, whatever is wrong with them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.cv import cv2
from devices.errors import DeviceError, FrameSizeChanged, UnreadableFile
from devices.playback import PlaybackSource
from tests.devices.clips import FRAMES, drawn, drawn_jpegs, played, rgb_color, write_mjpeg, ybr_color


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
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "claims a billion pixels":
        picture = bytearray(cv2.imencode(".png", drawn(0))[1].tobytes())
        picture[16:24] = (40000).to_bytes(4, "big") * 2
        picture[29:33] = zlib.crc32(picture[12:29]).to_bytes(4, "big")
        path.write_bytes(picture)
    elif kind == "jpeg that claims 108 million pixels":
        picture = bytearray(drawn_jpegs(1)[0])
        at = picture.index(b"\xff\xc0") + 5
        picture[at : at + 4] = (9000).to_bytes(2, "big") + (12000).to_bytes(2, "big")
        path.write_bytes(picture)
    elif kind == "dicom without pixels":
        path.write_bytes(Path(str(pydicom.data.get_testdata_file("test-SR.dcm"))).read_bytes())
    return path


@pytest.mark.parametrize(
    "kind",
    [
        *("missing", "empty", "text", "folder", "noise", "mp4 cut short", "avi header alone", "jpeg cut short"),
        *("png cut short", "dicom header cut short", "dicom pixels cut short", "dicom without pixels"),
        *("claims a billion pixels", "jpeg that claims 108 million pixels"),
        pytest.param("pipe", marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_sentence(kind: str, tmp_path: Path, clips: Path) -> None:
    path = make_unreadable(kind, tmp_path, clips)
    with pytest.raises(UnreadableFile) as caught:
        PlaybackSource(path)
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message and len(message) < 200
    assert "Doe" not in message


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file's name is Unicode")
def test_a_video_whose_name_is_not_utf_8_is_played(tmp_path: Path, clips: Path) -> None:
    path = tmp_path / os.fsdecode(b"Aufnahme_\xfc.avi")
    path.write_bytes((clips / "mjpeg.avi").read_bytes())
    assert [frame.data for frame in played(path)] == drawn_jpegs()


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
    path = write_mjpeg(tmp_path / "sizes.mkv", [*drawn_jpegs(2), *drawn_jpegs(2, 80, 60)])
    with PlaybackSource(path, pace="fast") as source:
        source.start()
        source.read(), source.read()
        assert "80x60 instead of" in (source.read().damage or ""), "one alone may be a wrong byte in its headers"
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
