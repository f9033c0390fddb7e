"""`sonofill archive VERB`: list, show, verify and reindex are here; each other verb has a file `archive_VERB` of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli import (
    archive_copy,
    archive_deidentify,
    archive_export,
    archive_hold,
    archive_import,
    archive_reassign,
    archive_reidentify,
    archive_sign,
)
from workstation.cli.place import add_archive_option, archive_folder, whole_uid
from workstation.cli.remote import is_remote, remote_studies, remote_study, verified
from workstation.cli.terminal import Failure, Progress, complain, print_json

if TYPE_CHECKING:
    from archive import Archive, Verification


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    parser = commands.add_parser("archive", help="look at, check and index what was saved")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, text, run in (
        ("list", "the studies", _list),
        ("show", "one study: its objects and labels", _show),
        ("verify", "compare every object with the digest in the ledger", _verify),
        ("reindex", "make the index anew from the files alone", _reindex),
    ):
        verb = verbs.add_parser(name, help=text)
        if name == "show":
            verb.add_argument("study", metavar="STUDY", help="a Study Instance UID, or its beginning")
        if name == "verify":
            verb.add_argument(
                "--checkpoint",
                type=Path,
                action="append",
                default=[],
                metavar="FILE",
                help="a checkpoint kept elsewhere",
            )
            verb.add_argument("--key", metavar="KEY", help="the key that signed it (default: this workplace's)")
            verb.add_argument(
                "--against",
                type=Path,
                metavar="DIR",
                help="for a server: the archive in this folder whose ledger its objects are compared with",
            )
        if name in ("list", "show"):
            verb.add_argument("--all", action="store_true", help="with what a rejection note hides")
        add_archive_option(verb, remote=name != "reindex")
        verb.add_argument("--json", action="store_true", help="one JSON document")
        verb.set_defaults(run=run)
    archive_reassign.add_to(verbs)
    archive_import.add_to(verbs)
    archive_copy.add_to(verbs)
    archive_export.add_to(verbs)
    archive_hold.add_to(verbs)
    archive_deidentify.add_to(verbs)
    archive_reidentify.add_to(verbs)
    archive_sign.add_to(verbs)


def _open(arguments: argparse.Namespace) -> Archive:
    from archive import Archive

    opened = Archive(archive_folder(arguments), create=False)
    for note in opened.notes:
        complain(note)
    return opened


def _list(arguments: argparse.Namespace) -> int:
    rows = remote_studies(arguments) if is_remote(arguments) else _open(arguments).studies(hidden=arguments.all)
    studies = [asdict(row) for row in rows]
    if arguments.json:
        print_json(studies)
    else:
        for study in studies:
            words = "{study_instance_uid}  {date}  {phase}  patient {patient_id}  {objects} objects".format(**study)
            print(words + (f", {study['hidden']} hidden" if arguments.all and study["hidden"] else ""))
        if not studies:
            print("No studies yet.")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    if is_remote(arguments):
        with remote_study(arguments, arguments.study) as (kept, study, wrong, named):
            return _show_study(arguments, kept, study, wrong, named)
    kept = _open(arguments)
    return _show_study(arguments, kept, whole_uid(kept, arguments.study), [], str)


def _show_study(
    arguments: argparse.Namespace, kept: Archive, study: str, more: list[str], named: Callable[[Path], str]
) -> int:
    """`more` is what is wrong beside what the archive finds; `named` tells a file."""
    from workstation.studies.reading import (
        foreign_labels,
        kind_of,
        labels_of,
        reports_json,
        reports_of,
        superseded_series,
    )

    rows = kept.objects(study, hidden=arguments.all)
    wrong = kept.look(study)
    doubtful = {problem.object for problem in wrong}
    read = reports_of([row for row in rows if row.sop_instance_uid not in doubtful])
    labels = labels_of(read.reports) + foreign_labels(read.foreign)
    reports = reports_json(read.reports)
    objects = [{**asdict(row), "file": named(row.file)} for row in rows]
    problems = [*more, *(problem.what for problem in wrong), *read.unread]
    for sentence in problems:
        complain(sentence)
    if arguments.json:
        print_json({"objects": objects, "labels": labels, "reports": reports, "problems": problems})
        return 0
    earlier = superseded_series(read.reports)
    number = {row.sop_instance_uid: n for n, row in enumerate(rows, start=1)}
    for row in rows:
        what = kind_of(row) + (" of an earlier version" if row.file.parent.name in earlier else "")
        length = f", {row.frames} frames" if row.frames > 1 else ""
        hidden = "  (hidden)" if row.hidden_by else ""
        print(f"{number[row.sop_instance_uid]}  {what}{length}: {named(row.file)}{hidden}")
    for report in reports:
        print(f"  {_told(report, number)}")
    for label in labels:
        place = f"picture {number.get(label['image'], '?')} frame {label['frame']}"
        measured = "; ".join(label["measured"])
        print(
            f"  {place:20} {label['kind']:8} {label['name'] or '(no name)'}  {measured}  {label['status']} by {label['by']}"
        )
    return 0


def _told(report: dict[str, Any], number: dict[str, int]) -> str:
    """One version of a report in words: whose, which, why, and whether it still holds."""
    words = f"report {number[report['sop_instance_uid']]}, version {report['version']}"
    if report["author"]:
        words += f" by {report['author']}"
    if report["version"] > 1:
        words += f", corrected because: {report['reason'] or '(no reason told)'}"
    after = report["superseded_by"]
    return words + (f"; superseded by {number[after]}" if after else "")


def _verify(arguments: argparse.Namespace) -> int:
    from workstation.cli.ledger import known_keys, read_checkpoint_file
    from workstation.proof import kept_checkpoint

    if is_remote(arguments):
        if arguments.checkpoint or arguments.key:
            raise Failure("A server has no ledger: compare it with the archive here by --against DIR.", status=2)
        return _say_verified(arguments, verified(arguments, arguments.against))
    if arguments.against:
        raise Failure("--against goes with a server: --archive https://… names one.", status=2)
    progress = Progress("verifying")
    kept = _open(arguments)
    outside = [read_checkpoint_file(path) for path in arguments.checkpoint]
    result = kept.verify(progress, outside, known_keys(arguments.key), own=kept_checkpoint(kept.origin()))
    progress.end()
    return _say_verified(arguments, result)


def _say_verified(arguments: argparse.Namespace, result: Verification) -> int:
    if arguments.json:
        print_json(result.to_json())
    else:
        for problem in result.problems:
            print(f"{problem.kind}: {problem.object}: {problem.what}")
        for note in result.notes:
            print(note)
        print("Every object is as it was stored." if result.ok else f"Problems: {len(result.problems)}.")
    return 0 if result.ok else 1


def _reindex(arguments: argparse.Namespace) -> int:
    kept = _open(arguments)
    if kept.read_only:
        raise Failure(
            f"The archive in {kept.root} cannot be written, so its index cannot be made anew there: copy it first."
        )
    foreign = kept.reindex()
    studies = kept.studies()
    if arguments.json:
        print_json({"studies": len(studies), "objects": sum(s.objects for s in studies), "not_objects": foreign})
    else:
        print(f"Indexed {len(studies)} studies." + "".join(f"\nNot an object of this archive: {f}" for f in foreign))
    return 0
