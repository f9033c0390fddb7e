"""Work lists: drawn from a period, of records with known verdicts, and the reader's next record, also in a window."""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import archive_folder, day, one_line
from workstation.cli.review.verbs import finish, work_list
from workstation.cli.rubrics import reviews_folder
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit.review import WorkList


def add_to(verbs: Any) -> None:
    """Add the verbs about work lists."""
    verb = verbs.add_parser("sample", help="draw the records of a period that are to be read, into a work list")
    verb.add_argument("--from", dest="first", type=day, metavar="YYYY-MM-DD", help="the first day (default: all)")
    verb.add_argument("--to", dest="last", type=day, metavar="YYYY-MM-DD", help="the last day")
    verb.add_argument("--n", type=int, default=20, metavar="N", help="how many records (20)")
    verb.add_argument(
        "--seed", default="", metavar="TEXT", help="the same seed draws the same records (default: a new one)"
    )
    verb.add_argument("--by-risk", action="store_true", help="risky records more often; the list says why")
    verb.add_argument("--readers", type=int, default=2, metavar="N", help="how many read each record (2)")
    verb.add_argument(
        "--repeats", type=int, default=0, metavar="N", help="records that each reader gets twice, unasked (0)"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="LIST", help="the file of the work list")
    finish(verb, _sample)

    verb = verbs.add_parser("calibration", help="a work list of records whose verdicts are known, to train readers on")
    verb.add_argument("known", type=Path, metavar="KNOWN.toml", help="[[record]] with study, verdicts and why")
    verb.add_argument("--out", type=Path, required=True, metavar="LIST", help="the file of the work list")
    finish(verb, _calibration, rubric=True)

    verb = verbs.add_parser("next", help="the reader's next record on a work list")
    verb.add_argument("--list", type=Path, required=True, metavar="LIST")
    verb.add_argument("--by", type=one_line, required=True, metavar="READER")
    finish(verb, _next)

    verb = verbs.add_parser("window", help="read in a window: pictures, evidence and criteria, by keyboard")
    verb.add_argument("study", nargs="?", default="", metavar="STUDY", help="one record (default: the list's next)")
    verb.add_argument("--list", type=Path, metavar="LIST")
    verb.add_argument("--by", type=one_line, required=True, metavar="READER")
    finish(verb, _window, rubric=True)


def _sample(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from audit.review import Method, WorkList, sample
    from audit.review.draws import share
    from workstation.studies.reviewing import candidates

    if arguments.n < 1 or arguments.readers < 1 or arguments.repeats < 0:
        raise Failure("--n and --readers are at least 1, --repeats at least 0.", status=2)
    seed = arguments.seed or secrets.token_hex(8)
    with Archive(archive_folder(arguments), create=False) as kept:
        found, told = candidates(kept, arguments.first, arguments.last)
    for sentence in told:
        complain(sentence)
    if not found:
        raise Failure("There is no final record in that period.")
    method = Method.RISK if arguments.by_risk else Method.RANDOM
    drawn = sample(found, arguments.n, seed, method)
    uids = sorted((record.encounter_uid for record in drawn), key=lambda uid: share(seed, "repeat", uid))
    work = WorkList(
        list_id=secrets.token_hex(8),
        made_at=datetime.now(UTC).astimezone(),
        method=method,
        seed=seed,
        first_day=arguments.first,
        last_day=arguments.last,
        candidates=len(found),
        readers=arguments.readers,
        records=drawn,
        repeats=tuple(uids[: arguments.repeats]),
    )
    _write(work, arguments.out)
    if arguments.json:
        print_json(
            {
                "list": str(arguments.out.absolute()),
                "list_id": work.list_id,
                "seed": seed,
                "method": method.value,
                "candidates": len(found),
                "readers": work.readers,
                "repeats": len(work.repeats),
                "records": [
                    {"study_instance_uid": r.study_uid, "encounter_uid": r.encounter_uid, "day": r.day.isoformat(),
                     "risks": list(r.risks)}
                    for r in drawn
                ],
                "not_drawn_from": told,
            }
        )  # fmt: skip
    else:
        print(f"{len(drawn)} of {len(found)} records drawn (seed {seed}): {arguments.out}")
        for record in drawn:
            print(f"  {record.day}  {record.study_uid}  {', '.join(record.risks)}")
    return 0


def _window(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from workstation.cli.place import whole_uid
    from workstation.cli.rubrics import rubric_of
    from workstation.cli.window import has_display

    if bool(arguments.study) == bool(arguments.list):
        raise Failure("Say which study, or which work list with --list.", status=2)
    if not has_display():
        raise Failure("There is no display to open a window on: `review form` and `review sign` work without one.")
    records = archive_folder(arguments)
    with Archive(records, create=False) as kept:
        study = whole_uid(kept, arguments.study) if arguments.study else ""
    from workstation.judging.app import main as open_window
    from workstation.judging.loading import Task

    work = work_list(arguments.list)
    return open_window(Task(records, reviews_folder(arguments), arguments.by, rubric_of(arguments), work, study))


def _calibration(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from audit.review.calibration import calibration_list, read_known
    from workstation.cli.rubrics import rubric_of
    from workstation.studies.reviewing import candidates

    try:
        known = read_known(arguments.known, rubric_of(arguments))
    except OSError as error:
        raise Failure(f"{arguments.known} cannot be read: {error.strerror}.") from error
    with Archive(archive_folder(arguments), create=False) as kept:
        found, _ = candidates(kept, None, None)
    work = calibration_list(known, found, secrets.token_hex(8), datetime.now(UTC).astimezone())
    _write(work, arguments.out)
    if arguments.json:
        print_json({"list": str(arguments.out.absolute()), "list_id": work.list_id, "records": len(work.records),
                    "known": len(work.known)})  # fmt: skip
    else:
        print(f"{len(work.records)} records with {len(work.known)} known verdicts: {arguments.out}")
    return 0


def _write(work: WorkList, out: Path) -> None:
    from audit.review import write_list

    try:
        write_list(work, out)
    except OSError as error:
        raise Failure(f"The list {out} cannot be written: {error.strerror}; name a new file.") from error


def _next(arguments: argparse.Namespace) -> int:
    from archive import Archive, NotFound
    from audit.review import Shelf, order_for
    from workstation.studies.reviewing import next_reading

    work = work_list(arguments.list)
    assert work is not None
    try:
        with Archive(reviews_folder(arguments), create=False) as kept:
            due = next_reading(work, arguments.by, Shelf(kept))
    except NotFound:  # nobody has signed anything yet
        order = order_for(work, arguments.by)
        due = (order[0], 1, len(order)) if order else None
    if arguments.json:
        said = None if due is None else {
            "study_instance_uid": due[0].record.study_uid,
            "encounter_uid": due[0].record.encounter_uid,
            "place": due[1],
            "of": due[2],
        }  # fmt: skip
        print_json({"list_id": work.list_id, "by": arguments.by, "next": said})
    elif due is None:
        print(f"{arguments.by} has read everything on this list.")
    else:
        print(f"{due[1]} of {due[2]}: {due[0].record.study_uid}")
    return 0
