"""`sonofill record-export`: an encounter as JSON, from the archive or from a folder of DICOM files alone."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, files_of
from workstation.cli.terminal import Failure, complain

if TYPE_CHECKING:
    from procedure import Encounter


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("record-export", help="the record of an encounter, from its DICOM files")
    parser.add_argument("source", metavar="STUDY|DIR", help="a study of the archive, or a folder of DICOM files")
    parser.add_argument("--encounter", metavar="UID", help="which one, where there are several")
    add_archive_option(parser)
    parser.add_argument(
        "--json", action="store_true", help="the whole record as JSON (docs/reference/encounter.schema.json)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The newest version of the encounter; the same bytes whichever way its files were found."""
    from procedure.as_json import to_json
    from workstation.studies.encounters import NoOneEncounter, newest_encounter
    from workstation.studies.found_files import found_files

    try:
        paths, wrong = files_of(arguments)
        found = newest_encounter(found_files(paths), arguments.encounter, whole=True)
    except NoOneEncounter as error:
        raise Failure(str(error)) from error
    for sentence in [*wrong, *found.unread]:
        complain(sentence)
    encounter = found.encounter
    if arguments.json:
        sys.stdout.flush()
        sys.stdout.buffer.write(to_json(encounter))
        return 0
    _say(encounter)
    return 0


def _say(encounter: Encounter) -> None:
    """The record in short: its state, what is missing, what is asked."""
    from procedure.missing import missing
    from procedure.questions import questions
    from workstation.studies.clinic_protocols import held_protocols

    simulated = ", simulated" if encounter.simulated else ""
    print(f"Encounter {encounter.encounter_uid}, version {encounter.version}, {encounter.state}{simulated}")
    print(
        f"  {len(encounter.visits)} station visits, {len(encounter.images)} images, {len(encounter.vessels)} vessels, "
        f"{len(encounter.injections)} injections, {len(encounter.complications)} complications"
    )
    protocols = held_protocols()
    for blank in missing(encounter, protocols):
        print(f"  missing ({blank.requirement}) {blank.where}: {blank.text}")
    for question in questions(encounter, protocols):
        print(f"  question ({question.id}) {question.where}: {question.text}")
