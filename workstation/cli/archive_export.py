"""`sonofill archive export`: studies on a medium, for a CD, a stick or an e-mail."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder, outside_archive, whole_uid
from workstation.cli.terminal import Failure, Progress, complain, print_json


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill archive`."""
    verb = verbs.add_parser(
        "export",
        help="copy studies to a folder or a ZIP file that any DICOM viewer opens",
        description="Copies studies byte for byte, with a DICOMDIR (PS3.10), and reads the copies again. The patient's name "
        "stands in the objects and in the DICOMDIR, in no file's name; to give a study away without it: deidentify.",
    )
    verb.add_argument("studies", nargs="+", metavar="STUDY", help="a Study Instance UID, or its beginning")
    verb.add_argument(
        "--out", required=True, type=Path, metavar="PATH", help="a new or empty folder, or a new ZIP file"
    )
    verb.add_argument(
        "--format",
        choices=("dicomdir", "folder", "zip"),
        default="dicomdir",
        help="dicomdir: a medium with its directory. zip: the same in one file. folder: plain files by their UIDs",
    )
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Status 1 where nothing was written, or an object was left out because it is not as it was stored."""
    from archive import Archive
    from audit.trail import TrailAct
    from workstation.proof.telling import keep_event
    from workstation.studies.exporting import CannotExport, export

    out, wrong = outside_archive(arguments.out, archive_folder(arguments)), []
    with Archive(archive_folder(arguments), create=False) as kept:
        rows = []
        for given in dict.fromkeys(arguments.studies):
            study = whole_uid(kept, given)
            doubtful = {problem.object: problem.what for problem in kept.look(study)}
            found = kept.objects(study)
            wrong += [doubtful[row.sop_instance_uid] for row in found if row.sop_instance_uid in doubtful]
            rows += [row for row in found if row.sop_instance_uid not in doubtful]
        if not rows:
            raise Failure("There is no sound object in what was named: nothing is exported.")
        progress = Progress("exporting")
        try:
            done = export(rows, out, arguments.format, progress)
        except CannotExport as error:
            raise Failure(str(error)) from error
        finally:
            progress.end()
        untold = keep_event(
            kept, TrailAct.EXPORTED, dict.fromkeys(row.file.parent.parent.name for row in rows), arguments.format
        )
        if untold:
            complain(untold)
    for sentence in wrong:
        complain(f"Left out: {sentence}")
    if arguments.json:
        print_json({**done.to_json(), "left_out": wrong})
    else:
        print(f"Wrote {len(done.files)} objects ({done.bytes / 1e6:.1f} MB) to {done.out} and read them again.")
    return 1 if wrong else 0
