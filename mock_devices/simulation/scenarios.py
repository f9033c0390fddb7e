"""The scenarios by name: each is a function of a seed that makes a plan.

Whatever can vary does so with the seed: patient, region where the scenario leaves it open, depth and frequency, vessels,
speed of the hand. A measurer that learns one seed by heart knows nothing of the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mock_devices.acoustics.colour import filter_cm_s
from mock_devices.acoustics.waveform import along_beam
from mock_devices.contract import Mode
from mock_devices.face import draw_site, region, regions
from mock_devices.simulation import injections
from mock_devices.simulation.assembly import assemble, half_width_mm, light_pressure, main_artery, pick_region
from mock_devices.simulation.faulty import (
    contact_loss_script,
    depth_change,
    flash_script,
    frozen_script,
    loud_colour,
    quality,
    repeated_frames,
    signals,
    tilt_script,
)
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.script import Script, Track, constant

DRAWN: Final = "drawn by the seed"
_MODES: Final[dict[str, Mode]] = {"b": "b", "colour": "colour", "power": "power", "spectral": "spectral"}
_VEINY: Final = ("jaw", "temp", "mala", "tear")
_DEEP: Final = ("jaw", "nlf", "chin", "mala", "temp", "prea")


@dataclass(frozen=True, slots=True)
class SimulationScenario:
    """A scenario: its name, the region (an id of the clinical reference, or drawn by the seed), what it shows."""

    name: str
    region: str
    what: str
    plan: Callable[[int], Plan]


def simulation_scenarios() -> list[dict[str, str]]:
    """All scenarios as {name, region, what}."""
    return [{"name": s.name, "region": s.region, "what": s.what} for s in _SCENARIOS.values()]


def plan_for(scenario: str, seed: int) -> Plan:
    """The plan of a scenario for a seed. ValueError for a name that is none."""
    if scenario not in _SCENARIOS:
        raise ValueError(f"There is no scenario {scenario!r}; `sonofill simulate --list` names them all.")
    return _SCENARIOS[scenario].plan(seed)


def _mapping(name: str, region_id: str, mode: Mode) -> Callable[[int], Plan]:
    def plan(seed: int) -> Plan:
        draw = np.random.default_rng([seed, 85])
        along = None
        if mode == "spectral" or draw.random() < 0.25:
            numbers = region(region_id).vessels
            wanted = [v for v in numbers if v.kind == "artery"]
            if mode == "spectral" and draw.random() < 0.3:
                wanted = [v for v in numbers if v.kind == "vein"] or wanted
            along = (wanted or list(numbers))[int(draw.integers(len(wanted or numbers)))].id
        site = draw_site(region_id, seed, along=along, half_width_mm=half_width_mm(seed))
        main = along if any(v.id == along for v in site.vessels) else None
        if main is None:
            main = site.vessels[int(draw.integers(len(site.vessels)))].id
        return assemble(name, site, mode, seed, main=main)

    return plan


def _variant(seed: int) -> Plan:
    draw = np.random.default_rng([seed, 86])
    site = draw_site(pick_region(seed), seed, variant="unusual", half_width_mm=half_width_mm(seed))
    mode: Mode = "colour" if draw.random() < 0.6 else "b"
    return assemble("variant-artery", site, mode, seed, main=site.vessels[-1].id)


def _previous_filler(seed: int) -> Plan:
    draw = np.random.default_rng([seed, 87])
    site = draw_site(pick_region(seed), seed, old_filler=True, half_width_mm=half_width_mm(seed))
    return assemble("previous-filler", site, "colour" if draw.random() < 0.4 else "b", seed)


def _flow_plan(name: str, flow: Track, gel: Track | None = None, mode: Mode | None = None) -> Callable[[int], Plan]:
    def plan(seed: int) -> Plan:
        site = draw_site(pick_region(seed), seed, half_width_mm=half_width_mm(seed))
        main = main_artery(site)
        drawn: Mode = "spectral" if np.random.default_rng([seed, 88]).random() < 0.25 else "colour"
        script = Script(
            pressure=light_pressure(seed), flow={main: flow}, gel_in_lumen={} if gel is None else {main: gel}
        )
        return assemble(name, site, mode or drawn, seed, script=script, main=main)

    return plan


def _slow_flow(seed: int) -> Plan:
    """The wall filter cuts at one and a half times the fastest shift of the main artery."""
    part = 0.07
    plan = _flow_plan("slow-flow", constant(part), mode="colour")(seed)
    main = plan.vessel(next(iter(plan.script.flow)))
    fastest = part * main.psv_cm_s * abs(along_beam(main, plan.steer_deg))
    changed = []
    for settings in plan.settings:
        colour = settings.colour
        if colour is not None:
            hertz = np.ceil(1.5 * fastest / filter_cm_s(1.0, colour.frequency_mhz))
            settings = replace(settings, colour=replace(colour, wall_filter_hz=max(colour.wall_filter_hz, int(hertz))))
        changed.append(settings)
    return replace(plan, settings=tuple(changed))


def _pressure(seed: int) -> Plan:
    draw = np.random.default_rng([seed, 89])
    site = draw_site(pick_region(seed, _VEINY), seed, half_width_mm=half_width_mm(seed))
    veins = [v.id for v in site.vessels if v.kind == "vein"]
    most = float(draw.uniform(0.45, 0.8))
    script = Script(pressure=((0.1, 0.05), (0.45, most), (0.65, most), (0.95, 0.08)))
    mode: Mode = "colour" if draw.random() < 0.5 else "b"
    return assemble("pressure", site, mode, seed, script=script, main=veins[0] if veins else None)


def _missed_area(seed: int) -> Plan:
    site = draw_site(pick_region(seed, _DEEP), seed, half_width_mm=half_width_mm(seed))
    draw = np.random.default_rng([seed, 90])
    sweep = float(draw.uniform(1.0, 2.5)) * (1 if draw.random() < 0.5 else -1)
    script = Script(pressure=light_pressure(seed), shift_mm=((0.05, 0.0), (0.8, sweep)))
    return assemble("missed-area", site, "colour", seed, script=script, off_target=True)


def _injection(name: str, kind: injections.Kind) -> Callable[[int], Plan]:
    def plan(seed: int) -> Plan:
        draw = np.random.default_rng([seed, 99])
        site = draw_site(pick_region(seed, _DEEP if kind != "blind" else None), seed, half_width_mm=half_width_mm(seed))
        mode: Mode = "colour" if draw.random() < 0.3 else "b"
        plan = assemble(name, site, mode, seed)
        return replace(plan, script=injections.script(kind, site, plan.settings[0], seed, plan.script))

    return plan


def _all() -> dict[str, SimulationScenario]:
    found: list[SimulationScenario] = []
    for key, numbers in regions().items():
        for word, mode in _MODES.items():
            name = f"map-{key}-{word}"
            what = f"normal mapping of the {numbers.name}, {'B-mode' if word == 'b' else word + ' Doppler'}"
            found.append(SimulationScenario(name, key, what, _mapping(name, key, mode)))
    stopped: Track = ((0.35, 1.0), (0.5, 0.0))
    back: Track = ((0.35, 0.0), (0.9, 1.0))
    filled: Track = ((0.32, 0.0), (0.45, 1.0))
    dissolved: Track = ((0.3, 1.0), (0.85, 0.0))
    others: list[tuple[str, str, Callable[[int], Plan]]] = [
        ("variant-artery", "an artery doubled, superficial or missing", _variant),
        ("previous-filler", "old deposits of an earlier treatment", _previous_filler),
        (
            "occlusion",
            "gel enters an artery and its flow stops",
            _flow_plan("occlusion", stopped, filled),
        ),
        (
            "rescue",
            "a blocked artery whose flow comes back after hyaluronidase",
            _flow_plan("rescue", back, dissolved),
        ),
        (
            "slow-flow",
            "an artery that flows too slowly for the wall filter: colour stays empty, the vessel is there",
            _slow_flow,
        ),
        (
            "injection-ha",
            "needle or cannula in the plane, a hyaluronic acid deposit grows",
            _injection("injection-ha", "ha"),
        ),
        (
            "injection-caha",
            "the same with calcium hydroxylapatite and its shadow",
            _injection("injection-caha", "caha"),
        ),
        (
            "blind-tip",
            "bad technique: the instrument leaves the plane, its tip is not seen",
            _injection("blind-tip", "blind"),
        ),
        ("pressure", "bad technique: the probe presses, veins collapse, layers thin", _pressure),
        ("missed-area", "bad technique: the colour box and the sweep leave the vessel out", _missed_area),
        (
            "anisotropy",
            "the probe tilts: fascia and muscle fibres darken",
            quality("anisotropy", script=tilt_script, mode="b"),
        ),
        ("gain-high", "B-mode gain far too high", quality("gain-high", gain="high")),
        ("gain-low", "B-mode gain far too low", quality("gain-low", gain="low")),
        ("colour-gain-high", "colour gain too high: blooming and noise", loud_colour),
        (
            "flash",
            "the hand jerks: colour flashes over the tissue",
            quality("flash", script=flash_script, mode="colour"),
        ),
        ("contact-loss", "a side of the probe lifts off", quality("contact-loss", script=contact_loss_script)),
        ("frozen", "the probe freezes its picture, the stream goes on", quality("frozen", script=frozen_script)),
        ("repeated-frames", "the probe gives fewer pictures than the stream has frames", repeated_frames),
        ("depth-wasted", "far more depth than the site needs", quality("depth-wasted", wasted=True)),
        ("depth-change", "the depth is changed in the middle of the clip", depth_change),
        ("menu", "a menu covers the screen for a while", quality("menu", script=signals("menu"))),
        ("no-signal", "the grabber loses its signal for a while", quality("no-signal", script=signals("no-signal"))),
        (
            "screensaver",
            "the screen saver comes on for a while",
            quality("screensaver", script=signals("screensaver")),
        ),
    ]
    found += [SimulationScenario(name, DRAWN, what, plan) for name, what, plan in others]
    return {s.name: s for s in found}


_SCENARIOS: Final = _all()
