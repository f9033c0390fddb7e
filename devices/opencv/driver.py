"""The portable driver: which cameras OpenCV can open, and by which name to know them again.

OpenCV itself lists nothing. On Linux the kernel's list is read (no device is opened, and the metadata nodes of UVC
cameras are left out); elsewhere the numbers from 0 are tried, which switches each camera on for a moment.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from devices.cv import cv2
from devices.errors import DeviceNotFound
from devices.opencv.source import OpenCvSource
from devices.source import DeviceInfo, FrameSource

__all__ = ["OpenCvDriver", "OpenCvSource"]

_KERNEL_LIST: Final = Path("/sys/class/video4linux")
#: Numbers are tried up to this one, and no further than the second gap.
_NUMBERS: Final = 8


class OpenCvDriver:
    """The driver 'opencv' of the registry: cameras as kind 'capture', without formats (OpenCV cannot list them).

    Ids are `capture:NAME`, or `capture:NAME-NUMBER` where two have the same name or the system tells none. A number
    is the order in which the system found the cameras: after replugging two alike they may have changed places.
    """

    name = "opencv"

    def __init__(self, kernel_list: Path = _KERNEL_LIST) -> None:
        self._kernel_list = kernel_list

    def discover(self) -> list[DeviceInfo]:
        """The cameras that are there now."""
        return [
            DeviceInfo(id=device_id, name=name, kind="capture", identity_rule="name")
            for device_id, (_, name) in self._present().items()
        ]

    def open(self, info: DeviceInfo) -> FrameSource:
        """The camera with this id. Raises DeviceNotFound."""
        present = self._present()
        if info.id not in present:
            raise DeviceNotFound(f"There is no camera {info.id} now; there is {', '.join(present) or 'none'}.")
        number = present[info.id][0]
        return OpenCvSource(info, lambda: open_camera(number))

    def _present(self) -> dict[str, tuple[int, str]]:
        if self._kernel_list.is_dir():
            return name_cameras(kernel_cameras(self._kernel_list))
        return name_cameras(answering_cameras())


def name_cameras(cameras: Mapping[int, str]) -> dict[str, tuple[int, str]]:
    """The id of each camera with its number and name; a number enters the id only where names are alike or missing."""
    how_often = Counter(cameras.values())
    named: dict[str, tuple[int, str]] = {}
    for number, name in sorted(cameras.items()):
        slug = re.sub(r"\W+", "-", name).strip("-").lower() or "camera"
        unique = how_often[name] == 1 and name and f"capture:{slug}" not in named
        named[f"capture:{slug}" if unique else f"capture:{slug}-{number}"] = (number, name or f"Camera {number}")
    return named


def kernel_cameras(kernel_list: Path) -> dict[int, str]:
    """Number and name of each video node of the kernel's list that is the first of its device."""
    cameras: dict[int, str] = {}
    for node in kernel_list.glob("video*"):
        number = node.name.removeprefix("video")
        try:
            if number.isdigit() and (node / "index").read_text().strip() == "0":
                cameras[int(number)] = (node / "name").read_text().strip()
        except OSError:
            continue  # unplugged between the listing and the reading
    return cameras


def answering_cameras() -> dict[int, str]:
    """The numbers under which OpenCV opens a camera, without names: it knows none."""
    cameras: dict[int, str] = {}
    for number in range(_NUMBERS):
        capture = open_camera(number)
        if capture.isOpened():
            cameras[number] = ""
        capture.release()
        if number - len(cameras) >= 1:
            break
    return cameras


def open_camera(number: int) -> Any:
    """A capture of camera `number`, perhaps not opened."""
    backend = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_MSMF}.get(
        sys.platform, cv2.CAP_ANY
    )
    return cv2.VideoCapture(number, backend)
