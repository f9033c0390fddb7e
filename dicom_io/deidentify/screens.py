"""Which text on a screen has to be covered: all of it but settings, numbers and known words.

What is read is judged like any other text (`words`); what is found and cannot be read is covered where it does not stand
over tissue. A screen's words stand still while its picture moves: a frame is read where something changed outside the
picture, else it is known already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from dicom_io.deidentify.screen_memory import Mask, ScreenMemory, ScreenReading, changes, pixels_of
from dicom_io.deidentify.words import KnownWords
from imaging.pictures import Bgr
from imaging.readout import ScreenReader, ScreenReadings
from imaging.text import TextLine

Box = tuple[int, int, int, int]

_MARGIN: Final = 0.25  #: of a line's height, around it
_LEAST_MARGIN: Final = 3  #: pixels
_REMEMBERED: Final = 4  #: covered frames that a frame is compared with, to tell whether its text was read already
_TALLEST: Final = 64  #: pixels: what is taller and cannot be read is a drawing or speckle
#: What probes write beside their settings: modes and the settings' own short names, of no person.
_MODES: Final = re.compile(
    r"(?<!\w)(?:2D|M|B|CF|CFM|CDI|CPA|PDI|PW|CW|THI|HAR|RES|GEN|PEN|MI|TI[SBC]?|PRF|WF|FILTER|FREQ|FRQ|GAIN|DR|FPS|FR|MAP|"
    r"DEPTH|PERSIST|POWER)(?!\w)",
    re.IGNORECASE,
)
_LEAST_LETTERS: Final = 3  #: over tissue: less is speckle that looks like a letter


@dataclass(slots=True)
class ScreenText:
    """Finds what is to be covered on the frames of one object. `names` are those of its header.

    `memory` has what was read on other objects of the same run. Frames are numbered from 0.
    """

    names: Iterable[str]
    words: KnownWords
    memory: ScreenMemory = field(default_factory=ScreenMemory)
    boxes: list[Box] = field(default_factory=list)
    _reading: ScreenReading | None = None
    _whole: dict[int, ScreenReading] = field(default_factory=dict)
    _covered: list[ScreenReading] = field(default_factory=list)
    _looks_before: int = field(init=False)

    def __post_init__(self) -> None:
        """What the memory looked at before was for others."""
        self._looks_before = self.memory.looks

    @property
    def frames_read(self) -> int:
        """How often the OCR looked at something on this object."""
        return self.memory.looks - self._looks_before

    def see(self, picture: Bgr, number: int, whole: bool = False) -> None:
        """One more frame; `whole` compares all of it, tissue too, pixel by pixel with what was read before."""
        if self._reading is None or self._reading.picture.shape != picture.shape or whole:
            self._reading = self._whole[number] = self.memory.read(picture)
            self._add(self._wanted(self._reading))
            return
        differs = changes(self._reading.picture, picture, self._reading.tissue)
        if differs.any():
            self._reading = self._brought_up(self._reading, picture, differs)
            self._add(self._wanted(self._reading))

    def left_in(self, picture: Bgr, number: int) -> list[Box]:
        """What can be read and should not be, on a frame that was covered, read where it is as none before."""
        like = self._whole.get(number)
        if like is not None:
            reading = self.memory.read(picture, like)
        else:
            known = self._covered[-_REMEMBERED:]
            differing = [changes(one.picture, picture, one.tissue) for one in known]
            if not all(differs.any() for differs in differing):
                return []
            least = min(range(len(known)), key=lambda place: int(differing[place].sum()))
            reading = self._brought_up(known[least], picture, differing[least])
        self._covered.append(reading)
        del self._covered[:-_REMEMBERED]
        return self._wanted(reading, read_only=True)

    def _brought_up(self, known: ScreenReading, picture: Bgr, differs: Mask) -> ScreenReading:
        """A clip's next reading. What is read stands beside what was: a name and its label are judged together."""
        seen = np.where(pixels_of(differs, picture.shape[:2])[:, :, np.newaxis], picture, known.picture)
        return self.memory.read_again(known, seen, differs)

    def _add(self, boxes: list[Box]) -> None:
        self.boxes += [box for box in boxes if not any(_within(box, known) for known in self.boxes)]

    def _wanted(self, reading: ScreenReading, read_only: bool = False) -> list[Box]:
        """What is to be covered of what was found; with `read_only` without what cannot be read."""
        picture = reading.picture
        readings = ScreenReader(self.names).parse(picture, [line for _, line in reading.found if line is not None])
        covered = []
        for box, line in reading.found:
            x0, y0, x1, y1 = box
            over_tissue = reading.tissue[y0:y1, x0:x1].mean() > 0.5
            if line is None:
                wanted = not over_tissue and not read_only and y1 - y0 <= _TALLEST
            else:
                letters = sum(letter.isalnum() for letter in line.text)
                wanted = not self._may_stay(line, readings) and (letters >= _LEAST_LETTERS or not over_tissue)
            if wanted:
                covered.append(_grown(box, picture.shape[1], picture.shape[0]))
        return covered

    def _may_stay(self, line: TextLine, readings: ScreenReadings) -> bool:
        if any(one.box == line.box for one in readings.identifying):
            return False
        rest = line.text
        for reading in readings.settings.values():
            if _within(reading.box, line.box) or reading.box == line.box:
                rest = rest.replace(reading.text, " ")
        return self.words.tells_nobody(_MODES.sub(self._unless_a_name, rest))

    def _unless_a_name(self, mode: re.Match[str]) -> str:
        return mode[0] if self.words.name_in([mode[0]]) else " "


def _grown(box: Box, width: int, height: int) -> Box:
    x0, y0, x1, y1 = box
    margin = max(_LEAST_MARGIN, round(_MARGIN * (y1 - y0)))
    return max(0, x0 - margin), max(0, y0 - margin), min(width, x1 + margin), min(height, y1 + margin)


def _within(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
