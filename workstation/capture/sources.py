"""Which devices there are, and how a name on the command line becomes a source of frames.

A name is an id from `sonofill devices` (a real device, or `mock:NAME` for the simulated probe), the address of a device in
the network (`igtl://HOST:PORT`), or the path of a file to play.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from devices.errors import DeviceNotFound
from devices.igtl.source import SCHEME, IgtlDriver, IgtlSource, parse_address
from devices.registry import DriverRegistry, default_drivers
from devices.source import DeviceInfo, FrameSource
from mock_devices import SimulatedDriver
from workstation.settings import SettingsUnreadable, load_settings, settings_path

log = logging.getLogger(__name__)

SourceFactory = Callable[[], FrameSource]


def device_registry() -> DriverRegistry:
    """The registry of this program: this system's and third parties' drivers, the network's devices, the simulated probe.

    Devices in the network are those that the settings name.
    """
    try:
        named = load_settings(settings_path()).network_devices
    except SettingsUnreadable as error:
        log.warning("No device in the network is listed: %s", error)
        named = ()
    network = IgtlDriver([parse_address(one) for one in named])
    return DriverRegistry([*default_drivers(), network, SimulatedDriver()])


def opener(name: str, registry: DriverRegistry | None = None) -> SourceFactory:
    """How to open, and open again after it was gone, the device or file called `name`.

    Raises DeviceNotFound where nothing has that name, DeviceAmbiguous where two devices fit, UnreadableFile.
    """
    if name.startswith(f"{SCHEME}:"):
        address = parse_address(name)
        return lambda: IgtlSource(address)
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
