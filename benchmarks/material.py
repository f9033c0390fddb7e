"""The measured material: 30 s of 1920x1080 at 60 frames a second, as 1800 different JPEGs (4:2:2, quality 90, about 285 KB).

A grey fan with noise of the strength that gives this size. Made once, kept in the work folder: `clip.mjpg` (the JPEGs one
after the other) and `clip.index` (where each begins, and the end).
"""

from __future__ import annotations

import array
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from acquisition import Clip, SpoolWriter, StreamDescription
from benchmarks.measuring import work_folder
from devices.source import DeviceInfo, Frame, PixelFormat

FRAMES, FPS, WIDTH, HEIGHT, QUALITY, MEAN_BYTES = 1800, 60, 1920, 1080, 90, 285_000
_ROOM = 128  # pixels by which the noise is shifted from frame to frame


def material() -> Path:
    """The file of JPEGs; made where it is missing, which takes a minute or two."""
    path = work_folder() / "clip.mjpg"
    if not path.exists():
        print("making the material, once", file=sys.stderr)
        _make(path)
    return path


def offsets() -> list[int]:
    """Where each JPEG begins in the file, and the file's length."""
    found = array.array("Q")
    found.frombytes((material().with_suffix(".index")).read_bytes())
    return list(found)


def jpegs(count: int = FRAMES) -> Iterator[bytes]:
    """The first `count` frames."""
    at = offsets()
    with material().open("rb") as file:
        for i in range(count):
            yield file.read(at[i + 1] - at[i])


def frame(index: int, data: bytes) -> Frame:
    """A JPEG as the frame that a device would have sent."""
    return Frame(data, PixelFormat.MJPEG, WIDTH, HEIGHT, timestamp_ns=10**9 + index * 10**9 // FPS, sequence=index)


def description(stream_id: str) -> StreamDescription:
    """The stream that the frames belong to."""
    device = DeviceInfo("mock:benchmark", "Benchmark", "simulated", identity_rule="name")
    return StreamDescription(
        stream_id, device, PixelFormat.MJPEG, WIDTH, HEIGHT, float(FPS), 1_800_000_000 * 10**9, 10**9
    )


def spooled(root: Path, count: int = FRAMES) -> tuple[SpoolWriter, Clip]:
    """The frames in a spool below `root`, as after a recording; discard the stream when done."""
    writer = SpoolWriter.create(root, description("benchmark"))
    for i, data in enumerate(jpegs(count)):
        writer.append(frame(i, data))
    writer.close()
    return writer, Clip(writer.description, writer.frames)


def _make(path: Path) -> None:
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 1, (HEIGHT + _ROOM, WIDTH + _ROOM)).astype(np.float32)
    shifts = rng.integers(0, _ROOM, (FRAMES, 2))
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    depth = np.hypot(rows + 200, columns - WIDTH / 2)
    fan = (np.abs(columns - WIDTH / 2) < 0.6 * (rows + 200)) & (depth < HEIGHT + 150)
    base = np.where(fan, 90 + 60 * np.sin(depth / 40), 4).astype(np.float32)

    def encode(index: int, strength: float) -> bytes:
        y, x = shifts[index]
        grain = noise[y : y + HEIGHT, x : x + WIDTH] * strength * fan
        grey = np.clip(base + grain, 0, 255).astype(np.uint8)
        grey[:16, :64] = index % 251  # each frame differs, whatever its shift
        grey[:16, 64:128] = index // 251
        picture: NDArray[np.uint8] = np.repeat(grey[:, :, None], 3, axis=2)
        return bytes(simplejpeg.encode_jpeg(picture, quality=QUALITY, colorspace="BGR", colorsubsampling="422"))

    low, high = 0.0, 60.0
    for _ in range(9):
        strength = (low + high) / 2
        mean = sum(len(encode(i, strength)) for i in range(0, FRAMES, 300)) / len(range(0, FRAMES, 300))
        low, high = (strength, high) if mean < MEAN_BYTES else (low, strength)
    at = array.array("Q", [0])
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        for i in range(FRAMES):
            data = encode(i, strength)
            file.write(data)
            at.append(at[-1] + len(data))
    path.with_suffix(".index").write_bytes(at.tobytes())
    unfinished.rename(path)
