"""A label that follows its tissue: where it is against the simulator's own points of tissue, and how far its radius holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "tracking"
_NEAR: Final = Goal("tracking: label within 0.2 mm of its tissue, where not lost", "share", least=0.95)
_HELD: Final = Goal("tracking: the 95 % radius holds the tissue", "share", least=0.93, most=0.97)
_LOST: Final = Goal("tracking: lost though its tissue is in the picture", "share", most=0.1)
GOALS: Final = (_NEAR, _HELD, _LOST)
_NEAR_MM: Final = 0.2
_MARGIN: Final = 0.12  #: of the picture, from its edges: labels are set where the tissue stays in sight
_LABELS: Final = 3
_EACH: Final = 6  #: frames from one observation to the next


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """A second and a third in B-mode, with the hand's motion."""
    return draw_case(rng, named("-b"), fps=18.0, seconds=1.34, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """Labels on three points of tissue of the first frame, each followed by itself; every sixth frame counts."""
    from imaging.tracking import Tracker

    rng = np.random.default_rng(case.seed)
    trackers: dict[str, Tracker] = {}
    box, mm = (0, 0, 0, 0), np.ones(2)
    for number, (picture, truth) in enumerate(case.frames()):
        tissue = {mark["id"]: np.asarray(mark["point"], float) for mark in truth["landmarks"]}
        if not trackers:
            region, mm = truth["region"], np.asarray(truth["mm_per_pixel"], float)
            box = region["x0"], region["y0"], region["x1"], region["y1"]
            inside = sorted(name for name, point in tissue.items() if _within(point, box))
            for name in rng.permutation(inside)[:_LABELS].tolist():
                trackers[name] = Tracker(picture, [tissue[name].tolist()], box)
            continue
        for name, tracker in trackers.items():
            seen = tracker.advance(picture)
            if number % _EACH or name not in tissue or not _within(tissue[name], box):
                continue
            yield _LOST.what, float(seen.lost)
            if seen.lost:
                continue
            off = seen.points[0] - tissue[name]
            yield _NEAR.what, float(np.hypot(*(off * mm)) <= _NEAR_MM)
            yield _HELD.what, float(np.hypot(*off) <= seen.ci_px[0])


def _within(point: np.ndarray[tuple[int, ...], np.dtype[np.float64]], box: tuple[int, int, int, int]) -> bool:
    low, high = np.array(box[:2], float), np.array(box[2:], float)
    edge = _MARGIN * (high - low)
    return bool(((point > low + edge) & (point < high - edge)).all())
