"""Reviews of the records of an archive: what is read, and how readings, settlements and answers come onto the shelf. No Qt.

Records are only ever read here: the archive that holds them is opened as it is and nothing is put into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from archive import Archive, NotFound
from audit import Judgement, Material, Rubric, judge
from audit.review import (
    Listed,
    Mark,
    NotReviewable,
    Pin,
    Purpose,
    Reading,
    Review,
    Settling,
    Shelf,
    SignedTwice,
    Standing,
    StoredReview,
    Subject,
    WorkList,
    order_for,
    risks_of,
    same_person,
    standing_of,
)
from audit.review.shelf import newest
from workstation.proof.opening import open_archive
from workstation.studies.auditing import material_of
from workstation.studies.encounters import NoOneEncounter, newest_encounter, referred
from workstation.studies.found_files import found_files
from workstation.studies.reading import ENCOUNTER_CLASS
from workstation.version import VERSION


@dataclass(frozen=True, slots=True)
class ToRead:
    """A record with everything that a reviewer looks at."""

    subject: Subject
    material: Material
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a reader did on one record: `begun` to `signed` by the clock, `active_s` without pauses where it was measured."""

    by: str
    begun: datetime
    signed: datetime
    marks: tuple[Mark, ...]
    pins: tuple[Pin, ...] = ()
    comment: str = ""
    active_s: float | None = None


def shelf_folder(records: Path) -> Path:
    """Where the reviews of an archive lie when nobody says: beside it, 'archive' and 'archive-reviews'."""
    return records.absolute().with_name(f"{records.absolute().name}-reviews")


@contextmanager
def open_shelf(folder: Path, *, create: bool) -> Iterator[Shelf]:
    """The shelf in a folder; it is made where `create` says so. Raises the archive's errors."""
    opened = open_archive(folder) if create else Archive(folder, create=False)
    with opened as kept:
        yield Shelf(kept, VERSION)


def to_read(records: Archive, study_uid: str, rubric: Rubric, encounter_uid: str | None = None) -> ToRead:
    """A record of an archive, judged by the program. Raises NotFound, NoOneEncounter."""
    rows, wrong = records.sound_objects(study_uid)
    sound = {row.file: row for row in rows}
    material = material_of(list(sound), encounter_uid, [problem.what for problem in wrong])
    with material.record.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    shown = material.pictures or {}
    pictures = tuple(referred(row) for row in sound.values() if row.sop_instance_uid in shown)
    patient_id = material.encounter.patient.patient_id
    subject = Subject(material.encounter, referred(sound[material.record]), digest, patient_id, pictures)
    return ToRead(subject, material, judge(material, rubric))


def candidates(records: Archive, first: date | None, last: date | None) -> tuple[list[Listed], list[str]]:
    """The records of a period (both days included) that are final, and a sentence for each study that has none to read."""
    found, told = [], []
    for row in records.studies():
        try:
            day = date.fromisoformat(row.date)
        except ValueError:
            told.append(f"Study {row.study_instance_uid} has no date.")
            continue
        if (first is not None and day < first) or (last is not None and day > last):
            continue
        files = [each.file for each in records.objects(row.study_instance_uid) if each.sop_class == ENCOUNTER_CLASS]
        try:
            encounter = newest_encounter(found_files(files)).encounter
        except NoOneEncounter as error:
            told.append(f"Study {row.study_instance_uid}: {error}")
            continue
        if not encounter.signatures:
            told.append(f"Study {row.study_instance_uid}: its record is a draft.")
            continue
        found.append(
            Listed(
                study_uid=row.study_instance_uid,
                encounter_uid=encounter.encounter_uid,
                day=day,
                risks=risks_of(encounter),
            )
        )
    return found, told


def next_reading(work: WorkList, reader: str, shelf: Shelf) -> tuple[Reading, int, int] | None:
    """The first of the reader's readings that is not signed, with its place (from 1) and their number; None when all are."""
    order = order_for(work, reader)
    done: dict[str, set[int]] = {}  # turns signed, by record: only records of this list are looked up
    for place, reading in enumerate(order, start=1):
        uid = reading.record.encounter_uid
        if uid not in done:
            done[uid] = {
                one.review.turn
                for one in shelf.reviews(uid)
                if one.review.list_id == work.list_id
                and one.review.purpose is work.purpose
                and same_person(one.review.by, reader)
            }
        if reading.turn not in done[uid]:
            return reading, place, len(order)
    return None


