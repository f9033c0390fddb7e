"""The settings that the probe prints on its screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from imaging import Bgr, Picture
from imaging.readout import ReadoutWatch, ScreenReadings
from workstation.probe_screen.whose import personal
from workstation.watching.said import Fact, Said

_EVERY_S: Final = 0.5  #: a change shows within a second or two: seen twice, then read
_SHOWN: Final = (
    ("MI", ("mechanical_index",)),
    ("TI", ("thermal_index_soft_tissue", "thermal_index_bone", "thermal_index_cranial")),
    ("Settings", ("depth_mm", "gain", "frequency_mhz", "dynamic_range_db", "frame_rate_hz")),
)


class ReadoutAnalysis:
    """Reads the whole screen once, then only what changed; all of it in the background."""

    name = "readouts"

    def __init__(self) -> None:
        self._watch = ReadoutWatch()
        self._picture: Bgr | None = None
        self._number = 0
        self._due_s = 0.0
        self._said = Said()

    def look(self, picture: Picture) -> Said:
        """Keeps the frame for the background; says what was read last."""
        self._picture = picture.bgr
        return self._said

    def slow(self) -> Callable[[], Callable[[], None]] | None:
        """A look at the text areas of the frame seen last."""
        picture = self._picture
        if picture is None or time.monotonic() < self._due_s:
            return None
        self._number += 1
        number = self._number

        def read() -> Callable[[], None]:
            self._watch.see(number, picture)
            said = _told(self._watch.readings)

            def hand_over() -> None:
                self._said, self._due_s = said, time.monotonic() + _EVERY_S

            return hand_over

        return read


def _told(readings: ScreenReadings) -> Said:
    facts = []
    for topic, keys in _SHOWN:
        texts = [readings.settings[key].text for key in keys if key in readings.settings]
        if texts:
            facts.append(Fact(topic, ", ".join(texts), "plain", "As printed on the probe's screen."))
    if readings.identifying:
        facts.append(
            Fact(
                "On screen",
                "text that may tell who the patient is",
                "warning",
                "It is part of each picture that is saved.",
            )
        )
    names = tuple(one.text for one in readings.identifying if personal(one.text, one.why))
    return Said(tuple(facts), personal=names)
