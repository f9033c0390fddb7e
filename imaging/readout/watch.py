"""A clip's read-outs, cheaply: see that nothing changed in the text, read again only what did.

Only the pixels of the lines last read are compared (a few thousand), with the picture they were read from, so that a
change that comes bit by bit is seen too. A difference must stay for some frames: one frame's flicker by compression is
no change. A whole new layout (another mode, a menu) shows as many lines changed: then the screen is read afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.readout.readings import Box, Reading, ScreenReadings, Value
from imaging.readout.screen import ScreenReader
from imaging.text import TextLine, TextReader

_CHANGED_GREY: Final = 45  #: levels: a letter against its ground has more, JPEG's ringing beside it less
_CHANGED_PIXELS: Final = 4  #: in a line: the difference between a 6 and an 8 is some more
_STAYS: Final = 2  #: frames that a difference must last
_AFRESH_PART: Final = 0.5  #: of the lines changed: the layout is another
_SPARE: Final = 1.5  #: heights of room beside a line, so that '9' may become '10'


@dataclass(frozen=True, slots=True)
class Change:
    """From `frame` on the setting has another value; None is: not on the screen."""

    frame: int
    key: str
    before: Value | None
    after: Value | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"frame": self.frame, "key": self.key, "from": _plain(self.before), "to": _plain(self.after)}


class ReadoutWatch:
    """Follows the read-outs from frame to frame. `see` returns the changes; `readings` are the latest."""

    def __init__(self, reader: ScreenReader | None = None) -> None:
        self._screens = reader or ScreenReader()
        self._text = TextReader()
        self._lines: list[TextLine] = []
        self._seen: list[npt.NDArray[np.uint8]] = []
        self._since: dict[int, int] = {}
        self._boxes: list[Box] = []
        self._shape: tuple[int, ...] = ()
        self.readings = ScreenReadings()
        self.first: ScreenReadings | None = None

    def see(self, frame: int, picture: Bgr) -> list[Change]:
        """Look at a frame (BGR). The first is read whole; of later ones what changed, once it has stayed."""
        if self.first is None or picture.shape != self._shape:
            return self._afresh(frame, picture)
        changed = [number for number, box in enumerate(self._boxes) if self._differs(number, picture, box)]
        self._since = {number: self._since.get(number, frame) for number in changed}
        if len(changed) >= max(3, _AFRESH_PART * len(self._boxes)):
            first = min(self._since.values())
            return self._afresh(first, picture) if frame - first + 1 >= _STAYS else []
        lasting = [number for number in changed if frame - self._since[number] + 1 >= _STAYS]
        if not lasting:
            return []
        first = min(self._since[number] for number in lasting)
        for number in lasting:
            x0, y0, x1, y1 = self._boxes[number]
            line = self._text.line(picture, self._boxes[number])
            self._lines[number] = line or TextLine("", self._boxes[number], 0.0)
            self._seen[number] = _grey(picture[y0:y1, x0:x1])
            del self._since[number]
        return self._settled(first, self._screens.parse(picture, [line for line in self._lines if line.text]))

    def _afresh(self, frame: int, picture: Bgr) -> list[Change]:
        lines, readings = self._screens.lines_and_readings(picture)
        self._shape, self._since = picture.shape, {}
        self._lines = list(lines)
        self._boxes = _with_room([line.box for line in lines], picture.shape)
        self._seen = [_grey(picture[y0:y1, x0:x1]) for x0, y0, x1, y1 in self._boxes]
        if self.first is None:
            self.first = self.readings = readings
            return []
        return self._settled(frame, readings)

    def _differs(self, number: int, picture: Bgr, box: Box) -> bool:
        x0, y0, x1, y1 = box
        difference = cv2.absdiff(_grey(picture[y0:y1, x0:x1]), self._seen[number])
        return int(np.count_nonzero(difference >= _CHANGED_GREY)) >= _CHANGED_PIXELS

    def _settled(self, frame: int, readings: ScreenReadings) -> list[Change]:
        before, after = self.readings.settings, readings.settings
        self.readings = readings
        return [
            Change(frame, key, _value(before.get(key)), _value(after.get(key)))
            for key in sorted({*before, *after})
            if _value(before.get(key)) != _value(after.get(key))
        ]


def _with_room(boxes: Sequence[Box], shape: tuple[int, ...]) -> list[Box]:
    """The boxes, wider at the right by some letters where no other line stands."""
    answers = []
    for box in boxes:
        room = round((box[3] - box[1]) * _SPARE)
        x1 = min(shape[1], box[2] + room)
        for other in boxes:
            if other is not box and other[1] < box[3] and box[1] < other[3] and other[0] >= box[2] - 2:
                x1 = min(x1, max(box[2], other[0]))
        answers.append((box[0], box[1], x1, box[3]))
    return answers


def _grey(part: Bgr) -> npt.NDArray[np.uint8]:
    return np.asarray(part.max(axis=2), np.uint8)


def _value(reading: Reading | None) -> Value | None:
    return None if reading is None else reading.value


def _plain(value: Value | None) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
