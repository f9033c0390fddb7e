"""Millimetres per pixel, as the screen tells them now."""

from __future__ import annotations

import time
from collections.abc import Callable

from imaging import Bgr, CannotTell, Picture
from imaging.scale import Reading, read_scale
from workstation.watching.said import Fact, Said

AGAIN_S = 4.0  #: a depth that is changed on the probe shows here within this time; a capture reads its own frames


class ScaleAnalysis:
    """Reads the scale in the background, again and again."""

    name = "scale"

    def __init__(self) -> None:
        self._picture: Bgr | None = None
        self._said = Said((Fact("Scale", "reading…", "quiet"),))
        self._due_s = 0.0

    def look(self, picture: Picture) -> Said:
        """Keeps the picture for the slow reading; says what the last one told."""
        self._picture = picture.bgr
        return self._said

    def slow(self) -> Callable[[], Callable[[], None]] | None:
        """The reading of the picture that was seen last, when it is due."""
        picture = self._picture
        if picture is None or time.monotonic() < self._due_s:
            return None

        def read() -> Callable[[], None]:
            try:
                said = _told(read_scale(picture))
            except CannotTell as refusal:
                said = Said((Fact("Scale", "not known: lengths in pixels", "warning", str(refusal)),))

            def hand_over() -> None:
                self._said, self._due_s = said, time.monotonic() + AGAIN_S

            return hand_over

        return read


def _told(reading: Reading) -> Said:
    x, y = reading.scale.mm_per_pixel_x, reading.scale.mm_per_pixel_y
    value = f"{y:.4f} mm/px" if not reading.anisotropic else f"{x:.4f} × {y:.4f} mm/px"
    percent = 100 * reading.half_y / y
    why = "; ".join(piece.says for piece in reading.evidence)
    return Said((Fact("Scale", f"{value} ±{max(percent, 0.05):.1g} %", "plain", why),))
