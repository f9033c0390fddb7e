"""What a printed document is made of: headings, texts, facts, tables, figures and drawings, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from annotation import Finding
from procedure.documents.sources import Picture


class Blank(StrEnum):
    """A place without a value. It is printed as an empty box, so that nobody takes it for an answer."""

    NOT_RECORDED = "not recorded"
    TO_FILL_IN = "to fill in"


Cell = str | Blank


class Tone(StrEnum):
    """How a text stands on the page."""

    PLAIN = "plain"
    NOTICE = "notice"  # framed
    ALARM = "alarm"  # framed and strong: emergencies, a draft
    QUOTE = "quote"  # what somebody said or signed, word for word
    SMALL = "small"
    ITEM = "item"  # one of a list


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, one a line."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below headings. `widths` are shares of the page's width, one for each column.

    Without rows `empty` is printed in its place: a sentence, or a blank.
    """

    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: Cell = Blank.NOT_RECORDED

    def __post_init__(self) -> None:
        if len(self.widths) != len(self.columns) or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a table of {len(self.columns)} columns has rows or widths of another number")


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture with its labels drawn on it. `picture` is None where it is missing, and `lines` then say why.

    `labels` are numbered from 1 in the picture, in their order; `lines` stand below the caption.
    """

    caption: str
    picture: Picture | None
    labels: tuple[Finding, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Pictures beside and below each other."""

    figures: tuple[Figure, ...]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of ours as SVG, over a share of the page's width; its words stand in the blocks that follow it."""

    svg: str
    share: float = 1.0


Block = Heading | Text | Facts | Table | Figures | Drawing


@dataclass(frozen=True, slots=True)
class Printed:
    """Who printed when; both blank where nobody said, so that the same record gives the same bytes."""

    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document. `running` stands at the head of each page, `foot` at its foot beside 'page x of y'.

    `dated` is the document's date: when it was printed, else when the record was signed last, else when it began.
    `one_page`: it has to fit on one page.
    """

    title: str
    running: str
    foot: str
    dated: datetime
    blocks: tuple[Block, ...]
    one_page: bool = False


def strings(page: Page) -> Iterator[str]:
    """Every text of a document, in its order; what stands in drawings and on pictures is not in it."""
    yield from (page.title, page.running, page.foot)
    for block in page.blocks:
        match block:
            case Heading() | Text():
                yield block.text
            case Facts():
                for label, cell in block.rows:
                    yield from (label, str(cell))
            case Table():
                yield from block.columns if block.rows else (str(block.empty),)
                for row in block.rows:
                    yield from map(str, row)
            case Figures():
                for figure in block.figures:
                    yield from (figure.caption, *figure.lines)
            case Drawing():
                pass
