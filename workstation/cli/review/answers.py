"""`sonofill review told|answer`: the judgement comes back to the author, who answers and acknowledges."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workstation.cli.place import one_line
from workstation.cli.rubrics import pin_document, reviews_folder
from workstation.cli.terminal import Failure, print_json

if TYPE_CHECKING:
    from audit.review.feedback import Feedback


def add_to(verbs: Any) -> None:
    """Add the verbs to `sonofill review`."""
    from workstation.cli.review.verbs import finish

    verb = verbs.add_parser("told", help="what reviewers found in an author's records, and the counts by criterion")
    verb.add_argument("--author", type=one_line, required=True, metavar="NAME")
    finish(verb, _told)

    verb = verbs.add_parser("answer", help="an author's answer to the review of a record")
    verb.add_argument("study", metavar="STUDY")
    verb.add_argument("--by", type=one_line, required=True, metavar="AUTHOR")
    verb.add_argument("--text", type=one_line, metavar="TEXT")
    verb.add_argument("--acknowledge", action="store_true", help="read and accepted")
    finish(verb, _answer, rubric=True)


def _found(arguments: argparse.Namespace, author: str) -> list[Feedback]:
    from archive import NotFound
    from audit.review.feedback import feedback_for
    from workstation.studies.reviewing import open_shelf

    try:
        with open_shelf(reviews_folder(arguments), create=False) as shelf:
            return feedback_for(author, shelf.reviews(), shelf.answers())
    except NotFound:
        return []  # nobody has signed anything yet


def _told(arguments: argparse.Namespace) -> int:
    from audit.review.feedback import counts

    found = _found(arguments, arguments.author)
    if arguments.json:
        print_json(
            {
                "author": arguments.author,
                "records": [
                    {
                        "study_instance_uid": one.study_uid,
                        "encounter_uid": one.encounter_uid,
                        "verdicts": {criterion: opinion.value for criterion, opinion in one.opinions.items()},
                        "remarks": [{"by": by, "criterion": c, "comment": text} for by, c, text in one.remarks],
                        "pins": [pin_document(by, pin) for by, pin in one.pins],
                        "acknowledged": one.acknowledged,
                        "answers": [
                            {
                                "by": a.by,
                                "at": a.answered.isoformat(),
                                "acknowledged": a.acknowledged,
                                "text": a.comment,
                            }
                            for a in one.answers
                        ],
                    }
                    for one in found
                ],
                "counts": {
                    criterion: {opinion.value: n for opinion, n in count.items()}
                    for criterion, count in counts(found).items()
                },
            }
        )
        return 0
    if not found:
        print(f"No review of a record of {arguments.author} is complete.")
    for one in found:
        print(f"Study {one.study_uid}{'' if one.acknowledged else ' (not acknowledged yet)'}")
        for criterion, opinion in one.opinions.items():
            if opinion.value not in ("met", "not_applicable"):
                print(f"  {criterion:4} {opinion.value.replace('_', ' ')}")
        for by, criterion, text in one.remarks:
            print(f"  {by}{f', {criterion}' if criterion else ''}: {text}")
        for by, pin in one.pins:
            print(f"  {by}, frame {pin.image.frame + 1} of {pin.image.image_uid}: {pin.comment}")
    for criterion, count in counts(found).items():
        asked = sum(n for opinion, n in count.items() if opinion.value != "not_applicable")
        met = sum(n for opinion, n in count.items() if opinion.value == "met")
        print(f"{criterion:4} met in {met} of {asked}")
    return 0


def _answer(arguments: argparse.Namespace) -> int:
    from audit.review import Answer
    from audit.review.shelf import now
    from workstation.cli.review.forms import record_of
    from workstation.studies.reviewing import open_shelf

    if not arguments.text and not arguments.acknowledge:
        raise Failure("Say something with --text, or --acknowledge.", status=2)
    with record_of(arguments, arguments.study) as read:
        subject = read.subject
    about = next(
        (f for f in _found(arguments, arguments.by) if f.encounter_uid == subject.encounter.encounter_uid), None
    )
    if about is None:
        raise Failure(f"No review of this record is complete that {arguments.by} could answer.")
    said = Answer(
        study_uid=subject.record.study_instance_uid,
        encounter_uid=subject.encounter.encounter_uid,
        reviews=about.reviews,
        by=arguments.by,
        answered=now(),
        acknowledged=arguments.acknowledge,
        comment=arguments.text or "",
    )
    with open_shelf(reviews_folder(arguments), create=True) as shelf:
        file = shelf.answer(said, subject)
    if arguments.json:
        print_json({"file": str(file), "by": arguments.by, "acknowledged": arguments.acknowledge})
    else:
        print(f"Answered: {file}")
    return 0
