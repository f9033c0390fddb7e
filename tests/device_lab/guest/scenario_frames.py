"""Discovery, and frames as they came."""

from __future__ import annotations

import time
from typing import Any

from devices.errors import DeviceError
from devices.source import FormatRequest, Frame, PixelFormat
from tests.device_lab.guest.lab import (
    LabCamera,
    find_camera,
    number_of,
    open_source,
    scenario,
    sent_bytes,
)


def facts(frames: list[Frame]) -> list[list[int | None]]:
    """Of each frame: the camera's number, the driver's, the host's time and the camera's time, ns."""
    return [[number_of(f), f.sequence, f.timestamp_ns, f.device_pts_ns] for f in frames]


@scenario()
def discovery() -> dict[str, Any]:
    with LabCamera(sizes=("640x480", "1280x720", "1920x1080")):
        info = find_camera()
        source = open_source(info)
        controls = source.controls()  # type: ignore[attr-defined]
        taken = source.set_control("brightness", 70)  # type: ignore[attr-defined]
        refused = ""
        try:
            source.set_control("brightness", 7000)  # type: ignore[attr-defined]
        except DeviceError as error:
            refused = str(error)
        from linuxpy.video.device import iter_video_files

        return {
            "info": info.to_json(),
            "manufacturer": info.manufacturer,
            "nodes": len(list(iter_video_files())),
            "controls": [[c.name, c.value, c.minimum, c.maximum, c.default] for c in controls],
            "taken": taken,
            "refused": refused,
        }


@scenario(90.0)
def mjpeg_1080p() -> dict[str, Any]:
    with LabCamera(sizes=("1920x1080",)) as camera:
        with open_source(find_camera()) as source:
            agreed = source.start(FormatRequest(PixelFormat.MJPEG, 1920, 1080, 30.0))
            before_ns = time.monotonic_ns()
            frames = [source.read(5.0) for _ in range(120)]
            after_ns = time.monotonic_ns()
        whole = sum(frame.data == sent_bytes(frame) for frame in frames)
        return {
            "agreed": str(agreed),
            "frames": facts(frames),
            "whole": whole,
            "damaged": [frame.damage for frame in frames if frame.damage],
            "seconds": (after_ns - before_ns) / 1e9,
            "in_time": all(before_ns - 2e9 < frame.timestamp_ns <= after_ns for frame in frames),
            "stats": camera.stats(),
        }


@scenario()
def yuyv() -> dict[str, Any]:
    with LabCamera(sizes=("640x480",)) as camera:
        with open_source(find_camera()) as source:
            agreed = source.start(FormatRequest(PixelFormat.YUYV, 640, 480, 15.0))
            frames = [source.read(5.0) for _ in range(20)]
        row = bytes(v for x in range(640) for v in (x * 255 // 640, 128))
        return {
            "agreed": str(agreed),
            "frames": facts(frames),
            "sizes": sorted({len(frame.data) for frame in frames}),
            "ramp": all(frame.data[8:] == (row * 480)[8:] for frame in frames),
            "stats": camera.stats(),
        }


@scenario()
def dropped_at_the_source() -> dict[str, Any]:
    """Frames that the camera never sent: no number jumps, only the camera's clock tells."""
    with LabCamera("--drop-every", "7", sizes=("640x480",)) as camera:
        with open_source(find_camera()) as source:
            source.start(FormatRequest(PixelFormat.MJPEG, 640, 480, 30.0))
            frames = [source.read(5.0) for _ in range(150)]
        return {"frames": facts(frames), "stats": camera.stats()}


@scenario()
def without_time_stamps() -> dict[str, Any]:
    with LabCamera("--pts", "off", sizes=("640x480",)), open_source(find_camera()) as source:
        source.start(FormatRequest(PixelFormat.MJPEG, 640, 480, 30.0))
        return {"frames": facts([source.read(5.0) for _ in range(20)])}


@scenario()
def corrupted() -> dict[str, Any]:
    with LabCamera("--corrupt-every", "5", sizes=("640x480",)) as camera:
        with open_source(find_camera()) as source:
            source.start(FormatRequest(PixelFormat.MJPEG, 640, 480, 30.0))
            frames = [source.read(5.0) for _ in range(40)]
        return {
            "frames": facts(frames),
            "damaged": {number_of(f): f.damage for f in frames if f.damage},
            "stats": camera.stats(),
        }


@scenario()
def raw_frames_cut_short() -> dict[str, Any]:
    """uvcvideo throws a raw frame of the wrong length away, and its number is missing."""
    with LabCamera("--corrupt-every", "5", sizes=("640x480",)) as camera:
        with open_source(find_camera()) as source:
            source.start(FormatRequest(PixelFormat.YUYV, 640, 480, 15.0))
            frames = [source.read(5.0) for _ in range(20)]
        return {"frames": facts(frames), "damaged": [f.damage for f in frames if f.damage], "stats": camera.stats()}


@scenario()
def size_changes() -> dict[str, Any]:
    with LabCamera() as camera, open_source(find_camera()) as source:
        source.start(FormatRequest(PixelFormat.MJPEG, 1280, 720, 30.0))
        before = [source.read(5.0) for _ in range(5)]
        camera.say("size 640x480")
        try:
            for _ in range(60):
                source.read(5.0)
        except DeviceError as error:
            return {
                "before": len(before),
                "error": type(error).__name__,
                "said": str(error),
                "size": [getattr(error, "width", 0), getattr(error, "height", 0)],
            }
        return {"before": len(before), "error": None}
