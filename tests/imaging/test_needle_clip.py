"""Over a whole clip: told from the first millimetres on, at rest and drawn back; not told where the end left the plane."""

from __future__ import annotations

import math

import numpy as np
import pytest

from imaging.bmode import b_mode
from imaging.layers import skin_line
from imaging.needle import Needle, follow_needle
from imaging.needle._motion import judge
from tests.imaging.phantom import CHEEK, Body, F, Film, needle_db

ENTRY = np.array([0.0, 1.0])
WAY = np.array([11.0, 4.7]) / math.hypot(11.0, 4.7)
INSERTED_MM = [0.0, 0.0, 2.0, 4.0, 6.0, 8.5, 11.0, 12.0, 12.0, 12.0, 12.0, 12.0, 9.5, 6.5, 4.0, 2.0]
GONE_MM = [0.0, 0.0, 1.5, 3.5, 6.0, 8.5, 6.0, 2.5, 0.0, 0.0]


def _follow(film: Film, seen_mm: list[float], filler_mm: list[float] | None = None) -> list[Needle | None]:
    clip = []
    for frame, reach in enumerate(seen_mm):
        extra = None if reach == 0 else needle_db(film, (0.0, 1.0), _tip(reach))
        radius = 0.0 if filler_mm is None else filler_mm[frame]
        if radius:
            filler = _blob_db(film, _tip(12.0), radius)
            extra = filler if extra is None else np.maximum(filler, extra)
        picture = b_mode(film.picture(extra_db=extra), None, (film.mm, film.mm))
        clip.append((picture, skin_line(picture)))
    return follow_needle(clip)


def _tip(reach_mm: float) -> tuple[float, float]:
    column, row = ENTRY + reach_mm * WAY
    return float(column), float(row)


def _blob_db(film: Film, centre_mm: tuple[float, float], radius_mm: float) -> F:
    rows, columns = film.rows, film.columns
    y, x = np.mgrid[0:rows, 0:columns] * film.mm
    inside = (x - centre_mm[0]) ** 2 + (y - centre_mm[1]) ** 2 < radius_mm**2
    return np.where(inside, -10.0, -90.0)


def _away_mm(film: Film, needle: Needle | None, reach_mm: float) -> float:
    if needle is None or needle.tip is None:
        return math.inf
    return math.dist([c * film.mm for c in needle.tip], _tip(reach_mm))


@pytest.mark.parametrize("seed", range(2))
def test_the_tip_is_told_from_the_first_millimetres_to_the_last(seed: int) -> None:
    film = Film(Body(CHEEK, seed=seed))
    found = _follow(film, INSERTED_MM)
    away = [_away_mm(film, n, mm) for n, mm in zip(found, INSERTED_MM, strict=True) if mm]
    assert sum(a < 0.5 for a in away) >= len(away) - 1, away
    assert all(n is None or n.tip is None for n in found[:2])
    assert [n.phase for n in found[6:15] if n is not None] == ["going in"] + ["at rest"] * 5 + ["drawn back"] * 3


def test_filler_that_grows_around_the_tip_does_not_carry_it_away() -> None:
    film = Film(Body(CHEEK, seed=4))
    filler = [0.0] * 8 + [0.4, 0.7, 1.0, 1.2, 1.2, 1.2, 1.2, 1.2]
    found = _follow(film, INSERTED_MM, filler)
    assert all(_away_mm(film, found[i], 12.0) < 0.5 for i in range(8, 11)), found[8:11]
    # In the last of them it may already be on its way back, unseen in the filler.
    assert found[11] is None or found[11].tip is None


def test_an_end_that_leaves_the_plane_is_told_only_until_then() -> None:
    film = Film(Body(CHEEK, seed=5))
    found = _follow(film, GONE_MM)
    assert all(n is None or n.tip is None for n in found[6:])
    assert _away_mm(film, found[4], 6.0) < 0.5


def test_tissue_alone_has_no_needle() -> None:
    assert _follow(Film(Body(CHEEK, seed=6)), [0.0] * 5) == [None] * 5


def test_an_end_that_goes_back_and_comes_again_was_out_of_the_plane() -> None:
    told = judge(np.array([np.nan, 2, 5, 8, 10, 10, 10, 7, 4, 8, 10, 10, 9, 6, 2, np.nan]), 1.0)
    assert told.phases[1:4] == ["going in"] * 3
    assert told.phases[7:10] == [None] * 3
    assert told.phases[10:15] == ["at rest"] * 2 + ["drawn back"] * 3
    assert told.phases[0] is None and told.reasons[0]


def test_an_end_that_turns_back_without_a_rest_is_not_told_on_its_way_back() -> None:
    told = judge(np.array([1, 3, 5, 7, 5, 2, np.nan, 2, 3, 2.5, 1]), 1.0)
    assert told.phases == ["going in"] * 4 + [None] * 7
