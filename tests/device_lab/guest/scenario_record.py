"""The program's own `record`, on the kernel's own driver: what is in the saved files, by the numbers in the pictures.

The product does not read those numbers; this file does, afterwards.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import pydicom
from pydicom.pixels.utils import iter_pixels
from pydicom.uid import RLELossless

import workstation.capture.recording  # loaded once, before the recordings fork
import workstation.cli.record  # noqa: F401
from archive import Archive
from dicom_io import OpenedImage
from tests.device_lab.camera.schedule import ranges
from tests.device_lab.guest.forked import Forked
from tests.device_lab.guest.lab import LabCamera, find_camera, find_cameras, scenario, wait_for
from workstation.cli import main as sonofill

_NUMBER = re.compile(rb"frame=(\d+)")
PICTURE_720, PICTURE_1080 = ("1280x720",), ("1920x1080",)


class Recording:
    """`sonofill record` in a process of its own, into an archive of its own. How it starts is for other tests."""

    def __init__(self, device: str, seconds: float, *options: str) -> None:
        self.archive = Path(tempfile.mkdtemp(prefix="lab-archive-", dir="/dev/shm"))
        words = [
            "record", "--device", device, "--seconds", str(seconds), "--patient-id", "LAB", "--phase", "pre",
            "--archive", str(self.archive), "--json", *options,
        ]  # fmt: skip
        self._process = Forked(lambda: sonofill(words))

    def wait_for_frames(self, runs: int = 1) -> None:
        """Until the first frames of so many unbroken runs lie in the spool."""

        def begun() -> bool:
            return sum(items.stat().st_size > 0 for items in self.archive.glob("spool/*/*.items")) >= runs

        wait_for(begun, f"the first frame of run {runs} in the spool", 60)

    def end(self, patience_s: float = 120) -> dict[str, Any]:
        """What it said, and what is in the files: the numbers of the saved pictures as ranges, object by object."""
        out, err = self._process.communicate(patience_s)
        told = json.loads(out) if out else {}
        return {
            "status": self._process.returncode,
            "stderr": err[-1500:],
            "told": told,
            "objects": [ranges(numbers_in(Path(file))) for file in told.get("files", [])],
            "verified": Archive(self.archive).verify().ok,
        }


def numbers_in(file: Path) -> list[int]:
    """The numbers that the software camera put into the pictures of a saved file (YUYV: its first 8 bytes)."""
    header = pydicom.dcmread(file, stop_before_pixels=True)
    if header.file_meta.TransferSyntaxUID == RLELossless:
        return numbers_in_raw(file)
    found = []
    with OpenedImage(file) as image:
        for index in range(image.number_of_frames):
            data = image.frame_bytes(index)
            number = _NUMBER.search(data[:64])
            if number is not None:
                found.append(int(number[1]))
    return found


def numbers_in_raw(file: Path) -> list[int]:
    """The same of stored YUYV frames. The camera writes the number over the first 8 bytes, Y0 U0 Y1 V0 …: 16 bits of it."""
    found = []
    for stored in iter_pixels(file, raw=True):
        luma, chroma = int(stored[0, 0, 0]), int(stored[0, 0, 1])
        found.append(luma | chroma << 8)
    return found


@scenario(limit_s=150)
def record_1080p() -> dict[str, Any]:
    """Five seconds of the largest MJPEG format."""
    with LabCamera(sizes=PICTURE_1080) as camera:
        recording = Recording(find_camera().id, 5, "--format", "MJPEG", "--size", "1920x1080", "--fps", "30")
        return {**recording.end(), "camera": camera.stats()}


@scenario(limit_s=150)
def record_holes() -> dict[str, Any]:
    """Frames that the source never sends, and frames that it cuts short; it has a clock of its own."""
    with LabCamera("--drop-every", "17", "--corrupt-every", "23", sizes=PICTURE_720) as camera:
        recording = Recording(find_camera().id, 9, "--size", "1280x720", "--fps", "30")
        return {**recording.end(), "camera": camera.stats()}


@scenario(limit_s=240)
def record_unplugged_twenty_times() -> dict[str, Any]:
    """Pulled and put back twenty times while it records."""
    with LabCamera(sizes=("640x480",)) as camera:
        recording = Recording(find_camera().id, 60, "--size", "640x480", "--fps", "30", "--reconnect-s", "20")
        began = time.monotonic()
        for count in range(1, 21):
            recording.wait_for_frames(count)
            time.sleep(0.5)
            camera.say("unplug")
            time.sleep(0.3)
            camera.say("plug")
        recording.wait_for_frames(21)
        return {"pulling_s": time.monotonic() - began, **recording.end(), "camera": camera.stats()}


@scenario(limit_s=120)
def record_pulled_for_good() -> dict[str, Any]:
    """It does not come back: what came is saved."""
    with LabCamera(sizes=("640x480",)) as camera:
        recording = Recording(find_camera().id, 60, "--size", "640x480", "--fps", "30", "--reconnect-s", "2")
        recording.wait_for_frames()
        time.sleep(2)
        camera.say("unplug")
        return {**recording.end(), "camera": camera.stats()}


@scenario(limit_s=150)
def record_yuyv() -> dict[str, Any]:
    """Uncompressed pictures, stored without loss."""
    with LabCamera(sizes=("640x480",)):
        recording = Recording(find_camera().id, 3, "--format", "YUYV", "--size", "640x480", "--fps", "15")
        return recording.end()


@scenario(limit_s=150)
def record_two_cameras() -> dict[str, Any]:
    """Two at once, each into its own study."""
    with (
        LabCamera("--serial", "A", port=0, sizes=("640x480",)),
        LabCamera("--serial", "B", port=1, sizes=("640x480",)),
    ):
        devices = sorted(info.id for info in find_cameras(2))
        recordings = [Recording(device, 5, "--size", "640x480", "--fps", "15") for device in devices]
        return {"devices": devices, "recordings": [recording.end() for recording in recordings]}
