"""`sonofill audit fleet`: which criteria fail how often over the records of an archive."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, day
from workstation.cli.rubrics import add_rubric_option, rubric_of
from workstation.cli.terminal import Progress, complain, print_json

if TYPE_CHECKING:
    from audit import Rubric
    from audit.fleet import FleetRow, Tally
    from workstation.studies.judging_fleet import JudgedFleet

_NOTE = (
    "Completeness of records, as a program can check it. It is no ranking of persons: cases differ, and some interval lies"
    " apart by chance."
)


def add_to(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("fleet", help="which criteria fail how often over the records of the archive")
    parser.add_argument("--from", dest="first", type=day, metavar="YYYY-MM-DD", help="the first day (default: all)")
    parser.add_argument("--to", dest="last", type=day, metavar="YYYY-MM-DD", help="the last day")
    add_rubric_option(parser)
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """The counts, worst criterion first for people, in the rubric's order for programs."""
    from archive import Archive
    from workstation.studies.judging_fleet import judge_fleet

    rubric = rubric_of(arguments)
    progress = Progress("judging")
    with Archive(archive_folder(arguments), create=False) as kept:
        try:
            found = judge_fleet(kept, rubric, arguments.first, arguments.last, os.cpu_count() or 1, progress)
        finally:
            progress.end()
    for sentence in found.told:
        complain(sentence)
    if arguments.json:
        print_json(_document(found, rubric))
    else:
        _say(found)
    return 0


def _document(found: JudgedFleet, rubric: Rubric) -> dict[str, Any]:
    fleet = found.fleet
    return {
        "rubric": {"name": rubric.name, "version": rubric.version},
        "records": fleet.records,
        "simulated": fleet.simulated,
        "complete": fleet.complete,
        "from_kept": found.kept,
        "passed_over": found.told,
        "note": _NOTE,
        "criteria": [_row(row) for row in fleet.rows.values()],
    }


def _row(row: FleetRow) -> dict[str, Any]:
    trend = row.trend
    return {
        "id": row.criterion,
        **_tally(row.every),
        "trend": None if trend is None else {"z": trend.z, "p": trend.p},
        "practitioners": {name: _tally(tally) for name, tally in sorted(row.practitioners.items())},
        "regions": {region: _tally(tally) for region, tally in sorted(row.regions.items())},
        "months": {month: _tally(tally) for month, tally in sorted(row.months.items())},
    }


def _tally(tally: Tally) -> dict[str, Any]:
    share = tally.share
    return {
        "asked": tally.asked,
        "failed": tally.failed,
        "not_met": tally.not_met,
        "not_applicable": tally.not_applicable,
        "needs_reviewer": tally.needs_reviewer,
        "share": None if share is None else share.value,
        "ci95": None if share is None else [share.low, share.high],
    }


def _say(found: JudgedFleet) -> None:
    fleet = found.fleet
    print(f"{fleet.records} records ({fleet.simulated} simulated); in {fleet.complete} nothing is missing. {_NOTE}")
    worst = sorted(fleet.rows.values(), key=lambda row: -(row.every.share.value if row.every.share else 0))
    for row in worst:
        share = row.every.share
        if share is None:
            print(f"  {row.criterion:5} not asked in any record")
            continue
        trend = row.trend
        way = "" if trend is None or trend.p > 0.05 else f"; {'more' if trend.z > 0 else 'less'} from month to month"
        low, high = 100 * (share.low or 0), 100 * (share.high or 0)
        told = f"{row.every.failed} of {row.every.asked} ({100 * share.value:.0f} %, {low:.0f} to {high:.0f} %)"
        print(f"  {row.criterion:5} something missing in {told}{way}")
        if row.every.failed:
            print(f"        by practitioner: {_groups(row.practitioners)}")
            print(f"        by region: {_groups(row.regions)}")


def _groups(groups: dict[str, Tally]) -> str:
    return ", ".join(f"{name} {tally.failed}/{tally.asked}" for name, tally in sorted(groups.items()) if tally.asked)
