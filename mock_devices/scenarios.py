"""The simulated devices by name: `mock:normal`, and one for each fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from devices.errors import DeviceNotFound
from devices.source import DeviceInfo, PixelFormat, StreamFormat
from mock_devices.faults import Corrupt, Drop, FaultPlan, Late, Stall, Unplug, WrongSize
from mock_devices.truth import NORMAL_SEED

PREFIX: Final = "mock:"
DEFAULT_FORMAT: Final = StreamFormat(PixelFormat.MJPEG, 1280, 720, 30.0)
FORMATS: Final = tuple(
    StreamFormat(encoding, width, height, fps)
    for encoding in (PixelFormat.MJPEG, PixelFormat.YUYV)
    for width, height in ((1280, 720), (1920, 1080), (640, 480))
    for fps in (60.0, 30.0, 20.0, 15.0)
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulated device: what it is called, the seed of its picture, its faults."""

    name: str
    seed: int
    serial: str
    remark: str = ""
    plan: FaultPlan = field(default_factory=FaultPlan)

    @property
    def info(self) -> DeviceInfo:
        """The device as discovery shows it."""
        called = "Simulated portable probe"
        return DeviceInfo(
            id=PREFIX + self.name,
            name=f"{called} ({self.remark})" if self.remark else called,
            kind="simulated",
            serial=self.serial,
            identity_rule="name",
            formats=FORMATS,
            profile="simulated-portable",
            manufacturer="sonofill",
        )


SCENARIOS: Final = {
    scenario.name: scenario
    for scenario in (
        Scenario("normal", NORMAL_SEED, "SIM-0001"),
        Scenario("drop", 21, "SIM-0002", "loses frames", FaultPlan((Drop(),))),
        Scenario("corrupt", 22, "SIM-0003", "sends broken frames", FaultPlan((Corrupt(),))),
        Scenario("stall", 23, "SIM-0004", "stops for some seconds", FaultPlan((Stall(),))),
        Scenario("unplug", 24, "SIM-0005", "is unplugged and comes back", FaultPlan((Unplug(),))),
        Scenario("late", 25, "SIM-0006", "sends frames late", FaultPlan((Late(),))),
        Scenario("wrong-size", 26, "SIM-0007", "changes its picture's size", FaultPlan((WrongSize(),))),
    )
}


def scenario(device_id: str) -> Scenario:
    """The scenario of a device id such as 'mock:drop'. Raises DeviceNotFound with the names there are."""
    name = device_id.removeprefix(PREFIX)
    if name not in SCENARIOS or not device_id.startswith(PREFIX):
        there = ", ".join(PREFIX + known for known in SCENARIOS)
        raise DeviceNotFound(f"There is no simulated device {device_id!r}; there are {there}.")
    return SCENARIOS[name]
