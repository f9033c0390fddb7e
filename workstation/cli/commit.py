"""`sonofill commit`: ask a server to take on the keeping of what was sent (storage commitment), and wait for its word."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.outbox import open_outbox
from workstation.cli.place import add_archive_option, archive_folder, whole_uid
from workstation.cli.server import add_waiting_options, listening_place, node_json, node_of, patience_of
from workstation.cli.terminal import Failure, complain, print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("commit", help="ask a server to take on the keeping of what was sent")
    parser.add_argument(
        "study", nargs="?", metavar="STUDY", help="of this study alone (default: everything sent there)"
    )
    add_archive_option(parser)
    parser.add_argument("--to", required=True, metavar="NODE|TITLE@HOST:PORT", help="who has it")
    parser.add_argument(
        "--listen",
        type=listening_place,
        metavar="[HOST:]PORT",
        help="where the server may call back: most answer in this way alone",
    )
    parser.add_argument("--wait", type=float, default=30.0, metavar="S", help="how long to wait for its word (30)")
    add_waiting_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask and wait; exit status 1 where not everything is committed."""
    from archive import Archive
    from workstation.network.committing import Committing

    node = node_of(arguments.to, arguments)
    with Archive(archive_folder(arguments), create=False) as kept:
        study = whole_uid(kept, arguments.study) if arguments.study else None
        committing = Committing(
            open_outbox(kept), node, node.name or node.address, patience_of(arguments), arguments.listen
        )
        found = committing.run(study, arguments.wait)
    if not found.asked:
        raise Failure(
            f"Nothing that the outbox has sent to {node} waits for a commitment: `sonofill outbox list` shows what there is."
        )
    if arguments.json:
        print_json(
            {
                "node": node_json(node),
                "asked": found.asked,
                "committed": found.committed,
                "failed": found.failed,
                "open": found.open,
                "why": list(found.why),
            }
        )
    else:
        print(f"{node} commits to {found.committed} of {found.asked} objects.")
    for why in found.why:
        complain(
            f"{node} does not commit to some objects: {why}. They are sent again at the next `sonofill outbox run`."
        )
    if found.open:
        where = "" if arguments.listen else " Most servers answer by a call of their own: say where with --listen."
        complain(f"{node} has not answered for {found.open} objects within {arguments.wait:.0f} s.{where}")
    return 0 if found.committed == found.asked else 1
