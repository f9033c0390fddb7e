"""Simulated examinations: scenarios of a simulated face, as clips with their truth.

`simulate` gives frames and truth, `simulation_scenarios` names the scenarios; `Examination` shows one person in many
pictures. A figure measured on simulated faces is not a
clinical figure: what the physics leaves out is listed in `LEFT_OUT` and in each truth document.
"""

from mock_devices.simulation.clip import Clip, simulate
from mock_devices.simulation.examination import Examination, View
from mock_devices.simulation.files import write_simulation
from mock_devices.simulation.scenarios import simulation_scenarios
from mock_devices.simulation.truth import LEFT_OUT

__all__ = [
    "LEFT_OUT",
    "Clip",
    "Examination",
    "View",
    "simulate",
    "simulation_scenarios",
    "write_simulation",
]
