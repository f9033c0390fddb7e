"""`sonofill archive import`: studies that were made elsewhere."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import Failure, Progress, complain, print_json


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill archive`."""
    verb = verbs.add_parser(
        "import",
        help="take in studies that were made elsewhere, byte for byte",
        description="Takes in every DICOM file that is named, or lies in a folder or a ZIP file that is named (a DICOMDIR's "
        "too), as it is. What the program cannot show of it is listed; nothing of it is changed or dropped.",
    )
    verb.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, a folder or a ZIP file")
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Status 1 where a DICOM file could not be taken in, or where there was none."""
    from archive import Archive
    from workstation.studies.importing import import_files
    from workstation.studies.packed import CannotUnpack

    for path in arguments.paths:
        if not path.exists():
            raise Failure(f"There is no {path}: name a file or folder to import.")
    progress = Progress("importing")
    with Archive(archive_folder(arguments)) as kept, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pydicom warns of is told by file below
        try:
            done = import_files(kept, arguments.paths, progress)
        except CannotUnpack as error:
            raise Failure(str(error)) from error
    progress.end()
    for taken in done.failed:
        complain(taken.why)
    if arguments.json:
        print_json(done.to_json())
    else:
        for taken in done.files:
            for sentence in taken.not_understood:
                print(f"{taken.file}: {sentence}")
        print(
            f"Imported {done.count('imported')} objects, {done.count('already')} were there already, "
            f"{done.count('not-dicom')} files are no DICOM."
        )
    if not done.count("imported") and not done.count("already") and not done.failed:
        complain("There is no DICOM object in what was named.")
        return 1
    return 1 if done.failed else 0
