"""A clip's plan: who is scanned, with what settings, where Doppler looks, and what happens."""

from __future__ import annotations

from dataclasses import dataclass

from mock_devices.acoustics.colour import ColourBox
from mock_devices.contract import Settings
from mock_devices.face import Site, Vessel
from mock_devices.simulation.script import Script


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a clip shows, before it is drawn.

    `settings` are the ones that the script switches between. `colour_box` is in mm below the face at the script's first
    pressure; `gate_vessel` is the one in the sample volume.
    """

    scenario: str
    region: str
    seed: int
    site: Site
    settings: tuple[Settings, ...]
    script: Script
    steer_deg: float
    colour_box: ColourBox | None
    gate_vessel: str | None
    gain: str = "normal"  #: "normal", "high" or "low", of the grey picture

    def vessel(self, vessel_id: str) -> Vessel:
        """The site's vessel of that id. KeyError where there is none."""
        for vessel in self.site.vessels:
            if vessel.id == vessel_id:
                return vessel
        raise KeyError(vessel_id)
