"""What a scenario has at hand: cameras to plug and command, and devices to find.

with LabCamera(port=0, serial="A") as camera:      # a process of its own, plugged in
    info = find_camera()                            # waits until the kernel has made the node
    camera.say("unplug")
    camera.stats()["sent"]                          # the numbers of the pictures that it sent, as ranges
"""

from __future__ import annotations

import json
import os
import queue
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from devices.source import DeviceInfo, Frame, FrameSource
from devices.v4l2.source import V4l2Driver
from tests.device_lab.camera.__main__ import main as camera
from tests.device_lab.guest.forked import Forked

T = TypeVar("T")
Scenario = Callable[[], dict[str, Any]]

PICTURES = Path(os.environ.get("LAB_PICTURES", "/tmp/device-lab-pictures"))
PATIENCE_S = 20.0

SCENARIOS: dict[str, tuple[Scenario, float]] = {}


def scenario(limit_s: float = 45.0) -> Callable[[Scenario], Scenario]:
    """Mark a scenario; it is killed after `limit_s`."""

    def mark(function: Scenario) -> Scenario:
        SCENARIOS[function.__name__] = (function, limit_s)
        return function

    return mark


class LabCamera:
    """A software camera in a process of its own. `options` are those of `python -m tests.device_lab.camera`."""

    def __init__(self, *options: str, port: int = 0, sizes: tuple[str, ...] = ("640x480", "1280x720")) -> None:
        pictures = [str(path) for size in sizes for path in sorted(PICTURES.glob(f"*-{size}.jpg"))]
        if not pictures:
            raise FileNotFoundError(f"no pictures of the sizes {sizes} in {PICTURES}")
        self._lines: queue.Queue[str] = queue.Queue()
        words = ["--port", str(port), *options, *pictures]
        self._process = Forked(lambda: camera(words))
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._expect("plugged")

    def say(self, command: str) -> str:
        """Give a command, such as 'unplug' or 'drop-every 7', and wait until it is done; gives the answer."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._expect("stats" if command == "stats" else f"did {command.split()[0]}")

    def stats(self) -> dict[str, list[list[int]]]:
        """What became of the pictures: 'sent', 'corrupted', 'dropped', 'skipped', each as ranges of their numbers."""
        found: dict[str, list[list[int]]] = json.loads(self.say("stats").removeprefix("stats "))
        return found

    def close(self) -> None:
        """Unplug it and end its process."""
        if self._process.poll() is None:
            self._process.stdin.write("quit\n")
            self._process.stdin.close()
            self._process.wait(PATIENCE_S)
        self._listener.join(PATIENCE_S)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put("")

    def _expect(self, beginning: str) -> str:
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            line = self._lines.get(timeout=PATIENCE_S)
            if line.startswith(beginning):
                return line
            if not line:
                break
        raise TimeoutError(f"the camera did not say {beginning!r}")


def wait_for(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """What `look` gives, as soon as it gives something true."""
    until_s = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > until_s:
            raise TimeoutError(f"{what} did not happen in {patience_s:g} s")
        time.sleep(0.1)


def find_cameras(count: int = 1) -> list[DeviceInfo]:
    """All UVC cameras, as soon as there are `count`."""

    def look() -> list[DeviceInfo] | None:
        found = [info for info in V4l2Driver().discover() if info.kind == "uvc"]
        return found if len(found) == count else None

    return wait_for(look, f"finding {count} cameras")


def find_camera() -> DeviceInfo:
    """The one UVC camera, as soon as it is there."""
    return find_cameras(1)[0]


def no_camera() -> None:
    """Wait until no UVC camera is there."""
    wait_for(lambda: not any(i.kind == "uvc" for i in V4l2Driver().discover()), "the camera's going")


def open_source(info: DeviceInfo) -> FrameSource:
    return V4l2Driver().open(info)


def number_of(frame: Frame) -> int:
    """The number that the camera put into a frame: in a JPEG comment, or in the first eight bytes."""
    if frame.data[:2] == b"\xff\xd8":
        found = re.match(rb"frame=(\d+)", frame.data[6:40])
        assert found, "the frame bears no number"
        return int(found[1])
    return int.from_bytes(frame.data[:8], "little")


def sent_bytes(frame: Frame) -> bytes:
    """What the camera must have sent for this frame, rebuilt from its number and the pictures' files."""
    number = number_of(frame)
    pictures = sorted(PICTURES.glob(f"*-{frame.width}x{frame.height}.jpg"))
    jpeg = pictures[number % len(pictures)].read_bytes()
    note = b"frame=%d" % number
    return jpeg[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + jpeg[2:]
