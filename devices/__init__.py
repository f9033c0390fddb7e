"""Devices: turn a piece of hardware into frames with true times and honest gaps.

This room knows nothing of files, patients or Qt. Start at `source.py`: what a `Frame` is, and what every `FrameSource`
promises (`tests/contracts/source_contract.py` proves it of each). `errors.py` is the tree of what can go wrong.

Rooms, each imported when it is needed:

    v4l2        cameras and grabbers through the kernel, Linux
    opencv      the portable driver
    igtl        pictures over the network
    films       what playback plays: videos, pictures, DICOM files
    jpeg        bitstreams without decoding them
    pedal       foot switches
    profiles    where the picture stands on a probe's screen, in mm

`registry` knows the drivers, `hotplug` what is plugged in and pulled out, `identity` and `memory` who a device is, `observe`
what a stream looks like (repeated frames, 'no signal', borders).
"""

from devices.errors import (
    BandwidthExceeded,
    DeviceAmbiguous,
    DeviceBusy,
    DeviceDenied,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceStalled,
    EndOfStream,
    FormatNotSupported,
    FrameSizeChanged,
    UnreadableFile,
)
from devices.jpeg.structure import BrokenJpeg, JpegLayout
from devices.playback import PlaybackSource, playback_info
from devices.registry import Driver, DriverMisfit, DriverRegistry, default_drivers
from devices.source import (
    DeviceInfo,
    FormatRequest,
    Frame,
    FrameSource,
    PixelFormat,
    StreamFormat,
    choose_format,
)

__all__ = [
    "BandwidthExceeded",
    "BrokenJpeg",
    "DeviceAmbiguous",
    "DeviceBusy",
    "DeviceDenied",
    "DeviceError",
    "DeviceInfo",
    "DeviceLost",
    "DeviceNotFound",
    "DeviceStalled",
    "Driver",
    "DriverMisfit",
    "DriverRegistry",
    "EndOfStream",
    "FormatNotSupported",
    "FormatRequest",
    "Frame",
    "FrameSizeChanged",
    "FrameSource",
    "JpegLayout",
    "PixelFormat",
    "PlaybackSource",
    "StreamFormat",
    "UnreadableFile",
    "choose_format",
    "default_drivers",
    "playback_info",
]
