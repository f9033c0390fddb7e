"""`sonofill archive finalise` and `sonofill archive attest`: a record signed, or given back to its author."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, one_line, whole_uid
from workstation.cli.terminal import Failure, print_json

if TYPE_CHECKING:
    from workstation.studies.signing import Signed


def add_to(verbs: Any) -> None:
    """Add the two verbs to `sonofill archive`."""
    final = verbs.add_parser(
        "finalise",
        help="make the record of a study final: it may then leave the workstation",
        description="Makes a draft final. What is missing or asked is told and does not stand in the way: whoever signs "
        "answers for it. The final record is a document of its own beside the draft.",
    )
    attest = verbs.add_parser(
        "attest",
        help="attest a final record as a supervisor, or give it back",
        description="Attests a final record: a new document, verified, that names its Verifying Observer and takes the place "
        "of the final one. Who made it final cannot attest it. With --reject it becomes a draft again, which says why.",
    )
    for verb in (final, attest):
        verb.add_argument("study", metavar="STUDY", help="a Study Instance UID, or its beginning")
        verb.add_argument("--by", required=True, type=one_line, metavar="NAME", help="who signs")
        verb.add_argument("--encounter", metavar="UID", help="which one, where the study has several")
        add_archive_option(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document")
    attest.add_argument("--registration", required=True, type=one_line, metavar="N", help="the supervisor's number")
    attest.add_argument(
        "--reject", type=one_line, metavar="REASON", help="do not attest it: give it back, for this reason"
    )
    final.set_defaults(run=_finalise)
    attest.set_defaults(run=_attest)


def _finalise(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from workstation.studies.encounters import NoOneEncounter
    from workstation.studies.signing import finalise_stored

    with Archive(archive_folder(arguments), create=False) as kept:
        try:
            done = finalise_stored(kept, whole_uid(kept, arguments.study), arguments.by, arguments.encounter)
        except NoOneEncounter as error:
            raise Failure(str(error)) from error
    return _tell(arguments, done)


def _attest(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from workstation.studies.encounters import NoOneEncounter
    from workstation.studies.signing import attest_stored, give_back_stored

    with Archive(archive_folder(arguments), create=False) as kept:
        which = (kept, whole_uid(kept, arguments.study), arguments.by, arguments.registration)
        try:
            if arguments.reject is None:
                done = attest_stored(*which, arguments.encounter)
            else:
                done = give_back_stored(*which, arguments.reject, arguments.encounter)
        except NoOneEncounter as error:
            raise Failure(str(error)) from error
    return _tell(arguments, done)


def _tell(arguments: argparse.Namespace, done: Signed) -> int:
    from procedure.missing import missing
    from procedure.questions import questions
    from workstation.studies.clinic_protocols import held_protocols

    record = done.encounter
    protocols = held_protocols()
    lacks, asked = missing(record, protocols), questions(record, protocols)
    if arguments.json:
        print_json(
            {
                "encounter_uid": record.encounter_uid,
                "version": record.version,
                "state": str(record.state),
                "by": arguments.by,
                "file": str(done.path),
                "sop_instance_uid": done.path.stem,
                "predecessors": list(done.predecessors),
                "missing": len(lacks),
                "questions": len(asked),
            }
        )
        return 0
    print(f"Encounter {record.encounter_uid}, version {record.version}, is {record.state} now: {done.path}")
    print(f"  {len(lacks)} things are missing, {len(asked)} are asked: record-export tells them.")
    return 0
