"""A film as `follow_needle` wants it: each frame's B-mode picture with its skin line, gone through as often as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from imaging.bmode import BMode
from imaging.errors import CannotTell
from imaging.layers import skin_line
from imaging.layers.skin import SkinLine
from imaging.views import View


class NeedleFilm:
    """`views` gives the film's views from the beginning each time it is called; their pictures are not kept."""

    def __init__(self, views: Callable[[], Iterable[View]]) -> None:
        self._views = views

    def __iter__(self) -> Iterator[tuple[BMode | None, SkinLine | None]]:
        for view in self._views():
            yield view.b_mode, None if view.b_mode is None else skin_of(view.b_mode)


def skin_of(picture: BMode) -> SkinLine | None:
    """The skin line, or None where none is seen."""
    try:
        return skin_line(picture)
    except CannotTell:
        return None
