"""`sonofill archive copy`: a checked second copy on another disk, and the drill whether everything comes back from it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import Progress, complain, print_json


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill archive`."""
    verb = verbs.add_parser(
        "copy",
        help="a checked second copy of the archive on another disk",
        description="Brings the copy in a folder up to the archive: what is new is copied and compared with the ledger. "
        "Nothing in the copy is written over or removed. The copy is an archive itself; to restore, copy it back.",
    )
    verb.add_argument("--to", required=True, type=Path, metavar="DIR", help="the copy's folder, on another disk")
    verb.add_argument(
        "--drill", action="store_true", help="then open the copy as if the archive were lost, and read every byte of it"
    )
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Status 1 where an object could not be copied, or the drill found something."""
    from archive.second_copy import copy_archive, drill

    root, to = archive_folder(arguments), arguments.to.absolute()
    progress = Progress("copying")
    try:
        done = copy_archive(root, to, progress)
    finally:
        progress.end()
    tried = drill(root, to) if arguments.drill else None
    for problem in done.problems:
        complain(problem.what)
    if arguments.json:
        print_json(
            {
                "to": str(to),
                "copied": done.copied,
                "bytes": done.bytes,
                "already": done.already,
                "problems": [problem.to_json() for problem in done.problems],
                "drill": None
                if tried is None
                else {
                    **tried.verification.to_json(),
                    "ok": tried.ok,
                    "studies": tried.studies,
                    "missing": list(tried.missing),
                    "seconds": round(tried.seconds, 3),
                },
            }
        )
    else:
        print(f"{done.copied} objects ({done.bytes / 1e6:.1f} MB) are new in {to}, {done.already} were there.")
        if tried is not None:
            for problem in tried.verification.problems:
                complain(problem.what)
            for uid in tried.missing:
                complain(f"Study {uid} is not in the copy as it is here.")
            found = "comes back from it" if tried.ok else "does NOT come back from it"
            print(f"The drill read {tried.studies} studies in {tried.seconds:.1f} s: everything {found}.")
    return 1 if done.problems or (tried is not None and not tried.ok) else 0
