"""What is printed: the rooms of words, and where each read-out came to stand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from mock_devices.contract import Box, Readout, Settings
from mock_devices.screens._canvas import Canvas, Colour
from mock_devices.screens._design import Design
from mock_devices.screens._plan import Plan
from mock_devices.screens._typeface import Typeface
from mock_devices.screens._words import EXAMS, Said


@dataclass(slots=True)
class Written:
    """The read-outs printed so far, and the boxes of all other words."""

    readouts: dict[str, Readout] = field(default_factory=dict)
    clutter: list[tuple[str, Box]] = field(default_factory=list)

    def add(self, said: Said | str, words: str, box: Box) -> None:
        """Note words that stand in `box`. The first print of a key counts."""
        if isinstance(said, str):
            self.clutter.append((words, box))
        elif said.key not in self.readouts:
            self.readouts[said.key] = Readout(said.value, words, box)


_CLUTTER_EN = (
    "THI", "Res", "Map D/0", "Persist 3", "Smooth 2", "2D", "Edge 2", "LPF", "Gray 4", "Harm On", "SR 2", "Gen", "Comp 1",
    "Dual off", "Cine", "Live", "E 2", "Dens M",
)  # fmt: skip


_DOPPLER_HEADINGS = ("#C", "#CF", "#D")


def clutter(word: str, design: Design, dice: random.Random) -> str:
    """The words for a `=name` of a place: dates, exam names and the like, thrown once for each screen."""
    if word in design.extra:
        return design.extra[word]
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(2019, 2025)
    hour, minute = dice.randint(7, 18), dice.randint(0, 59)
    date = dice.choice([f"{day:02}.{month:02}.{year}", f"{year}-{month:02}-{day:02}", f"{month:02}/{day:02}/{year}"])
    clock = f"{hour:02}:{minute:02}" if dice.random() < 0.6 else f"{hour:02}:{minute:02}:{dice.randint(0, 59):02}"
    return {
        "date": date,
        "time": clock,
        "datetime": f"{date}  {clock}",
        "exam": dice.choice(EXAMS[design.vocabulary.language]),
        "maker": design.maker,
        "patient": "SIM^PATIENT",
        "id": f"ID: SIM{dice.randint(100, 99999)}",
        "misc": dice.choice(_CLUTTER_EN),
        "misc2": dice.choice(_CLUTTER_EN),
        "misc3": dice.choice(_CLUTTER_EN),
        "count": f"{dice.randint(2, 120)}/{dice.randint(121, 400)}",
    }.get(word, word)


def _item(
    word: str, design: Design, settings: Settings, dice: random.Random
) -> tuple[Said | str, Colour, Typeface] | None:
    theme = design.theme
    if word in _DOPPLER_HEADINGS and settings.colour is None and settings.spectral is None:
        return None
    if word.startswith("#"):
        return word[1:], theme.accent, design.face
    if word.startswith("="):
        return clutter(word[1:], design, dice), theme.dim, design.face
    said = design.vocabulary.say(word, settings)
    return None if said is None else (said, theme.ink, design.face)


def write_row(
    canvas: Canvas,
    design: Design,
    plan: Plan,
    room: Box,
    places: Sequence[str],
    settings: Settings,
    written: Written,
    dice: random.Random,
) -> None:
    """Words beside each other, centred in the room's height; what comes after `>` is set from the right side.

    Falls into two rows when the room is high enough and the words are many.
    """
    items = [found for word in places if word != ">" and (found := _item(word, design, settings, dice))]
    lefts = (
        len([w for w in places[: places.index(">")] if _item(w, design, settings, random.Random(0))])
        if ">" in places
        else len(items)
    )
    em = plan.em
    x0, y0, x1, y1 = room
    rows = 2 if y1 - y0 > 2.9 * em else 1
    pitch = (y1 - y0) / rows
    row, left = 0, x0 + 0.5 * em
    for said, ink, face in items[:lefts]:
        words = said if isinstance(said, str) else design.vocabulary.join(said)
        wide = face.width_of(words, em)
        if left + wide > x1 - 0.3 * em and row + 1 < rows:
            row, left = row + 1, x0 + 0.5 * em
        box = canvas.words(words, face, em, left, y0 + (row + 0.5) * pitch, ink, "l", within=room)
        if box is not None:
            written.add(said, words, box)
            left += wide + 0.9 * em
    row, right = 0, x1 - 0.5 * em
    for said, ink, face in items[lefts:]:
        words = said if isinstance(said, str) else design.vocabulary.join(said)
        wide = face.width_of(words, em)
        if right - wide < x0 + 0.3 * em and row + 1 < rows:
            row, right = row + 1, x1 - 0.5 * em
        box = canvas.words(words, face, em, right, y0 + (row + 0.5) * pitch, ink, "r", within=room, gap=5)
        if box is None and row + 1 < rows:
            row, right = row + 1, x1 - 0.5 * em
            box = canvas.words(words, face, em, right, y0 + (row + 0.5) * pitch, ink, "r", within=room, gap=5)
        if box is not None:
            written.add(said, words, box)
            right -= wide + 0.9 * em


def write_column(
    canvas: Canvas,
    design: Design,
    plan: Plan,
    room: Box,
    places: Sequence[str],
    settings: Settings,
    written: Written,
    dice: random.Random,
    halo: float = 0.0,
) -> None:
    """Lines under each other: one string each, a table of two columns, or small labels over large numbers."""
    em = plan.em
    x0, y0, _, y1 = room
    pitch = (1.5 if design.column != "stack" else 1.35) * em
    row = y0 + 0.9 * em
    for word in places:
        if row + 0.5 * em > y1:
            return
        if not word.strip():
            row += 0.6 * em
            continue
        found = _item(word, design, settings, dice)
        if found is None:
            continue
        said, ink, face = found
        if isinstance(said, str) or design.column == "lines" or not said.label or halo:
            words = said if isinstance(said, str) else design.vocabulary.join(said)
            box = _fitting(canvas, words, face, em, x0 + 0.4 * em, row, ink, room, halo)
            if box is not None:
                written.add(said, words, box)
            row += pitch
            continue
        row = _pair(canvas, design, em, room, said, row, pitch, written)


def _pair(
    canvas: Canvas, design: Design, em: float, room: Box, said: Said, row: float, pitch: float, written: Written
) -> float:
    """Label and number apart; returns the next row."""
    x0, _, x1, y1 = room
    theme, face = design.theme, design.face
    words = design.vocabulary.join(said)
    if design.column == "stack":
        label = canvas.words(said.label, design.label_face, 0.82 * em, x0 + 0.4 * em, row, theme.dim, "l", within=room)
        if label is None or row + 1.7 * em > y1:
            if label is not None:
                written.add(said.label, said.label, label)
            return row + pitch
        number = canvas.words(said.number, face, 1.1 * em, x0 + 0.4 * em, row + 1.25 * em, theme.ink, "l", within=room)
        row += 1.25 * em
    else:
        room_for_label = x1 - x0 - face.width_of(said.number, em) - 1.1 * em
        if face.width_of(said.label, em) > room_for_label:
            box = _fitting(canvas, words, face, em, x0 + 0.4 * em, row, theme.ink, room, 0.0)
            if box is not None:
                written.add(said, words, box)
            return row + pitch
        label = canvas.words(said.label, face, em, x0 + 0.4 * em, row, theme.dim, "l", within=room)
        number = canvas.words(said.number, face, em, x1 - 0.5 * em, row, theme.ink, "r", within=room)
    if label is not None and number is not None:
        box = (min(label[0], number[0]), min(label[1], number[1]), max(label[2], number[2]), max(label[3], number[3]))
        written.add(said, words, box)
    return row + pitch


def _fitting(
    canvas: Canvas, words: str, face: Typeface, em: float, x: float, row: float, ink: Colour, room: Box, halo: float
) -> Box | None:
    """Words that may be set a little narrower to fit their room."""
    box = canvas.words(words, face, em, x, row, ink, "l", within=room, halo=halo)
    if box is None:
        for width in (0.88, 0.78):
            narrow = Typeface(face.family, face.weight, face.width * width, face.hard)
            box = canvas.words(words, narrow, em, x, row, ink, "l", within=room, halo=halo)
            if box is not None:
                break
    return box
