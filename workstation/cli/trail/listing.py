"""`sonofill trail list` and `trail export`: the trail for people and programs, and as the standard's messages in a file."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, day
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit.trail import TrailEvent


def add_to(verbs: Any) -> None:
    """Add both verbs to `sonofill trail`."""
    listed = verbs.add_parser("list", help="every event, in the ledger's order")
    listed.set_defaults(run=_list)
    export = verbs.add_parser("export", help="the messages (DICOM PS3.15, A.5) as they stand in the ledger, one a line")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    export.set_defaults(run=_export)
    for verb in (listed, export):
        verb.add_argument("--from", dest="first", type=day, metavar="YYYY-MM-DD", help="the first day (default: all)")
        verb.add_argument("--to", dest="last", type=day, metavar="YYYY-MM-DD", help="the last day")
        add_archive_option(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document")


def _events(arguments: argparse.Namespace) -> list[tuple[int, str, TrailEvent]]:
    """Line, message and event of each in the period. `archive verify` tells whether a line was changed."""
    from archive import Archive
    from audit.trail import TrailUnreadable, read_message

    events = []
    with Archive(archive_folder(arguments), create=False) as kept:
        for line, message in kept.told():
            try:
                event = read_message(message)
            except TrailUnreadable as error:
                complain(f"Line {line}: {error}")
                continue
            if (arguments.first or date.min) <= event.at.date() <= (arguments.last or date.max):
                events.append((line, message, event))
    return events


def _list(arguments: argparse.Namespace) -> int:
    events = _events(arguments)
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
        more = "".join(
            f"{before}{told}" for before, told in ((" to ", event.to), (" ", event.about), (": ", event.why)) if told
        )
        failed = "" if event.ok else " (not done)"
        print(f"{line}: {event.at:%Y-%m-%d %H:%M:%S %z}  {event.by} on {event.host}: {event.act.word}{failed}{more}")
        for study in event.studies:
            print(f"      {study}")
    if not events:
        print("The trail tells of nothing: without sign-in only what leaves by export or pack stands in it.")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    """A file that is there already is left alone."""
    events = _events(arguments)
    try:
        with arguments.out.open("x", encoding="utf-8") as file:
            file.writelines(f"{message}\n" for _, message, _ in events)
    except FileExistsError as error:
        raise Failure(f"{arguments.out} is there already: name a new file.") from error
    except OSError as error:
        raise Failure(f"{arguments.out} cannot be written: {error.strerror}.") from error
    if arguments.json:
        print_json({"out": str(arguments.out.absolute()), "messages": len(events)})
    else:
        print(f"Wrote {len(events)} messages to {arguments.out}.")
    return 0
