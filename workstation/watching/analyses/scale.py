"""Millimetres per pixel, as the screen tells them now."""

from __future__ import annotations

import time
from collections.abc import Callable

from imaging import Bgr, Picture
from imaging.scale import Reading, ScaleWatch
from workstation.watching.said import Fact, Said

_AGAIN_S = 2.0  #: pause after a reading that told nothing


class ScaleAnalysis:
    """Confirms the known scale on each frame; reads it anew in the background when the ruler is no longer what it was."""

    name = "scale"

    def __init__(self) -> None:
        self._watch = ScaleWatch()
        self._picture: Bgr | None = None
        self._due_s = 0.0
        self._read = False

    def look(self, picture: Picture) -> Said:
        """A few ms."""
        self._picture = picture.bgr
        if self._watch.look(picture.bgr) and self._watch.reading is not None:
            return _told(self._watch.reading)
        if not self._read:
            return Said((Fact("Scale", "reading…", "quiet"),))
        return Said((Fact("Scale", "not known: lengths in pixels", "warning", self._watch.reason),))

    def slow(self) -> Callable[[], Callable[[], None]] | None:
        """The reading of the frame that was seen last, where no scale is known."""
        picture = self._picture
        if picture is None or self._watch.reading is not None or time.monotonic() < self._due_s:
            return None

        def read() -> Callable[[], None]:
            # A watch of its own: the other one is looking at frames meanwhile.
            fresh = ScaleWatch()
            fresh.read(picture)

            def hand_over() -> None:
                self._watch, self._read = fresh, True
                self._due_s = time.monotonic() + _AGAIN_S

            return hand_over

        return read


def _told(reading: Reading) -> Said:
    x, y = reading.scale.mm_per_pixel_x, reading.scale.mm_per_pixel_y
    value = f"{y:.4f} mm/px" if not reading.anisotropic else f"{x:.4f} × {y:.4f} mm/px"
    percent = 100 * reading.half_y / y
    why = "; ".join(piece.says for piece in reading.evidence)
    return Said((Fact("Scale", f"{value} ±{max(percent, 0.05):.1g} %", "plain", why),))