def sign_reading(
    shelf: Shelf, read: ToRead, rubric: Rubric, done: Work, work: WorkList | None = None, again: str = ""
) -> StoredReview:
    """Signs a reading. Every criterion of the rubric has to be judged.

    On a list with hidden repeats a second reading is taken where it is the reader's next one. `again` is the reason for
    signing in place of the reader's earlier review, which is possible until all readers have signed. Raises SignedTwice,
    NotReviewable.
    """
    subject = read.subject
    lacking = [c.id for c in rubric.criteria if c.id not in {mark.criterion for mark in done.marks}]
    if lacking:
        raise NotReviewable(f"Not judged yet: {', '.join(lacking)}.")
    turn = 1
    if work is not None:
        if subject.encounter.encounter_uid not in {record.encounter_uid for record in work.records}:
            raise NotReviewable("This record is not on the work list: leave the list away, or take the next one of it.")
        due = next_reading(work, done.by, shelf)
        if not again and due is not None and due[0].record.encounter_uid == subject.encounter.encounter_uid:
            turn = due[0].turn
    list_id = work.list_id if work else ""
    stored = shelf.reviews(subject.encounter.encounter_uid)
    before = None
    if again:
        mine = [
            one
            for one in newest(stored)
            if same_person(one.review.by, done.by)
            and (one.review.list_id, one.review.record_uid) == (list_id, subject.record.sop_instance_uid)
            and one.review.purpose is not Purpose.SETTLEMENT
        ]
        if not mine:
            raise NotReviewable(f"{done.by} has signed no review of this record that could be signed anew.")
        before, turn = mine[-1], mine[-1].review.turn
        if standing_of(stored, subject.record.sop_instance_uid, list_id).complete and before.review.readers > 1:
            raise NotReviewable(
                "All readers have signed and may have seen each other's judgements: what differs is settled now."
            )
    review = replace(
        _review(subject, rubric, done),
        purpose=work.purpose if work else Purpose.READING,
        list_id=list_id,
        readers=work.readers if work and work.purpose is Purpose.READING else 1,
        turn=turn,
        reason=again,
    )
    return shelf.sign(review, subject, before)


def settle(shelf: Shelf, read: ToRead, rubric: Rubric, done: Work, how: Settling) -> StoredReview:
    """Settles what the readers of a record differ on: each of those criteria is judged once more, and the readings stay.

    Raises NotReviewable where there is nothing to settle, a difference is not judged, or a reader would be the third one.
    """
    stored = shelf.reviews(read.subject.encounter.encounter_uid)
    standing = standing_of(stored, read.subject.record.sop_instance_uid)
    if not standing.complete:
        raise NotReviewable("Not all readers have signed: there is nothing to settle yet.")
    if not standing.differences:
        raise NotReviewable("The readers do not differ: there is nothing to settle.")
    lacking = [c for c in standing.differences if c not in {mark.criterion for mark in done.marks}]
    if lacking:
        raise NotReviewable(f"Not settled yet: {', '.join(lacking)}.")
    if how is Settling.THIRD_READER and standing.of(done.by) is not None:
        raise NotReviewable(f"{done.by} was a reader of this record: a third reader is somebody else.")
    if standing.settlement is not None:
        raise SignedTwice(f"This record was settled already, by {standing.settlement.review.by}.")
    review = replace(
        _review(read.subject, rubric, done),
        purpose=Purpose.SETTLEMENT,
        settling=how,
        settles=tuple(one.uid for one in standing.readings),
    )
    return shelf.sign(review, read.subject)


def _review(subject: Subject, rubric: Rubric, done: Work) -> Review:
    return Review(
        study_uid=subject.record.study_instance_uid,
        encounter_uid=subject.encounter.encounter_uid,
        record_uid=subject.record.sop_instance_uid,
        record_sha256=subject.record_sha256,
        authors=subject.authors,
        rubric=rubric.name,
        rubric_version=rubric.version,
        by=done.by,
        begun=done.begun,
        signed=done.signed,
        active_s=done.active_s,
        marks=done.marks,
        pins=done.pins,
        comment=done.comment,
    )


def standing_on(folder: Path, encounter_uid: str, record_uid: str) -> tuple[Standing, list[str]]:
    """How far the reviews of a record have come, on a shelf that may not be there, and what could not be read."""
    try:
        with open_shelf(folder, create=False) as shelf:
            return standing_of(shelf.reviews(encounter_uid), record_uid), shelf.unread
    except NotFound:
        return Standing((), 0), []


def pictures_pointed_at(read: ToRead, pins: Sequence[Pin]) -> None:
    """Raises NotReviewable where a comment points at no picture of the record, or outside it."""
    for pin in pins:
        picture = read.material.picture(pin.image.image_uid)
        if picture is None or not 0 <= pin.image.frame < picture.frames:
            raise NotReviewable(f"A comment points at frame {pin.image.frame + 1} of {pin.image.image_uid}: not here.")
        if (
            pin.column is not None
            and pin.row is not None
            and not (pin.column < picture.columns and pin.row < picture.rows)
        ):
            raise NotReviewable(f"A comment points outside the picture {pin.image.image_uid}.")
