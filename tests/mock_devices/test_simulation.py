"""Simulated examinations: the truth is in the picture, the faults are what they say, the same seed gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices import Clip, simulate, simulation_scenarios, write_simulation

SMALL = (640, 480)
NAMES = [row["name"] for row in simulation_scenarios()]
Told = dict[str, Any]


def first(
    scenario: str, seed: int, part: float = 0.3, size: tuple[int, int] = (960, 720)
) -> tuple[NDArray[np.float64], Told]:
    clip = Clip(scenario, seed=seed, seconds=4, fps=20, size=size, style=0)
    picture, told = clip.frame(int(part * 80))
    return picture.astype(np.float64).mean(axis=2), told


def inside(polygon: list[list[float]], shape: tuple[int, ...], grow_px: float = 0.0) -> NDArray[np.bool_]:
    points = np.array(polygon)
    middle = points.mean(axis=0)
    away = points - middle
    length = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-6)[:, None]
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(middle + away * (1 + grow_px / length)).astype(np.int32)], 1)
    return mask > 0


def test_all_regions_and_modes_have_a_scenario() -> None:
    regions = {row["region"] for row in simulation_scenarios() if row["name"].startswith("map-")}
    assert len(regions) == 12
    assert sum(name.startswith("map-") for name in NAMES) == 48
    for wanted in ("variant-artery", "previous-filler", "occlusion", "rescue", "pressure", "blind-tip", "missed-area"):
        assert wanted in NAMES


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("map-")] + ["map-nose-b", "map-temp-power"])
def test_every_scenario_runs_and_its_truth_is_plain_json(name: str) -> None:
    clip = Clip(name, seed=21, seconds=2, fps=2, size=SMALL, style=0)
    for _, told in clip:
        plain = {key: value for key, value in told["doppler"].items() if key != "mask"}
        json.dumps(told | {"doppler": plain})
        assert told["mode"] in ("b", "colour", "power", "spectral")
        if told["region"] is not None:
            box = told["region"]
            assert (box["y1"] - box["y0"]) * told["mm_per_pixel"][1] == pytest.approx(
                told["settings"]["depth_mm"], abs=0.05
            )
            assert told["layers"][0]["id"] == "epi"


@pytest.mark.parametrize("scenario", ["map-jaw-colour", "injection-ha", "map-chin-spectral"])
def test_same_arguments_same_bytes(scenario: str) -> None:
    def digest(seed: int) -> str:
        sums = hashlib.sha256()
        for picture, told in simulate(scenario, seed=seed, seconds=0.5, fps=10, size=SMALL, style=0):
            sums.update(picture.tobytes())
            doppler = {key: value for key, value in told["doppler"].items() if key != "mask"}
            sums.update(json.dumps(told | {"doppler": doppler}).encode())
        return sums.hexdigest()

    assert digest(5) == digest(5)
    assert digest(5) != digest(6)


@pytest.mark.parametrize("seed", range(30, 33))
@pytest.mark.parametrize("scenario", ["map-jaw-b", "map-nlf-b", "map-temp-b"])
def test_lumens_are_dark_and_lie_where_the_truth_says(scenario: str, seed: int) -> None:
    grey, told = first(scenario, seed)
    seen = [v for v in told["vessels"] if v["b_mode_visible"] and v["diameter_mm"] > 0.7 and not v["tube"]]
    for vessel in seen:
        lumen = inside(vessel["polygon"], grey.shape, -2)
        wall = inside(vessel["polygon"], grey.shape, 7) & ~inside(vessel["polygon"], grey.shape, 1)
        assert grey[lumen].mean() < 0.55 * grey[wall].mean(), vessel["id"]


@pytest.mark.parametrize("seed", range(40, 42))
def test_skin_and_bone_are_bright_lines_at_their_truth(seed: int) -> None:
    grey, told = first("map-chin-b", seed)
    mm = told["mm_per_pixel"][1]
    layers = {layer["id"]: np.array(layer["points"]) for layer in told["layers"]}
    for layer_id in ("epi", "perio"):
        errors = []
        for column, row in layers[layer_id][2:-2]:
            reach = round(0.5 / mm)
            if row + reach >= told["region"]["y1"]:
                continue
            strip = grey[round(row) - reach : round(row) + reach, round(column) - 2 : round(column) + 3].mean(axis=1)
            errors.append((int(strip.argmax()) - reach) * mm)
        assert abs(np.median(errors)) < 0.12, layer_id
    below = layers["perio"][:, 1].max() + 1.2 / mm
    if below + 10 < told["region"]["y1"]:
        soft = grey[round(layers["sfat"][:, 1].max()) : round(layers["perio"][:, 1].min()), 200:700]
        dark = grey[round(below) : told["region"]["y1"], 200:700]
        assert dark.mean() < 0.5 * soft.mean(), "bone casts a shadow"


def test_speckle_travels_with_the_landmarks() -> None:
    """A piece of tissue is found again where its landmark went."""
    clip = Clip("missed-area", seed=8, seconds=4, fps=20, size=(960, 720), style=0)
    a, told_a = clip.frame(8)
    a = a.copy()
    b, told_b = clip.frame(40)
    hits = 0
    points = [(p["point"], q["point"]) for p, q in zip(told_a["landmarks"], told_b["landmarks"], strict=True)]
    moved = [abs(q[0] - p[0]) for p, q in points]
    assert max(moved) > 8
    for (c0, r0), (c1, r1) in points:
        x, y = round(c0), round(r0)
        piece = a[y - 14 : y + 14, x - 22 : x + 22].mean(axis=2).astype(np.float32)
        if piece.shape != (28, 44) or piece.std() < 6:
            continue
        area = b[y - 40 : y + 40, max(x - 110, 0) : x + 110].mean(axis=2).astype(np.float32)
        if area.shape[0] < 29 or area.shape[1] < 45:
            continue
        _, _, _, (bx, by) = cv2.minMaxLoc(cv2.matchTemplate(area, piece, cv2.TM_CCOEFF_NORMED))
        found = (max(x - 110, 0) + bx + 22, y - 40 + by + 14)
        hits += abs(found[0] - (c1 + x - c0)) < 4 and abs(found[1] - (r1 + y - r0)) < 4
    assert hits >= 8


def test_colour_is_where_blood_flows_and_the_mask_knows_it() -> None:
    seen = 0
    for seed in range(50, 54):
        clip = simulate("map-jaw-colour", seed=seed, seconds=1, fps=3, size=SMALL, style=0)
        for picture, told in clip:
            mask = told["doppler"]["mask"]
            assert mask.shape == (480, 640)
            coloured = np.ptp(picture.astype(int), axis=2) > 25
            inner = inside(told["doppler"]["polygon"], mask.shape, -4)
            assert (coloured & inner & (mask == 0)).sum() <= 0.02 * max((mask > 0).sum(), 500)
            for region in told["doppler"]["regions"]:
                seen += 1
                assert region["vessel"] in [v["id"] for v in told["vessels"]]
    assert seen > 3


def test_an_occlusion_stops_the_flow_and_a_rescue_restores_it() -> None:
    def flows(name: str) -> list[bool]:
        clip = Clip(name, seed=12, seconds=4, fps=10, size=SMALL, style=0)
        ids = list(clip.plan.script.flow)
        return [next(v for v in clip.frame(n)[1]["vessels"] if v["id"] == ids[0])["flowing"] for n in (2, 38)]

    assert flows("occlusion") == [True, False]
    assert flows("rescue") == [False, True]


def test_slow_flow_is_there_and_not_shown() -> None:
    """CM6: an empty colour box is not an empty vessel."""
    for seed in range(3):
        clip = Clip("slow-flow", seed=seed, seconds=1, fps=3, size=SMALL, style=0)
        slow = next(iter(clip.plan.script.flow))
        for _, told in clip:
            vessel = next(v for v in told["vessels"] if v["id"] == slow)
            assert vessel["flowing"] and abs(vessel["velocity_cm_s"]) > 0
            assert slow not in [r["vessel"] for r in told["doppler"]["regions"]]


def test_pressure_collapses_the_vein() -> None:
    clip = Clip("pressure", seed=2, seconds=4, fps=10, size=SMALL, style=0)
    relaxed, pressed = ({v["id"]: v for v in clip.frame(n)[1]["vessels"] if v["kind"] == "vein"} for n in (1, 22))
    assert relaxed
    for key, vein in relaxed.items():
        assert pressed[key]["diameter_mm"] < 0.4 * vein["diameter_mm"]


@pytest.mark.parametrize("seed", range(60, 63))
def test_the_needle_is_bright_and_the_tip_is_its_end(seed: int) -> None:
    grey, told = first("injection-ha", seed, part=0.36)
    needle = told["needle"]
    assert needle is not None and not [f for f in told["filler"] if f["intravascular"]]
    if not (needle["tip_visible"] and needle["shaft_visible"]):
        return
    tip, entry = np.array(needle["tip"]), np.array(needle["entry"])
    on = [grey[round(p[1]), round(p[0])] for p in (tip + (entry - tip) * s for s in np.linspace(0.02, 0.25, 12))]
    beyond = [grey[round(p[1]), round(p[0])] for p in (tip + (tip - entry) * s for s in np.linspace(0.08, 0.14, 6))]
    assert np.mean(on) > 1.5 * np.mean(beyond)


def test_a_blind_tip_is_told_and_not_drawn() -> None:
    clip = Clip("blind-tip", seed=3, seconds=4, fps=10, size=SMALL, style=0)
    told = [clip.frame(n)[1]["needle"] for n in range(0, 40, 2)]
    present = [n for n in told if n is not None]
    assert any(n["tip_visible"] for n in present) and any(not n["tip_visible"] for n in present)
    assert told[0] is None


def test_caha_shadows_and_old_hyaluronic_acid_is_dark() -> None:
    grey, told = first("injection-caha", 7, part=0.78)
    bolus = inside(told["filler"][0]["polygon"], grey.shape, -3)
    assert grey[bolus].mean() > 1.6 * grey[round(told["landmarks"][0]["point"][1]) :, 300:600].mean()


def test_frozen_and_repeated_pictures() -> None:
    clip = Clip("frozen", seed=4, seconds=4, fps=10, size=SMALL, style=0)
    frames = [(p.copy(), t) for p, t in clip]
    assert clip.frame(20)[1]["quality"]["repeated"] == frames[20][1]["quality"]["repeated"], "in any order"
    frozen = [n for n, (_, t) in enumerate(frames) if t["quality"]["frozen"]]
    assert frozen and frozen[-1] == 39
    for n in frozen[1:]:
        assert frames[n][1]["quality"]["repeated"]
        assert np.array_equal(frames[n][0], frames[n - 1][0])
    slow = Clip("repeated-frames", seed=4, seconds=2, fps=60, size=SMALL, style=0)
    new = sum(not told["quality"]["repeated"] for _, told in slow)
    assert new == pytest.approx(2 * slow.plan.settings[0].frame_rate_hz, abs=1)


def test_the_depth_changes_once_and_the_scale_with_it() -> None:
    clip = Clip("depth-change", seed=4, seconds=4, fps=10, size=SMALL, style=0)
    told = [t for _, t in clip]
    scales = [(t["mm_per_pixel"], t["region"]) for t in told]
    changes = [n for n in range(1, 40) if scales[n] != scales[n - 1]]
    assert len(changes) == 1
    assert told[changes[0]]["settings"]["depth_mm"] != told[0]["settings"]["depth_mm"]


@pytest.mark.parametrize(
    ("name", "signal"), [("menu", "menu"), ("no-signal", "no-signal"), ("screensaver", "screensaver")]
)
def test_without_ultrasound_nothing_is_claimed(name: str, signal: str) -> None:
    told = [t for _, t in Clip(name, seed=4, seconds=2, fps=10, size=SMALL, style=0)]
    away = [t for t in told if t["quality"]["signal"] == signal]
    assert 4 < len(away) < 10
    assert all(t["region"] is None and t["layers"] == [] and t["vessels"] == [] for t in away)


def test_gain_contact_and_wasted_depth_show() -> None:
    means = []
    for name in ("gain-high", "frozen", "gain-low"):  # the same patient of this seed
        grey, told = first(name, 9)
        box = told["region"]
        means.append(grey[box["y0"] : box["y1"], box["x0"] : box["x1"]].mean())
    assert means[0] > 1.5 * means[1] > 2.0 * means[2]
    grey, told = first("contact-loss", 9, part=0.55)
    assert told["quality"]["contact_loss"] > 0.15
    _, deep = first("depth-wasted", 9)
    bone = np.array(deep["layers"][-1]["points"])[:, 1].mean()
    assert bone < deep["region"]["y0"] + 0.5 * (deep["region"]["y1"] - deep["region"]["y0"])
    assert grey.shape == (720, 960)


def test_spectral_truth_is_that_of_the_vessel() -> None:
    for seed in range(70, 73):
        clip = Clip("map-nlf-spectral", seed=seed, seconds=1, fps=3, size=SMALL, style=0)
        _, told = clip.frame(2)
        spectrum = told["spectrum"]
        vessel = clip.plan.vessel(spectrum["vessel"])
        assert spectrum["psv_cm_s"] == pytest.approx(vessel.psv_cm_s, rel=0.03)
        assert spectrum["resistance_index"] == pytest.approx(1 - vessel.edv_cm_s / vessel.psv_cm_s, abs=1e-3)
        x0, y0, x1, y1 = spectrum["region"]
        reach = spectrum["psv_cm_s"] / spectrum["cm_s_per_pixel"]
        assert y0 <= spectrum["baseline_row"] <= y1 and reach < y1 - y0
        assert x1 > x0


def test_the_files_are_a_video_and_a_document(tmp_path: Path) -> None:
    clip = Clip("map-lipu-colour", seed=3, seconds=1, fps=12, size=SMALL, style=0)
    video, document = write_simulation(clip, tmp_path / "out")
    capture = cv2.VideoCapture(str(video))
    read = [capture.read() for _ in range(13)]
    capture.release()
    assert [ok for ok, _ in read] == [True] * 12 + [False]
    assert read[0][1].shape == (480, 640, 3)
    told = json.loads(document.read_text("utf-8"))
    assert told["schema"] == "sonofill-truth/1" and len(told["frames"]) == 12
    assert told["notice"].startswith("Simulated image. Not a patient.")
    assert told["left_out"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"scenario": "knee"}, "There is no scenario 'knee'"),
        ({"seconds": 0.0}, "more than 0 seconds"),
        ({"size": (100, 100)}, "too small"),
        ({"style": 4711}, "style"),
    ],
)
def test_wrong_words_are_answered_in_a_sentence(words: dict[str, Any], sentence: str) -> None:
    usual: dict[str, Any] = {"scenario": "map-nlf-b", "seed": 1, "seconds": 1.0, "fps": 10.0, "size": SMALL, "style": 0}
    with pytest.raises(ValueError, match=sentence):
        Clip(**(usual | words))
