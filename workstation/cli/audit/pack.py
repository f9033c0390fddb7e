"""`sonofill audit pack STUDY… --out DIR`: what an auditor takes away."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.audit.portfolio import add_requirement_option, document, requirement_of
from workstation.cli.place import add_archive_option, archive_folder, outside_archive, whole_uid
from workstation.cli.rubrics import add_rubric_option, rubric_of
from workstation.cli.terminal import Failure, complain, print_json


def add_to(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("pack", help="studies, pictures, verdicts and proofs to take away")
    parser.add_argument("source", nargs="+", metavar="STUDY", help="studies of the archive")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make")
    parser.add_argument(
        "--deidentify", action="store_true", help="of copies that tell of nobody, as `archive deidentify` makes"
    )
    add_requirement_option(parser)
    add_rubric_option(parser)
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Makes the pack; status 1 where an object is not what was stored."""
    from archive import Archive
    from audit.trail import TrailAct
    from workstation.proof import sign_now, signing_key
    from workstation.proof.pack import deidentified_copies, make_pack
    from workstation.proof.telling import keep_event

    rubric, requirement = rubric_of(arguments), requirement_of(arguments)
    outside_archive(arguments.out, archive_folder(arguments))
    with Archive(archive_folder(arguments), create=False) as kept:
        studies = [whole_uid(kept, given) for given in arguments.source]
        try:
            signed, key = sign_now(kept), signing_key()
            if not arguments.deidentify:
                made = make_pack(kept, studies, arguments.out, rubric, signed, key, requirement)
            else:
                with deidentified_copies(kept, studies, arguments.out, key) as copies:
                    if copies.new_key is not None:
                        complain(
                            f"A new key is in {copies.new_key}: whoever has it finds out who is who. Keep it apart."
                        )
                    made = make_pack(*copies.told, arguments.out, rubric, copies.signed, key, requirement, copies.notes)
        except FileExistsError as error:
            raise Failure(str(error)) from error
        untold = keep_event(
            kept, TrailAct.EXPORTED, studies, "a pack" + (" that names nobody" if arguments.deidentify else "")
        )
        if untold:
            complain(untold)
    for sentence in (*made.problems, *made.notes):
        complain(sentence)
    if arguments.json:
        print_json(
            {
                "out": str(arguments.out.absolute()),
                "objects": made.objects,
                "pictures": made.pictures,
                "problems": made.problems,
                "notes": made.notes,
                "portfolio": document(made.entries, requirement, made.counts),
            }
        )
    else:
        print(
            f"{made.objects} objects, {made.pictures} pictures and clips: open {arguments.out.absolute() / 'index.html'}"
        )
    return 1 if made.problems else 0
