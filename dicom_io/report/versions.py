"""Which of several reports hold: the newest of each chain of corrections, and which version took the place of which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dicom_io.report.read import StoredReport

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Versions:
    """`newest` in the order in which they were made; `superseded_by` gives a report's correction, by SOP Instance UID.

    Where two reports correct the same one (made on two machines), both are among the newest: a person has to look.
    """

    newest: tuple[StoredReport, ...]
    superseded_by: dict[str, str]


def versions(reports: Iterable[StoredReport]) -> Versions:
    """The chains of these reports. Every report is either among the newest, or its correction is among the reports."""
    ordered = sorted(reports, key=_made)
    superseded_by: dict[str, str] = {}
    for report in ordered:
        for before in report.predecessors:
            # A ring of corrections can only come from damage; the report made last stays in any case.
            if not _follows(superseded_by, report.sop_instance_uid, before):
                superseded_by[before] = report.sop_instance_uid
    there = {report.sop_instance_uid for report in ordered}
    superseded_by = {before: after for before, after in superseded_by.items() if before in there}
    return Versions(tuple(r for r in ordered if r.sop_instance_uid not in superseded_by), superseded_by)


def number_of(report: StoredReport, reports: Sequence[StoredReport]) -> int:
    """Which version of its chain a report is, counted from 1; predecessors that are not among `reports` do not count."""
    by_uid = {r.sop_instance_uid: r for r in reports}
    seen: set[str] = set()
    line = [report]
    while line:
        one = line.pop()
        if one.sop_instance_uid not in seen:
            seen.add(one.sop_instance_uid)
            line += [by_uid[uid] for uid in one.predecessors if uid in by_uid]
    return len(seen)


def _made(report: StoredReport) -> tuple[datetime, str]:
    return report.at or _LONG_AGO, report.sop_instance_uid


def _follows(superseded_by: dict[str, str], start: str, wanted: str) -> bool:
    """Whether the corrections of `start` lead to `wanted` (a report counts as its own)."""
    while start != wanted and start in superseded_by:
        start = superseded_by[start]
    return start == wanted
