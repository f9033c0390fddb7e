"""The scenarios by name: each is a function of a seed that makes a plan.

Whatever can vary does so with the seed: patient, region where the scenario leaves it open, depth and frequency, vessels,
speed of the hand. A measurer that learns one seed by heart knows nothing of the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from mock_devices.acoustics.colour import ColourBox, filter_cm_s
from mock_devices.acoustics.deform import Deformation, Pose
from mock_devices.acoustics.waveform import along_beam
from mock_devices.contract import Mode, Settings, Signal
from mock_devices.face import Site, Vessel, draw_site, region, regions
from mock_devices.simulation import injections
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.presets import Gain, settings_for, steer_for, with_angle
from mock_devices.simulation.script import Script, Track, constant, value_at

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


def assemble(
    name: str,
    site: Site,
    mode: Mode,
    seed: int,
    *,
    script: Script | None = None,
    main: str | None = None,
    gain: Gain = "normal",
    wasted: bool = False,
    off_target: bool = False,
) -> Plan:
    """A plan with settings, Doppler box and gate about the main vessel; `off_target` puts the box where it is not."""
    script = script or Script(pressure=_light(seed))
    vessel = next((v for v in site.vessels if v.id == main), site.vessels[0])
    settings = settings_for(site, mode, seed, gain=gain, wasted=wasted, main=vessel.id)
    steer = steer_for(vessel, seed, mode) if mode != "b" else 0.0
    x, z = _where(site, vessel, value_at(script.pressure, 0.0))
    if settings.depth_mm < z + vessel.radius_mm + 1.5:  # what Doppler looks at must be in the picture
        settings = replace(settings, depth_mm=float(5 * np.ceil((z + vessel.radius_mm + 1.5) / 5)))
    settings = with_angle(settings, vessel, steer, z, seed)
    box = _colour_box(settings, x, z, steer, seed, off_target) if settings.colour is not None else None
    gate = vessel.id if mode == "spectral" else None
    return Plan(name, site.region, seed, site, (settings,), script, steer, box, gate, gain)


def _light(seed: int) -> Track:
    return constant(float(np.random.default_rng([seed, 81]).uniform(0.02, 0.14)))


def _where(site: Site, vessel: Vessel, pressure: float) -> tuple[float, float]:
    body = Deformation(site, Pose(pressure=pressure))
    x, z = body.after_vessels(np.array([vessel.x_mm]), np.array([vessel.z_mm]))
    return float(x[0]), float(z[0])


def _colour_box(settings: Settings, x: float, z: float, steer: float, seed: int, off_target: bool) -> ColourBox:
    draw = np.random.default_rng([seed, 82])
    half_face = 0.5 * min(settings.face_mm, 2.0 * settings.depth_mm) - 0.3
    high = float(min(settings.depth_mm - 0.6, max(4.0, draw.uniform(4.5, 9.0))))
    wide = float(min(draw.uniform(9.0, 18.0), 1.5 * half_face))
    if off_target:
        x = x + (wide / 2 + 2.5) * (-1 if x > 0 else 1)
    z0 = float(np.clip(z - high * draw.uniform(0.4, 0.6), 0.2, settings.depth_mm - high - 0.2))
    lean = float(np.tan(np.radians(steer)))
    x0 = x - wide * float(draw.uniform(0.4, 0.6)) - lean * (z - z0)
    x0 = float(np.clip(x0, -half_face - min(lean * high, 0), half_face - wide - max(lean * high, 0)))
    return ColourBox(x0, x0 + wide, z0, z0 + high, steer)


def _pick(seed: int, among: tuple[str, ...] | None = None) -> str:
    names = among or tuple(regions())
    return names[int(np.random.default_rng([seed, 83]).integers(len(names)))]


def _half(seed: int) -> float:
    return float(np.random.default_rng([seed, 84]).uniform(10.0, 15.0))


def _main_artery(site: Site) -> str:
    arteries = [v for v in site.vessels if v.kind == "artery"]
    return (arteries or list(site.vessels))[0].id


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
        site = draw_site(region_id, seed, along=along, half_width_mm=_half(seed))
        main = along if any(v.id == along for v in site.vessels) else None
        if main is None:
            main = site.vessels[int(draw.integers(len(site.vessels)))].id
        return assemble(name, site, mode, seed, main=main)

    return plan


def _variant(seed: int) -> Plan:
    draw = np.random.default_rng([seed, 86])
    site = draw_site(_pick(seed), seed, variant="unusual", half_width_mm=_half(seed))
    mode: Mode = "colour" if draw.random() < 0.6 else "b"
    return assemble("variant-artery", site, mode, seed, main=site.vessels[-1].id)


def _previous_filler(seed: int) -> Plan:
    draw = np.random.default_rng([seed, 87])
    site = draw_site(_pick(seed), seed, old_filler=True, half_width_mm=_half(seed))
    return assemble("previous-filler", site, "colour" if draw.random() < 0.4 else "b", seed)


def _flow_plan(name: str, flow: Track, gel: Track | None = None, mode: Mode | None = None) -> Callable[[int], Plan]:
    def plan(seed: int) -> Plan:
        site = draw_site(_pick(seed), seed, half_width_mm=_half(seed))
        main = _main_artery(site)
        drawn: Mode = "spectral" if np.random.default_rng([seed, 88]).random() < 0.25 else "colour"
        script = Script(pressure=_light(seed), flow={main: flow}, gel_in_lumen={} if gel is None else {main: gel})
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
    site = draw_site(_pick(seed, _VEINY), seed, half_width_mm=_half(seed))
    veins = [v.id for v in site.vessels if v.kind == "vein"]
    most = float(draw.uniform(0.45, 0.8))
    script = Script(pressure=((0.1, 0.05), (0.45, most), (0.65, most), (0.95, 0.08)))
    mode: Mode = "colour" if draw.random() < 0.5 else "b"
    return assemble("pressure", site, mode, seed, script=script, main=veins[0] if veins else None)


def _missed_area(seed: int) -> Plan:
    site = draw_site(_pick(seed, _DEEP), seed, half_width_mm=_half(seed))
    draw = np.random.default_rng([seed, 90])
    sweep = float(draw.uniform(1.0, 2.5)) * (1 if draw.random() < 0.5 else -1)
    script = Script(pressure=_light(seed), shift_mm=((0.05, 0.0), (0.8, sweep)))
    return assemble("missed-area", site, "colour", seed, script=script, off_target=True)


def _quality(
    name: str,
    *,
    gain: Gain = "normal",
    wasted: bool = False,
    script: Callable[[int], Script] | None = None,
    mode: Mode | None = None,
) -> Callable[[int], Plan]:
    def plan(seed: int) -> Plan:
        site = draw_site(_pick(seed), seed, half_width_mm=_half(seed))
        drawn: Mode = "colour" if np.random.default_rng([seed, 91]).random() < 0.35 else "b"
        made = script(seed) if script is not None else None
        return assemble(name, site, mode or drawn, seed, gain=gain, wasted=wasted, script=made)

    return plan


def _contact_loss(seed: int) -> Script:
    draw = np.random.default_rng([seed, 92])
    most = float(draw.uniform(0.2, 0.6))
    side: Literal["left", "right"] = "left" if draw.random() < 0.5 else "right"
    return Script(
        pressure=constant(0.04), contact_loss=((0.2, 0.0), (0.4, most), (0.7, most), (0.9, 0.0)), contact_side=side
    )


def _signals(signal: Signal) -> Callable[[int], Script]:
    def script(seed: int) -> Script:
        begin = float(np.random.default_rng([seed, 93]).uniform(0.25, 0.5))
        return Script(pressure=_light(seed), signals=((begin, signal), (begin + 0.3, "ultrasound")))

    return script


def _flash(seed: int) -> Script:
    strong = float(np.random.default_rng([seed, 94]).uniform(2.5, 6.0))
    return Script(pressure=_light(seed), jerks=((0.3, 0.0), (0.4, strong), (0.55, strong), (0.65, 0.0)), hand=1.5)


def _tilt(seed: int) -> Script:
    draw = np.random.default_rng([seed, 102])
    lean = float(draw.uniform(0.25, 0.45)) * (1 if draw.random() < 0.5 else -1)
    way: Track = ((0.1, -0.45), (0.5, 0.45), (0.6, 0.45), (0.95, -0.45))
    return Script(pressure=_light(seed), elevation_mm=way, tilt=lean, hand=0.5)


def _frozen(seed: int) -> Script:
    return Script(pressure=_light(seed), freeze_at=float(np.random.default_rng([seed, 95]).uniform(0.3, 0.6)))


def _depth_change(seed: int) -> Plan:
    draw = np.random.default_rng([seed, 96])
    site = draw_site(_pick(seed), seed, half_width_mm=_half(seed))
    plan = assemble("depth-change", site, "b", seed)
    first = plan.settings[0]
    steps = [d for d in (10.0, 12.0, 15.0, 18.0, 20.0, 25.0, 30.0, 35.0, 40.0) if d > first.depth_mm]
    deeper = steps[min(int(draw.integers(1, 3)), len(steps)) - 1] if steps else first.depth_mm - 10
    at = float(draw.uniform(0.35, 0.65))
    script = replace(plan.script, settings_at=((0.0, 0), (at, 1)))
    return replace(plan, settings=(first, replace(first, depth_mm=deeper)), script=script)


def _repeated(seed: int) -> Plan:
    plan = _quality("repeated-frames", mode="b")(seed)
    slow = float(np.random.default_rng([seed, 97]).integers(6, 16))
    return replace(plan, settings=tuple(replace(s, frame_rate_hz=slow) for s in plan.settings))


def _loud_colour(seed: int) -> Plan:
    plan = _quality("colour-gain-high", mode="colour")(seed)
    loud = int(np.random.default_rng([seed, 98]).integers(78, 92))
    changed = tuple(
        replace(s, colour=replace(s.colour, gain=loud)) if s.colour is not None else s for s in plan.settings
    )
    return replace(plan, settings=changed)


def _injection(name: str, kind: injections.Kind) -> Callable[[int], Plan]:
    def plan(seed: int) -> Plan:
        draw = np.random.default_rng([seed, 99])
        site = draw_site(_pick(seed, _DEEP if kind != "blind" else None), seed, half_width_mm=_half(seed))
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
            _quality("anisotropy", script=_tilt, mode="b"),
        ),
        ("gain-high", "B-mode gain far too high", _quality("gain-high", gain="high")),
        ("gain-low", "B-mode gain far too low", _quality("gain-low", gain="low")),
        ("colour-gain-high", "colour gain too high: blooming and noise", _loud_colour),
        ("flash", "the hand jerks: colour flashes over the tissue", _quality("flash", script=_flash, mode="colour")),
        ("contact-loss", "a side of the probe lifts off", _quality("contact-loss", script=_contact_loss)),
        ("frozen", "the probe freezes its picture, the stream goes on", _quality("frozen", script=_frozen)),
        ("repeated-frames", "the probe gives fewer pictures than the stream has frames", _repeated),
        ("depth-wasted", "far more depth than the site needs", _quality("depth-wasted", wasted=True)),
        ("depth-change", "the depth is changed in the middle of the clip", _depth_change),
        ("menu", "a menu covers the screen for a while", _quality("menu", script=_signals("menu"))),
        ("no-signal", "the grabber loses its signal for a while", _quality("no-signal", script=_signals("no-signal"))),
        (
            "screensaver",
            "the screen saver comes on for a while",
            _quality("screensaver", script=_signals("screensaver")),
        ),
    ]
    found += [SimulationScenario(name, DRAWN, what, plan) for name, what, plan in others]
    return {s.name: s for s in found}


_SCENARIOS: Final = _all()
