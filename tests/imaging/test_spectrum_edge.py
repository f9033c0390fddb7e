"""The outline moved in to the fastest flow, and ink on grounds of any colour."""

from __future__ import annotations

import numpy as np

from devices.cv import cv2
from imaging.spectrum._edge import STEADY_DB, edge_shift
from imaging.spectrum._ink import ink_of
from imaging.spectrum.clip import moving_timebase


def test_a_fading_edge_is_taken_back_towards_the_fastest_flow() -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        true = rng.uniform(15, 90)
        width = rng.uniform(0.02, 0.05) * true + 0.8
        rows = np.arange(140.0)[:, None]
        fade = np.where(rows <= true, 1, np.exp(-0.5 * ((rows - true) / width) ** 2))
        power = fade * rng.exponential(1, (140, 40)) + 1e-4 * rng.exponential(1, (140, 40))
        grey = np.clip(190 + 42 * np.log10(cv2.GaussianBlur(power, (0, 0), 0.6)), 0, 255)
        mean = grey.mean(axis=1)
        noise = float(mean[125:].mean())
        middle = (float(mean[: int(0.8 * true)].mean()) + noise) / 2
        outline = float(np.flatnonzero(mean > middle)[-1])
        shift = edge_shift(grey, np.full(40, outline), list(range(40)), noise, STEADY_DB)
        assert shift is not None
        assert abs(outline - shift.px - true) < abs(outline - true), seed
        assert outline - shift.px > true - 2, seed


def test_too_low_a_trace_or_too_few_columns_tell_no_shift() -> None:
    ink = np.full((60, 20), 100.0)
    assert edge_shift(ink, np.full(20, 3.0), list(range(20)), 0.0, STEADY_DB) is None
    assert edge_shift(ink, np.full(20, 30.0), [1, 2], 0.0, STEADY_DB) is None


def test_ink_is_alike_on_any_ground_and_leaves_coloured_lines_out() -> None:
    rng = np.random.default_rng(2)
    strength = np.clip(rng.normal(0.7, 0.15, (80, 200)), 0, 1)
    strength[:40] = 0
    for ground, trace in (
        ((0, 0, 0), (200, 200, 200)),
        ((0, 0, 0), (120, 180, 220)),
        ((10, 10, 10), (220, 120, 40)),
        ((255, 235, 215), (60, 50, 40)),
        ((255, 255, 255), (200, 60, 20)),
    ):
        a, b = np.array(ground, float), np.array(trace, float)
        part = (a + strength[:, :, None] * (b - a)).astype(np.uint8)
        part[20] = (0, 200, 0)
        ink, drawn = ink_of(part, light=sum(ground) > 384)
        assert np.median(ink[:18]) < 5 and np.median(ink[45:]) > 60, ground
        assert drawn[20].mean() > 0.9 and drawn[45:].mean() < 0.02, ground


def test_a_trace_that_scrolls_or_is_swept_over_tells_its_seconds() -> None:
    rng = np.random.default_rng(4)
    long = np.asarray(cv2.GaussianBlur(rng.normal(120, 60, (60, 900)).astype(np.float32), (5, 5), 0), np.float32)
    scrolled = [(0.1 * n, long[:, 24 * n : 24 * n + 400]) for n in range(14)]
    times = moving_timebase(scrolled)
    assert times is not None and abs(times.s_per_pixel * 240 - 1) < 0.01
    swept = []
    for n in range(14):
        strip = long[:, :400].copy()
        strip[:, : 24 * n + 24] = long[:, 450 : 450 + 24 * n + 24]
        strip[:, 24 * n + 24 : 24 * n + 32] = 0
        swept.append((0.1 * n, strip))
    times = moving_timebase(swept)
    assert times is not None and abs(times.s_per_pixel * 240 - 1) < 0.02
    assert moving_timebase([(0.1 * n, long[:, :400]) for n in range(14)]) is None
