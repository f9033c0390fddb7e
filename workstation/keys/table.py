"""The keys of the window: on which page each holds and what it does. A test holds the table against the window. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotation.canvas.tools import TOOLS


@dataclass(frozen=True, slots=True)
class Key:
    """One row: the keys that do it, as Qt writes them, and what they do."""

    keys: tuple[str, ...]
    does: str


#: Where they hold, in the order of the pages; 'Picture' is the canvas of Label and Review while it has the focus.
KEYS: Final[dict[str, tuple[Key, ...]]] = {
    "Everywhere": (
        Key(("F1",), "these keys"),
        Key(tuple(f"Ctrl+{n}" for n in range(1, 7)), "Patient, Scan, Label, Encounter, Compare, Review"),
        Key(("Ctrl+S",), "save the study"),
        Key(("Ctrl+,",), "settings"),
        Key(("F7",), "as a short press of the foot: a still, unless the settings say another thing"),
        Key(("F8",), "as a double press: begin or end a clip"),
        Key(("F9",), "as a long press: save the last seconds"),
        Key(("Ctrl+L",), "lock the window, where sign-in is set up"),
        Key(("F12",), "start the log of a suspected complication, or show it"),
    ),
    "Scan": (
        Key(("S",), "a still"),
        Key(("C",), "begin or end a clip"),
        Key(("L",), "save the last seconds"),
        Key(("F",), "freeze the picture; recording goes on"),
        Key(("N",), "to the next station that lacks something"),
        Key((",", "."), "the station before, after"),
        Key(("K",), "skip the station, with the reason"),
    ),
    "Label": (
        *(Key((tool.key,), tool.label.lower()) for tool in TOOLS),
        Key(("N",), "name the selected label: two letters find the term"),
        Key(("A", "Return"), "accept the selected suggestion"),
        Key(("R",), "reject it"),
        Key(("W",), "follow the selected label through its clip"),
        Key(("Shift+A",), "accept it on all frames"),
        Key(("Shift+X",), "it ends here: it stands on no later frame"),
    ),
    "Picture": (
        Key(("Return",), "finish what is being drawn"),
        Key(("Esc",), "forget what is being drawn"),
        Key(("Ctrl+Z",), "undo"),
        Key(("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
        Key(("Ctrl+Del", "Ctrl+Backspace"), "delete the selected label"),
        Key(("+", "-"), "larger, smaller"),
        Key(("0", "1"), "the whole picture, one pixel for one"),
        Key(("Space",), "hold it to move the picture with the mouse"),
        Key(("Left", "Right", "Up", "Down"), "move the selected label by a pixel"),
    ),
    "Encounter": (
        Key(("Ctrl+Return",), "a new entry in this step"),
        Key(("Ctrl+Del",), "take the open entry out"),
        Key(("Ctrl+Z",), "undo the last drawing on the face map"),
        Key(("Ctrl+Shift+Del",), "take what is chosen off the face map; the entry stays"),
    ),
    "Compare": (
        Key(("PgUp", "PgDown"), "the station before, after"),
        Key(("R",), "lay later pictures over the one before, or no longer"),
    ),
    "Photographs": (Key(("Space",), "take"),),
}
