"""Doppler spectra drawn for tests, with their truth: a layout by chance, nothing shared with the simulated probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Bgr = npt.NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True)
class Drawn:
    """A drawn screen and what is true on it. `box` [x0, y0, x1, y1]; speeds in cm/s, positive above the baseline."""

    bgr: Bgr
    box: tuple[int, int, int, int]
    baseline_row: float
    cm_s_per_pixel: float
    s_per_pixel: float
    peak_systolic_cm_s: float
    end_diastolic_cm_s: float
    heart_rate_per_min: float
    angle_deg: float | None


def waveform(phase: npt.NDArray[np.float64], peak: float, end: float, rise: float = 0.12) -> npt.NDArray[np.float64]:
    """Speed over one beat (phase 0 to 1): a steep systole, a dicrotic wave, and `end` when the next begins."""
    up = np.clip(phase / rise, 0, 1)
    systole = np.where(phase < rise, 0.5 - 0.5 * np.cos(np.pi * up), np.exp(-(((phase - rise) / 0.16) ** 2)))
    wave = 0.18 * np.exp(-(((phase - 0.45) / 0.09) ** 2))
    fall = np.clip((phase - rise) / (1 - rise), 0, 1)
    base = np.where(phase < rise, end, end + 0.15 * (peak - end) * (1 - fall) ** 2 * np.minimum(1, fall * 6))
    shape = base + (peak - end) * np.maximum(systole, wave * (phase > 0.3))
    return np.minimum(shape, peak)


def draw_trace(
    rng: Rng,
    speeds: npt.NDArray[np.float64],
    height: int,
    baseline: float,
    per_pixel: float,
    *,
    noise: float,
    narrow: bool,
) -> npt.NDArray[np.float64]:
    """Grey values (height, columns) of a trace with the maximum speeds given, one a column; `narrow`: a steep window."""
    rows = (baseline - np.arange(height)) * per_pixel
    top = np.abs(rows[:, None]) * np.where(np.sign(rows)[:, None] == np.sign(speeds)[None, :], 1, -1)
    limit = np.maximum(np.abs(speeds)[None, :], 1e-6)
    roll = 0.012 * limit + 0.8 * per_pixel
    inside = 1 / (1 + np.exp(np.clip((top - limit) / roll * 2, -40, 40)))
    inside *= top > 1.5 * per_pixel
    if narrow:
        inside *= 0.25 + 0.75 * np.exp(-(((top - 0.8 * limit) / (0.25 * limit)) ** 2))
    power = rng.gamma(2.0, 0.5, (height, speeds.size))
    power = cv2.GaussianBlur(power, (0, 0), sigmaX=0.6, sigmaY=1.2)
    floor = rng.exponential(1.0, (height, speeds.size))
    total = inside * power + noise * floor
    return np.asarray(np.clip(150 + 22 * 10 * np.log10(np.maximum(total, 1e-6)) / 3.0, 0, 255))


def b_picture(rng: Rng, height: int, width: int) -> npt.NDArray[np.float64]:
    """Grey speckle in layers, wider than high as a B picture's is."""
    speckle = cv2.GaussianBlur(rng.normal(0, 1, (height, width)), (0, 0), sigmaX=3.0, sigmaY=1.2)
    speckle /= speckle.std()
    depth = np.linspace(0, 1, height)[:, None]
    layers = 90 + 60 * np.sin(depth * rng.uniform(10, 30) + 0.5 * np.sin(np.linspace(0, 5, width))[None, :])
    return np.asarray(np.clip(layers * np.exp(-1.2 * depth) * (1 + 0.45 * speckle), 0, 255))


