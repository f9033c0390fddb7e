"""The captions of a labelled frame: words, letters and places, the same in presentation states and burned-in copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from annotation import Finding
from annotation.canvas.captions import caption
from annotation.canvas.hit import outline
from annotation.canvas.placing import Box, box_of, free_place
from dicom_io.drawing.lettering import Lettered, lettered, line_height

PAD_PX = 4  #: left and right of the words on their plate
_SMALLEST_PX = 8


@dataclass(frozen=True, slots=True)
class Captioned:
    """A label's caption; `plate` is where it stands, in pixels of the picture.

    Where captions would cover each other a later one stands as a `number` alone, and its text belongs below the picture.
    """

    finding: Finding
    text: str
    line: Lettered = field(repr=False)
    plate: Box
    number: int | None = None

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        return self.line.width > 0


def letter_size(rows: int) -> int:
    """Size of letters that can be read in a picture of so many rows, pixels."""
    return max(12, round(rows / 45))


def captions_of(findings: Sequence[Finding], columns: int, rows: int) -> list[Captioned]:
    """The captions of all labels of one frame, each off the others as far as there is room. Wide ones get smaller letters."""
    room = Box(0, 0, columns, rows)
    shapes = [box_of(f.shape).grown(3) for f in findings if f.kind != "layer"]
    plates: list[Box] = []
    made: list[Captioned] = []
    numbers = 0
    for finding in findings:
        text, number = caption(finding), None
        line, plate = _placed(text, finding, room, shapes + plates)
        if any(plate.meets(other) for other in plates):
            number = numbers = numbers + 1
            line, plate = _numbered(number, finding, room, plates)
        if line.width:
            plates.append(plate)
        made.append(Captioned(finding, text, line, plate, number))
    return made


def _numbered(number: int, finding: Finding, room: Box, plates: list[Box]) -> tuple[Lettered, Box]:
    """The number beside the shape or one of its points, wherever it covers no caption."""
    size = letter_size(round(room.bottom))
    line = lettered(str(number), size)
    wide, high = line.width + 2 * PAD_PX, line_height(size)
    beside = [box_of(finding.shape), *(Box(c, r, c, r).grown(1) for c, r in outline(finding.shape))]
    places = [free_place(wide, high, box, room, plates) for box in beside]
    return line, next((p for p in places if not any(p.meets(other) for other in plates)), places[0])


def _placed(text: str, finding: Finding, room: Box, taken: list[Box]) -> tuple[Lettered, Box]:
    """The text in letters that fit into the room's width, and its place; an empty one takes no place."""
    size = letter_size(round(room.bottom))
    line = lettered(text, size)
    while line.width + 2 * PAD_PX > room.right and size > _SMALLEST_PX:
        size -= 1
        line = lettered(text, size)
    if not line.width:
        return line, Box(0, 0, 0, 0)
    return line, free_place(line.width + 2 * PAD_PX, line_height(size), box_of(finding.shape), room, taken)
