"""Where the depth of a probe changes in the middle of a recording: one DICOM object has one scale, so the clip is cut there.

The frames alone decide, so that the command line, the window and a recovery after a crash cut the same recording alike.
No Qt; slow (decodes two frames a second, a change costs some readings of the screen): for a worker thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from acquisition.cine import Clip
from imaging.errors import CannotTell
from workstation.probe_screen.scales import picture_of, reading_of
from workstation.probe_screen.screens import screens_are_read

if TYPE_CHECKING:
    from imaging.pictures import Picture
    from imaging.scale import Change, FilmReading, Fingerprint

_LOOKS_PER_S: Final = 2.0


def pieces_of(clip: Clip) -> list[Clip]:
    """The clip as consecutive pieces, each with one scale; the clip itself where it has one, or its screen tells none.

    A change that lasts less than half a second may be missed. Between two scales a screen that tells none (a menu, a fade)
    is a piece of its own; before and after the same scale it is not: that is what covers a ruler for a moment.
    """
    if not screens_are_read():
        return [clip]
    from imaging.scale import confirm, fingerprint, read_film  # seconds in an emulated machine: only who reads pays

    first = picture_of(clip, 0)
    reading = reading_of(first) if first is not None else None
    if first is None or reading is None:
        return [clip]
    looks = _looks(clip)
    known = fingerprint(first, reading)
    if all(confirm(picture.bgr, known) for picture in _pictures(clip, looks[1:])):
        return [clip]
    try:
        film = read_film(_pictures(clip, looks))
    except CannotTell:
        return [clip]
    cuts = [_begin(clip, change, looks) for change in _between_scales(film)]
    ends = [0, *sorted({cut for cut in cuts if 0 < cut < len(clip.frames)}), len(clip.frames)]
    return [clip.piece(start, stop) for start, stop in pairwise(ends)]


def _looks(clip: Clip) -> list[int]:
    """The frames that are looked at: by their times, the first and the last among them."""
    looks = [0]
    for index, timestamp_ns in enumerate(clip.timestamps_ns):
        if timestamp_ns - clip.frames[looks[-1]].timestamp_ns >= 1e9 / _LOOKS_PER_S:
            looks.append(index)
    last = len(clip.frames) - 1
    return looks if looks[-1] == last else [*looks, last]


def _pictures(clip: Clip, indices: Sequence[int]) -> Iterator[Picture]:
    from imaging.pictures import Picture

    for index in indices:
        bgr = picture_of(clip, index)
        if bgr is not None:
            yield Picture(index, (clip.frames[index].timestamp_ns - clip.frames[0].timestamp_ns) / 1e9, bgr)


def _between_scales(film: FilmReading) -> list[Change]:
    """The changes from one scale to another, and what lies between two such; not what comes back to the same scale."""
    from imaging.scale import same_scale

    kept: list[Change] = []
    holds = film.first
    dark: Change | None = None
    for change in film.changes:
        if change.reading is None:
            dark = change
            continue
        if not same_scale(change.reading, holds):
            kept += [change] if dark is None else [dark, change]
        holds, dark = change.reading, None
    return kept


def _begin(clip: Clip, change: Change, looks: Sequence[int]) -> int:
    """The very frame of a change that was seen at one of the looks: the first that no longer shows the ruler of before."""
    from imaging.scale import confirm, fingerprint

    before = max((look for look in looks if look < change.frame), default=0)
    shown = picture_of(clip, before)
    reading = reading_of(shown) if shown is not None else None
    known: Fingerprint | None = fingerprint(shown, reading) if shown is not None and reading is not None else None
    if known is None:
        return change.frame
    low, high = before, change.frame  # `low` shows it still, `high` no longer
    while high - low > 1:
        middle = (low + high) // 2
        picture = picture_of(clip, middle)
        if picture is not None and confirm(picture, known):
            low = middle
        else:
            high = middle
    return high


__all__ = ["pieces_of"]
