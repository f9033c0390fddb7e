"""How far the reading of a record has come, and what was found, which nobody is shown before all readers have signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.review.documents import Opinion, Pin, Purpose, name_key, same_person
from audit.review.shelf import StoredReview, is_reading, newest


@dataclass(frozen=True, slots=True)
class Standing:
    """The readings of one version of a record, `wanted` of them, and the settlement of their differences, if any."""

    readings: tuple[StoredReview, ...]
    wanted: int
    settlement: StoredReview | None = None

    @property
    def complete(self) -> bool:
        """Whether all readers have signed: only then is any judgement shown."""
        return 0 < self.wanted <= len(self.readings)

    @property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion that was judged, in the order of the readings."""
        return tuple(dict.fromkeys(mark.criterion for one in self.readings for mark in one.review.marks))

    @property
    def differences(self) -> tuple[str, ...]:
        """The criteria on which the readers differ, settled or not; none before all have signed."""
        return tuple(c for c in self.criteria if self.complete and len(set(self._opinions(c))) > 1)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The differences that nobody has settled."""
        return tuple(criterion for criterion in self.differences if self._settled(criterion) is None)

    def opinion(self, criterion: str) -> Opinion | None:
        """What the readers agree on, or what the settlement says; None before all have signed, or while they differ."""
        if not self.complete:
            return None
        said = set(self._opinions(criterion))
        return said.pop() if len(said) == 1 else self._settled(criterion)

    def said(self, criterion: str) -> tuple[tuple[str, Opinion, str], ...]:
        """Each reader's name, opinion and comment on a criterion, the settlement last; none before all have signed."""
        if not self.complete:
            return ()
        stored = (*self.readings, *((self.settlement,) if self.settlement else ()))
        marks = ((one.review.by, one.review.mark(criterion)) for one in stored)
        return tuple((by, mark.opinion, mark.comment) for by, mark in marks if mark is not None)

    def pins(self) -> tuple[tuple[str, Pin], ...]:
        """Each reader's comments on places; none before all have signed."""
        return tuple((one.review.by, pin) for one in self.readings for pin in one.review.pins) if self.complete else ()

    def of(self, reader: str) -> StoredReview | None:
        """A person's own reading, which that person may see at any time."""
        return next((one for one in self.readings if same_person(one.review.by, reader)), None)

    def _opinions(self, criterion: str) -> list[Opinion]:
        marks = [one.review.mark(criterion) for one in self.readings]
        return [mark.opinion for mark in marks if mark is not None]

    def _settled(self, criterion: str) -> Opinion | None:
        mark = self.settlement.review.mark(criterion) if self.settlement else None
        return mark.opinion if mark else None


def standing_of(stored: Sequence[StoredReview], record_uid: str, list_id: str | None = None) -> Standing:
    """The standing of one version of a record (its document's UID) on one work list.

    Where no list is named, on that which all readers have signed, the latest of several; else on the one read last.
    """
    here = [one for one in newest(list(stored)) if one.review.record_uid == record_uid]
    lists = dict.fromkeys(one.review.list_id for one in here if is_reading(one))
    each = [_on_list(here, name) for name in (lists if list_id is None else [list_id])]
    complete = [standing for standing in each if standing.complete]
    return max(complete or each, key=_last_signed, default=Standing((), 0))


def _on_list(here: Sequence[StoredReview], list_id: str) -> Standing:
    found = [one for one in here if is_reading(one) and one.review.list_id == list_id]
    readings = {name_key(one.review.by): one for one in found}
    uids = {one.uid for one in readings.values()}
    settlements = [
        one for one in here if one.review.purpose is Purpose.SETTLEMENT and uids.intersection(one.review.settles)
    ]
    wanted = max((one.review.readers for one in found), default=0)
    return Standing(tuple(readings.values()), wanted, settlements[-1] if settlements else None)


def _last_signed(standing: Standing) -> float:
    return max((one.review.signed.timestamp() for one in standing.readings), default=0.0)
