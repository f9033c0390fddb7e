"""An examination of one simulated person: the same artery at each place, in every mode, before, during and after.

A scenario (`scenarios`) is a face of its own; here many pictures show one. Each place of the region is a site drawn from the
person's seed; what is looked at, and what has happened by then, is a `View`. The artery lies in the superficial fat at every
place, and deposits go into the deep fat beside it, so that what a demonstration tells can be seen on its pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from devices.source import DeviceInfo, PixelFormat, StreamFormat
from mock_devices.contract import Mode
from mock_devices.face import Site, Vessel, draw_site
from mock_devices.simulation.assembly import assemble
from mock_devices.simulation.clip import Clip
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.script import BolusPlan, NeedlePlan, Script, Track, constant

_TRIES: Final = 400  #: seeds looked at for a face that has what is asked for
_HALF_WIDTH_MM: Final = 11.0
_LENGTHWISE_SLOPE_DEG: Final = 2.5
_DEPOSIT_MM: Final = (2.0, 0.75)  #: half its width, half its height
_ASIDE_MM: Final = (-2.4, 2.4)  #: the deposits' middles, from the artery's
_STEEP_DEG: Final = 28.0


@dataclass(frozen=True, slots=True)
class View:
    """What one picture or clip shows. `place` counts the region's places from 0.

    `lengthwise` turns the probe along the artery. `flow` is the part of its usual velocity that the artery's blood has, 0
    where it is blocked; `gel` the part of its lumen that is full of filler. `deposits` are in the tissue already;
    `injecting` lets the next one grow while the clip runs. `gain` (0 to 100) is the grey picture's, None the preset's.
    `aside_mm` is how far the hand stands from where it stood for the first picture of the place.
    """

    place: int
    mode: Mode
    lengthwise: bool = False
    flow: float = 1.0
    gel: float = 0.0
    deposits: int = 0
    injecting: bool = False
    gain: int | None = None
    aside_mm: float = 0.0


class Examination:
    """One person on one probe. Pure: the same arguments give the same pictures."""

    def __init__(
        self, region: str, artery: str, *, seed: int, size: tuple[int, int], style: int, fps: float = 15.0
    ) -> None:
        """`artery` is a vessel's id of the region. ValueError (one sentence) for a region, artery or style that is none."""
        self.region, self.artery, self.seed = region, artery, seed
        self.size, self.style, self.fps = size, style, fps
        self._sites: dict[int, Site] = {}

    @cached_property
    def device(self) -> DeviceInfo:
        """The probe as a device: its pictures say themselves that they are simulated."""
        stream = StreamFormat(PixelFormat.MJPEG, *self.size, self.fps)
        return DeviceInfo(
            id="mock:face",
            name="Simulated portable probe",
            kind="simulated",
            serial=f"SIM-FACE-{self.style}",
            identity_rule="name",
            formats=(stream,),
            manufacturer="sonofill",
        )

    def clip(self, view: View, seconds: float | None = None) -> Clip:
        """The pictures of a view; without a length one picture."""
        length = 1 / self.fps if seconds is None else seconds
        return Clip(self.plan(view), seed=self.seed, seconds=length, fps=self.fps, size=self.size, style=self.style)

    def plan(self, view: View) -> Plan:
        """The view's plan."""
        across = self.site(view.place)
        site = self._lengthwise(across) if view.lengthwise else across
        plan = assemble(f"examination-{view.mode}", site, view.mode, self.seed, main=self.artery)
        settings = tuple(s if view.gain is None else replace(s, gain=view.gain) for s in plan.settings)
        return replace(plan, settings=settings, script=self._script(view, across, plan.script))

    def site(self, place: int) -> Site:
        """A place's tissue and vessels; the person's own sex and heart at each place."""
        if place not in self._sites:
            found = self._find(place)
            if place:
                first = self.site(0)
                found = replace(found, sex=first.sex, heart_rate_per_min=first.heart_rate_per_min)
            self._sites[place] = found
        return self._sites[place]

    def _find(self, place: int) -> Site:
        for attempt in range(_TRIES):
            drawn = int(np.random.default_rng([self.seed, 41, place, attempt]).integers(2**31))
            site = draw_site(self.region, drawn, half_width_mm=_HALF_WIDTH_MM)
            vessel = next((v for v in site.vessels if v.id == self.artery), None)
            if vessel is not None and abs(vessel.x_mm) < 2.0 and _within(site, vessel, "sfat"):
                return site
        raise ValueError(f"No simulated face has the vessel {self.artery!r} in the superficial fat of {self.region!r}.")

    def _lengthwise(self, site: Site) -> Site:
        artery = _vessel(site, self.artery)
        slope = np.radians(_LENGTHWISE_SLOPE_DEG)
        along = (float(np.cos(slope)), 0.0, float(np.sin(slope)))
        # The other vessels cross this plane somewhere else.
        turned = replace(artery, x_mm=0.0, direction=along, tube=True, swing_mm=0.0)
        return replace(site, vessels=(turned,))

    def _script(self, view: View, across: Site, base: Script) -> Script:
        there = view.deposits + view.injecting
        grow: Track = ((0.35, 0.0), (0.95, 1.0))
        boluses = tuple(
            self._deposit(across, number, grow if view.injecting and number == view.deposits else constant(1.0))
            for number in range(0 if view.lengthwise else there)
        )
        return replace(
            base,
            shift_mm=constant(view.aside_mm),
            flow={self.artery: constant(view.flow)},
            gel_in_lumen={self.artery: constant(view.gel)} if view.gel else {},
            boluses=boluses,
            needle=_needle(across, boluses[-1]) if view.injecting else None,
        )

    def _deposit(self, site: Site, number: int, volume: Track) -> BolusPlan:
        """In the deep fat, beside the artery: the first to its left, the second to its right."""
        x = _vessel(site, self.artery).x_mm + _ASIDE_MM[number % len(_ASIDE_MM)]
        top, low = (float(site.boundary_mm(layer, np.array([x]))[0]) for layer in ("dfat", "perio"))
        return BolusPlan("ha", x, (top + low) / 2, *_DEPOSIT_MM, volume)


def _vessel(site: Site, vessel_id: str) -> Vessel:
    return next(vessel for vessel in site.vessels if vessel.id == vessel_id)


def _within(site: Site, vessel: Vessel, layer_id: str) -> bool:
    """Whether a vessel's lumen lies wholly in a layer, at its own column."""
    ids = [layer.id for layer in site.layers]
    rows = site.boundaries_mm(np.array([vessel.x_mm]))[:, 0]
    number = ids.index(layer_id)
    reach = vessel.radius_mm * 1.3
    return bool(rows[number] < vessel.z_mm - reach and vessel.z_mm + reach < rows[number + 1])


def _needle(site: Site, bolus: BolusPlan) -> NeedlePlan:
    """A cannula in the plane from the side away from the artery; for a moment its tip is out of the plane."""
    side = -1.0 if bolus.x_mm < 0 else 1.0
    entry_z = 0.4 * site.gel_mm
    run = (bolus.z_mm - entry_z) / float(np.tan(np.radians(_STEEP_DEG)))
    return NeedlePlan(
        kind="cannula",
        gauge=25,
        entry_mm=(bolus.x_mm + side * run, entry_z),
        target_mm=(bolus.x_mm, bolus.z_mm),
        advance=((0.0, 0.55), (0.3, 1.0)),
        present=constant(1.0),
        out_of_plane=((0.0, 0.0), (0.12, 0.5), (0.24, 0.0)),
    )
