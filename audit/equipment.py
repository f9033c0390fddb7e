"""The equipment log of an archive: what was done with each probe, in lines of its ledger, so that none is changed unseen.

    {"act": "equipment", "entry": {"kind": "phantom", "probe": "L12-3 SN 4711", "at": …, "nominal_mm": 30.0, …}}

A probe is named as the clinic names it; the log does not know which pictures it made. A phantom check compares a known
distance with what the program measured on the picture: it is the one check of the whole way from the probe to the number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from audit.errors import AuditError

#: By default a measured distance may be off by the larger of both. Ours, for structures within 3 cm: how the test is made
#: tells AAPM Ultrasound Task Group No. 1 (1998, VII.A.6), the limits are each clinic's to choose (CIRS, guide to 040GSE).
TOLERANCE_MM: Final = 0.5
TOLERANCE_SHARE: Final = 0.02
#: After so many days it is due again, where an entry tells no other day. Ours too.
DUE_DAYS: Final = {"phantom": 180, "service": 365}


class EquipmentWrong(AuditError):
    """An entry that cannot be; the message says what is wrong with it."""


class Kind(StrEnum):
    """What was done."""

    PHANTOM = "phantom"
    SERVICE = "service"
    DECONTAMINATION = "decontamination"


class Axis(StrEnum):
    """Which way a distance was measured."""

    DEPTH = "depth"
    LATERAL = "lateral"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. Distances in mm; `tolerance_mm` is what counts for this check; `image` the SOP Instance UID of the picture on
    which it was measured. `what` is the service, the method and agent of a decontamination, or the phantom. `next_due` where
    somebody told another day than the usual one.
    """

    kind: Kind
    probe: str
    at: datetime
    by: str
    what: str = ""
    axis: Axis | None = None
    nominal_mm: float | None = None
    measured_mm: float | None = None
    tolerance_mm: float | None = None
    image: str = ""
    next_due: date | None = None

    def __post_init__(self) -> None:
        if not self.probe.strip() or not self.by.strip():
            raise EquipmentWrong("An entry names the probe and who did it.")
        if self.at.tzinfo is None:
            raise EquipmentWrong("The time of an entry has an offset.")
        numbers = (self.nominal_mm, self.measured_mm, self.tolerance_mm)
        if self.kind is Kind.PHANTOM:
            if self.axis is None or any(number is None or not 0 < number < 1000 for number in numbers):
                raise EquipmentWrong(
                    "A phantom check has an axis, a nominal and a measured distance above 0 and below 1 m."
                )
        elif self.axis is not None or any(number is not None for number in numbers):
            raise EquipmentWrong(f"Distances go with a phantom check, not with {self.kind}.")
        elif not self.what.strip():
            raise EquipmentWrong(f"Say what the {self.kind} was.")

    @property
    def error_mm(self) -> float | None:
        """Measured less nominal; None where nothing was measured."""
        if self.measured_mm is None or self.nominal_mm is None:
            return None
        return self.measured_mm - self.nominal_mm

    @property
    def passed(self) -> bool | None:
        """Whether a phantom check was within its tolerance; None for anything else."""
        error = self.error_mm
        return None if error is None or self.tolerance_mm is None else abs(error) <= self.tolerance_mm + 1e-9

    @property
    def due(self) -> date | None:
        """When it is due again; None where nothing says so. A phantom check that failed is due at once."""
        if self.passed is False:
            return self.at.date()
        if self.next_due is not None:
            return self.next_due
        days = DUE_DAYS.get(self.kind)
        return None if days is None else self.at.date() + timedelta(days=days)

    def told(self) -> str:
        """In words."""
        if self.kind is not Kind.PHANTOM:
            return f"{self.kind}: {self.what}"
        assert self.nominal_mm is not None and self.measured_mm is not None and self.tolerance_mm is not None
        verdict = "within" if self.passed else "OUTSIDE"
        more = f" ({self.what})" if self.what else ""
        return (
            f"phantom, {self.axis}: {self.measured_mm:.2f} mm measured, {self.nominal_mm:.2f} mm nominal,"
            f" {verdict} ±{self.tolerance_mm:.2f} mm{more}"
        )

    def line(self) -> str:
        """In words, with the day, the probe and who did it."""
        return f"{self.at:%Y-%m-%d %H:%M}  {self.probe}: {self.told()}; by {self.by}"

    def to_json(self) -> dict[str, Any]:
        """As in the ledger: plain values, only what is told."""
        values = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {
            **values,
            "at": self.at.isoformat(),
            **({"next_due": self.next_due.isoformat()} if self.next_due else {}),
        }


def tolerance_of(nominal_mm: float) -> float:
    """What a measured distance may be off by where nobody says otherwise, in mm."""
    return max(TOLERANCE_MM, TOLERANCE_SHARE * nominal_mm)


def read_entry(values: Mapping[str, Any]) -> Entry:
    """An entry as the ledger has it. Raises EquipmentWrong, also for one of a later version."""
    try:
        told = dict(values)
        for number in ("nominal_mm", "measured_mm", "tolerance_mm"):
            if number in told and not (isinstance(told[number], int | float) and isfinite(told[number])):
                raise EquipmentWrong(f"{number} is no number.")
        return Entry(
            kind=Kind(told.pop("kind")),
            at=datetime.fromisoformat(told.pop("at")),
            axis=Axis(told.pop("axis")) if "axis" in told else None,
            next_due=date.fromisoformat(told.pop("next_due")) if "next_due" in told else None,
            **told,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EquipmentWrong(f"A line of the equipment log cannot be read ({error}).") from error


def read_log(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[list[Entry], list[str]]:
    """An archive's log (`Archive.equipment`) in its order, and a sentence for each line that cannot be read."""
    entries, unread = [], []
    for number, values in lines:
        try:
            entries.append(read_entry(values))
        except EquipmentWrong as error:
            unread.append(f"Line {number}: {error}")
    return entries, unread


def dumped(entry: Entry) -> str:
    """The entry as one line of text."""
    return json.dumps(entry.to_json(), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of a probe: since or on which day; `entry` is the last one of its kind, None where there never was one."""

    probe: str
    kind: Kind
    on: date | None
    entry: Entry | None

    def is_over(self, today: date) -> bool:
        """Whether that day is here."""
        return self.on is None or self.on <= today


def due_of(entries: Iterable[Entry]) -> list[Due]:
    """When each probe's phantom check (of each axis that was ever checked) and service are due, soonest first.

    A probe without any phantom check is due for one. Decontamination belongs to each use, and is due by no calendar.
    """
    last: dict[tuple[str, Kind, Axis | None], Entry] = {}
    for entry in sorted(entries, key=lambda one: one.at):
        last[entry.probe, entry.kind, entry.axis] = entry
    found = [
        Due(probe, kind, entry.due, entry)
        for (probe, kind, _), entry in last.items()
        if kind is not Kind.DECONTAMINATION and entry.due is not None
    ]
    checked = {probe for probe, kind, _ in last if kind is Kind.PHANTOM}
    found += [Due(probe, Kind.PHANTOM, None, None) for probe in {probe for probe, _, _ in last} - checked]
    return sorted(found, key=lambda due: (due.on or date.min, due.probe, due.kind))
