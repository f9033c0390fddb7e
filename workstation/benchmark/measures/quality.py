"""Hints on the picture's quality: how often one that is shown is right, and how often one is shown where it should be.

Frames of one clip are alike, so the clip is looked at once in half a second, and its intervals are narrower than they
should be all the same. What counts as there and what counts as right leave a gap between them: nobody can say whether a
probe that presses a little presses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, Truth, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "quality"
_HINTS: Final = (
    *(
        "no-ultrasound",
        "frozen",
        "repeated",
        "gain-high",
        "gain-low",
        "contact-loss",
        "depth-wasted",
        "pressure",
        "motion",
    ),
)
_RIGHT: Final = {name: Goal(f"quality: '{name}' right, of those shown", "share", least=0.95) for name in _HINTS}
_SHOWN: Final = {
    name: Goal(f"quality: '{name}' shown, of those there (told, no goal)", "share", most=1.0) for name in _HINTS
}
_RATE: Final = Goal("quality: the probe's own rate within 5 %", "share", least=0.95)
GOALS: Final = (*(goal for name in _HINTS for goal in (_RIGHT[name], _SHOWN[name])), _RATE)

_FAULTS: Final = (
    *("gain-high", "gain-low", "contact-loss", "pressure", "frozen", "repeated-frames", "depth-wasted", "depth-change"),
    *("menu", "no-signal", "screensaver", "flash", "anisotropy", "injection-ha", "previous-filler"),
)
_FPS: Final = 20.0
_LOOK: Final = 10  #: frames from look to look
_SETTLED: Final = 2  #: frames after a cut for which nothing is asked
#: From which on a fault counts as right where it is shown, and as there where it is not: the part of the last 1.3 s, parts
#: of the face's width, of the depth and of the width, and the simulator's measure of pressure above the least so far.
_LIMITS: Final = {
    "frozen": (1e-6, 1.0),
    "contact-loss": (0.08, 0.15),
    "depth-wasted": (0.35, 0.55),
    "motion": (0.02, 0.04),
    "pressure": (0.12, 0.3),
}
_FROZEN_S: Final = 1.3


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """Four seconds with a fault, or without in a third."""
    scenarios = _FAULTS if rng.random() < 0.67 else named("-b", "-colour", "-spectral")
    return draw_case(rng, scenarios, fps=_FPS, seconds=4.0, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """What the watch says of each frame."""
    from imaging.quality import QualityWatch

    watch = QualityWatch()
    truths: list[Truth] = []
    cut = 0
    for number, (picture, truth) in enumerate(case.frames()):
        truths.append(truth)
        seen = watch.add(picture, number / case.fps)
        if number and truth["quality"]["signal"] != truths[-2]["quality"]["signal"]:
            cut = number
        if number % _LOOK != _LOOK - 1 or number - cut < _SETTLED:
            continue
        shown: set[str] = {hint.name for hint in seen.hints}
        if seen.signal != "ultrasound":
            shown.add("no-ultrasound")
        else:
            shown |= {name for name, on in (("frozen", seen.frozen), ("repeated", seen.repeated)) if on}
        measured = _measured(truths, case.fps)
        for name in _HINTS:
            right, there = _LIMITS.get(name, (0.5, 0.5))
            if name in shown:
                yield _RIGHT[name].what, float(measured[name] >= right)
            if measured[name] >= there:
                yield _SHOWN[name].what, float(name in shown)
        true_fps = _true_rate(truths, case.fps)
        if seen.picture_fps is not None and true_fps is not None and seen.signal == "ultrasound":
            yield _RATE.what, float(abs(seen.picture_fps / true_fps - 1) <= 0.05)


def _measured(truths: list[Truth], fps: float) -> Mapping[str, float]:
    """How much of each fault there is in the last frame."""
    truth = truths[-1]
    quality = truth["quality"]
    if quality["signal"] != "ultrasound":
        return {name: float(name == "no-ultrasound") for name in _HINTS}
    region = truth["region"]
    deepest = max(float(np.mean([row for _, row in layer["points"]])) for layer in truth["layers"])
    held = truths[-round(_FROZEN_S * fps) :]
    before = [t["pressure"] for t in truths if t["quality"]["signal"] == "ultrasound"]
    return {
        "no-ultrasound": 0.0,
        "frozen": float(np.mean([t["quality"]["frozen"] for t in held])) if quality["frozen"] else 0.0,
        "repeated": float(quality["repeated"]),
        "gain-high": float(quality["gain"] == "high"),
        "gain-low": float(quality["gain"] == "low"),
        "contact-loss": float(quality["contact_loss"]),
        "depth-wasted": (region["y1"] - deepest) / (region["y1"] - region["y0"]),
        "pressure": float(truth["pressure"] - min(before)),
        "motion": _moved(truth, truths[-2]) / (region["x1"] - region["x0"]),
    }


def _moved(truth: Truth, before: Truth) -> float:
    """How far the landmarks went since the frame before, in pixels: the median across and down."""
    old = {one["id"]: one["point"] for one in before["landmarks"]}
    steps = [np.subtract(one["point"], old[one["id"]]) for one in truth["landmarks"] if one["id"] in old]
    return float(np.hypot(*np.median(steps, axis=0))) if steps else 0.0


def _true_rate(truths: list[Truth], fps: float) -> float | None:
    """New pictures a second over the last two seconds; None before, and where the picture was frozen or gone within."""
    span = round(2 * fps)
    last = truths[-span - 1 :]
    if len(last) <= span or any(t["quality"]["frozen"] or t["quality"]["signal"] != "ultrasound" for t in last):
        return None
    new = [number for number, t in enumerate(last) if not t["quality"]["repeated"]]
    return (len(new) - 1) * fps / (new[-1] - new[0]) if len(new) > 2 else None
