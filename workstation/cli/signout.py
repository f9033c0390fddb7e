"""`sonofill signout`: end one's session."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("signout", help="end your session at an archive")
    add_archive_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """End it; nothing is wrong where there is none."""
    from workstation.people import Gate
    from workstation.people.kept_session import keep_token, token_of

    gate = Gate(archive_folder(arguments))
    token = token_of(gate.root)
    if token:
        if gate.is_set_up:
            gate.end(token)
        keep_token(gate.root, "")
    print("Nobody is signed in from here now.")
    return 0
