"""`sonofill archive reidentify`: whose a de-identified copy is, by the key and the archive."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import complain, print_json


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill archive`."""
    verb = verbs.add_parser(
        "reidentify",
        help="whose a de-identified copy is, by the key",
        description="Says which patient, study or object of this archive a pseudonym or a UID of a de-identified copy stands "
        "for. It needs the key with which the copy was made; nothing is written.",
    )
    verb.add_argument(
        "given", nargs="+", metavar="PSEUDONYM|UID", help="ANON-…, or a study's or an object's UID in the copy"
    )
    verb.add_argument(
        "--key", type=Path, metavar="FILE", help="the key of the pseudonyms (default: the one beside your settings)"
    )
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Status 1 where one of them stands for nothing in this archive."""
    from archive import Archive
    from dicom_io.deidentify import Pseudonyms, key_in
    from workstation.settings import settings_path
    from workstation.studies.reidentifying import who_is

    key, _ = key_in((arguments.key or settings_path().with_name("pseudonyms.key")).absolute(), make=False)
    with Archive(archive_folder(arguments), create=False) as kept:
        found = who_is(kept, Pseudonyms(key), arguments.given)
    unknown = [word for word in arguments.given if word not in {one.given for one in found}]
    if arguments.json:
        print_json({"found": [one.to_json() for one in found], "unknown": unknown})
    else:
        for one in found:
            what = f"object {one.sop_instance_uid} of study" if one.sop_instance_uid else "study"
            print(f"{one.given}: patient {one.patient_id or '(without an id)'}, {what} {one.study_instance_uid}")
    for word in unknown:
        complain(f"{word[:80]} stands for nothing here: it was made with another key, or of another archive.")
    return 1 if unknown else 0
