"""Clips to encode: pictures with structure, in an items file such as the spool writes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import numpy.typing as npt
import simplejpeg
from xxhash import xxh3_64_intdigest

from acquisition.cine import Clip, FileRange, Gap, SpooledFrame, StreamDescription
from devices.source import DeviceInfo, PixelFormat
from dicom_io import EncodedObject, Equipment, Patient, Phase, Series, Study
from imaging.scale import Scale

STARTED = datetime(2026, 11, 24, 9, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=1)))
STUDY = Study(Patient("P-17", "Žižková^Анна=山田^太郎", date(1990, 2, 3), "F"), STARTED, operator="Ångström^Åsa")
SERIES = Series(Phase.PRE, number=2, laterality="R", region="nlf", description="pre clip")
EQUIPMENT = Equipment("Sonofill", "simulated portable", "S-1", "Acme", "HDMI grabber", "G-9", "0.1.0")
DEVICE = DeviceInfo("mock:normal", "simulated", "simulated")
SCALE = Scale(0.08, 0.079, (100, 20, 300, 220), "profile", 0.03)


def picture(columns: int, rows: int, number: int = 0, colour: bool = True) -> npt.NDArray[np.uint8]:
    """RGB: speckle that differs from frame to frame over a gradient, with a coloured square where `colour`."""
    rng = np.random.default_rng(number)
    grey = rng.integers(0, 60, (rows, columns)) + np.linspace(0, 150, rows)[:, None]
    rgb = np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)
    if colour:
        rgb[rows // 4 : rows // 2, columns // 4 : columns // 2] = (220, 30 + number % 100, 20)
    return np.ascontiguousarray(rgb)


def jpeg(columns: int, rows: int, number: int = 0, subsampling: str = "422", odd: bool | None = None) -> bytes:
    """A JPEG as a camera sends it; of odd or even length where asked for."""
    for attempt in range(100):
        rgb = picture(columns, rows, number * 100 + attempt)
        if subsampling == "Gray":
            data = simplejpeg.encode_jpeg(rgb[:, :, :1].copy(), 85, "GRAY", "Gray")
        else:
            data = simplejpeg.encode_jpeg(rgb, 85, "RGB", subsampling)
        if odd is None or len(data) % 2 == odd:
            return bytes(data)
    raise AssertionError("no such length found")


def yuyv(columns: int, rows: int, number: int = 0, grey: bool = False) -> bytes:
    """A YUYV picture."""
    rng = np.random.default_rng(number)
    raw = rng.integers(0, 256, (rows, columns // 2, 4), dtype=np.uint8)
    raw[: rows // 2] = (40, 120, 40, 140)  # a flat part, that runs have something to do
    if grey:
        raw[:, :, 1::2] = 128
    return raw.tobytes()


def times_ns(count: int, fps: float = 30.0, start_ns: int = 5_000_000_000) -> list[int]:
    """Times with the jitter of a camera (up to 2 ms)."""
    rng = np.random.default_rng(7)
    jitter = rng.integers(-2_000_000, 2_000_000, count)
    return [start_ns + round(i * 1e9 / fps) + int(jitter[i]) * (i > 0) for i in range(count)]


def clip(
    folder: Path,
    payloads: Sequence[bytes],
    columns: int,
    rows: int,
    pixel_format: PixelFormat = PixelFormat.MJPEG,
    *,
    times: Sequence[int] | None = None,
    gaps: tuple[Gap, ...] = (),
    frames_per_segment: int = 1000,
    inserted_tables: bool = False,
    trailing_bytes: int = 0,
    fps: float = 30.0,
) -> Clip:
    """The payloads as a clip over items files in `folder`, `frames_per_segment` in each."""
    folder.mkdir(parents=True, exist_ok=True)
    times = times or times_ns(len(payloads), fps)
    frames = []
    for index, payload in enumerate(payloads):
        path = folder / f"{index // frames_per_segment:06d}.items"
        with path.open("ab") as file:
            offset = file.tell() + 8
            padded = payload + b"\x00" * (len(payload) & 1)
            file.write(struct.pack("<HHI", 0xFFFE, 0xE000, len(padded)) + padded)
        frames.append(
            SpooledFrame(
                index, times[index], path, offset, len(payload), xxh3_64_intdigest(payload),
                inserted_tables=inserted_tables, trailing_bytes=trailing_bytes,
            )
        )  # fmt: skip
    utc_ns = (STARTED - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    stream = StreamDescription("stream", DEVICE, pixel_format, columns, rows, fps, utc_ns, times[0])
    return Clip(stream, frames, gaps)


def jpeg_clip(folder: Path, count: int, columns: int = 320, rows: int = 240, **more: object) -> Clip:
    """A colour clip of odd and even frames."""
    payloads = [jpeg(columns, rows, i, odd=bool(i % 2)) for i in range(count)]
    return clip(folder, payloads, columns, rows, **more)  # type: ignore[arg-type]


def write(item: EncodedObject, folder: Path) -> Path:
    """The object as a file."""
    path = folder / f"{item.sop_instance_uid}.dcm"
    with path.open("wb") as file:
        for part in item:
            if isinstance(part, FileRange):
                with part.path.open("rb") as source:
                    source.seek(part.offset)
                    file.write(source.read(part.length))
            else:
                file.write(part)
    assert path.stat().st_size == item.size
    return path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
