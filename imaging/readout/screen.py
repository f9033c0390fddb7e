"""One screen read: text found, settings parsed, each number looked at twice, names flagged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.readout._again import read_again
from imaging.readout._grammar import settings_of
from imaging.readout._names import identifying, names_of
from imaging.readout._partners import with_partners
from imaging.readout._second_look import confirmed
from imaging.readout._velocity import velocity_range
from imaging.readout.readings import Box, IdentifyingText, Reading, ScreenReadings
from imaging.text import TextLine, TextReader

_DOUBTFUL: Final = 0.85  #: a line read with less confidence
_MIRRORED_PART: Final = 0.5  #: of the lines doubtful, and no setting: the picture may be mirrored
_LEAST_LINES: Final = 5
_LEAST_SETTINGS: Final = 2


class ScreenReader:
    """Reads settings off screens. A new 1080p screen takes 1.5 to 3 s on one core."""

    def __init__(self, header_names: Iterable[str] = ()) -> None:
        """`header_names`: names in the file's header (PatientName), to be found on the screen too. They are not logged."""
        self._reader = TextReader()
        self._names = tuple(header_names)

    def read(self, picture: Bgr) -> ScreenReadings:
        """The settings that the screen (BGR, rows × columns × 3) states without doubt; empty where it states none."""
        return self.lines_and_readings(picture)[1]

    def lines_and_readings(self, picture: Bgr) -> tuple[list[TextLine], ScreenReadings]:
        """The lines of text found as well, in the picture's coordinates."""
        lines = with_partners(picture, self._reader.find(picture), self._reader)
        readings = self.parse(picture, lines)
        doubtful = sum(line.confidence < _DOUBTFUL for line in lines)
        if not readings and len(lines) >= _LEAST_LINES and doubtful >= _MIRRORED_PART * len(lines):
            mirrored = self._mirrored(picture)
            if len(mirrored.settings) >= _LEAST_SETTINGS:
                return lines, mirrored
        return lines, readings

    def parse(self, picture: Bgr, lines: Sequence[TextLine]) -> ScreenReadings:
        """The settings that these lines of the picture state."""
        stated = settings_of(lines)
        settings = confirmed(picture, stated, self._reader)
        settings.update(read_again(picture, lines, stated, settings, self._reader))
        settings.update(names_of(lines))
        speeds = velocity_range(lines)
        if speeds is not None:
            settings["velocity_range_cm_s"] = speeds
        return ScreenReadings(settings, identifying(lines, self._names))

    def _mirrored(self, picture: Bgr) -> ScreenReadings:
        """What a picture saved as its mirror image says."""
        turned = np.ascontiguousarray(cv2.flip(picture, 1), np.uint8)
        found = self.parse(turned, self._reader.find(turned))
        width = picture.shape[1]
        settings = {key: _turned(reading, width) for key, reading in found.settings.items()}
        people = [
            IdentifyingText(one.text, _flipped(one.box, width), one.confidence, one.why) for one in found.identifying
        ]
        return ScreenReadings(settings, people)


def _turned(reading: Reading, width: int) -> Reading:
    return replace(reading, box=_flipped(reading.box, width), value_box=_flipped(reading.value_box, width))


def _flipped(box: Box, width: int) -> Box:
    return width - box[2], box[1], width - box[0], box[3]
