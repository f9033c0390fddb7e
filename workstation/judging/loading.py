"""Slow work of the reviewer's window, for a worker thread: the next record, and signing. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive import Archive, NotFound
from audit import Rubric
from audit.review import NotReviewable, Shelf, WorkList, order_for, same_person
from workstation.review.open_study import OpenedStudy, open_study
from workstation.studies.encounters import NoOneEncounter
from workstation.studies.reviewing import ToRead, Work, next_reading, open_shelf, sign_reading, to_read


@dataclass(frozen=True, slots=True)
class Task:
    """What is read, by whom, and where the reviews go. `study` is the one record where there is no list."""

    records: Path
    reviews: Path
    reader: str
    rubric: Rubric
    work: WorkList | None = None
    study: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A record with its pictures; `place` of `of` on the reader's list, from 1."""

    read: ToRead
    opened: OpenedStudy
    place: int = 1
    of: int = 1


def load_next(task: Task) -> Loaded | None:
    """The reader's next record; None where all are signed. Raises NotReviewable, and the errors of archive and dicom_io."""
    place, of, study, encounter = 1, 1, task.study, None
    if task.work is not None:
        due = _due(task, task.work)
        if due is None:
            return None
        study, encounter, place, of = due
    with Archive(task.records, create=False) as kept:
        try:
            read = to_read(kept, study, task.rubric, encounter)
        except NoOneEncounter as error:
            raise NotReviewable(str(error)) from error
    if task.work is None and _is_signed(task, read.subject.encounter.encounter_uid):
        return None
    return Loaded(read, open_study(task.records, study), place, of)


def sign(task: Task, loaded: Loaded, done: Work) -> str:
    """Signs the reading; returns the document's UID. Raises SignedTwice, NotReviewable, and the archive's errors."""
    with open_shelf(task.reviews, create=True) as shelf:
        return sign_reading(shelf, loaded.read, task.rubric, done, task.work).uid


def _due(task: Task, work: WorkList) -> tuple[str, str, int, int] | None:
    try:
        with Archive(task.reviews, create=False) as kept:
            due = next_reading(work, task.reader, Shelf(kept))
    except NotFound:  # nobody has signed anything yet
        order = order_for(work, task.reader)
        due = (order[0], 1, len(order)) if order else None
    if due is None:
        return None
    reading, place, of = due
    return reading.record.study_uid, reading.record.encounter_uid, place, of


def _is_signed(task: Task, encounter_uid: str) -> bool:
    """Whether the reader has signed the one record already, outside any list."""
    try:
        with Archive(task.reviews, create=False) as kept:
            return any(
                not one.review.list_id and same_person(one.review.by, task.reader)
                for one in Shelf(kept).reviews(encounter_uid)
            )
    except NotFound:
        return False
