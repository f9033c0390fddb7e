"""`sonofill worklist`: who is scheduled, as a server tells; the last answer is kept for when it is away."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from workstation.cli.server import add_waiting_options, node_json, node_of, patience_of
from workstation.cli.terminal import Failure, complain, print_json

_STALE_S: Final = 20 * 3600  #: a list of this morning is younger


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("worklist", help="who is scheduled, as a worklist server tells")
    parser.add_argument(
        "--from",
        dest="node",
        required=True,
        metavar="NODE|TITLE@HOST:PORT|FILE",
        help="who tells: a server, or a file of appointments (CSV, calendar .ics, FHIR Bundle)",
    )
    parser.add_argument("--date", type=day, default=None, metavar="YYYY-MM-DD|all", help="which day (default: today)")
    parser.add_argument("--modality", default="US", metavar="M", help="default US; '' for any")
    parser.add_argument("--station", default="", metavar="TITLE", help="of this station alone")
    add_waiting_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def day(text: str) -> date | str:
    """Parse a day, or 'all'."""
    if text == "all":
        return text
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-30, or all") from error


def run(arguments: argparse.Namespace) -> int:
    """Ask, or read the file; where the server is away, show the kept answer with its age. Exit status 1 then."""
    from workstation.network.schedule import Question, ask

    chosen = arguments.date or date.today()  # noqa: DTZ011 (the clinic's own day)
    wanted = None if isinstance(chosen, str) else chosen
    if Path(arguments.node).is_file():
        return _from_file(Path(arguments.node), wanted, arguments.json)
    if "/" in arguments.node and "://" not in arguments.node:
        raise Failure(f"There is no file {arguments.node}: name the export of the practice program, or a server.")
    node = node_of(arguments.node, arguments)
    answer = ask(node, Question(wanted, arguments.modality, arguments.station), patience_of(arguments))
    if arguments.json:
        print_json({"node": node_json(node), **answer.to_json()})
    else:
        _print(answer.steps)
        if not answer.steps and answer.fresh:
            print("Nobody is scheduled.")
    if answer.broken:
        complain(
            f"{answer.broken} entries of {node} could not be used: they name no patient or no step, or are damaged."
        )
    if not answer.fresh:
        kept = f"; what it told {answer.age()} ago is shown" if answer.steps or answer.asked_at else ""
        complain(f"{answer.why.rstrip('.')}{kept}.")
    return 0 if answer.fresh else 1


def _print(steps: Sequence[Mapping[str, str]]) -> None:
    for step in steps:
        name = step["patient_name"].replace("^", " ").strip()
        print(f"{step['start_date']} {step['start_time']}  {step['patient_id']}  {name}  {step['step']}")


def _from_file(path: Path, day: date | None, as_json: bool) -> int:
    """The list of a practice program's export, with its age where it is not of today."""
    from workstation.network.day_lists import NoDayList, read_day_list

    try:
        found = read_day_list(path, day)
    except NoDayList as error:
        raise Failure(str(error)) from error
    steps = [step.to_json() for step in found.worklist.steps]
    age_s = max(0, round((datetime.now(UTC) - found.written_at).total_seconds()))
    if as_json:
        told = {"steps": steps, "broken": found.worklist.broken, "complete": True, "fresh": True, "age_s": age_s}
        asked = found.written_at.isoformat(timespec="seconds")
        print_json({"file": str(path), "kind": found.kind, **told, "asked_at": asked, "what": ""})
    else:
        _print(steps)
        if not steps:
            print("Nobody is scheduled.")
    if found.worklist.broken:
        complain(
            f"{found.worklist.broken} entries of {path} could not be used: they name no patient, or no day as 2026-11-30 or "
            "30.11.2026."
        )
    if age_s > _STALE_S:
        complain(f"{path} was written {age_s // 3600} h ago: export it anew if appointments have changed.")
    return 0
