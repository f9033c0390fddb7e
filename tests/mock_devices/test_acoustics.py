"""The physics of the simulated face obeys its own formulas, measured on what it makes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mock_devices.acoustics.beam import Beam, Grid
from mock_devices.acoustics.colour import ColourBox, DopplerReceiver, Stream, nyquist_cm_s
from mock_devices.acoustics.deform import Deformation, Deposit, Pose
from mock_devices.acoustics.speckle import KEPT, Echoes, smear
from mock_devices.acoustics.spectrum import Spectrogram
from mock_devices.acoustics.tissue import Medium
from mock_devices.acoustics.waveform import along_beam, beats, speed_cm_s
from mock_devices.face import draw_site, regions

GRID = Grid(420, 420, 0.03, 0.03, -6.3, 0.015)


def even_medium(grid: Grid, attenuation: float) -> Medium:
    shape = (grid.rows, grid.columns)
    nothing = np.zeros(shape, np.float32)
    scatter, limit = np.full(shape, -30, np.float32), np.ones(shape, np.float32)
    return Medium(grid, scatter, nothing, nothing, limit, np.full(shape, attenuation, np.float32))


def heard(beam: Beam, attenuation: float = 0.0, poses: int = 1, looks: int = 1) -> list[NDArray[np.float32]]:
    echoes = Echoes.of(even_medium(GRID, attenuation), beam, np.random.default_rng(5), looks)
    return list(echoes.poses(poses, np.zeros(poses)))


@pytest.mark.requirement("N9")
def test_speckle_is_fully_developed() -> None:
    """Rayleigh: the mean of the envelope is 1.91 times its standard deviation (Burckhardt 1978)."""
    power = heard(Beam(15, 6.0))[0]
    envelope = 10 ** (power / 20)
    inner = envelope[40:-40, 40:-40]
    level = inner.mean(axis=1, keepdims=True)  # the focus is a little louder
    even = inner / level
    assert even.mean() / even.std() == pytest.approx(1.91, abs=0.12)


def test_compounding_smooths_speckle() -> None:
    one, three = (10 ** (heard(Beam(15, 6.0), looks=n)[0][40:-40, 40:-40] / 20) for n in (1, 3))
    assert three.mean() / three.std() > 1.4 * one.mean() / one.std()


@pytest.mark.requirement("N9")
@pytest.mark.parametrize(("frequency", "attenuation"), [(10.0, 0.5), (15.0, 0.7), (18.0, 1.0)])
def test_echoes_weaken_by_the_coefficient(frequency: float, attenuation: float) -> None:
    """Two-way: 2 * coefficient * frequency * depth."""
    beam = Beam(frequency, 6.0)
    with_loss, without = heard(beam, attenuation)[0], heard(beam)[0]
    lost = (without - with_loss).mean(axis=1)
    slope = np.polyfit(GRID.z_mm() / 10, lost, 1)[0]
    assert slope == pytest.approx(2 * attenuation * frequency, rel=0.02)


def width_at_half(profile: NDArray[np.float64], step_mm: float) -> float:
    fine = np.interp(np.arange(0, profile.size - 1, 0.05), np.arange(profile.size), profile)
    return float((fine > fine.max() / 2).sum() * 0.05 * step_mm)


@pytest.mark.parametrize("frequency", [10.0, 14.0, 18.0])
@pytest.mark.parametrize("z_mm", [3.0, 6.0, 10.5])
def test_a_point_is_as_wide_as_the_beam_says(frequency: float, z_mm: float) -> None:
    beam = Beam(frequency, 6.0)
    field = np.zeros((GRID.rows, GRID.columns), np.float32)
    row = round(z_mm / GRID.mm_z)
    field[row, 210] = 1
    spread = smear(field, beam, GRID).astype(np.float64)
    lateral = width_at_half(spread[row], GRID.mm_x)
    axial = width_at_half(spread[:, 210], GRID.mm_z)
    assert lateral == pytest.approx(2.3548 * float(beam.lateral_sigma_mm(np.array([z_mm]))[0]), rel=0.10)
    assert axial == pytest.approx(1.3 * beam.wavelength_mm, rel=0.12)
    assert lateral > axial


def test_muscle_darkens_when_the_beam_leans() -> None:
    """Anisotropy: fibres answer squarely met, speckle between them does not care."""
    even = even_medium(GRID, 0.0)
    fibre_db = np.zeros((GRID.rows, GRID.columns), np.float32)
    fibre_db[200:220] = 15
    even.scatter_db[200:220] += 15
    muscle = Medium(GRID, even.scatter_db, even.mirror, even.lean, even.lean_limit, even.attenuation, fibre_db, 0.1)
    square, leaning = Echoes.of(muscle, Beam(15, 6.0), np.random.default_rng(2)).poses(2, np.array([0.1, 0.6]))
    assert (square[204:216].mean() - leaning[204:216].mean()) > 10
    assert abs(square[300:].mean() - leaning[300:].mean()) < 1


def test_the_beam_is_narrowest_at_its_focus_and_finer_at_higher_frequency() -> None:
    z = np.linspace(1, 20, 96)
    width = Beam(12, 8.0).lateral_sigma_mm(z)
    assert z[np.argmin(width)] == pytest.approx(8.0, abs=0.2)
    assert (Beam(18, 8.0).lateral_sigma_mm(z) < width).all()


def test_speckle_of_neighbouring_poses_is_related_and_fades() -> None:
    fields = [10 ** (p[40:-40, 40:-40] / 10) for p in heard(Beam(15, 6.0), poses=4)]
    related = [float(np.corrcoef(fields[0].ravel(), f.ravel())[0, 1]) for f in fields]
    assert related[1] == pytest.approx(KEPT**2, abs=0.06), (
        "intensities correlate with the square of the fields' correlation"
    )
    assert related[1] > related[2] > related[3]


@pytest.mark.requirement("N9")
@pytest.mark.parametrize("region_id", sorted(regions()))
def test_the_blood_is_as_fast_as_the_vessel_says(region_id: str) -> None:
    site = draw_site(region_id, 4)
    t = np.linspace(0, 60, 60_000)
    for vessel in site.vessels:
        speed = speed_cm_s(site, vessel, t)
        if vessel.kind == "artery":
            assert speed.max() == pytest.approx(vessel.psv_cm_s, rel=0.001)
            assert speed.min() == pytest.approx(vessel.edv_cm_s, rel=0.001)
            assert 0.6 < 1 - speed.min() / speed.max() < 0.9
        else:
            assert speed.max() <= vessel.psv_cm_s and speed.min() > 0.8 * vessel.psv_cm_s
    passed = beats(site, np.array([0.0, 41.0]))
    assert (passed[1] - passed[0]) / 41 * 60 == pytest.approx(site.heart_rate_per_min, abs=0.05)


@given(
    seed=st.integers(0, 500),
    region_id=st.sampled_from(sorted(regions())),
    pressure=st.floats(0, 0.4),
    shift=st.floats(-2, 2),
    elevation=st.floats(-0.8, 0.8),
    beat=st.floats(0, 1),
    bolus=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_the_two_directions_of_the_motion_agree(
    seed: int, region_id: str, pressure: float, shift: float, elevation: float, beat: float, bolus: bool
) -> None:
    """A resting place sent to the screen and back is where it was, to hundredths of a millimetre."""
    site = draw_site(region_id, seed)
    swelling = {v.id: beat for v in site.vessels}
    deposits = (Deposit(1.0, 4.0, 1.5, 0.6),) if bolus else ()
    body = Deformation(site, Pose(shift, 0.01, elevation, pressure, swelling, deposits))
    x, z = np.meshgrid(np.linspace(-14, 14, 29), np.linspace(0.5, 14, 28))
    there_x, there_z = body.to_screen(x, z)
    back_x, back_z = body.to_rest(there_x, there_z)
    apart = np.hypot(back_x - x, back_z - z)
    assert np.percentile(apart, 99) < 0.01
    for lumen in body.lumens:  # a lumen's wall goes to the wall at rest
        angle = np.linspace(0, 2 * np.pi, 24)
        if lumen.vessel.tube:
            continue
        edge = lumen.shape @ np.stack([np.cos(angle), np.sin(angle)])
        wall_x, wall_z = body.after_vessels(lumen.x_mm + edge[0], lumen.z_mm + edge[1])
        mid_x, mid_z = body.before_vessels(wall_x, wall_z)
        assert np.allclose(mid_x, lumen.x_mm + edge[0], atol=1e-6) and np.allclose(
            mid_z, lumen.z_mm + edge[1], atol=1e-6
        )


def test_pressure_flattens_the_vein_before_the_artery_and_thins_fat_most() -> None:
    site = draw_site("jaw", 3)
    rest, pressed = Deformation(site, Pose()), Deformation(site, Pose(pressure=0.5))
    part = {
        a.vessel.kind: float(np.linalg.norm(b.shape, -2) / np.linalg.norm(a.shape, -2))
        for a, b in zip(rest.lumens, pressed.lumens, strict=True)
    }
    assert part["vein"] < 0.15 < 0.6 < part["artery"]
    x = np.zeros(1)
    bounds = site.boundaries_mm(x)[:, 0]
    _, now = pressed.to_screen(np.full(bounds.size, -14.0), site.boundaries_mm(np.array([-14.0]))[:, 0])
    before = np.diff(site.boundaries_mm(np.array([-14.0]))[:, 0])
    after = np.diff(now)
    thin = dict(zip([layer.id for layer in site.layers], after / before, strict=False))
    assert thin["sfat"] < thin["musc"] < thin["smas"]


def receiver(gain: float = 50, wall_filter_hz: float = 40, power: bool = False) -> DopplerReceiver:
    limit = nyquist_cm_s(1500, 8.0)
    return DopplerReceiver(
        ColourBox(-5, 5, 4, 14, 0.0),
        frequency_mhz=8.0,
        prf_hz=1500,
        wall_filter_hz=wall_filter_hz,
        gain=gain,
        limits_cm_s=(-limit, limit),
        power=power,
        seed=1,
    )


def jaw_artery() -> tuple[Deformation, int]:
    for seed in range(50):
        site = draw_site("jaw", seed)
        for number, vessel in enumerate(site.vessels):
            if vessel.kind == "artery" and abs(vessel.x_mm) < 3.5 and 6 < vessel.z_mm < 12:
                return Deformation(site, Pose()), number
    raise AssertionError("no artery in reach")


SIZE = (400, 400)


def lumen_level(level: NDArray[np.uint8], body: Deformation, number: int) -> int:
    lumen = body.lumens[number]
    return int(level[round((lumen.z_mm - 4) * 40), round((lumen.x_mm + 5) * 40)])


def test_nyquist_is_that_of_the_reference() -> None:
    """Clinical reference 1.8: 8 MHz and 1 kHz give 4.8 cm/s, 3.5 kHz 16.8 cm/s."""
    assert nyquist_cm_s(1000, 8.0) == pytest.approx(4.8, abs=0.05)
    assert nyquist_cm_s(3500, 8.0) == pytest.approx(16.8, abs=0.1)


@pytest.mark.parametrize("part", [-0.8, -0.5, 0.3, 0.6, 0.8])
def test_colour_says_the_velocity(part: float) -> None:
    body, number = jaw_artery()
    limit = nyquist_cm_s(1500, 8.0)
    level = receiver().receive(body, [Stream(number, part * limit)], 0.0, 0, SIZE)
    assert (lumen_level(level, body, number) - 1) / 254 * 2 - 1 == pytest.approx(part, abs=0.16)


@pytest.mark.parametrize("part", [1.3, 1.5, -1.4])
def test_fast_flow_wraps(part: float) -> None:
    body, number = jaw_artery()
    level = receiver().receive(body, [Stream(number, part * nyquist_cm_s(1500, 8.0))], 0.0, 0, SIZE)
    shown = (lumen_level(level, body, number) - 1) / 254 * 2 - 1
    assert np.sign(shown) == -np.sign(part)


def test_slow_flow_shows_nothing() -> None:
    body, number = jaw_artery()
    level = receiver(wall_filter_hz=120).receive(body, [Stream(number, 0.4)], 0.0, 0, SIZE)
    assert lumen_level(level, body, number) == 0


def test_colour_gain_makes_colour_bloom_and_then_noise() -> None:
    body, number = jaw_artery()
    areas = [
        int((receiver(gain).receive(body, [Stream(number, 5.0)], 0.0, 0, SIZE) > 0).sum()) for gain in (40, 50, 62, 90)
    ]
    assert areas[0] < areas[1] < areas[2]
    assert areas[3] > 3 * areas[1]
    assert areas[1] == pytest.approx(np.pi * np.linalg.det(body.lumens[number].shape) / np.pi * np.pi * 1600, rel=0.25)


def test_a_jerk_flashes_and_power_has_no_direction() -> None:
    body, number = jaw_artery()
    still, jerk = (receiver().receive(body, [], v, 0, SIZE) for v in (0.0, 4.0))
    assert (still > 0).mean() < 0.01 < 0.15 < (jerk > 0).mean()
    there, back = (receiver(power=True).receive(body, [Stream(number, v)], 0.0, 0, SIZE) for v in (5.0, -5.0))
    assert abs(lumen_level(there, body, number) - lumen_level(back, body, number)) < 40


def trace(peak: float, low: float, limits: tuple[float, float]) -> NDArray[np.uint8]:
    def velocity(t: NDArray[np.float64]) -> NDArray[np.float64]:
        return low + (peak - low) * (0.5 + 0.5 * np.cos(2 * np.pi * t))

    made = Spectrogram(
        velocity,
        size=(600, 240),
        limits_cm_s=limits,
        sweep_s=4.0,
        scrolling=True,
        wall_filter_cm_s=0.5,
        slowest_part=0.4,
        broadening=0.03,
        gain_db=0.0,
        seed=3,
    )
    return made.at(10.0)[0]


def envelope(picture: NDArray[np.uint8], limits: tuple[float, float]) -> NDArray[np.float64]:
    """The highest velocity of each column that is brighter than half the trace's usual grey, after smoothing along time."""
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.ones(7) / 7, "same"), 1, picture.astype(float))
    bright = smooth > 0.5 * np.percentile(smooth, 97)
    first = bright.argmax(axis=0)
    found: NDArray[np.float64] = limits[1] - first * (limits[1] - limits[0]) / picture.shape[0]
    return found


def test_the_spectrum_reaches_the_peak_and_the_end_diastolic_velocity() -> None:
    limits = (-20.0, 60.0)
    found = envelope(trace(40.0, 10.0, limits), limits)[10:-10]
    assert np.percentile(found, 97) == pytest.approx(40.0, rel=0.06)
    assert np.percentile(found, 4) == pytest.approx(10.0, abs=1.5)


def test_a_spectrum_beyond_its_axis_wraps() -> None:
    limits = (-20.0, 30.0)
    picture = trace(44.0, 10.0, limits)
    assert picture[-60:].mean() > 3 * trace(25.0, 10.0, limits)[-60:].mean()


def test_the_doppler_angle_is_that_of_the_geometry() -> None:
    for seed in range(20):
        for vessel in draw_site("nlf", seed, along="fa").vessels:
            assert np.linalg.norm(vessel.direction) == pytest.approx(1.0)
            if vessel.tube:
                assert abs(along_beam(vessel)) == pytest.approx(abs(np.sin(np.arctan(vessel.slope))), abs=1e-6)
                assert abs(along_beam(vessel, 20.0) - along_beam(vessel, -20.0)) > 0.5
