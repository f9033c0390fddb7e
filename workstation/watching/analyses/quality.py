"""Hints on the picture: gain, contact, depth, pressure, motion, a frozen picture, no ultrasound."""

from __future__ import annotations

from imaging import Picture
from imaging.quality import QualityWatch
from workstation.watching.said import Fact, Said

_MOST = 2  #: hints at a time: more are not read
_FROZEN = "The tissue has not moved for more than a second: the probe may be frozen."
_NONE = "No ultrasound picture is seen on the screen."


class QualityAnalysis:
    """The surest hints of the last frame. None does not mean that the picture is good."""

    name = "quality"

    def __init__(self) -> None:
        self._watch = QualityWatch()

    def look(self, picture: Picture) -> Said:
        """A few ms."""
        seen = self._watch.add(picture.bgr, picture.time_s)
        if seen.signal != "ultrasound":
            return Said((Fact("Picture", _NONE, "warning"),))
        frozen = (Fact("Picture", _FROZEN, "warning"),) if seen.frozen else ()
        hints = sorted(seen.hints, key=lambda hint: -hint.confidence)[:_MOST]
        return Said((*frozen, *(Fact("Picture", hint.sentence, "warning") for hint in hints))[:_MOST])

    def slow(self) -> None:
        """Nothing."""
        return
