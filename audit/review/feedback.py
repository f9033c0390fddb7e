"""What comes back to the author of a record: the judgements that stand, the comments, how often each criterion was met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.review.documents import Answer, Opinion, Pin, Review, same_person
from audit.review.shelf import StoredReview
from audit.review.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Feedback:
    """One record's settled review for its author: `opinions` by criterion, each remark with the reader's name."""

    study_uid: str
    encounter_uid: str
    reviews: tuple[str, ...]
    opinions: Mapping[str, Opinion]
    remarks: tuple[tuple[str, str, str], ...]
    pins: tuple[tuple[str, Pin], ...]
    answers: tuple[Answer, ...]

    @property
    def acknowledged(self) -> bool:
        """Whether an author has acknowledged it."""
        return any(answer.acknowledged for answer in self.answers)


def feedback_for(author: str, stored: Sequence[StoredReview], answers: Iterable[Answer]) -> list[Feedback]:
    """The reviews that are complete and settled, of the newest judged version of each of the author's records."""
    mine = [one for one in stored if any(same_person(author, name) for name in one.review.authors)]
    said = list(answers)
    found = []
    for encounter in dict.fromkeys(one.review.encounter_uid for one in mine):
        of_it = [one for one in mine if one.review.encounter_uid == encounter]
        versions = dict.fromkeys(one.review.record_uid for one in reversed(of_it))
        standings = (standing_of(of_it, record) for record in versions)
        standing = next((each for each in standings if each.complete and not each.unsettled), None)
        if standing is not None:
            found.append(_feedback(standing, [a for a in said if a.encounter_uid == encounter]))
    return found


def _feedback(standing: Standing, answers: Sequence[Answer]) -> Feedback:
    one: Review = standing.readings[0].review
    reviews = tuple(each.uid for each in standing.readings)
    if standing.settlement is not None:
        reviews = (*reviews, standing.settlement.uid)
    opinions = {c: opinion for c in standing.criteria if (opinion := standing.opinion(c)) is not None}
    remarks = [(by, c, text) for c in standing.criteria for by, _, text in standing.said(c) if text]
    remarks += [(each.review.by, "", each.review.comment) for each in standing.readings if each.review.comment]
    heard = tuple(answer for answer in answers if set(answer.reviews) & set(reviews))
    return Feedback(one.study_uid, one.encounter_uid, reviews, opinions, tuple(remarks), standing.pins(), heard)


def counts(feedback: Iterable[Feedback]) -> dict[str, Counter[Opinion]]:
    """How often each criterion got which judgement, over an author's records: a learner's count, not a mark."""
    found: dict[str, Counter[Opinion]] = {}
    for one in feedback:
        for criterion, opinion in one.opinions.items():
            found.setdefault(criterion, Counter())[opinion] += 1
    return found
