"""The steps from a new window to a saved study, and when each is done. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Done:
    """What was done at the window so far."""

    running: bool = False
    captures: int = 0
    named: int = 0  # labels that have a name
    stored: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, on which page (as `window.PAGES` has it), and whether it is done."""

    page: str
    says: str
    is_done: Callable[[Done], bool]


STEPS: Final = (
    Step("scan", "Choose the simulated probe on the right and press Start.", lambda done: done.running),
    Step(
        "scan",
        "Everything is recorded from now on. Press Still (S): the picture is in the study at once.",
        lambda done: done.captures > 0,
    ),
    Step(
        "label",
        "Press 'Vessel ellipse' (E) and drag a box around a vessel; then type two letters of its name, and Enter.",
        lambda done: done.named > 0,
    ),
    Step(
        "patient",
        "Enter a patient id, such as TEST-1, and press Save study (Ctrl+S).",
        lambda done: done.stored,
    ),
    Step("review", "Choose the study on the right and open it: this is what was saved.", lambda done: done.opened),
)
LAST: Final = "That was a study, from the probe to its files. F1 shows the keys and this guide again."


def next_open(done: Done, after: int = -1) -> int:
    """The first step behind step `after` (from 0) that is not done; `len(STEPS)` where none is left."""
    return next((n for n, step in enumerate(STEPS) if n > after and not step.is_done(done)), len(STEPS))
