"""Which studies have to be kept until when, and which may go: by the clinic's years, never one under hold. Removes nothing.

The years count from the last study of the same patient in the archive, not from each study's own day: most laws count from
the end of the treatment, and a follow-up belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from archive import Archive, Hold


@dataclass(frozen=True, slots=True)
class Kept:
    """One study: `keep_until` is the first day on which the years are over; None where its day is not known."""

    study_instance_uid: str
    study_date: str
    keep_until: date | None
    hold: Hold | None
    may_be_removed: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "study_instance_uid": self.study_instance_uid,
            "study_date": self.study_date or None,
            "keep_until": self.keep_until.isoformat() if self.keep_until else None,
            "hold": self.hold.to_json() if self.hold else None,
            "may_be_removed": self.may_be_removed,
        }


@dataclass(frozen=True, slots=True)
class Retention:
    """What holds for an archive on one day, by `years`. `held_elsewhere` are holds of studies that are not stored in it."""

    years: int
    on: date
    studies: tuple[Kept, ...]
    held_elsewhere: tuple[Hold, ...]

    @property
    def whole_archive_from(self) -> date | None:
        """From which day on the archive as a whole may be removed; None while a hold lasts or a study's day is unknown."""
        days = [one.keep_until for one in self.studies if one.keep_until is not None]
        if self.held_elsewhere or any(one.hold or one.keep_until is None for one in self.studies):
            return None
        return max(days, default=None)

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill archive retention --json`."""
        whole = self.whole_archive_from
        return {
            "years": self.years,
            "on": self.on.isoformat(),
            "whole_archive_from": whole.isoformat() if whole else None,
            "studies": [one.to_json() for one in self.studies],
            "held_elsewhere": [hold.to_json() for hold in self.held_elsewhere],
        }


def retention_of(archive: Archive, years: int, on: date) -> Retention:
    """What has to be kept until when, in the order of the list of studies (newest first)."""
    rows, holds = archive.studies(hidden=True), archive.under_hold()
    last: dict[str, str] = {}
    for row in rows:
        last[row.patient_id] = max(last.get(row.patient_id, ""), row.date)
    studies = []
    for row in rows:
        day = _day(last[row.patient_id]) if _day(row.date) else None
        until = _years_later(day, years) if day else None
        held = holds.pop(row.study_instance_uid, None)
        removable = held is None and until is not None and until <= on
        studies.append(Kept(row.study_instance_uid, row.date, until, held, removable))
    return Retention(years, on, tuple(studies), tuple(holds.values()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _years_later(day: date, years: int) -> date:
    """The same day of a later year; of 29 February the 1 March, so that it is never too early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
