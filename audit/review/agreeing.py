"""From the reviews on the shelf to figures: readers with each other, with their own repeats, with known verdicts.

Each version of a record counts once, in its latest complete reading. Every figure is for one criterion: one figure for a
whole rubric would hide that readers agree on dates and differ on pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from audit.agreement import Agreement, Coefficient, agreement, wilson
from audit.review.documents import Opinion, Purpose, Review, name_key
from audit.review.shelf import StoredReview, newest
from audit.review.standing import Standing, standing_of
from audit.review.worklist import WorkList

WORDS: Final = len(Opinion)


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion: readers with each other, over all words (`verdict`) and for 'met' against the rest (`met`).

    `program` counts (what the program said, what the readers agree on or settled).
    """

    criterion: str
    verdict: Agreement
    met: Agreement
    program: tuple[tuple[tuple[str, str], int], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: readings signed, minutes where measured, agreement with the own repeats and with known verdicts.

    `known` is None where the reader has read no calibration record; `misses` are criterion, said, known, and why.
    """

    name: str
    readings: int
    measured: int
    median_minutes: float | None
    total_minutes: float
    repeats: Agreement
    known: Coefficient | None
    misses: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreeing:
    """`waiting` are records that not all readers have signed; `unsettled` those whose differences nobody settled."""

    records: int
    waiting: int
    unsettled: int
    rows: tuple[Row, ...]
    readers: tuple[Reader, ...]


def agreeing(stored: Sequence[StoredReview], lists: Iterable[WorkList] = (), only: str | None = None) -> Agreeing:
    """The figures of all reviews, or of the list with id `only`. `lists` are asked for known verdicts."""
    here = [one for one in newest(list(stored)) if only is None or one.review.list_id == only or one.review.settles]
    versions = dict.fromkeys((one.review.encounter_uid, one.review.record_uid) for one in here)
    standings = [standing_of(here, record, only) for _, record in versions]
    complete = [standing for standing in standings if standing.complete]
    judged_by_several = [standing for standing in complete if len(standing.readings) > 1]
    criteria = dict.fromkeys(criterion for standing in complete for criterion in standing.criteria)
    known = {(k.encounter_uid, k.criterion): (k.opinion, k.why) for work in lists for k in work.known}
    names = {name_key(one.review.by): one.review.by for one in here if one.review.purpose is not Purpose.SETTLEMENT}
    return Agreeing(
        len(judged_by_several),
        sum(bool(standing.readings) and not standing.complete for standing in standings),
        sum(bool(standing.unsettled) for standing in complete),
        tuple(_row(criterion, complete) for criterion in criteria),
        tuple(
            _reader(names[key], [one.review for one in here if name_key(one.review.by) == key], known) for key in names
        ),
    )


def _row(criterion: str, standings: Sequence[Standing]) -> Row:
    ratings: list[list[str]] = []
    by_reader: list[dict[str, str]] = []
    program: Counter[tuple[str, str]] = Counter()
    for standing in standings:
        marks = {name_key(one.review.by): one.review.mark(criterion) for one in standing.readings}
        said = {name: mark.opinion.value for name, mark in marks.items() if mark is not None}
        if len(said) > 1:
            ratings.append(list(said.values()))
            by_reader.append(said)
        opinion = standing.opinion(criterion)
        told = next((mark.program for mark in marks.values() if mark is not None and mark.program), "")
        if opinion is not None and told:
            program[told, opinion.value] += 1
    met = [["met" if word == Opinion.MET else "other" for word in each] for each in ratings]
    pairs = _pairs(by_reader)
    met_pairs = None if pairs is None else [(_met(a), _met(b)) for a, b in pairs]
    return Row(
        criterion, agreement(ratings, WORDS, pairs), agreement(met, 2, met_pairs), tuple(sorted(program.items()))
    )  # fmt: skip


def _met(word: str) -> str:
    return "met" if word == Opinion.MET else "other"


def _pairs(by_reader: Sequence[Mapping[str, str]]) -> list[tuple[str, str]] | None:
    """The words of two readers in a fixed order; None where the readers are not the same two throughout."""
    teams = {tuple(sorted(said)) for said in by_reader}
    if len(teams) != 1 or len(team := teams.pop()) != 2:
        return None
    return [(said[team[0]], said[team[1]]) for said in by_reader]


def _reader(name: str, reviews: Sequence[Review], known: Mapping[tuple[str, str], tuple[Opinion, str]]) -> Reader:
    done = [one for one in reviews if one.purpose is not Purpose.SETTLEMENT]
    minutes = [one.active_s / 60 for one in done if one.active_s is not None]
    pairs: list[tuple[str, str]] = []
    for again in (one for one in done if one.turn == 2):
        first = next(
            (o for o in done if o.turn == 1 and (o.list_id, o.record_uid) == (again.list_id, again.record_uid)), None
        )
        for mark in again.marks:
            before = first.mark(mark.criterion) if first else None
            if before is not None:
                pairs.append((before.opinion.value, mark.opinion.value))
    asked, misses = 0, []
    for one in (each for each in done if each.purpose is Purpose.CALIBRATION and each.turn == 1):
        for mark in one.marks:
            right = known.get((one.encounter_uid, mark.criterion))
            if right is not None:
                asked += 1
                if right[0] is not mark.opinion:
                    misses.append((mark.criterion, mark.opinion.value, right[0].value, right[1]))
    return Reader(
        name,
        len(done),
        len(minutes),
        median(minutes) if minutes else None,
        sum(minutes),
        agreement(pairs, WORDS, pairs),
        wilson(asked - len(misses), asked) if asked else None,
        tuple(misses),
    )
