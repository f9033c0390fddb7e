"""`sonofill worklist`: who is scheduled, as a server tells; the last answer is kept for when it is away."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from workstation.cli.server import add_waiting_options, node_json, node_of, patience_of
from workstation.cli.terminal import complain, print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("worklist", help="who is scheduled, as a worklist server tells")
    parser.add_argument("--from", dest="node", required=True, metavar="NODE|TITLE@HOST:PORT", help="who tells")
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
    """Ask; where the server is away, show the kept answer with its age. Exit status 1 then."""
    from workstation.network.schedule import Question, ask

    node = node_of(arguments.node, arguments)
    chosen = arguments.date or date.today()  # noqa: DTZ011 (the clinic's own day)
    wanted = None if chosen == "all" else chosen
    answer = ask(node, Question(wanted, arguments.modality, arguments.station), patience_of(arguments))
    if arguments.json:
        print_json({"node": node_json(node), **answer.to_json()})
    else:
        for step in answer.steps:
            name = step["patient_name"].replace("^", " ").strip()
            print(f"{step['start_date']} {step['start_time']}  {step['patient_id']}  {name}  {step['step']}")
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
