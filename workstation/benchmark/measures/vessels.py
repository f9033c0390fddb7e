"""Vessel candidates with and without Doppler: found, missed, made up; how deep and how wide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workstation.benchmark.case import Case, Observed, Truth, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

if TYPE_CHECKING:
    from imaging.vessels import Vessel

NAME: Final = "vessels"
_DEPTH: Final = Goal("vessels: depth within 0.2 mm", "share", least=0.95)
_DIAMETER: Final = Goal("vessels: diameter within 0.2 mm", "share", least=0.95)
_DEPTH_HELD: Final = Goal("vessels: the 95 % interval of the depth holds the truth", "share", least=0.93, most=0.97)
_WIDTH_HELD: Final = Goal("vessels: the 95 % interval of the diameter holds the truth", "share", least=0.93, most=0.97)
_RECALL: Final = Goal("vessels: recall with Doppler", "share", least=0.95)
_PRECISION: Final = Goal("vessels: precision with Doppler", "share", least=0.90)
_RECALL_B: Final = Goal("vessels: recall without Doppler", "share", least=0.85)
_PRECISION_B: Final = Goal("vessels: precision without Doppler", "share", least=0.80)
GOALS: Final = (_DEPTH, _DIAMETER, _DEPTH_HELD, _WIDTH_HELD, _RECALL, _PRECISION, _RECALL_B, _PRECISION_B)
_NEAR_MM: Final = 0.5


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """One frame in B-mode, or a third of a second of colour Doppler."""
    coloured = rng.random() < 0.5
    return draw_case(
        rng, named("-colour" if coloured else "-b"), fps=18.0, seconds=0.34 if coloured else 0.05, open_only=open_only
    )


def observe(case: Case) -> Iterable[Observed]:
    """The last frame; with Doppler only what it shows as flow counts, without it every vessel that B-mode shows."""
    from imaging import CannotTell
    from imaging.flow import FlowWatch
    from imaging.layers import skin_line
    from imaging.vessels import find_vessels
    from workstation.benchmark.pictures import b_mode_of

    watch, flow = FlowWatch(), None
    coloured = case.scenario.endswith("-colour")
    picture, truth = None, None
    for picture, truth in case.frames():  # noqa: B007 (the last one is measured)
        if coloured:
            seen = watch.look(picture)
    if picture is None or truth is None:
        return
    b = b_mode_of(picture, truth)
    if coloured:
        flow = np.zeros(picture.shape[:2], np.uint8)
        if seen.layout is not None:
            x0, y0, x1, y1 = seen.layout.area
            flow[y0:y1, x0:x1] = seen.flow
    try:
        skin = skin_line(b)
    except CannotTell:
        skin = None
    found = [v for v in find_vessels(b, skin, flow) if not coloured or v.evidence != "b-mode"]
    yield from _compared(found, truth, coloured)


def _compared(found: Sequence[Vessel], truth: Truth, coloured: bool) -> Iterable[Observed]:
    shown = {region["vessel"] for region in truth["doppler"]["regions"]}
    everywhere = [v for v in truth["vessels"] if _inside(v["centre"], truth["region"])]
    wanted = [v for v in everywhere if (v["id"] in shown if coloured else v["b_mode_visible"])]
    recall, precision = (_RECALL, _PRECISION) if coloured else (_RECALL_B, _PRECISION_B)
    mm = truth["mm_per_pixel"]
    matched: set[int] = set()
    for one in found:
        near = [(_apart_mm(one.centre, v["centre"], mm), place) for place, v in enumerate(everywhere)]
        distance, place = min(near, default=(math.inf, -1))
        true = everywhere[place] if place >= 0 else None
        hit = true is not None and distance <= max(_NEAR_MM, 0.5 * true["diameter_mm"])
        yield precision.what, float(hit)
        if hit and true is not None and place not in matched:
            matched.add(place)
            yield from _sizes(one, true)
    for v in wanted:
        yield recall.what, float(any(everywhere[place] is v for place in matched))


def _sizes(one: Vessel, true: dict[str, Any]) -> Iterable[Observed]:
    if one.depth is not None and one.depth.unit == "mm":
        yield _DEPTH.what, float(abs(one.depth.value - true["depth_mm"]) <= 0.2)
        yield _DEPTH_HELD.what, float(one.depth.low <= true["depth_mm"] <= one.depth.high)
    yield _DIAMETER.what, float(abs(one.diameter.value - true["diameter_mm"]) <= 0.2)
    yield _WIDTH_HELD.what, float(one.diameter.low <= true["diameter_mm"] <= one.diameter.high)


def _apart_mm(a: Sequence[float], b: Sequence[float], mm: Sequence[float]) -> float:
    return math.hypot((a[0] - b[0]) * mm[0], (a[1] - b[1]) * mm[1])


def _inside(point: Sequence[float], region: dict[str, int]) -> bool:
    return region["x0"] <= point[0] < region["x1"] and region["y0"] <= point[1] < region["y1"]
