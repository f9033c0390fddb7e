"""A label follows drawn tissue of which the motion is known, says how sure it is, and says when it lost it."""

from __future__ import annotations

import numpy as np
import pytest

from imaging import CannotTell
from imaging.tracking import Tracker
from tests.imaging.phantom import CHEEK, Body, F, Film, Vessel


class Motion:
    """Tissue that slides, sinks and is pressed together, smoothly in time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.across, self.down = rng.uniform(0.2, 1.2), rng.uniform(0.1, 0.5)
        self.period, self.press = rng.uniform(1.0, 3.0), rng.uniform(0, 0.06)

    def _at(self, time_s: float) -> tuple[float, float, float]:
        turn = 2 * np.pi * time_s / self.period
        return self.across * np.sin(turn), self.down * (1 - np.cos(turn)), 1 + self.press * np.sin(1.5 * time_s)

    def source(self, time_s: float, x: F, y: F) -> tuple[F, F]:
        dx, dy, press = self._at(time_s)
        return x - dx, 1 + (y - 1 - dy) * press

    def target(self, time_s: float, points: F) -> F:
        dx, dy, press = self._at(time_s)
        return np.column_stack([points[:, 0] + dx, (points[:, 1] - 1) / press + 1 + dy])


def test_labels_follow_the_tissue_and_their_intervals_hold() -> None:
    wrong, inside = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        film = Film(Body(CHEEK, [Vessel(15, 5, 0.6, 0.5, pulse=0.1)], seed=seed), height_mm=14, width_mm=24)
        motion, keep = Motion(rng), rng.uniform(0.93, 1.0)
        start = np.column_stack([rng.uniform(4, 20, 4), rng.uniform(2.5, 9, 4)])
        tracker = Tracker(film.picture(), start / film.mm)
        for frame in range(1, 25):
            time_s = frame / 20
            picture = film.picture(time_s, lambda x, y, t=time_s, m=motion: m.source(t, x, y), keep)
            tracked = tracker.advance(picture)
            assert not tracked.lost, tracked.reason
            error = np.linalg.norm(tracked.points - motion.target(time_s, start) / film.mm, axis=1)
            wrong.append(error)
            inside.append(error <= tracked.ci_px)
    assert np.median(np.concatenate(wrong)) < 0.4
    assert np.percentile(np.concatenate(wrong), 95) < 1.2
    assert np.concatenate(inside).mean() >= 0.90


def test_other_tissue_is_told_as_lost_and_the_first_is_found_again() -> None:
    film, other = Film(Body(CHEEK, seed=1)), Film(Body(CHEEK, seed=2))
    tracker = Tracker(film.picture(), [[200, 80], [240, 90], [220, 120]])
    assert not tracker.advance(film.picture()).lost
    for _ in range(3):
        tracked = tracker.advance(other.picture())
    assert tracked.lost and tracked.reason
    again = tracker.advance(film.picture())
    assert not again.lost
    np.testing.assert_allclose(again.points, [[200, 80], [240, 90], [220, 120]], atol=0.5)


def test_a_label_that_leaves_the_picture_is_lost() -> None:
    film = Film(Body(CHEEK, seed=3))
    tracker = Tracker(film.picture(), [[20, 100]])
    reasons = set()
    for frame in range(1, 15):
        tracked = tracker.advance(film.picture(0, lambda x, y, f=frame: (x + 0.15 * f, y)))
        reasons.add(tracked.reason)
    assert tracked.lost
    assert "the label left the picture" in reasons


def test_the_same_picture_again_moves_nothing() -> None:
    picture = Film(Body(CHEEK, seed=4)).picture()
    points = np.array([[100.0, 90.0], [300.5, 120.25]])
    tracker = Tracker(picture, points)
    for _ in range(20):
        tracked = tracker.advance(picture)
    np.testing.assert_allclose(tracked.points, points, atol=0.1)


@pytest.mark.parametrize("points", [[], [[-5.0, 10.0]], [[float("nan"), 3.0]]])
def test_what_cannot_be_followed_is_one_sentence(points: list[list[float]]) -> None:
    with pytest.raises(CannotTell, match="draw it"):
        Tracker(Film(Body(CHEEK)).picture(), np.array(points).reshape(-1, 2))


def test_a_picture_of_another_size_is_refused() -> None:
    tracker = Tracker(Film(Body(CHEEK)).picture(), [[100, 100]])
    with pytest.raises(ValueError, match="size"):
        tracker.advance(Film(Body(CHEEK), width_mm=20).picture())
