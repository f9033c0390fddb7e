"""`sonofill equipment add|list|due`: phantom checks, service and decontamination of each probe, in the archive's ledger."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, day, moment, one_line
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit.equipment import Due, Entry


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    parser = commands.add_parser("equipment", help="phantom checks, service and decontamination of each probe")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser(
        "add",
        help="enter what was done",
        description="A phantom check compares a distance that the phantom's maker tells with the one that was measured on "
        "its picture: measure it in the window, or by `calibrate --points`.",
    )
    add.add_argument("kind", choices=("phantom", "service", "decontamination"))
    add.add_argument(
        "--probe", required=True, type=one_line, metavar="NAME", help="as the clinic calls it, with its serial"
    )
    add.add_argument("--what", default="", metavar="TEXT", help="the service, the method and agent, or the phantom")
    add.add_argument("--nominal-mm", type=float, metavar="MM", help="phantom: the distance that its maker tells")
    add.add_argument("--measured-mm", type=float, metavar="MM", help="phantom: the distance that was measured")
    add.add_argument("--axis", choices=("depth", "lateral"), help="phantom: along the beam, or across")
    add.add_argument("--tolerance-mm", type=float, metavar="MM", help="phantom (default: 0.5 mm or 2 %%, the larger)")
    add.add_argument("--image", default="", metavar="UID", help="phantom: the stored picture on which it was measured")
    add.add_argument("--next-due", type=day, metavar="YYYY-MM-DD", help="(default: phantom 180, service 365 days)")
    add.add_argument("--at", type=moment, metavar="TIME", help="when it was done (default: now)")
    add.add_argument(
        "--by", type=one_line, metavar="NAME", help="who did it (default: who is signed in, or this account)"
    )
    listed = verbs.add_parser("list", help="the log")
    due = verbs.add_parser("due", help="what is due; status 1 where something is")
    for verb in (listed, due):
        verb.add_argument("--probe", metavar="NAME", help="one probe alone")
    for verb, run in ((add, _add), (listed, _list), (due, _due)):
        add_archive_option(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document")
        verb.set_defaults(run=run)


def _add(arguments: argparse.Namespace) -> int:
    """Status 1 where a phantom check is outside its tolerance: it is entered all the same."""
    from archive import Archive
    from audit.equipment import Axis, Entry, Kind, dumped, tolerance_of
    from workstation.proof.telling import account

    tolerance = arguments.tolerance_mm
    if tolerance is None and arguments.nominal_mm is not None:
        tolerance = tolerance_of(arguments.nominal_mm)
    entry = Entry(
        kind=Kind(arguments.kind),
        probe=arguments.probe,
        at=arguments.at or datetime.now(UTC).astimezone().replace(microsecond=0),
        by=arguments.by or account(),
        what=" ".join(arguments.what.split()),
        axis=Axis(arguments.axis) if arguments.axis else None,
        nominal_mm=arguments.nominal_mm,
        measured_mm=arguments.measured_mm,
        tolerance_mm=tolerance,
        image=arguments.image,
        next_due=arguments.next_due,
    )
    with Archive(archive_folder(arguments)) as kept:
        if entry.image and not kept.has(entry.image):
            raise Failure(
                f"There is no object {entry.image} in the archive: name the picture of the phantom by its UID."
            )
        kept.enter_equipment(dumped(entry))
    if arguments.json:
        print_json(_document(entry))
    else:
        print(f"{entry.probe}: {entry.told()}")
    if entry.passed is False:
        return complain("The scale of this probe is not right: measure nothing with it until it is mended, and say so.")
    return 0


def entries_of(arguments: argparse.Namespace) -> list[Entry]:
    """The log, in the ledger's order; a line that cannot be read is said."""
    from archive import Archive
    from audit.equipment import read_log

    with Archive(archive_folder(arguments), create=False) as kept:
        found, unread = read_log(kept.equipment())
    for sentence in unread:
        complain(sentence)
    probe = getattr(arguments, "probe", None)
    return [entry for entry in found if not probe or entry.probe == probe]


def _list(arguments: argparse.Namespace) -> int:
    entries = entries_of(arguments)
    if arguments.json:
        print_json({"entries": [_document(entry) for entry in entries]})
        return 0
    for entry in entries:
        print(entry.line())
    if not entries:
        print("Nothing is entered yet: `sonofill equipment add phantom|service|decontamination`.")
    return 0


def _due(arguments: argparse.Namespace) -> int:
    from audit.equipment import due_of

    today = datetime.now(UTC).astimezone().date()
    found = due_of(entries_of(arguments))
    over = [due for due in found if due.is_over(today)]
    if arguments.json:
        print_json(
            {
                "due": [
                    {
                        "probe": due.probe,
                        "kind": due.kind.value,
                        "on": due.on.isoformat() if due.on else None,
                        "over": due.is_over(today),
                        "last": _document(due.entry) if due.entry else None,
                    }
                    for due in found
                ]
            }
        )
    else:
        for due in found:
            print(f"{'DUE ' if due.is_over(today) else '    '}{told_due(due)}")
        if not found:
            print("Nothing is due: no probe is in the log.")
    return 1 if over else 0


def told_due(due: Due) -> str:
    """In words."""
    if due.entry is None:
        return f"{due.probe}: its scale was never checked on a phantom"
    failed = "; the last check was outside its tolerance" if due.entry.passed is False else ""
    return f"{due.probe}: {due.kind} by {due.on}{failed}"


def _document(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "probe": entry.probe,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "what": entry.what,
        "axis": entry.axis.value if entry.axis else None,
        "nominal_mm": entry.nominal_mm,
        "measured_mm": entry.measured_mm,
        "tolerance_mm": entry.tolerance_mm,
        "passed": entry.passed,
        "image": entry.image,
        "due": entry.due.isoformat() if entry.due else None,
    }
