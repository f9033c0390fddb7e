"""The simulated devices behind the same door as the real ones."""

from __future__ import annotations

from collections.abc import Iterable

from devices.errors import DeviceNotFound
from devices.source import DeviceInfo
from mock_devices.probe import Plug, SimulatedProbe
from mock_devices.scenarios import SCENARIOS, Scenario, scenario


class SimulatedDriver:
    """The driver 'mock'. It keeps each device's cable, so that one which was unplugged is away until it comes back."""

    name = "mock"

    def __init__(self, scenarios: Iterable[Scenario] | None = None) -> None:
        self._scenarios = {s.info.id: s for s in (SCENARIOS.values() if scenarios is None else scenarios)}
        self._plugs = {device_id: Plug() for device_id in self._scenarios}

    def discover(self) -> list[DeviceInfo]:
        """The simulated devices that are plugged in now; `mock:normal` first, and always there."""
        return [s.info for device_id, s in self._scenarios.items() if self._plugs[device_id].present]

    def open(self, info: DeviceInfo) -> SimulatedProbe:
        """A source on that device. Raises DeviceNotFound for an unknown one and for one that is unplugged."""
        found = self._scenarios.get(info.id) or scenario(info.id)
        plug = self._plugs.setdefault(info.id, Plug())
        if not plug.present:
            raise DeviceNotFound(f"{info.name} is not plugged in; plug it in again.")
        return SimulatedProbe(found, info=info, plug=plug)
