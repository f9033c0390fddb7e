"""`sonofill recover`: what a crash left in the spool, and, with --save, studies made of it."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import Progress, print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("recover", help="what a crash or power cut left, to be saved or discarded")
    add_archive_option(parser)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--save", action="store_true", help="make studies of it")
    choice.add_argument("--discard", metavar="STREAM", help="throw this stream away, for good")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List; save or discard where told to."""
    from workstation.capture import recovery

    archive_root = archive_folder(arguments)
    if arguments.discard:
        recovery.discard(archive_root, arguments.discard)
    streams = recovery.leftovers(archive_root)
    document: dict[str, Any] = {"streams": [recovery.describe(stream) for stream in streams]}
    if arguments.save:
        progress = Progress("saving")
        saved = recovery.save_all(archive_root, streams, progress)
        progress.end()
        document["saved"] = [
            {"study_instance_uid": study.study_instance_uid, "files": [str(path) for path in study.files]}
            for study in saved
        ]
    if arguments.json:
        print_json(document)
        return 0
    for row in document["streams"]:
        print(f"{row['id']}: {row['frames']} frames from {row['device']}")
    if not streams:
        print("Nothing was left behind.")
    elif arguments.save:
        print(f"Studies saved: {len(document['saved'])}.")
    else:
        print("Add --save to make studies of it, or --discard STREAM.")
    return 0
