"""What the commands that measure a file share: FILE, `--json`, and exit status 3 where the picture does not tell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workstation.cli.terminal import complain, print_json

CANNOT_TELL = 3

Measure = Callable[[argparse.Namespace], dict[str, Any]]
Say = Callable[[dict[str, Any]], None]


def add_measuring_command(commands: Any, name: str, what: str, measure: Measure, say: Say) -> argparse.ArgumentParser:
    """Add `sonofill NAME FILE [--json]`; returns its parser for further options.

    `measure` gives the JSON document or raises `imaging.CannotTell`: then the status is 3 and, with `--json`, the document
    is `{reason}`. `say` prints the document for people.
    """
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    parser.add_argument("file", type=Path, metavar="FILE", help="a picture, a video or a DICOM file")
    parser.add_argument("--json", action="store_true", help="one JSON document")

    def run(arguments: argparse.Namespace) -> int:
        from imaging.errors import CannotTell

        try:
            document = measure(arguments)
        except CannotTell as refusal:
            if arguments.json:
                print_json({"reason": str(refusal)})
            return complain(str(refusal), CANNOT_TELL)
        if arguments.json:
            print_json(document)
        else:
            say(document)
        return 0

    parser.set_defaults(run=run)
    return parser
