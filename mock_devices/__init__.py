"""Simulated devices: a portable probe whose every frame is known, examinations of a simulated face, and a foot switch.

They stand behind the same contracts as real devices and pass the same tests. The truth of each frame (where the layers
and vessels are, how fast the blood, how large a pixel) is there for tests and teaching; no other part of the program
reads it. This room sees `devices` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_devices.driver import SimulatedDriver
from mock_devices.probe import SimulatedProbe
from mock_devices.scenarios import SCENARIOS, Scenario, scenario
from mock_devices.truth import FrameTruth, truth

if TYPE_CHECKING:
    from mock_devices.simulation import Clip, Examination, View, simulate, simulation_scenarios, write_simulation

__all__ = [
    "SCENARIOS",
    "Clip",
    "Examination",
    "FrameTruth",
    "Scenario",
    "SimulatedDriver",
    "SimulatedProbe",
    "View",
    "scenario",
    "simulate",
    "simulation_scenarios",
    "truth",
    "write_simulation",
]

_DRAWN_WITH_OPENCV = ("Clip", "Examination", "View", "simulate", "simulation_scenarios", "write_simulation")


def __getattr__(name: str) -> Any:
    """The simulated examinations are loaded when they are asked for: to list devices needs no OpenCV."""
    if name in _DRAWN_WITH_OPENCV:
        from mock_devices import simulation

        return getattr(simulation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
