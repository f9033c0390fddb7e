"""`sonofill review form|sign|show|settle`: a reading on paper's terms, for who reads without the window."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import archive_folder, one_line, whole_uid
from workstation.cli.rubrics import must_be_there, pin_document, reviews_folder, rubric_of
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit import Rubric
    from audit.review import Standing, StoredReview
    from workstation.studies.reviewing import ToRead, Work


def add_to(verbs: Any) -> None:
    """Add the verbs to `sonofill review`."""
    from workstation.cli.review.verbs import finish

    verb = verbs.add_parser("form", help="a form to fill in: each criterion with its evidence and a blank")
    verb.add_argument("study", metavar="STUDY")
    verb.add_argument("--by", type=one_line, required=True, metavar="READER")
    verb.add_argument("--differences", action="store_true", help="only what the readers differ on, to be settled")
    verb.add_argument("--out", type=Path, required=True, metavar="FILE.toml")
    finish(verb, _form, rubric=True)

    verb = verbs.add_parser("sign", help="sign a filled-in form as your reading")
    verb.add_argument("form", type=Path, metavar="FILE.toml")
    verb.add_argument("--list", type=Path, metavar="LIST", help="the work list that it belongs to")
    verb.add_argument("--again", type=one_line, metavar="REASON", help="in place of your earlier one")
    finish(verb, _sign, rubric=True)

    verb = verbs.add_parser("settle", help="settle what the readers differ on, from a filled-in form")
    verb.add_argument("form", type=Path, metavar="FILE.toml")
    verb.add_argument("--how", choices=("third-reader", "talk"), required=True)
    finish(verb, _settle, rubric=True)

    verb = verbs.add_parser("show", help="who has read a record; and, once all have signed, what they found")
    verb.add_argument("study", metavar="STUDY")
    verb.add_argument("--by", metavar="READER", help="your own reading, before the others have signed")
    finish(verb, _show, rubric=True)


@contextmanager
def record_of(arguments: argparse.Namespace, study: str, encounter_uid: str | None = None) -> Iterator[ToRead]:
    """The record of a study, ready to be read. Raises Failure where it has none."""
    from archive import Archive
    from workstation.studies.encounters import NoOneEncounter
    from workstation.studies.reviewing import to_read

    with Archive(archive_folder(arguments), create=False) as kept:
        try:
            yield to_read(kept, whole_uid(kept, study), rubric_of(arguments), encounter_uid)
        except NoOneEncounter as error:
            raise Failure(str(error)) from error


def _form(arguments: argparse.Namespace) -> int:
    from audit.review.form import blank_form
    from audit.review.shelf import now

    with record_of(arguments, arguments.study) as read:
        only = _standing(arguments, read).differences if arguments.differences else ()
        if arguments.differences and not only:
            raise Failure("The readers do not differ on this record, or not all of them have signed.")
        text = blank_form(read.subject, rubric_of(arguments), read.judgements, arguments.by, now(), only)
    try:
        with arguments.out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Failure(f"The form {arguments.out} cannot be written: {error.strerror}; name a new file.") from error
    if arguments.json:
        print_json(
            {"form": str(arguments.out.absolute()), "study_instance_uid": read.subject.record.study_instance_uid}
        )
    else:
        verb = "settle --how third-reader|talk" if only else "sign"
        print(f"Fill in {arguments.out}, then: ./run review {verb} {arguments.out}")
    return 0


def _filled(arguments: argparse.Namespace) -> tuple[ToRead, Rubric, Work]:
    """The record of a form, and what the form says. Raises Failure, FormWrong, NotReviewable."""
    import tomllib

    from audit.review.form import read_form
    from audit.review.shelf import now
    from workstation.studies.reviewing import Work, pictures_pointed_at

    try:
        head = tomllib.loads(arguments.form.read_text("utf-8"))
    except OSError as error:
        raise Failure(f"The form {arguments.form} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{arguments.form.name}: {error}.") from error
    rubric = rubric_of(arguments)
    with record_of(arguments, str(head.get("study", "")), str(head.get("encounter", "")) or None) as read:
        filled = read_form(arguments.form, read.judgements)
    if filled.record_sha256 != read.subject.record_sha256:
        raise Failure("The record has another version than the form was made for: make a form anew and look again.")
    pictures_pointed_at(read, filled.pins)
    active_s = None if filled.minutes is None else filled.minutes * 60
    work = Work(filled.by, filled.begun, now(), filled.marks, filled.pins, filled.comment, active_s)
    return read, rubric, work


def _sign(arguments: argparse.Namespace) -> int:
    from workstation.cli.review.verbs import work_list
    from workstation.studies.reviewing import open_shelf, sign_reading

    work = work_list(arguments.list)
    read, rubric, done = _filled(arguments)
    with open_shelf(reviews_folder(arguments), create=True) as shelf:
        stored = sign_reading(shelf, read, rubric, done, work, arguments.again or "")
    return _say_signed(arguments, stored)


def _settle(arguments: argparse.Namespace) -> int:
    from audit.review import Settling
    from workstation.studies.reviewing import open_shelf, settle

    read, rubric, done = _filled(arguments)
    with open_shelf(reviews_folder(arguments), create=True) as shelf:
        stored = settle(shelf, read, rubric, done, Settling(arguments.how))
    return _say_signed(arguments, stored)


def _say_signed(arguments: argparse.Namespace, stored: StoredReview) -> int:
    if arguments.json:
        print_json(
            {
                "review": stored.uid,
                "file": str(stored.file),
                "by": stored.review.by,
                "encounter_uid": stored.review.encounter_uid,
                "purpose": stored.review.purpose.value,
            }
        )
    else:
        print(f"Signed by {stored.review.by}: {stored.file}")
    return 0


def _standing(arguments: argparse.Namespace, read: ToRead) -> Standing:
    from workstation.studies.reviewing import standing_on

    subject = read.subject
    must_be_there(arguments)
    folder, uid = reviews_folder(arguments), subject.record.sop_instance_uid
    standing, unread = standing_on(folder, subject.encounter.encounter_uid, uid)
    for sentence in unread:
        complain(sentence)
    return standing


def _show(arguments: argparse.Namespace) -> int:
    with record_of(arguments, arguments.study) as read:
        standing = _standing(arguments, read)
    own = standing.of(arguments.by) if arguments.by else None
    if arguments.json:
        print_json(
            {
                "encounter_uid": read.subject.encounter.encounter_uid,
                "readers": [one.review.by for one in standing.readings],
                "wanted": standing.wanted,
                "complete": standing.complete,
                "settled_by": standing.settlement.review.by if standing.settlement else None,
                "unsettled": list(standing.unsettled),
                "own": {m.criterion: m.opinion.value for m in own.review.marks} if own else None,
                "criteria": [_row(each.criterion.id, each.verdict.value, standing) for each in read.judgements],
                "pins": [pin_document(by, pin) for by, pin in standing.pins()],
            }
        )
        return 0
    names = ", ".join(one.review.by for one in standing.readings) or "nobody"
    print(f"Read by {names}; {standing.wanted or 'no'} readers asked for.")
    if own is not None:
        for mark in own.review.marks:
            print(f"  {mark.criterion:4} {mark.opinion.value.replace('_', ' '):15} {mark.comment}")
    if not standing.complete:
        return complain("What others found is shown when all readers have signed.", 0)
    for judgement in read.judgements:
        row = _row(judgement.criterion.id, judgement.verdict.value, standing)
        agreed = (row["verdict"] or "differ").replace("_", " ")
        print(f"  {row['id']:4} {agreed:15} program: {row['program'].replace('_', ' ')}")
        for said in row["said"]:
            print(f"         {said['by']}: {said['verdict'].replace('_', ' ')} {said['comment']}")
    for by, pin in standing.pins():
        print(f"  {by}, {pin.criterion} on frame {pin.image.frame + 1} of {pin.image.image_uid}: {pin.comment}")
    return 0


def _row(criterion: str, program: str, standing: Standing) -> dict[str, Any]:
    opinion = standing.opinion(criterion)
    said = standing.said(criterion)
    return {
        "id": criterion,
        "program": program,
        "verdict": opinion.value if opinion else None,
        "said": [{"by": by, "verdict": each.value, "comment": comment} for by, each, comment in said],
    }
