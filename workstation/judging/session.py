"""What a reader has said of one record so far, and how long the reader was at it. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from annotation import Document, Finding
from annotation.shapes import Point
from audit import Criterion, Evidence, Judgement
from audit.review import Mark, Opinion, Pin
from audit.review.shelf import now
from procedure.images import ImageRef
from workstation.studies.reviewing import Work

PAUSE_S: Final = 120.0  #: where nothing is touched for longer, the rest of the time was a pause


class Stopwatch:
    """Counts the time between touches, but of no gap more than PAUSE_S."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._sum = 0.0

    def touch(self) -> None:
        """Something was done: a key, a press, the wheel."""
        moment = self._clock()
        self._sum += min(moment - self._last, PAUSE_S)
        self._last = moment

    @property
    def seconds(self) -> float:
        """The time up to the last touch."""
        return self._sum


@dataclass
class Said:
    """What is said of one criterion; `opinion` is None before anything is."""

    opinion: Opinion | None = None
    comment: str = ""


@dataclass
class Session:
    """One reader's work on one record: criteria in the rubric's order, `place` the chosen one."""

    reader: str
    judgements: Sequence[Judgement]
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    begun: datetime = field(default_factory=now)
    place: int = 0
    pins: list[Pin] = field(default_factory=list)
    comment: str = ""

    def __post_init__(self) -> None:
        self.said = {judgement.criterion.id: Said() for judgement in self.judgements}

    @property
    def judgement(self) -> Judgement:
        """The program's judgement of the chosen criterion."""
        return self.judgements[self.place]

    @property
    def criterion(self) -> Criterion:
        """The chosen criterion."""
        return self.judgement.criterion

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The evidence of the chosen criterion."""
        return self.judgement.evidence

    @property
    def open(self) -> tuple[str, ...]:
        """The criteria that nothing is said of yet."""
        return tuple(criterion for criterion, said in self.said.items() if said.opinion is None)

    def judge(self, opinion: Opinion) -> None:
        """Say it of the chosen criterion."""
        self.said[self.criterion.id].opinion = opinion

    def remark(self, comment: str) -> None:
        """A comment on the chosen criterion, in place of the one before; blank for none."""
        self.said[self.criterion.id].comment = " ".join(comment.split())

    def to_next_open(self) -> None:
        """Choose the next criterion that nothing is said of; the chosen one stays where none is left."""
        order = [*range(self.place + 1, len(self.judgements)), *range(self.place)]
        left = set(self.open)
        self.place = next((k for k in order if self.judgements[k].criterion.id in left), self.place)

    def pin(self, image: str, frame: int, at: tuple[float, float], comment: str) -> Pin:
        """A comment on a place (column, row in pixels) of a frame (from 0), for the chosen criterion."""
        made = Pin(
            criterion=self.criterion.id,
            image=ImageRef(image_uid=image, frame=frame),
            column=round(at[0], 1),
            row=round(at[1], 1),
            comment=" ".join(comment.split()),
        )
        self.pins.append(made)
        return made

    def with_pins(self, document: Document) -> Document:
        """The labels of the record with the reader's own comments as points among them."""
        return Document(findings=(*document.findings, *(self._drawn(pin) for pin in self.pins)), notes=document.notes)

    def _drawn(self, pin: Pin) -> Finding:
        return Finding(
            kind="point",
            name=f"{pin.criterion}: {pin.comment}",
            shape=Point(at=(pin.column or 0.0, pin.row or 0.0)),
            image=pin.image.image_uid,
            frame=pin.image.frame,
            by=self.reader,
        )

    def work(self) -> Work:
        """What is to be signed; while something is `open`, signing refuses it and says what is missing."""
        self.stopwatch.touch()
        program = {judgement.criterion.id: judgement.verdict.value for judgement in self.judgements}
        marks = tuple(
            Mark(criterion=criterion, opinion=said.opinion, program=program[criterion], comment=said.comment)
            for criterion, said in self.said.items()
            if said.opinion is not None
        )
        return Work(self.reader, self.begun, now(), marks, tuple(self.pins), self.comment, self.stopwatch.seconds)
