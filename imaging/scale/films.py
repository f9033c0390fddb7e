"""The scale of a film: its first reading, and each change with the frame in which it happened.

Every frame is looked at (`watch.confirm`); a new reading is made only where the ruler is no longer what it was. A frame that
does not tell (a menu, a fade) is tried again a little later; the change is then dated back to the first frame that fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from imaging.errors import CannotTell
from imaging.pictures import Picture
from imaging.scale.deciding import read_scale
from imaging.scale.millimetres import Scale
from imaging.scale.reading import Reading
from imaging.scale.watch import Fingerprint, confirm, fingerprint, same_scale
from imaging.text import TextReader

_AGAIN: Final = 12  #: frames after which a frame that did not tell is followed by another try
_MOST_REFUSALS: Final = 25


@dataclass(frozen=True, slots=True)
class Change:
    """From `frame` on another scale holds; `reading` None with `reason` where the screen no longer tells it."""

    frame: int
    reading: Reading | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FilmReading:
    """The first scale, the frame it was read from, and every change after it."""

    first: Reading
    frame: int
    changes: tuple[Change, ...]


def read_film(
    pictures: Iterable[Picture], stated: Sequence[Scale] = (), reader: TextReader | None = None
) -> FilmReading:
    """The scales of a film from its first frame to its last. Raises CannotTell where no frame that was tried tells."""
    reader = reader or TextReader()
    first: Reading | None = None
    first_frame = 0
    current: Reading | None = None
    known: Fingerprint | None = None
    changes: list[Change] = []
    lost: list[Picture] = []  #: frames since the scale was lost, for dating a change back
    refusals, reason, due = 0, "The film holds no frame.", 0
    for picture in pictures:
        if known is not None and confirm(picture.bgr, known):
            continue
        if current is not None and known is not None:
            known, lost, due = None, [], picture.frame
        lost.append(picture)
        if picture.frame < due or refusals >= _MOST_REFUSALS:
            lost = lost[-_AGAIN - 1 :]
            continue
        try:
            found = read_scale(picture.bgr, stated, reader)
        except CannotTell as refusal:
            refusals, reason, due = refusals + 1, str(refusal), picture.frame + _AGAIN
            if current is not None:
                changes.append(Change(lost[0].frame, None, reason))
                current = None
            continue
        known = fingerprint(picture.bgr, found)
        begin = _since(lost, known)
        if first is None:
            first, first_frame = found, begin
        elif current is None or not same_scale(found, current):
            if changes and changes[-1].reading is None and changes[-1].frame >= begin:
                changes.pop()
            before = next((c.reading for c in reversed(changes) if c.reading is not None), first)
            resumed = not changes or changes[-1].reading is not None
            if not (resumed and same_scale(found, before)):
                changes.append(Change(begin, found))
        current, lost = found, []
    if first is None:
        raise CannotTell(reason)
    return FilmReading(first, first_frame, tuple(changes))


def _since(lost: list[Picture], known: Fingerprint) -> int:
    """The first of the frames at the end of `lost` on which the ruler stands already."""
    begin = lost[-1].frame
    for picture in reversed(lost[:-1]):
        if not confirm(picture.bgr, known):
            break
        begin = picture.frame
    return begin
