"""Which devices there are, and how a name on the command line becomes a source of frames.

A name is an id from `sonofill devices` (a real device, or `mock:NAME` for the simulated probe), or the path of a file to
play.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from devices.errors import DeviceNotFound
from devices.registry import DriverRegistry, default_drivers
from devices.source import DeviceInfo, FrameSource
from mock_devices import SimulatedDriver

SourceFactory = Callable[[], FrameSource]


def device_registry() -> DriverRegistry:
    """The registry of this program: the drivers of this system, third parties' drivers, and the simulated probe."""
    return DriverRegistry([*default_drivers(), SimulatedDriver()])


def opener(name: str, registry: DriverRegistry | None = None) -> SourceFactory:
    """How to open, and open again after it was gone, the device or file called `name`.

    Raises DeviceNotFound where nothing has that name, DeviceAmbiguous where two devices fit, UnreadableFile.
    """
    registry = registry or device_registry()
    path = Path(name)
    if not name.startswith(("mock:", "uvc:", "capture:")) and (path.exists() or path.suffix or "/" in name):
        if not path.exists():
            raise DeviceNotFound(f"There is no file {path.name!r} and no device of that name: see 'sonofill devices'.")
        from devices.playback import PlaybackSource

        return lambda: PlaybackSource(path)
    registry.find(name)
    return lambda: registry.open(name)


def describe(name: str, registry: DriverRegistry | None = None) -> DeviceInfo:
    """Who the device or file called `name` is; raises as `opener` does."""
    registry = registry or device_registry()
    source = opener(name, registry)()
    try:
        return source.info
    finally:
        source.close()
