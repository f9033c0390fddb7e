"""`sonofill archive reassign`: what was saved under the wrong patient, or before anybody knew whose it is."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, one_line, whole_uid
from workstation.cli.terminal import Failure, Progress, complain, print_json

if TYPE_CHECKING:
    from archive import Archive


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill archive`."""
    verb = verbs.add_parser(
        "reassign",
        help="make objects again under their rightful patient, and hide the old ones",
        description="Makes objects again under the patient whose they are, with new UIDs and the same pixel data, and hides "
        "the old ones by a rejection note. Nothing is erased: `archive show --all` shows the hidden ones.",
    )
    verb.add_argument(
        "targets", nargs="+", metavar="STUDY|OBJECT", help="a study, or the SOP Instance UIDs of some of its objects"
    )
    verb.add_argument("--to-patient-id", required=True, metavar="P", type=one_line, help="the rightful patient's id")
    verb.add_argument("--to-patient-name", default="", metavar="NAME", help="Family^Given")
    verb.add_argument("--to-birth-date", type=date.fromisoformat, metavar="YYYY-MM-DD")
    verb.add_argument("--to-sex", choices=("M", "F", "O"), default="")
    verb.add_argument(
        "--reason", required=True, type=one_line, help="how it came to be wrong, or how the patient was found out"
    )
    verb.add_argument("--by", required=True, type=one_line, metavar="WHO", help="who answers for it")
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints which object became which, and what was not made again."""
    from dicom_io import Patient
    from dicom_io.reidentify.images import Rightful
    from workstation.proof.opening import open_archive
    from workstation.studies.reassigning import CannotReassign, reassign
    from workstation.version import VERSION

    with open_archive(archive_folder(arguments), create=False) as kept:
        study, chosen = _named(kept, arguments.targets)
        patient = Patient(arguments.to_patient_id, arguments.to_patient_name, arguments.to_birth_date, arguments.to_sex)
        rightful = Rightful(patient, arguments.by, datetime.now(UTC).astimezone(), arguments.reason, VERSION)
        progress = Progress("making again")
        try:
            done = reassign(kept, study, chosen, rightful, progress)
        except CannotReassign as error:
            raise Failure(str(error)) from error
        finally:
            progress.end()
    for each in done.not_remade:
        complain(f"{each.sop_instance_uid}: {each.why}")
    if arguments.json:
        print_json(done.to_json())
    else:
        print(f"Study {done.study_instance_uid} has {len(done.objects)} objects of patient {done.patient_id} now.")
        print(f"The old ones in {done.from_study_instance_uid} are hidden by note {done.rejection_note}.")
    return 0


def _named(kept: Archive, targets: list[str]) -> tuple[str, frozenset[str]]:
    """The study that is meant, and which of its objects; none for all of them."""
    if len(targets) == 1 and kept.holds(study := whole_uid(kept, targets[0])):
        return study, frozenset()
    studies = {kept.path_of(uid).parent.parent.name for uid in targets}
    if len(studies) > 1:
        raise Failure("These objects are of several studies: reassign those of one study at a time.")
    return studies.pop(), frozenset(targets)
