"""`sonofill audit agreement`: how far readers agree, criterion by criterion, from their signed reviews."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option
from workstation.cli.rubrics import add_reviews_option, reviews_folder
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit.agreement import Agreement, Coefficient
    from audit.review.agreeing import Agreeing, Reader

_FEW = 20  #: below it a normal interval of kappa is not to be relied on


def add_to(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("agreement", help="how far readers agree, criterion by criterion")
    parser.add_argument("--list", type=Path, metavar="LIST", help="of this work list alone")
    add_reviews_option(parser)
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """The figures of all reviews on the shelf, or of one work list."""
    from archive import NotFound
    from audit.review.agreeing import agreeing
    from workstation.cli.review.verbs import work_list
    from workstation.studies.reviewing import open_shelf

    work = work_list(arguments.list)
    try:
        with open_shelf(reviews_folder(arguments), create=False) as shelf:
            stored = shelf.reviews()
            for sentence in shelf.unread:
                complain(sentence)
    except NotFound as error:
        raise Failure(f"No reviews lie in {reviews_folder(arguments)}: nobody has signed one.") from error
    found = agreeing(stored, [work] if work else [], work.list_id if work else None)
    if arguments.json:
        print_json(_document(found))
    else:
        _say(found)
    return 0


def _document(found: Agreeing) -> dict[str, Any]:
    return {
        "records": found.records,
        "waiting": found.waiting,
        "unsettled": found.unsettled,
        "criteria": [
            {
                "id": row.criterion,
                "verdict": _agreement(row.verdict),
                "met": _agreement(row.met),
                "program": [
                    {"program": program, "persons": persons, "records": n} for (program, persons), n in row.program
                ],
            }
            for row in found.rows
        ],
        "readers": [_reader(reader) for reader in found.readers],
    }


def _agreement(each: Agreement) -> dict[str, Any]:
    return {
        "records": each.records,
        "observed": _coefficient(each.observed),
        "cohen": _coefficient(each.cohen),
        "fleiss": _coefficient(each.fleiss),
        "pabak": _coefficient(each.prevalence_adjusted),
        "words": dict(each.words),
        "few": each.records < _FEW,
        "why": each.why,
    }


def _coefficient(each: Coefficient | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {"value": each.value, "ci95": None if each.low is None else [each.low, each.high]}


def _reader(reader: Reader) -> dict[str, Any]:
    return {
        "name": reader.name,
        "readings": reader.readings,
        "measured": reader.measured,
        "median_minutes": reader.median_minutes,
        "total_minutes": reader.total_minutes,
        "repeats": _agreement(reader.repeats),
        "known": _coefficient(reader.known),
        "misses": [
            {"criterion": criterion, "said": said, "known": known, "why": why}
            for criterion, said, known, why in reader.misses
        ],
    }


def _say(found: Agreeing) -> None:
    print(
        f"{found.records} records read by several; {found.waiting} wait for a reader, {found.unsettled} are not settled."
    )
    print("        observed        Cohen           Fleiss          prevalence-adjusted")
    for row in found.rows:
        each = row.verdict
        cells = (each.observed, each.cohen, each.fleiss, each.prevalence_adjusted)
        print(f"  {row.criterion:5} {' '.join(_cell(cell) for cell in cells)} {each.why}".rstrip())
    for reader in found.readers:
        minutes = "not measured" if reader.median_minutes is None else f"{reader.median_minutes:.1f} min a record"
        repeats = f"; repeats: {_cell(reader.repeats.observed).strip()}" if reader.repeats.records else ""
        known = f"; known verdicts: {_cell(reader.known).strip()}" if reader.known else ""
        print(f"  {reader.name}: {reader.readings} readings, {minutes}{repeats}{known}")
        for criterion, said, right, why in reader.misses:
            print(f"      {criterion}: said {said.replace('_', ' ')}, known {right.replace('_', ' ')}. {why}".rstrip())
    if any(row.verdict.records < _FEW for row in found.rows):
        print(f"Fewer than {_FEW} records: the intervals of kappa are rough.")


def _cell(each: Coefficient | None) -> str:
    if each is None:
        return f"{'–':15}"
    interval = "" if each.low is None else f" ({each.low:.2f} {each.high:.2f})"
    return f"{each.value:.2f}{interval}".ljust(15)
