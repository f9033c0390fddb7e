"""What was cut from a recording for the study: a still, or the pieces of a clip. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acquisition import Clip


@dataclass(frozen=True, slots=True)
class Taken:
    """What was cut; `whole` is the clip that it is the first piece of, as the feed gave it."""

    clip: Clip
    whole: Clip | None


def taken_of(whole: Clip, pieces: Sequence[Clip]) -> list[Taken]:
    """The pieces of a clip; the first of them lets its frames go."""
    return [Taken(piece, whole if piece is pieces[0] else None) for piece in pieces]


def nothing() -> None:
    """A later piece of a clip has no frames of its own to let go."""
