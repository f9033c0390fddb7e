"""The drivers of this program, and the devices that they find.

A driver finds devices and opens them. Third parties add theirs through the entry-point group `sonofill.devices`: each
entry names a class or function that is called without arguments and gives a `Driver`. A driver that does not fit is
refused when it is registered, with what is missing, and not later in the middle of a recording.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

from devices import memory as device_memory
from devices.errors import DeviceError
from devices.identity import choose, identify, remember, resolve
from devices.source import DeviceInfo, FrameSource

log = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "sonofill.devices"


class DriverMisfit(DeviceError):
    """A driver does not keep the `Driver` protocol, or a driver was asked for that there is not."""


@runtime_checkable
class Driver(Protocol):
    """What finds and opens devices of one kind."""

    name: str  #: 'v4l2', 'opencv', 'mock': also the prefix of its ids where it needs one

    def discover(self) -> list[DeviceInfo]:
        """The devices present now. Does not disturb one that streams; a device that the user may not open is listed."""
        ...

    def open(self, info: DeviceInfo) -> FrameSource:
        """A closed source for a device that `discover` gave. Raises DeviceNotFound where it is gone."""
        ...


class DriverRegistry:
    """The devices of several drivers, each with its identity. `state` is the folder where devices are remembered."""

    def __init__(self, drivers: Sequence[Driver], state: Path | None = None) -> None:
        self._drivers: dict[str, Driver] = {}
        self._state = state
        # Two threads may look at once; an answer must not be lost to the memory as it was before.
        self._remembering = threading.Lock()
        for driver in drivers:
            check_driver(driver)
            if driver.name in self._drivers:
                raise DriverMisfit(f"Two drivers are called {driver.name!r}; remove the package of one of them.")
            self._drivers[driver.name] = driver

    def discover(self) -> list[DeviceInfo]:
        """All devices present now, identified, and remembered."""
        return [info for info, _driver in self._look(list(self._drivers.values()))]

    def find(self, device_id: str) -> DeviceInfo:
        """The present device that is meant by `device_id`.

        Raises DeviceNotFound (it names what is there) and DeviceAmbiguous (it lists the candidates).
        """
        return self._find(device_id)[0]

    def open(self, device_id: str) -> FrameSource:
        """A closed source for the device; raises as `find` does."""
        info, driver = self._find(device_id)
        return driver.open(info)

    def choose(self, wanted_id: str, chosen_id: str) -> DeviceInfo:
        """Remember a person's answer: `chosen_id`, which is present, is what was asked for as `wanted_id`."""
        self.find(chosen_id)
        state = self._state or device_memory.state_folder()
        with self._remembering:
            device_memory.save(state, choose(wanted_id, chosen_id, device_memory.load(state)))
        return self.find(wanted_id)

    def _find(self, device_id: str) -> tuple[DeviceInfo, Driver]:
        # 'mock:…' concerns the driver of that name alone: no camera is looked for.
        named = self._drivers.get(device_id.partition(":")[0])
        found = self._look([named] if named else list(self._drivers.values()))
        state = self._state or device_memory.state_folder()
        info = resolve(device_id, [each for each, _driver in found], device_memory.load(state))
        return info, next(driver for each, driver in found if each.id == info.id)

    def _look(self, drivers: Sequence[Driver]) -> list[tuple[DeviceInfo, Driver]]:
        found: list[tuple[DeviceInfo, Driver]] = []
        for driver in drivers:
            try:
                found.extend((info, driver) for info in driver.discover())
            except DeviceError as error:  # one driver in trouble must not hide the devices of the others
                log.warning("The driver %s cannot look for devices: %s", driver.name, error)
        present = [info for info, _driver in found]
        if any(info.vendor_id for info in present):
            state = self._state or device_memory.state_folder()
            with self._remembering:
                before = device_memory.load(state)
                present = identify(present, before)
                after = remember(present, before)
                if after != before:
                    device_memory.save(state, after)
        return [(info, driver) for info, (_old, driver) in zip(present, found, strict=True)]


def check_driver(driver: object) -> None:
    """Raise DriverMisfit with what is missing where `driver` does not keep the protocol."""
    name = getattr(driver, "name", None)
    missing = [method for method in ("discover", "open") if not callable(getattr(driver, method, None))]
    if missing:
        raise DriverMisfit(f"The device driver {driver!r} does not fit: it lacks {' and '.join(missing)}.")
    if not isinstance(name, str) or not name.isidentifier():
        raise DriverMisfit(
            f"The device driver {driver!r} does not fit: its name {name!r} is not a word of letters, digits, _."
        )


def third_party_drivers() -> list[Driver]:
    """The drivers of installed packages, by their entry points. Raises DriverMisfit for one that does not fit."""
    drivers: list[Driver] = []
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda each: each.name):
        package = entry.dist.name if entry.dist else "?"
        try:
            driver = entry.load()()
            check_driver(driver)
        except (ImportError, AttributeError, TypeError, DriverMisfit) as error:
            raise DriverMisfit(
                f"The device driver {entry.name!r} of the package {package!r} cannot be used: {error}; "
                "update or remove that package."
            ) from error
        drivers.append(driver)
    return drivers


def default_drivers() -> list[Driver]:
    """The drivers for this system: V4L2 on Linux, OpenCV elsewhere, and third parties'.

    `SONOFILL_DRIVERS=opencv` (or `v4l2`) chooses the first. Raises DriverMisfit.
    """
    wanted = os.environ.get("SONOFILL_DRIVERS") or ("v4l2" if sys.platform == "linux" else "opencv")
    first: Driver
    if wanted == "v4l2":
        from devices.v4l2.source import V4l2Driver

        first = V4l2Driver()
    elif wanted == "opencv":
        from devices.opencv.driver import OpenCvDriver

        first = OpenCvDriver()
    else:
        raise DriverMisfit(f"SONOFILL_DRIVERS is {wanted!r}; it may be 'v4l2' (Linux) or 'opencv'.")
    return [first, *third_party_drivers()]
