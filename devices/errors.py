"""What can go wrong with a device, as one tree.

    DeviceError
    ├── DeviceNotFound        no such device, now
    ├── DeviceAmbiguous       two devices fit; a person must choose
    ├── DeviceBusy            another program holds it
    ├── DeviceDenied          the user may not open it
    ├── DeviceLost            it went away (cable, power)
    ├── DeviceStalled         it is there and sends nothing
    ├── BandwidthExceeded     the USB bus has no room for this stream
    ├── FormatNotSupported    it cannot send what was asked for
    ├── FrameSizeChanged      it sends another size than agreed
    ├── EndOfStream           playback came to the end of its file
    ├── UnreadableFile        a file that cannot be played
    └── DriverMisfit          a third party's driver is not one (devices/registry.py)

Each message is one sentence for a person: what, where, and what to do. Drivers map the errors of the library
below them to these at the edge, so that nothing above `devices` knows linuxpy, OpenCV or errno.
"""

from __future__ import annotations


class DeviceError(Exception):
    """The base of all that a device can do wrong."""


class DeviceNotFound(DeviceError):
    """No device has this identity at the moment."""


class DeviceAmbiguous(DeviceError):
    """More than one device fits the identity; `candidates` are their ids."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class DeviceBusy(DeviceError):
    """Another program streams from the device."""


class DeviceDenied(DeviceError):
    """The operating system refuses this user the device."""


class DeviceLost(DeviceError):
    """The device went away while it was open."""


class DeviceStalled(DeviceError):
    """The device is present and no frame came within the time given; reading may be tried again."""


class BandwidthExceeded(DeviceError):
    """The USB bus has no bandwidth left for the stream (ENOSPC at stream-on; it is not a full disk)."""


class FormatNotSupported(DeviceError):
    """The device offers no stream like the one asked for."""


class FrameSizeChanged(DeviceError):
    """The pictures have another size than was agreed at the start of the stream."""

    def __init__(self, message: str, width: int = 0, height: int = 0) -> None:
        super().__init__(message)
        self.width = width
        self.height = height


class EndOfStream(DeviceError):
    """A source of limited length has given its last frame."""


class UnreadableFile(DeviceError):
    """The file is not a video, picture or DICOM image that can be played."""
