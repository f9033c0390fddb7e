"""Hints on the picture: gain, contact, depth, motion, a frozen picture."""

from __future__ import annotations

from imaging import Picture
from imaging.quality import QualityWatch
from workstation.watching.said import Fact, Said

_MOST = 2  #: hints at a time: more are not read


class QualityAnalysis:
    """The surest hints of the last frame. None does not mean that the picture is good."""

    name = "quality"

    def __init__(self) -> None:
        self._watch = QualityWatch()

    def look(self, picture: Picture) -> Said:
        """A few ms."""
        seen = self._watch.add(picture.bgr, picture.time_s)
        hints = sorted(seen.hints, key=lambda hint: -hint.confidence)[:_MOST]
        return Said(tuple(Fact("Picture", hint.sentence, "warning") for hint in hints))

    def slow(self) -> None:
        """Nothing."""
        return
