"""Two devices of one model without serial numbers, as cheap grabbers are: they can be told by their sockets alone."""

from __future__ import annotations

from dataclasses import replace

from devices.source import DeviceInfo, FrameSource
from mock_devices.faults import FaultPlan
from mock_devices.probe import Plug, SimulatedProbe
from mock_devices.scenarios import FORMATS, SCENARIOS

MODEL = "uvc:1d6b:0102"


class AlikeDriver:
    """A driver of simulated probes that bear the identity of one model of grabber; `ports` says where one is plugged in."""

    name = "usb"

    def __init__(self, *ports: str) -> None:
        self.ports = list(ports)
        self.opened: list[str] = []
        self.plans: dict[str, FaultPlan] = {}

    def discover(self) -> list[DeviceInfo]:
        return [
            DeviceInfo(f"{MODEL}@{port}", "Grabber", "uvc", "1d6b", "0102", None, port, formats=FORMATS)
            for port in self.ports
        ]

    def open(self, info: DeviceInfo) -> FrameSource:
        assert info.port_path is not None
        self.opened.append(info.port_path)
        seed = 100 + int(info.port_path[-1])  # another picture in each socket
        scenario = replace(SCENARIOS["normal"], seed=seed, plan=self.plans.get(info.port_path, FaultPlan()))
        return SimulatedProbe(scenario, info=info, plug=Plug())
