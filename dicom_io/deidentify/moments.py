"""Dates and times that tell no day: put back by a patient's own number of days, or counted from a day that means nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydicom.dataset import Dataset

#: What a date is where nothing of it may stay; moments of structured content are counted from its midnight.
NO_DAY: Final = datetime(1900, 1, 1)  # noqa: DTZ001 (a dummy, of no place)
_MOMENT: Final = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\.\d{1,6})?([+-]\d{4})?")
_LENGTHS: Final = (4, 6, 8, 10, 12, 14)
_FORM: Final = "%Y%m%d%H%M%S"
_FIRST: Final = "00000101000000"


@dataclass(frozen=True, slots=True)
class Moments:
    """How the moments of one study are changed: all by the same `by`, so that what lies between them stays.

    `keeps_time` is true where the hour of the day stays (whole days, the option Modified Dates).
    """

    by: timedelta
    keeps_time: bool

    @classmethod
    def put_back(cls, days: timedelta) -> Moments:
        """By whole days: the option Modified Dates."""
        return cls(-days, keeps_time=True)

    @classmethod
    def counted(cls, dataset: Dataset) -> Moments:
        """From the beginning of the object's study on, which becomes the first of January 1900, 00:00."""
        day = str(dataset.get("StudyDate") or "")
        time = str(dataset.get("StudyTime") or "").partition(".")[0]
        try:
            began = datetime.strptime(f"{day}{time:0<6}", _FORM)  # noqa: DTZ007 (as the others, without its zone)
        except ValueError:
            began = NO_DAY
        return cls(NO_DAY - began, keeps_time=False)

    def changed(self, vr: str, value: str) -> str:
        """A value of VR DA, TM or DT. Empty where it is not one, and where it would be before the year 1."""
        value = value.strip()
        if vr == "TM":
            return value if self.keeps_time else NO_DAY.strftime("%H%M%S")
        found = _MOMENT.fullmatch(value)
        if found is None:
            return ""
        digits = "".join(part or "" for part in found.groups()[:6])
        try:
            moment = datetime.strptime(digits + _FIRST[len(digits) :], _FORM)  # noqa: DTZ007
            moved = moment + (self.by if len(digits) > 8 else timedelta(days=self.by.days))
        except (ValueError, OverflowError):
            return ""
        if vr == "DA":
            return moved.strftime("%Y%m%d").rjust(8, "0") if len(digits) == 8 else ""
        # The offset from UTC tells where the clinic is; the clock's own hour is what stays.
        return moved.strftime(_FORM).rjust(14, "0")[: len(digits)] + (found[7] or "") + ("+0000" if found[8] else "")
