"""The state of a plan at one moment: pose, blood, needle and deposits in millimetres; the same for picture and truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mock_devices.acoustics.deform import Deformation, Deposit, Pose
from mock_devices.acoustics.waveform import BREATH_S, along_beam, pulse, speed_cm_s
from mock_devices.face.site import Floats
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.script import BolusPlan, value_at


@dataclass(frozen=True, slots=True)
class Instrument:
    """The needle now, in mm below the face; `seen_from` and `seen_to` are parts of the way from its entry to its tip."""

    entry_mm: tuple[float, float]
    tip_mm: tuple[float, float]
    seen_from: float
    seen_to: float


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a plan."""

    t_s: float
    body: Deformation
    flow: dict[str, float]  #: vessel id -> velocity along the beam now, cm/s
    speed_part: dict[str, float]  #: vessel id -> part of its usual velocity (0 blocked or collapsed)
    gel: dict[str, float]  #: vessel id -> how full of filler the lumen is
    boluses: tuple[tuple[BolusPlan, Deposit], ...]
    instrument: Instrument | None
    contact_loss: float
    tissue_cm_s: float


class Course:
    """The plan's course through time: pure, any moment in any order."""

    def __init__(self, plan: Plan, seconds: float) -> None:
        self.plan = plan
        self.seconds = seconds
        draw = np.random.default_rng([plan.seed, 61])
        self._phases = draw.uniform(0, 2 * np.pi, 8)
        self._periods = draw.uniform(0.8, 1.25, 8) * np.array([5.3, 1.7, 7.1, 2.3, 3.9, 0.31, 6.0, 1.1])

    def part(self, t_s: float) -> float:
        """Where in the clip a moment is, 0 to 1."""
        return t_s / self.seconds if self.seconds > 0 else 0.0

    def at(self, t_s: float) -> Moment:
        """The state at a moment."""
        plan, script = self.plan, self.plan.script
        part = self.part(t_s)
        time = np.array([t_s])
        pose = self._pose(t_s)
        speed_part = {
            v.id: value_at(script.flow[v.id], part) if v.id in script.flow else 1.0 for v in plan.site.vessels
        }
        boluses = tuple((b, _deposit(b, value_at(b.volume, part))) for b in script.boluses)
        body = Deformation(plan.site, pose)
        for lumen in body.lumens:  # a vein pressed flat carries nothing
            rest = lumen.vessel.lumen()[1, 1]
            if lumen.shape[1, 1] < 0.22 * rest:
                speed_part[lumen.vessel.id] = 0.0
        flow = {
            v.id: float(speed_cm_s(plan.site, v, time)[0]) * along_beam(v, plan.steer_deg) * speed_part[v.id]
            for v in plan.site.vessels
        }
        return Moment(
            t_s=t_s,
            body=body,
            flow=flow,
            speed_part=speed_part,
            gel={key: value_at(track, part) for key, track in script.gel_in_lumen.items()},
            boluses=boluses,
            instrument=self._instrument(part),
            contact_loss=value_at(script.contact_loss, part),
            tissue_cm_s=self._tissue(t_s),
        )

    def speed_cm_s(self, vessel_id: str, t_s: Floats) -> Floats:
        """Greatest velocity along a vessel for each time, with what the script does to it."""
        plan = self.plan
        speed = speed_cm_s(plan.site, plan.vessel(vessel_id), t_s)
        track = plan.script.flow.get(vessel_id)
        if track is None:
            return speed
        changed: Floats = speed * np.array([value_at(track, self.part(float(t))) for t in t_s])
        return changed

    def _wave(self, which: int, t_s: float) -> float:
        return float(np.sin(2 * np.pi * t_s / self._periods[which] + self._phases[which]))

    def _pose(self, t_s: float) -> Pose:
        plan, script = self.plan, self.plan.script
        part, hand = self.part(t_s), script.hand
        jerk = value_at(script.jerks, part)
        pressure = value_at(script.pressure, part) + 0.012 * hand * float(np.sin(2 * np.pi * t_s / BREATH_S))
        swelling = {
            v.id: float(pulse(plan.site, v, np.array([t_s]))[0]) for v in plan.site.vessels if v.kind == "artery"
        }
        return Pose(
            shift_mm=value_at(script.shift_mm, part)
            + hand * (0.16 * self._wave(0, t_s) + 0.05 * self._wave(1, t_s))
            + 0.06 * jerk * self._wave(5, t_s),
            rock=0.006 * hand * self._wave(4, t_s),
            elevation_mm=value_at(script.elevation_mm, part)
            + hand * (0.26 * self._wave(2, t_s) + 0.05 * self._wave(3, t_s)),
            pressure=min(max(pressure, 0.0), 1.0),
            swelling=swelling,
            deposits=tuple(_deposit(b, value_at(b.volume, part)) for b in script.boluses),
        )

    def _tissue(self, t_s: float) -> float:
        return value_at(self.plan.script.jerks, self.part(t_s)) * self._wave(5, t_s)

    def _instrument(self, part: float) -> Instrument | None:
        needle = self.plan.script.needle
        if needle is None or value_at(needle.present, part) < 0.5:
            return None
        way = value_at(needle.advance, part)
        entry, target = np.array(needle.entry_mm), np.array(needle.target_mm)
        tip = entry + (target - entry) * max(way, 0.05)
        hidden = value_at(needle.out_of_plane, part)
        seen_to = 1.0 if hidden < 0.05 else max(0.0, 1.0 - 1.3 * hidden)
        return Instrument((float(entry[0]), float(entry[1])), (float(tip[0]), float(tip[1])), 0.0, seen_to)


def _deposit(bolus: BolusPlan, volume: float) -> Deposit:
    # Radii grow with the cube root of the volume.
    part = max(volume, 0.0) ** (1 / 3)
    return Deposit(bolus.x_mm, bolus.z_mm, bolus.radius_x_mm * part, bolus.radius_z_mm * part)


def bolus_outline_mm(body: Deformation, deposit: Deposit, points: int = 40) -> NDArray[np.float64]:
    """A deposit's outline now, in mm below the face: (points, 2)."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    x = deposit.x_mm + deposit.radius_x_mm * 1.001 * np.cos(angle)
    z = deposit.z_mm + deposit.radius_z_mm * 1.001 * np.sin(angle)
    # The edge stands in the frame after the push of its own; others are far enough away to leave it alone.
    rest = Deformation(body.site, Pose(body.pose.shift_mm, body.pose.rock, 0.0, body.pose.pressure))
    return np.stack(rest.after_vessels(x, z), axis=1)
