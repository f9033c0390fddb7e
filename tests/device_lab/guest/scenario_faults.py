"""Cables that are pulled, cameras that fall silent, programs that hold them, and two at once."""

from __future__ import annotations

import threading
import time
from typing import Any

from devices import hotplug
from devices.errors import DeviceError, DeviceLost, DeviceNotFound, DeviceStalled
from devices.registry import DriverRegistry
from devices.source import FormatRequest, Frame, FrameSource, PixelFormat
from devices.v4l2.camera_button import CameraButton
from devices.v4l2.source import V4l2Driver
from tests.device_lab.guest.lab import (
    LabCamera,
    find_camera,
    find_cameras,
    no_camera,
    number_of,
    open_source,
    scenario,
    wait_for,
)

SMALL = FormatRequest(PixelFormat.MJPEG, 640, 480, 30.0)


def read_until_error(source: FrameSource, timeout_s: float = 5.0) -> tuple[list[Frame], DeviceError | None]:
    frames = []
    for _ in range(300):
        try:
            frames.append(source.read(timeout_s))
        except DeviceError as error:
            return frames, error
    return frames, None


@scenario(90.0)
def unplug_and_replug() -> dict[str, Any]:
    """Three times; the dead handle is held until the camera is back, so that it comes back under another node."""
    rounds, nodes = [], set()
    with LabCamera(sizes=("640x480",)) as camera:
        registry = DriverRegistry([V4l2Driver()])
        info = find_camera()
        for _ in range(3):
            source = registry.open(info.id)
            source.start(SMALL)
            first = [source.read(5.0) for _ in range(10)]
            nodes.add(str(source._device.filename))  # type: ignore[attr-defined]
            timer = threading.Timer(0.3, camera.say, ["unplug"])
            timer.start()
            frames, error = read_until_error(source)
            timer.join()
            gone = ""
            try:
                no_camera()
                registry.find(info.id)
            except DeviceNotFound as refused:
                gone = str(refused)
            camera.say("plug")
            again = find_camera()
            # The dead source is stopped only now; the same object then streams from the camera's new node.
            source.stop()
            source.start(SMALL)
            after = [number_of(source.read(5.0)) for _ in range(5)]
            nodes.add(str(source._device.filename))  # type: ignore[attr-defined]
            source.close()
            numbers = [number_of(frame) for frame in [*first, *frames]]
            rounds.append(
                {
                    "error": type(error).__name__,
                    "said": str(error),
                    "gone": gone,
                    "same_id": again.id == info.id,
                    "numbers": numbers,
                    "after": after,
                }
            )
        return {"rounds": rounds, "nodes": sorted(nodes), "stats": camera.stats()}


@scenario()
def stall_and_go() -> dict[str, Any]:
    with LabCamera(sizes=("640x480",)) as camera, open_source(find_camera()) as source:
        source.start(SMALL)
        before = [number_of(source.read(5.0)) for _ in range(5)]
        camera.say("stall")
        frames, error = read_until_error(source, 1.0)
        began_s = time.monotonic()
        again = ""
        try:
            source.read(0.5)
        except DeviceStalled as stalled:
            again = type(stalled).__name__
        waited_s = time.monotonic() - began_s
        camera.say("go")
        after = [number_of(source.read(5.0)) for _ in range(5)]
        return {
            "numbers": [*before, *map(number_of, frames), *after],
            "error": type(error).__name__,
            "said": str(error),
            "again": again,
            "waited_s": waited_s,
        }


@scenario()
def busy() -> dict[str, Any]:
    with LabCamera(sizes=("640x480",)):
        info = find_camera()
        with open_source(info) as first, open_source(info) as second:
            first.start(SMALL)
            refused, said = "", ""
            try:
                second.start(SMALL)
            except DeviceError as error:
                refused, said = type(error).__name__, str(error)
            frames = [first.read(5.0) for _ in range(5)]
            listed = [each.id for each in V4l2Driver().discover()]
            first.close()
            second.start(SMALL)
            second.read(5.0)
        return {"refused": refused, "said": said, "frames": len(frames), "listed": listed, "id": info.id}


