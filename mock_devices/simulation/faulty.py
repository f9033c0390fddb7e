"""The scenarios of faults: the probe's, the grabber's and the operator's; each a function of a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from mock_devices.contract import Mode, Signal
from mock_devices.face import draw_site
from mock_devices.simulation.assembly import assemble, half_width_mm, light_pressure, pick_region
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.presets import Gain
from mock_devices.simulation.script import Script, Track, constant


def quality(
    name: str,
    *,
    gain: Gain = "normal",
    wasted: bool = False,
    script: Callable[[int], Script] | None = None,
    mode: Mode | None = None,
) -> Callable[[int], Plan]:
    """A scenario of that name: a drawn region with a gain, a depth or a script that is at fault."""

    def plan(seed: int) -> Plan:
        site = draw_site(pick_region(seed), seed, half_width_mm=half_width_mm(seed))
        drawn: Mode = "colour" if np.random.default_rng([seed, 91]).random() < 0.35 else "b"
        made = script(seed) if script is not None else None
        return assemble(name, site, mode or drawn, seed, gain=gain, wasted=wasted, script=made)

    return plan


def contact_loss_script(seed: int) -> Script:
    """A side of the face lifts off and comes back."""
    draw = np.random.default_rng([seed, 92])
    most = float(draw.uniform(0.2, 0.6))
    side: Literal["left", "right"] = "left" if draw.random() < 0.5 else "right"
    return Script(
        pressure=constant(0.04), contact_loss=((0.2, 0.0), (0.4, most), (0.7, most), (0.9, 0.0)), contact_side=side
    )


def signals(signal: Signal) -> Callable[[int], Script]:
    """A script in which `signal` takes the place of ultrasound for a while."""

    def script(seed: int) -> Script:
        begin = float(np.random.default_rng([seed, 93]).uniform(0.25, 0.5))
        return Script(pressure=light_pressure(seed), signals=((begin, signal), (begin + 0.3, "ultrasound")))

    return script


def flash_script(seed: int) -> Script:
    """The hand jerks for a while."""
    strong = float(np.random.default_rng([seed, 94]).uniform(2.5, 6.0))
    return Script(
        pressure=light_pressure(seed), jerks=((0.3, 0.0), (0.4, strong), (0.55, strong), (0.65, 0.0)), hand=1.5
    )


def tilt_script(seed: int) -> Script:
    """The probe leans over and comes back."""
    draw = np.random.default_rng([seed, 102])
    lean = float(draw.uniform(0.25, 0.45)) * (1 if draw.random() < 0.5 else -1)
    way: Track = ((0.1, -0.45), (0.5, 0.45), (0.6, 0.45), (0.95, -0.45))
    return Script(pressure=light_pressure(seed), elevation_mm=way, tilt=lean, hand=0.5)


def frozen_script(seed: int) -> Script:
    """The picture freezes, the stream goes on."""
    return Script(pressure=light_pressure(seed), freeze_at=float(np.random.default_rng([seed, 95]).uniform(0.3, 0.6)))


def depth_change(seed: int) -> Plan:
    """The depth is changed once, somewhere in the middle."""
    draw = np.random.default_rng([seed, 96])
    site = draw_site(pick_region(seed), seed, half_width_mm=half_width_mm(seed))
    plan = assemble("depth-change", site, "b", seed)
    first = plan.settings[0]
    steps = [d for d in (10.0, 12.0, 15.0, 18.0, 20.0, 25.0, 30.0, 35.0, 40.0) if d > first.depth_mm]
    deeper = steps[min(int(draw.integers(1, 3)), len(steps)) - 1] if steps else first.depth_mm - 10
    at = float(draw.uniform(0.35, 0.65))
    script = replace(plan.script, settings_at=((0.0, 0), (at, 1)))
    return replace(plan, settings=(first, replace(first, depth_mm=deeper)), script=script)


def repeated_frames(seed: int) -> Plan:
    """A probe slower than any stream."""
    plan = quality("repeated-frames", mode="b")(seed)
    slow = float(np.random.default_rng([seed, 97]).integers(6, 16))
    return replace(plan, settings=tuple(replace(s, frame_rate_hz=slow) for s in plan.settings))


def loud_colour(seed: int) -> Plan:
    """Colour gain far too high."""
    plan = quality("colour-gain-high", mode="colour")(seed)
    loud = int(np.random.default_rng([seed, 98]).integers(78, 92))
    changed = tuple(
        replace(s, colour=replace(s.colour, gain=loud)) if s.colour is not None else s for s in plan.settings
    )
    return replace(plan, settings=changed)
