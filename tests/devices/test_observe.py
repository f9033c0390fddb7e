"""What a grabber shows: repeated frames, 'no signal', borders; on drawn pictures and on real probes' screens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import simplejpeg

from devices.cv import cv2
from devices.observe import Observation, StreamObserver, content_box, is_flat, small_brightness
from devices.playback import PlaybackSource
from devices.source import Frame, PixelFormat

WIDTH, HEIGHT = 640, 360


def tissue(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 6)
    grey = cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))


def framed(picture: np.ndarray, at_ms: float, quality: int | None = 90) -> Frame:
    height, width = picture.shape[:2]
    if quality is None:
        return Frame(picture.tobytes(), PixelFormat.BGR24, width, height, round(at_ms * 1e6))
    data = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality, colorspace="BGR", colorsubsampling="422")
    return Frame(data, PixelFormat.MJPEG, width, height, round(at_ms * 1e6))


def watched(pictures: list[np.ndarray], interval_ms: float = 1000 / 60, **how: int | None) -> list[Observation]:
    observer = StreamObserver()
    return [observer.add(framed(picture, i * interval_ms, **how)) for i, picture in enumerate(pictures)]


@pytest.mark.parametrize("probe_fps", [15, 20, 30, 60])
def test_a_slow_probe_in_a_fast_stream(probe_fps: int) -> None:
    kinds = [tissue(seed) for seed in range(7)]
    seen = watched([kinds[i * probe_fps // 60 % 7] for i in range(150)])
    assert seen[-1].stream_fps == pytest.approx(60, rel=0.01)
    assert seen[-1].picture_fps == pytest.approx(probe_fps, rel=0.03)
    assert sum(o.repeated for o in seen) == 150 - len({i * probe_fps // 60 for i in range(150)})
    assert seen[10].picture_fps is None, "too soon to tell"


def test_a_repetition_is_known_when_it_was_encoded_anew() -> None:
    observer = StreamObserver()
    assert not observer.add(framed(tissue(1), 0, quality=92)).repeated
    assert observer.add(framed(tissue(1), 17, quality=80)).repeated
    assert not observer.add(framed(tissue(2), 33, quality=80)).repeated


def test_a_small_change_is_no_repetition() -> None:
    changed = tissue(1)
    cv2.putText(changed, "7", (500, 300), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 2)
    assert not watched([tissue(1), changed])[-1].repeated


def test_a_change_too_slow_to_be_seen_from_frame_to_frame_is_seen() -> None:
    start = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    start[100:200, 100:200] = 200
    seen = watched([np.clip(start.astype(int) + i // 2, 0, 255).astype(np.uint8) for i in range(60)], quality=None)
    assert 3 <= sum(not o.repeated for o in seen) <= 30


def test_a_probe_that_freezes_has_no_rate() -> None:
    seen = watched([tissue(i) for i in range(90)] + [tissue(89)] * 200)
    assert seen[89].picture_fps == pytest.approx(60, rel=0.02)
    assert seen[-1].picture_fps == 0
    assert not seen[-1].no_signal, "a frozen picture is still a picture"


def no_signal(kind: str) -> np.ndarray:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = (160, 30, 10)
    if kind == "text":
        cv2.putText(picture, "NO SIGNAL", (270, 180), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    elif kind == "bars":
        for i, level in enumerate((235, 210, 170, 145, 107, 81, 41, 16)):
            picture[:, i * 80 : (i + 1) * 80] = level
    return picture


@pytest.mark.parametrize("kind", ["plain", "text", "bars"])
def test_no_signal_is_a_flat_picture_that_stands(kind: str) -> None:
    seen = watched([tissue(i) for i in range(5)] + [no_signal(kind)] * 90)
    assert not seen[20].no_signal, "it may be a moment's darkness"
    assert seen[-1].no_signal
    again = watched([no_signal(kind)] * 90 + [tissue(1)])
    assert again[-2].no_signal and not again[-1].no_signal


@pytest.mark.parametrize(
    ("box", "portrait"),
    [((0, 48, 640, 312), False), ((80, 0, 560, 360), False), ((216, 0, 424, 360), True), ((0, 0, 640, 360), False)],
)
@pytest.mark.parametrize("quality", [85, None])
def test_borders(box: tuple[int, int, int, int], portrait: bool, quality: int | None) -> None:
    x0, y0, x1, y1 = box
    pictures = []
    for seed in range(3):
        picture = np.full((HEIGHT, WIDTH, 3), 2, np.uint8)
        picture[y0:y1, x0:x1] = np.maximum(tissue(seed, x1 - x0, y1 - y0), 30)
        pictures.append(picture)
    seen = watched(pictures, quality=quality)[-1]
    assert seen.content is not None
    assert max(abs(a - b) for a, b in zip(seen.content, box, strict=True)) <= 8
    assert seen.portrait is portrait


def test_the_content_grows_to_what_was_ever_shown() -> None:
    left, right = (np.zeros((HEIGHT, WIDTH, 3), np.uint8) for _ in range(2))
    left[80:160, 80:160] = 200
    right[200:280, 400:480] = 200
    assert watched([left, right, left])[-1].content == (80, 80, 480, 280)
    assert watched([np.zeros((HEIGHT, WIDTH, 3), np.uint8)])[-1].content is None


def test_the_raw_formats_are_seen_alike() -> None:
    picture = tissue(3)
    grey = picture[:, :, 0]
    yuyv = np.stack([grey, np.full_like(grey, 128)], axis=-1)
    smalls = [
        small_brightness(Frame(data, kind, WIDTH, HEIGHT, 0))
        for data, kind in (
            (grey.tobytes(), PixelFormat.GREY),
            (yuyv.tobytes(), PixelFormat.YUYV),
            (picture.tobytes(), PixelFormat.BGR24),
            (framed(picture, 0, quality=98).data, PixelFormat.MJPEG),
        )
    ]
    for small in smalls:
        assert small is not None and small.shape == (HEIGHT // 8, WIDTH // 8)
        assert np.abs(small.astype(int) - smalls[0]).max() <= 2


def test_a_broken_frame_changes_nothing_that_was_known() -> None:
    observer = StreamObserver()
    before = [observer.add(framed(tissue(i), i * 20)) for i in range(80)][-1]
    for data, kind in ((b"\xff\xd8 broken", PixelFormat.MJPEG), (b"", PixelFormat.MJPEG), (b"short", PixelFormat.YUYV)):
        seen = observer.add(Frame(data, kind, WIDTH, HEIGHT, 1_600_000_000))
        assert not seen.readable and not seen.repeated
        assert (seen.stream_fps, seen.content) == (before.stream_fps, before.content)
    assert observer.add(framed(tissue(79), 1620)).repeated


def test_another_size_begins_anew() -> None:
    observer = StreamObserver()
    for i in range(80):
        observer.add(framed(tissue(i), i * 20))
    seen = observer.add(framed(tissue(1, 320, 240), 1600))
    assert seen.stream_fps is None and seen.content is not None and seen.content[2] <= 320


def test_real_screens_are_not_called_no_signal_and_borders_around_them_are_found(screens: Path) -> None:
    tried = 0
    for path in sorted(screens.iterdir()):
        if path.suffix not in (".png", ".jpg", ".mp4", ".mov"):
            continue
        with PlaybackSource(path, pace="fast") as source:
            source.start()
            frame = source.read()
        small = small_brightness(frame)
        assert small is not None and not is_flat(small), path.name
        bordered = np.full((small.shape[0] + 20, small.shape[1] + 60), 16, np.uint8)
        bordered[10:-10, 30:-30] = small
        inner = content_box(small, small.shape[1] * 8, small.shape[0] * 8)
        outer = content_box(bordered, bordered.shape[1] * 8, bordered.shape[0] * 8)
        assert inner is not None and outer is not None
        assert outer[0] >= 240 and outer[1] >= 80, f"the border of {path.name} was taken for content"
        assert outer[2] - outer[0] <= small.shape[1] * 8
        tried += 1
    assert tried >= 10