@scenario(60.0)
def two_cameras_at_once() -> dict[str, Any]:
    small = ("640x480",)
    with LabCamera("--serial", "A", sizes=small) as one, LabCamera("--serial", "B", port=1, sizes=small) as two:
        found = find_cameras(2)
        numbers: dict[str, list[int]] = {}

        def stream(source: FrameSource) -> None:
            numbers[source.info.id] = [number_of(source.read(10.0)) for _ in range(40)]

        sources = [open_source(info) for info in found]
        for source in sources:
            source.start(SMALL)
        threads = [threading.Thread(target=stream, args=(source,)) for source in sources]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for source in sources:
            source.close()
        stats = [one.stats(), two.stats()]
    return {"ids": [info.id for info in found], "numbers": numbers, "stats": stats}


@scenario(60.0)
def two_without_a_serial() -> dict[str, Any]:
    with LabCamera("--no-serial", port=0, sizes=("640x480",)):
        with LabCamera("--no-serial", port=1, sizes=("640x480",)):
            registry = DriverRegistry([V4l2Driver()])
            find_cameras(2)
            apart = [[i.id, i.identity_rule, i.port_path, i.serial] for i in registry.discover()]
            with registry.open(apart[1][0] or "") as source:
                source.start(SMALL)
                source.read(5.0)
        find_cameras(1)
        with LabCamera("--no-serial", port=2, sizes=("640x480",)):
            find_cameras(2)
            asked, said, candidates = "", "", ()
            try:
                registry.find(apart[1][0] or "")
            except DeviceError as error:
                asked, said = type(error).__name__, str(error)
                candidates = getattr(error, "candidates", ())
    return {"apart": apart, "asked": asked, "said": said, "candidates": list(candidates)}


@scenario()
def two_with_one_serial() -> dict[str, Any]:
    with LabCamera("--serial", "SAME", port=0, sizes=("640x480",)):
        with LabCamera("--serial", "SAME", port=1, sizes=("640x480",)):
            registry = DriverRegistry([V4l2Driver()])
            find_cameras(2)
            both = [[i.id, i.identity_rule] for i in registry.discover()]
        find_cameras(1)
        alone = [[i.id, i.identity_rule] for i in registry.discover()]
    return {"both": both, "alone": alone}


@scenario()
def hot_plug() -> dict[str, Any]:
    calls: list[float] = []
    with hotplug.watch(lambda: calls.append(time.monotonic())) as watch:
        began_s = time.monotonic()
        with LabCamera(sizes=("640x480",)) as camera:
            wait_for(lambda: calls, "a call after the plug")
            found_after_s = calls[0] - began_s
            find_camera()
            time.sleep(1.0)
            plugged = len(calls)
            camera.say("unplug")
            wait_for(lambda: len(calls) > plugged, "a call after the pull")
            time.sleep(1.0)
            return {
                "active": watch.active,
                "plugged": plugged,
                "pulled": len(calls) - plugged,
                "after_s": found_after_s,
            }


@scenario()
def button() -> dict[str, Any]:
    presses: list[int] = []
    with LabCamera(sizes=("640x480",)) as camera:
        info = find_camera()
        with open_source(info) as source, CameraButton(info, presses.append):
            source.start(SMALL)
            source.read(5.0)
            before_ns = time.monotonic_ns()
            for wanted in (1, 2):
                camera.say("press")
                wait_for(lambda wanted=wanted: len(presses) == wanted, "a press")  # type: ignore[misc]
            after_ns = time.monotonic_ns()
            source.read(5.0)
        return {"presses": len(presses), "in_time": all(before_ns <= at <= after_ns for at in presses)}


@scenario()
def close_while_reading() -> dict[str, Any]:
    with LabCamera(sizes=("640x480",)) as camera:
        source = open_source(find_camera())
        source.start(SMALL)
        source.read(5.0)
        camera.say("stall")
        ended: list[str] = []

        def read() -> None:
            _frames, error = read_until_error(source, 30.0)
            ended.append(type(error).__name__)

        thread = threading.Thread(target=read)
        thread.start()
        time.sleep(0.5)
        began_s = time.monotonic()
        source.close()
        thread.join(10.0)
        return {"ended": ended, "seconds": time.monotonic() - began_s, "lost": DeviceLost.__name__}
