"""Where reviews and answers lie: an archive of their own, beside the one of the records, which is never written.

All that is said of one record lies in one study, of the same patient id and day as the record and without a name; each person
has a series in it. The shelf only adds: a review that is signed anew is another document, which names the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from archive import AlreadyStored, Archive, NotFound
from audit.review.documents import Answer, Purpose, Review, name_key, same_person
from audit.review.errors import NotReviewable, SignedTwice
from dicom_io import DicomError, EncodedObject, Patient, Phase, Series, StoredObject, Study
from dicom_io.coding.concept import Concept, private
from dicom_io.context import derived_uid
from dicom_io.encounter.typed import ENHANCED_SR, TypedDocument, encode_typed, read_typed
from dicom_io.errors import NotAReport
from procedure import Encounter
from procedure.record import Record

REVIEW: Final = private("RECORD_REVIEW", "Review of a record")
ANSWER: Final = private("REVIEW_ANSWER", "Answer to the reviews of a record")
_SERIES_NUMBER: Final = 1300
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that is judged: its document, the digest of that file, and the pictures that may be pointed at."""

    encounter: Encounter
    record: StoredObject
    record_sha256: str
    patient_id: str
    pictures: tuple[StoredObject, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """The persons who answer for the record: those who signed it as final, else all of its team."""
        signed = [one.by for one in self.encounter.signatures if one.by]
        return tuple(dict.fromkeys(signed or [person.name for person in self.encounter.people if person.name]))


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review with the UID of its document, and the reviews that it takes the place of."""

    review: Review
    uid: str
    file: Path
    predecessors: tuple[str, ...] = ()


class Shelf:
    """The reviews in one archive. Raises the archive's errors."""

    def __init__(self, archive: Archive, software_version: str = "") -> None:
        self._archive = archive
        self._version = software_version
        self.unread: list[str] = []  #: a sentence for each document that could not be read

    def reviews(self, encounter_uid: str | None = None) -> list[StoredReview]:
        """Every review, of one record or of all, in the order in which they were signed."""
        found = []
        for file in self._files(encounter_uid):
            document = self._read(file, Review, REVIEW)
            if document is not None:
                found.append(StoredReview(document.record, document.sop_instance_uid, file, document.predecessors))
        return sorted(found, key=lambda one: (one.review.signed, one.uid))

    def answers(self, encounter_uid: str | None = None) -> list[Answer]:
        """Every author's answer, in the order of time."""
        read = (self._read(file, Answer, ANSWER) for file in self._files(encounter_uid))
        found = [document.record for document in read if document is not None]
        return sorted(found, key=lambda answer: answer.answered)

    def sign(self, review: Review, subject: Subject, before: StoredReview | None = None) -> StoredReview:
        """Stores a review; `before` is the same person's that it takes the place of.

        Raises SignedTwice where the person has signed one of this version of the record already (for the same list and turn),
        NotReviewable where an author judges the own record, or `before` is another's.
        """
        if any(same_person(review.by, author) for author in subject.authors):
            raise NotReviewable(f"{review.by} is an author of this record, and cannot review it: somebody else has to.")
        if before is not None and not (same_person(before.review.by, review.by) and review.reason):
            raise NotReviewable("A review is signed anew by the same person alone, with a reason.")
        uid = derived_uid(
            "review",
            *(
                review.list_id,
                review.encounter_uid,
                review.record_uid,
                review.purpose,
                name_key(review.by),
                review.turn,
            ),
            before.uid if before else "",
        )
        if self._archive.has(uid):
            raise self._twice(review)
        predecessors = (self._stored_object(before.file),) if before else ()
        study = self._study(subject)
        made = encode_typed(
            review,
            REVIEW,
            study,
            self._series(study, review.by),
            sop_instance_uid=uid,
            by=review.by,
            at=review.signed,
            evidence=[subject.record],
            pictures=subject.pictures,
            predecessors=predecessors,
            software_version=self._version,
        )
        try:
            file = self._archive.put(made)
        except AlreadyStored as error:
            raise self._twice(review) from error
        return StoredReview(review, uid, file, tuple(each.sop_instance_uid for each in predecessors))

    def answer(self, answer: Answer, subject: Subject) -> Path:
        """Stores an author's answer. Raises NotReviewable where the person is none of the authors."""
        if not any(same_person(answer.by, author) for author in subject.authors):
            raise NotReviewable(f"{answer.by} is no author of this record: {', '.join(subject.authors)}.")
        study = self._study(subject)
        uid = derived_uid("answer", answer.encounter_uid, name_key(answer.by), answer.answered.isoformat())
        made: EncodedObject = encode_typed(
            answer,
            ANSWER,
            study,
            self._series(study, answer.by),
            sop_instance_uid=uid,
            by=answer.by,
            at=answer.answered,
            evidence=[subject.record],
            software_version=self._version,
        )
        return self._archive.put(made)

    def _files(self, encounter_uid: str | None) -> Iterator[Path]:
        studies = (
            [study_uid_of(encounter_uid)]
            if encounter_uid is not None
            else [row.study_instance_uid for row in self._archive.studies()]
        )
        for study in studies:
            try:
                rows = self._archive.objects(study)
            except NotFound:
                continue
            yield from (row.file for row in rows if row.sop_class == ENHANCED_SR)

    def _read(self, file: Path, kind: type[R], title: Concept) -> TypedDocument[R] | None:
        try:
            return read_typed(file, kind, title)
        except NotAReport as error:
            if error.__cause__ is not None:  # it says that it is one, and cannot be read
                self.unread.append(str(error))
        except DicomError as error:
            self.unread.append(str(error))
        return None

    def _twice(self, review: Review) -> SignedTwice:
        return SignedTwice(
            f"{review.by} has signed a review of this record already: it stands. Until all readers have signed, it can be"
            " signed anew with a reason."
        )

    def _study(self, subject: Subject) -> Study:
        return Study(
            Patient(subject.patient_id),
            subject.encounter.started_at,
            study_instance_uid=study_uid_of(subject.encounter.encounter_uid),
            description="Reviews of a record",
        )

    def _series(self, study: Study, by: str) -> Series:
        uid = derived_uid(study.study_instance_uid, name_key(by))
        return Series(Phase.POST, _SERIES_NUMBER, uid, description="review of a record")

    @staticmethod
    def _stored_object(file: Path) -> StoredObject:
        return StoredObject(file.stem, ENHANCED_SR, file.parent.parent.name, file.parent.name, 0)


def study_uid_of(encounter_uid: str) -> str:
    """The study in which all that is said of a record lies."""
    return derived_uid("reviews", encounter_uid)


def is_reading(stored: StoredReview) -> bool:
    """Whether it is a first reading, which counts for the record (no repeat, no settlement, no trial)."""
    return stored.review.purpose is Purpose.READING and stored.review.turn == 1


def newest(stored: list[StoredReview]) -> list[StoredReview]:
    """Those that no other one takes the place of."""
    replaced = {uid for one in stored for uid in one.predecessors}
    return [one for one in stored if one.uid not in replaced]


def now() -> datetime:
    """The moment of the wall clock, with its offset."""
    from datetime import UTC

    return datetime.now(UTC).astimezone()
