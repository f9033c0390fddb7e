"""`sonofill trail`: who took records out of an archive, and when, from its ledger."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import complain, print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("trail", help="the audit trail: by whom and when records left the archive")
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Every event in the ledger's order; `archive verify` tells whether a line was changed."""
    from archive import Archive
    from audit.trail import TrailUnreadable, read_message

    events = []
    with Archive(archive_folder(arguments), create=False) as kept:
        for line, message in kept.told():
            try:
                events.append((line, message, read_message(message)))
            except TrailUnreadable as error:
                complain(f"Line {line}: {error}")
    if arguments.json:
        print_json(
            {
                "events": [
                    {
                        "line": line,
                        "act": event.act.meaning,
                        "did": event.act.word,
                        "at": event.at.isoformat(),
                        "by": event.by,
                        "account": event.account,
                        "host": event.host,
                        "studies": list(event.studies),
                        "to": event.to,
                        "ok": event.ok,
                        "about": event.about,
                        "why": event.why,
                        "message": message,
                    }
                    for line, message, event in events
                ]
            }
        )
        return 0
    for line, _, event in events:
        where = f" to {event.to}" if event.to else ""
        print(f"{line}: {event.at:%Y-%m-%d %H:%M:%S %z}  {event.by} on {event.host}: {event.act.meaning}{where}")
        for study in event.studies:
            print(f"      {study}")
    if not events:
        print("Nothing was taken out of this archive that its trail tells of.")
    return 0
