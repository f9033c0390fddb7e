"""`sonofill echo`: does a server answer, and does it know us?"""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.server import add_waiting_options, node_json, node_of, patience_of
from workstation.cli.terminal import complain, print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("echo", help="ask a DICOM server for an answer (C-ECHO)")
    parser.add_argument("node", metavar="NODE|TITLE@HOST:PORT", help="a name of 'sonofill node list', or an address")
    add_waiting_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask; exit status 1 where no good answer comes."""
    from dicom_io.errors import NetworkError
    from dicom_io.network import echo

    node = node_of(arguments.node, arguments)
    try:
        answer = echo(node, patience_of(arguments))
    except NetworkError as error:
        if arguments.json:
            print_json({**node_json(node), "ok": False, "what": str(error)})
        return complain(str(error))
    if arguments.json:
        print_json(
            {
                **node_json(node),
                "ok": True,
                "what": "",
                "answered_ms": answer.answered_ms,
                "implementation": answer.implementation,
                "longest_pdu": answer.longest_pdu,
            }
        )
    else:
        print(
            f"{node} answers after {answer.answered_ms:.0f} ms ({answer.implementation or 'it does not say what it is'})."
        )
    return 0
