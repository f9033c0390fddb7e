"""The button on a camera: uvcvideo reports it as KEY_CAMERA of an input device beside the camera, Linux only.

It is an event like a pedal press. The kernel asks the camera for it only while a video node of the camera is open.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import struct
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from linuxpy.input import device as linux_input
from linuxpy.ioctl import IOW

from devices.errors import DeviceError
from devices.listening import Listener
from devices.source import DeviceInfo
from devices.v4l2.errors import explain

log = logging.getLogger(__name__)

_EVENT: Final = struct.Struct("llHHi")  # struct input_event: seconds, microseconds, type, code, value
_SET_CLOCK: Final = IOW("E", 0xA0, 4)  # EVIOCSCLOCKID
_CLOCK_MONOTONIC: Final = 1
_KEY: Final = int(linux_input.EventType.KEY)
_KEY_CAMERA: Final = int(linux_input.Key.KEY_CAMERA)
_INPUT: Final = Path("/sys/class/input")


def button_of(info: DeviceInfo) -> Path | None:
    """The input node of the button of this camera, by its USB port; None where it has none."""
    port = (info.port_path or "").partition(":")[0]
    if not port or not _INPUT.is_dir():
        return None
    for entry in sorted(_INPUT.glob("event*")):
        device = (entry / "device").resolve()
        if any(parent.name == port and (parent / "idVendor").exists() for parent in device.parents):
            return Path("/dev/input") / entry.name
    return None


class CameraButton:
    """Calls `pressed(timestamp_ns)` for each press, from its own thread; the time is on the clock of the frames."""

    def __init__(self, info: DeviceInfo, pressed: Callable[[int], None]) -> None:
        """Raises DeviceError where the camera has no button, DeviceDenied, DeviceLost."""
        path = button_of(info)
        if path is None:
            raise DeviceError(f"{info.name} has no button that the system knows of; use a pedal or the keyboard.")
        self._pressed = pressed
        self._name = info.name
        self._file = -1
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            fcntl.ioctl(self._file, _SET_CLOCK, struct.pack("i", _CLOCK_MONOTONIC))
        except OSError as error:
            if self._file >= 0:
                os.close(self._file)
            raise explain(error, f"The button of {info.name}", starting=True) from error
        self._listener: Listener | None = Listener(self._file, "camera button", self._turn, self._gone)

    def close(self) -> None:
        """Listen no more; harmless twice."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
            os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _turn(self, ready: bool) -> float | None:
        if ready:
            for seconds, microseconds, kind, code, value in _EVENT.iter_unpack(os.read(self._file, _EVENT.size * 64)):
                if (kind, code, value) == (_KEY, _KEY_CAMERA, 1):
                    self._pressed(seconds * 1_000_000_000 + microseconds * 1_000)
        return None

    def _gone(self, error: OSError) -> None:
        if error.errno != errno.ENODEV:  # ENODEV: the camera was pulled out, which its own source tells
            log.warning("The button of %s is not heard any more: %s.", self._name, error.strerror)
