"""`sonofill archive hold|release|retention`: what may not be removed, and what has to be kept until when."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from workstation.cli.place import add_archive_option, archive_folder, day, one_line, whole_uid
from workstation.cli.terminal import Failure, print_json

if TYPE_CHECKING:
    from archive import Archive

_MOST_YEARS: Final = 200


def add_to(verbs: Any) -> None:
    """Add the verbs to `sonofill archive`."""
    for name, text, run in (
        ("hold", "put studies under legal hold: nothing of them is removed by anything", _hold),
        ("release", "end the hold of studies", _release),
    ):
        verb = verbs.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}. The ledger keeps who and why."
        )
        verb.add_argument("studies", nargs="*", metavar="STUDY", help="a Study Instance UID, or its beginning")
        verb.add_argument(
            "--patient-id", metavar="P", type=one_line, help="all studies of this patient that are there now"
        )
        verb.add_argument("--reason", required=True, type=one_line, help="why, for instance the case's number")
        verb.add_argument("--by", required=True, type=one_line, metavar="WHO", help="who answers for it")
        add_archive_option(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document")
        verb.set_defaults(run=run)
    verb = verbs.add_parser("retention", help="what has to be kept until when, and what is under hold")
    verb.add_argument(
        "--years", type=_years, metavar="N", help="how long after a patient's last study (settings: retention_years)"
    )
    verb.add_argument("--on", type=day, metavar="YYYY-MM-DD", help="told for this day (today)")
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=_retention)


def _years(text: str) -> int:
    try:
        years = int(text)
    except ValueError:
        years = -1
    if not 0 <= years <= _MOST_YEARS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of years from 0 to {_MOST_YEARS}")
    return years


def _hold(arguments: argparse.Namespace) -> int:
    from workstation.proof.opening import open_archive

    with open_archive(archive_folder(arguments), create=False) as kept:
        holds = [kept.hold(uid, arguments.by, arguments.reason) for uid in _named(kept, arguments)]
    if arguments.json:
        print_json([hold.to_json() for hold in holds])
        return 0
    for hold in holds:
        print(f"{hold.study_instance_uid} is under hold since {hold.since} by {hold.by}: {hold.reason}")
    return 0


def _release(arguments: argparse.Namespace) -> int:
    from workstation.proof.opening import open_archive

    with open_archive(archive_folder(arguments), create=False) as kept:
        named = _named(kept, arguments)
        if arguments.patient_id is not None:
            held = kept.under_hold()
            named = [uid for uid in named if uid in held]
        for uid in named:
            kept.release(uid, arguments.by, arguments.reason)
    if arguments.json:
        told = [{"study_instance_uid": uid, "by": arguments.by, "reason": arguments.reason} for uid in named]
        print_json(told)
        return 0
    print("\n".join(f"{uid} is under no hold any more." for uid in named) or "No study of this patient was under hold.")
    return 0


def _named(kept: Archive, arguments: argparse.Namespace) -> list[str]:
    """The studies that are meant, each once: stored, under hold, or left in the spool by a crash."""
    from archive import NotFound
    from workstation.capture.recovery import studies_left

    if bool(arguments.studies) == (arguments.patient_id is not None):
        raise Failure("Name studies, or a patient by --patient-id.", status=2)
    if arguments.patient_id is not None:
        rows = kept.studies(patient_id=arguments.patient_id, hidden=True)
        if not rows:
            raise NotFound(f"There is no study of this patient in {kept.root}: nothing is changed.")
        return [row.study_instance_uid for row in rows]
    found = [whole_uid(kept, given) for given in arguments.studies]
    for uid in found:
        if not (kept.holds(uid) or uid in kept.under_hold() or uid in studies_left(kept.root)):
            raise NotFound(f"There is no study {uid} in {kept.root}, stored or left by a crash: nothing is changed.")
    return list(dict.fromkeys(found))


def _retention(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from workstation.settings import SettingsUnreadable, load_settings, settings_path
    from workstation.studies.retention import retention_of

    years = arguments.years
    if years is None:
        try:
            years = load_settings(settings_path()).retention_years
        except SettingsUnreadable as error:
            raise Failure(str(error)) from error
    if years is None:
        raise Failure("How long are studies to be kept? Say --years N, or retention_years in settings.json.", status=2)
    on: date = arguments.on or datetime.now(UTC).astimezone().date()
    with Archive(archive_folder(arguments), create=False) as kept:
        told = retention_of(kept, years, on)
    if arguments.json:
        print_json(told.to_json())
        return 0
    for one in told.studies:
        words = f"to be kept until {one.keep_until}" if one.keep_until else "its day is not known: to be kept"
        if one.hold:
            words = f"under hold since {one.hold.since[:10]} by {one.hold.by}: {one.hold.reason}"
        print(f"{one.study_instance_uid}  {one.study_date or '(no day)'}  {words}")
    for hold in told.held_elsewhere:
        print(
            f"{hold.study_instance_uid}  (not stored)  under hold since {hold.since[:10]} by {hold.by}: {hold.reason}"
        )
    whole = told.whole_archive_from
    count = sum(one.may_be_removed for one in told.studies)
    print(f"{count} of {len(told.studies)} studies have been kept for {years} years after the patient's last.")
    print(f"The archive as a whole: {f'to be kept until {whole}' if whole else 'to be kept'}. Nothing was removed.")
    return 0
