"""A drawn shaft that comes in is found and its tip told; one that was always there, or went back, is not."""

from __future__ import annotations

import math

import pytest

from imaging.bmode import b_mode
from imaging.layers import skin_line
from imaging.needle import Needle, NeedleFinder
from tests.imaging.phantom import CHEEK, Body, Film, needle_db

ENTRY = (0.0, 1.0)


def _look(film: Film, tips: list[tuple[float, float] | None]) -> list[Needle | None]:
    finder = NeedleFinder()
    found = []
    for tip in tips:
        extra = None if tip is None else needle_db(film, ENTRY, tip)
        picture = b_mode(film.picture(extra_db=extra), None, (film.mm, film.mm))
        found.append(finder.look(picture, skin_line(picture)))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_tip_of_a_shaft_that_comes_in_is_told(seed: int) -> None:
    film = Film(Body(CHEEK, seed=seed))
    tips = [(7.0, 4.0), (9.0, 4.9), (11.0, 5.7)]
    for tip, needle in zip(tips, _look(film, [None, None, *tips])[2:], strict=True):
        assert needle is not None and needle.tip is not None, needle
        assert needle.tip_unsure is not None
        away = math.hypot(needle.tip[0] * film.mm - tip[0], needle.tip[1] * film.mm - tip[1])
        assert away < 0.5


def test_an_end_that_went_back_is_not_told() -> None:
    film = Film(Body(CHEEK, seed=4))
    last = _look(film, [None, None, (11.0, 5.7), (8.0, 4.45)])[-1]
    assert last is None or (last.tip is None and last.reason)


def test_no_tip_without_an_instrument_or_with_one_that_was_always_there() -> None:
    film = Film(Body(CHEEK, seed=5))
    assert _look(film, [None] * 4) == [None] * 4
    assert all(n is None or n.tip is None for n in _look(film, [(11.0, 5.7)] * 3))
