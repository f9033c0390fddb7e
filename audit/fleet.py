"""Many records together: which criteria fail how often, by practitioner, by region and over time, each with its interval.

A share is that of records in which the program found something missing, among those that the criterion asks anything of. It
is about completeness, not about skill: whoever treats the harder cases, or documents complications at all, has more that can
be missing. Intervals are Wilson's. With 23 criteria and many persons some interval lies apart by chance alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from audit.agreement import Coefficient, wilson
from audit.verdict import Verdict

_FAILED = (Verdict.NOT_MET, Verdict.PARTIAL)
_ASKED = (Verdict.MET, *_FAILED)


@dataclass(frozen=True, slots=True)
class JudgedRecord:
    """One record: its day, who answers for it, the treated regions, and the program's verdict by criterion."""

    study_uid: str
    encounter_uid: str
    day: date
    practitioners: tuple[str, ...]
    regions: tuple[str, ...]
    simulated: bool
    verdicts: tuple[tuple[str, Verdict], ...]


@dataclass(slots=True)
class Tally:
    """Counts of one criterion over some records. `failed` are those with something missing, `asked` those it asks of."""

    asked: int = 0
    failed: int = 0
    not_met: int = 0
    not_applicable: int = 0
    needs_reviewer: int = 0

    @property
    def share(self) -> Coefficient | None:
        """The share that failed; None where nothing was asked."""
        return wilson(self.failed, self.asked) if self.asked else None

    def add(self, verdict: Verdict) -> None:
        """Count one record."""
        self.asked += verdict in _ASKED
        self.failed += verdict in _FAILED
        self.not_met += verdict is Verdict.NOT_MET
        self.not_applicable += verdict is Verdict.NOT_APPLICABLE
        self.needs_reviewer += verdict is Verdict.NEEDS_REVIEWER


@dataclass(frozen=True, slots=True)
class Trend:
    """Whether the share changes from month to month (Cochran-Armitage): `z` above 0 where more fails; `p` two-sided."""

    z: float
    p: float


@dataclass(slots=True)
class FleetRow:
    """One criterion: over all records, by practitioner, by region, by month (YYYY-MM)."""

    criterion: str
    every: Tally = field(default_factory=Tally)
    practitioners: dict[str, Tally] = field(default_factory=dict)
    regions: dict[str, Tally] = field(default_factory=dict)
    months: dict[str, Tally] = field(default_factory=dict)

    @property
    def trend(self) -> Trend | None:
        """The trend over the months; None where there are fewer than three, or all records are alike."""
        months = sorted(self.months)
        return trend([(_month(month), self.months[month].asked, self.months[month].failed) for month in months])


@dataclass(slots=True)
class Fleet:
    """Counts over records, which are added one by one: the records themselves are not kept."""

    records: int = 0
    simulated: int = 0
    complete: int = 0  #: records in which nothing that is asked is missing or undecided
    rows: dict[str, FleetRow] = field(default_factory=dict)

    def add(self, record: JudgedRecord) -> None:
        """Count one record."""
        self.records += 1
        self.simulated += record.simulated
        self.complete += all(verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) for _, verdict in record.verdicts)
        month = f"{record.day:%Y-%m}"
        for criterion, verdict in record.verdicts:
            row = self.rows.setdefault(criterion, FleetRow(criterion))
            row.every.add(verdict)
            groups = (
                *((row.practitioners, name) for name in record.practitioners),
                *((row.regions, region) for region in record.regions),
                (row.months, month),
            )
            for group, key in groups:
                group.setdefault(key, Tally()).add(verdict)


def fleet_of(records: Iterable[JudgedRecord]) -> Fleet:
    """The counts of these records."""
    found = Fleet()
    for record in records:
        found.add(record)
    return found


def trend(counts: Sequence[tuple[float, int, int]]) -> Trend | None:
    """The Cochran-Armitage test of (score, asked, failed): Cochran, Biometrics 10, 1954; Armitage, Biometrics 11, 1955."""
    told = [(score, asked, failed) for score, asked, failed in counts if asked]
    n, hits = sum(asked for _, asked, _ in told), sum(failed for _, _, failed in told)
    if len(told) < 3 or hits in (0, n):
        return None
    p = hits / n
    mean = sum(score * asked for score, asked, _ in told) / n
    towards = sum((score - mean) * (failed - asked * p) for score, asked, failed in told)
    variance = p * (1 - p) * sum(asked * (score - mean) ** 2 for score, asked, _ in told)
    z = towards / math.sqrt(variance)
    return Trend(z, math.erfc(abs(z) / math.sqrt(2)))


def _month(text: str) -> float:
    year, month = text.split("-")
    return 12.0 * int(year) + int(month)
