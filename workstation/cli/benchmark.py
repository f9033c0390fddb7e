"""`sonofill benchmark truth`: how well imaging measures simulated faces that it has not seen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.terminal import Progress, complain, print_json


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1440:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes above 0 and at most 1440")
    return value


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("benchmark", help="measure the measuring")
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    truth = kinds.add_parser(
        "truth", help="what imaging says of simulated faces, against what they are, on fresh seeds"
    )
    truth.add_argument("--minutes", type=_minutes, default=20.0, metavar="M", help="how long (20)")
    truth.add_argument("--drawn-from", type=int, metavar="N", help="draw the clips of an earlier run again")
    truth.add_argument("--only", metavar="NAMES", help="some measures alone, with commas between")
    truth.add_argument("--open", action="store_true", help="only what may be looked at while imaging is being written")
    truth.add_argument("--misses", type=Path, metavar="FILE", help="write each clip on which something was wrong")
    truth.add_argument("--json", action="store_true", help="one JSON document")
    truth.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure until the time is up; status 1 unless every figure holds."""
    from workstation.benchmark.campaign import MEASURES, run_campaign
    from workstation.benchmark.case import Case

    names = arguments.only.split(",") if arguments.only else list(MEASURES)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        return complain(f"there is no measure {unknown[0]!r}; there are {', '.join(MEASURES)}", 2)
    progress = Progress("measuring")
    misses: list[str] = []

    def on_miss(what: str, case: Case) -> None:
        misses.append(f"{what}\t{case.words()}")

    outcome = run_campaign(
        arguments.minutes,
        drawn_from=arguments.drawn_from,
        names=names,
        open_only=arguments.open,
        on_progress=progress,
        on_miss=on_miss,
    )
    progress.end()
    if arguments.misses:
        arguments.misses.write_text("".join(line + "\n" for line in misses), encoding="utf-8")
    if arguments.json:
        print_json(outcome.to_json())
    else:
        for row in outcome.rows:
            value = "-" if row.value is None else f"{row.value:.4f}"
            interval = "" if row.ci95 is None else f" ({row.ci95[0]:.4f} to {row.ci95[1]:.4f})"
            print(f"{'holds' if row.holds else 'FAILS'}  {row.what}: {value}{interval}, n {row.n}, {row.target}")
        print(f"Simulated faces, drawn from {outcome.drawn_from}: not clinical figures.")
    return 0 if outcome.ok else 1
