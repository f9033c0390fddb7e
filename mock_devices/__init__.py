"""Simulated devices: a portable probe whose every frame is known, and a foot switch.

They stand behind the same contracts as real devices and pass the same tests. The truth of each frame (where the layers
and vessels are, how fast the blood, how large a pixel) is there for tests and teaching; no other part of the program
reads it. This room sees `devices` alone.
"""

from mock_devices.driver import SimulatedDriver
from mock_devices.probe import SimulatedProbe
from mock_devices.scenarios import SCENARIOS, Scenario, scenario
from mock_devices.truth import FrameTruth, truth

__all__ = [
    "SCENARIOS",
    "FrameTruth",
    "Scenario",
    "SimulatedDriver",
    "SimulatedProbe",
    "scenario",
    "truth",
]