def draw_spectrum(seed: int, **fixed: Any) -> Drawn:
    """A screen by chance from `seed`; `fixed` holds any of the drawn choices to a value (see the names below)."""
    rng = np.random.default_rng(seed)
    choice: dict[str, Any] = {
        "size": [(1280, 720), (1024, 768), (1920, 1080), (960, 720)][rng.integers(4)],
        "layout": ["below", "full", "beside"][rng.choice(3, p=[0.6, 0.25, 0.15])],
        "rate": rng.uniform(50, 110),
        "seconds": rng.uniform(3.2, 6.0),
        "peak": rng.uniform(12, 120),
        "resistance": rng.uniform(0.45, 0.85),
        "below_baseline": rng.random() < 0.25,
        "side": ["left", "right"][rng.integers(2)],
        "unit": ["cm/s", "m/s"][rng.choice(2, p=[0.8, 0.2])],
        "noise": 10 ** rng.uniform(-3.0, -1.7),
        "narrow": rng.random() < 0.4,
        "line": [(200, 200, 200), (0, 200, 200), (120, 200, 60), None][rng.choice(4, p=[0.4, 0.25, 0.2, 0.15])],
        "tint": rng.random() < 0.3,
        "angle": [None, 60, 45, 52][rng.integers(4)],
        "time": ["labels", "levels", "rate"][rng.integers(3)],
        "vein": False,
    }
    choice.update(fixed)
    width, height = choice["size"]
    screen = np.zeros((height, width, 3), np.float64)
    margin = int(width * rng.uniform(0.06, 0.1))
    if choice["layout"] == "below":
        box = [margin, int(height * rng.uniform(0.5, 0.58)), width - margin, int(height * 0.93)]
        b_box = [int(width * 0.25), 20, int(width * 0.75), box[1] - 30]
    elif choice["layout"] == "full":
        box, b_box = [margin, int(height * 0.12), width - margin, int(height * 0.9)], None
    else:
        box = [int(width * 0.5), int(height * 0.3), width - margin, int(height * 0.88)]
        b_box = [20, int(height * 0.2), int(width * 0.38), int(height * 0.8)]
    if b_box:
        grey = b_picture(rng, b_box[3] - b_box[1], b_box[2] - b_box[0])
        screen[b_box[1] : b_box[3], b_box[0] : b_box[2]] = grey[:, :, None]
    x0, y0, x1, y1 = box
    columns, rows = x1 - x0, y1 - y0
    sign = -1.0 if choice["below_baseline"] else 1.0
    share = rng.uniform(0.15, 0.35)
    baseline = float(round(rows * (share if sign < 0 else 1 - share)))
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if choice["peak"] * 1.3 / s <= 6)
    reach = choice["peak"] * rng.uniform(1.15, 1.6)
    per_pixel = reach / (rows * (1 - share) - 6)
    s_per_pixel = choice["seconds"] / columns
    rate = choice["rate"]
    times = np.arange(columns) * s_per_pixel
    peak, end = choice["peak"], choice["peak"] * (1 - choice["resistance"])
    if choice["vein"]:
        speeds = peak * (0.9 + 0.04 * np.sin(2 * np.pi * times / 3.5))
    else:
        speeds = waveform((times * rate / 60 + rng.random()) % 1, peak, end)
    grey = draw_trace(
        rng, sign * speeds, rows, baseline, per_pixel, noise=float(choice["noise"]), narrow=bool(choice["narrow"])
    )
    colour = np.array([0.75, 0.9, 1.0]) if choice["tint"] else np.ones(3)
    screen[y0:y1, x0:x1] = grey[:, :, None] * colour
    row = y0 + round(baseline)
    baseline_row = float(row)
    per = per_pixel
    if choice["line"] is not None:
        screen[row, x0:x1] = choice["line"]
    _axis(screen, rng, choice, box, row, per, step)
    _time(screen, rng, choice, box, s_per_pixel, rate)
    if choice["angle"] is not None:
        word = ["Angle {}", "AC {}", "Angle: {} deg"][rng.integers(3)].format(choice["angle"])
        place = (10, 14 + int(height * 0.05)) if b_box and choice["layout"] == "below" else (10, int(height * 0.08))
        _write(screen, word, place, height / 1400)
    picture = np.clip(screen, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        picture = np.asarray(
            cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1], cv2.IMREAD_COLOR), np.uint8
        )
    return Drawn(picture, (x0, y0, x1, y1), baseline_row, per, s_per_pixel, peak, end, rate, choice["angle"])


def _write(screen: npt.NDArray[np.float64], text: str, place: tuple[int, int], scale: float) -> None:
    ink = np.zeros(screen.shape[:2], np.uint8)
    cv2.putText(ink, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 1, cv2.LINE_AA)
    part = ink[:, :, None] / 255.0
    screen[:] = screen * (1 - part) + 225 * part


def _axis(
    screen: npt.NDArray[np.float64], rng: Rng, choice: dict[str, Any], box: list[int], row: int, per: float, step: float
) -> None:
    x0, y0, x1, y1 = box
    left = choice["side"] == "left"
    scale = screen.shape[0] / 1600
    tick = int(rng.integers(6, 11))
    grey = rng.uniform(160, 255)
    minor = bool(rng.random() < 0.6)
    for half in range(-30, 31):
        at = round(row - half * step / 2 / per)
        if not y0 <= at < y1 or (half % 2 and not minor):
            continue
        long = tick if half % 2 == 0 else tick // 2
        span = slice(x0 - long - 2, x0 - 2) if left else slice(x1 + 2, x1 + 2 + long)
        screen[at, span] = grey
        if half % 2:
            continue
        value = half // 2 * step / (100 if choice["unit"] == "m/s" else 1)
        text = choice["unit"] if half == 0 else f"{value:g}"
        (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        place = (x0 - tick - 8 - wide if left else x1 + tick + 8, at + high // 2)
        _write(screen, text, place, scale)


def _time(
    screen: npt.NDArray[np.float64], rng: Rng, choice: dict[str, Any], box: list[int], s_per_pixel: float, rate: float
) -> None:
    x0, _, x1, y1 = box
    scale = screen.shape[0] / 1600
    small, whole = [(0.5, 2), (0.2, 5), (0.1, 10)][rng.integers(3)]
    if choice["time"] == "labels":
        small, whole = 1.0, 1
    if choice["time"] == "rate":
        _write(screen, f"HR {rate:.0f} bpm", (x1 - 150, max(20, box[1] - 12)), scale * 1.1)
    for number in range(200):
        at = round(x1 - 1 - number * small / s_per_pixel)
        if at < x0:
            break
        second = number % whole == 0
        screen[y1 + 2 : y1 + (9 if second else 5), at : at + 2] = 220
        if choice["time"] == "labels" and number:
            text = f"-{number}s" if number == 1 else f"-{number}"
            (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
            _write(screen, text, (at - wide // 2, y1 + 14 + high), scale)
