"""Numbers of a ruler, an axis or a bar: evenly spaced in place and in value. They are nobody's settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from imaging.readout._tokens import Token

_LEAST: Final = 3  #: numbers that make a ruler; two make nothing
_ALIGNED: Final = 0.6  #: heights by which their edges or centres may differ
_APART: Final = 2.2  #: heights between two of a ruler, at least: a list's lines are nearer
_EVEN: Final = 0.06  #: of a step, by which their places may differ, beside a pixel or two
_SLACK: Final = 3.0  #: pixels
_WHOLE: Final = 0.01
_UNITS: Final = ("", "cm", "mm", "cm/s", "m/s", "s")  #: of a ruler, a bar or an axis


def ruler_numbers(lines: Sequence[Sequence[Token]]) -> set[tuple[int, int]]:
    """(line, start) of lone numbers that run along a column or a row as a ruler's do."""
    lone = [tokens[0] for tokens in lines if len(tokens) == 1 and tokens[0].kind == "number"]
    found: set[tuple[int, int]] = set()
    for along, across in ((1, 0), (0, 1)):
        for group in _aligned(lone, across):
            group.sort(key=lambda token: token.box[along] + token.box[along + 2])
            for run in _runs(group, along):
                found |= {(token.line, token.start) for token in run}
    return found


def _aligned(tokens: Sequence[Token], across: int) -> Iterable[list[Token]]:
    for one in tokens:
        group = [other for other in tokens if _beside(one, other, across)]
        if len(group) >= _LEAST:
            yield group


def _beside(a: Token, b: Token, across: int) -> bool:
    most = max(a.height, b.height) * _ALIGNED
    first, second = (a.box[across], a.box[across + 2]), (b.box[across], b.box[across + 2])
    return min(abs(first[0] - second[0]), abs(first[1] - second[1]), abs(sum(first) - sum(second)) / 2) <= most


def _runs(group: Sequence[Token], along: int) -> Iterable[list[Token]]:
    """Runs of neighbours that are successive multiples of one step, in one unit, at even distances."""
    for first in range(len(group) - _LEAST + 1):
        step = group[first + 1].value - group[first].value
        apart = _place(group[first + 1], along) - _place(group[first], along)
        if not step or abs(group[first].value / step) % 1 > _WHOLE or apart < group[first].height * _APART:
            continue
        run = [group[first]]
        for token in group[first + 1 :]:
            due = _place(run[-1], along) + apart
            if (
                abs(token.value - run[-1].value - step) > _WHOLE * abs(step)
                or abs(_place(token, along) - due) > max(_SLACK, _EVEN * apart)
                or token.unit.lower() not in _UNITS
            ):
                break
            run.append(token)
        if len(run) >= _LEAST:
            yield run


def _place(token: Token, along: int) -> float:
    return (token.box[along] + token.box[along + 2]) / 2
