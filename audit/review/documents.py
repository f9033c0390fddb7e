"""What a reviewer signs, and what the author of the record answers: plain typed records, stored as structured reports.

A review stands beside the program's verdicts and never in their place; it says what the program said then, so that both can
be compared later. It names the record by its UIDs and by the digest of the very document that was judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.images import ImageRef
from procedure.record import Record, Uid


class Opinion(StrEnum):
    """A person's judgement of one criterion: the program's words, and that the person cannot tell from this record."""

    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_TELL = "cannot_tell"


class Purpose(StrEnum):
    """Why it was made: a reading of the record, the settlement of two readings that differ, or a trial on a known record."""

    READING = "reading"
    SETTLEMENT = "settlement"
    CALIBRATION = "calibration"


class Settling(StrEnum):
    """How differences were settled: a third reader decided, or the readers talked and agreed."""

    THIRD_READER = "third-reader"
    TALK = "talk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Record):
    """The judgement of one criterion. `program` is the verdict of the program's own check, as the reviewer saw it."""

    criterion: str
    opinion: Opinion
    program: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Record):
    """A comment on a place of a picture: `column` and `row` in pixels of the frame; without them, on the whole frame."""

    criterion: str = ""
    image: ImageRef
    column: float | None = None
    row: float | None = None
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Record):
    """One reviewer's judgement of one version of a record.

    `authors` are the persons who answer for the record; `record_sha256` is the digest of the document's file.
    `active_s` is how long the reviewer was at it, without pauses; None where nobody measured it. `readers` is how many have
    to read the record before any judgement is shown; `turn` 2 is the hidden repeat of a reading. `settles` are the reviews
    that a settlement is about. `list_id` names the work list that it belongs to.
    """

    study_uid: Uid
    encounter_uid: Uid
    record_uid: Uid
    record_sha256: str
    authors: tuple[str, ...] = ()
    rubric: str
    rubric_version: str
    purpose: Purpose = Purpose.READING
    by: str
    begun: datetime
    signed: datetime
    active_s: float | None = None
    list_id: str = ""
    readers: int = 1
    turn: int = 1
    settling: Settling | None = None
    settles: tuple[Uid, ...] = ()
    marks: tuple[Mark, ...] = ()
    pins: tuple[Pin, ...] = ()
    comment: str = ""
    reason: str = ""

    def mark(self, criterion: str) -> Mark | None:
        """The judgement of one criterion; None where this review has none."""
        return next((mark for mark in self.marks if mark.criterion == criterion), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Record):
    """What the author says to the judgement of a record: read and accepted (`acknowledged`), or not."""

    study_uid: Uid
    encounter_uid: Uid
    reviews: tuple[Uid, ...] = ()
    by: str
    answered: datetime
    acknowledged: bool
    comment: str = ""


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals and spaces make no difference."""
    return name_key(one) == name_key(other)


def name_key(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.casefold().split())
