"""What an analysis says of a frame, for the window to draw and write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["plain", "quiet", "warning"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A line over the picture: `points` [column, row] in pixels of the frame; `kind` decides how it is drawn."""

    kind: Literal["flow", "colour-box", "picture"]
    points: tuple[Point, ...]
    closed: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line for the reader: what it is about, what is known, and the whole of it for the tooltip."""

    topic: str
    text: str
    tone: Tone = "plain"
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What one analysis says now. It stands until that analysis says something else.

    `personal` are the texts on the screen that name a patient or give a patient's number: never to be logged.
    """

    facts: tuple[Fact, ...] = ()
    outlines: tuple[Outline, ...] = ()
    personal: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at one moment. `timestamp_ns` is that of the frame looked at last, `width` and `height` its size in px.

    `said` has one entry for each analysis, by its name; `spent_ms` the processor time of its last look.
    """

    timestamp_ns: int
    width: int
    height: int
    said: dict[str, Said] = field(default_factory=dict)
    spent_ms: dict[str, float] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of all analyses, in their order."""
        return tuple(fact for said in self.said.values() for fact in said.facts)

    @property
    def personal(self) -> tuple[str, ...]:
        """The texts on the screen that name a patient or give a patient's number."""
        return tuple(text for said in self.said.values() for text in said.personal)

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """The outlines of all analyses, in their order."""
        return tuple(outline for said in self.said.values() for outline in said.outlines)
