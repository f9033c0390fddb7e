"""`sonofill audit`: a record judged by a rubric, with the evidence of each criterion."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, files_of
from workstation.cli.remote import files_in, is_remote, remote_study
from workstation.cli.rubrics import (
    add_reviews_option,
    add_rubric_option,
    must_be_there,
    reviews_folder,
    rubric_of,
)
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit import Judgement, Material, Rubric
    from audit.review import Standing

NOTE = "Record completeness check. Clinical correctness needs a reviewer."
_NO_LEDGER: dict[str, Any] = {
    "checked": False,
    "ok": None,
    "problems": [],
    "note": "A server has no ledger: `archive verify --archive URL --against DIR` compares it with the archive here.",
}
_MARKS = {"met": "+", "partial": "~", "not_met": "-", "not_applicable": " ", "needs_reviewer": "?"}


def add_to(verbs: Any) -> None:
    """Add the verb, which is meant where none is said."""
    parser = verbs.add_parser("study", help="judge one record (also without the word)")
    parser.add_argument("source", metavar="STUDY|DIR", help="a study of the archive, or a folder of DICOM files")
    parser.add_argument("--encounter", metavar="UID", help="which encounter, where there are several")
    add_rubric_option(parser)
    add_reviews_option(parser)
    add_archive_option(parser, remote=True)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Every criterion with its verdict; status 0 whatever the verdicts are."""
    rubric = rubric_of(arguments)
    if is_remote(arguments):
        with remote_study(arguments, arguments.source) as (kept, study, wrong, named):
            return _judged(arguments, rubric, files_in(kept, study), wrong, _NO_LEDGER, named)
    files, wrong = files_of(arguments)
    return _judged(arguments, rubric, files, wrong, _integrity(arguments), lambda file: str(file.resolve()))


def _judged(
    arguments: argparse.Namespace,
    rubric: Rubric,
    files: list[Path],
    wrong: list[str],
    integrity: dict[str, Any],
    named: Callable[[Path], str],
) -> int:
    """`wrong` is what is known of files that are not among `files`; `named` tells a file."""
    from audit import judge
    from workstation.studies.auditing import material_of
    from workstation.studies.encounters import NoOneEncounter

    try:
        material = material_of(files, arguments.encounter, wrong)
    except NoOneEncounter as error:
        raise Failure(str(error)) from error
    judgements = judge(material, rubric)
    standing = _standing(arguments, material)
    if arguments.json:
        print_json(
            {
                "rubric": {"name": rubric.name, "version": rubric.version},
                "encounter": material.encounter.encounter_uid,
                "simulated": material.encounter.simulated,
                "note": NOTE,
                "criteria": [_document(judgement, standing, named) for judgement in judgements],
                "integrity": integrity,
            }
        )
    else:
        _say(rubric, judgements, integrity, standing)
    return 0


def _integrity(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the archive's ledger says of all that it holds: nothing where there is no ledger."""
    folder = Path(arguments.source)
    if folder.is_dir() and not (folder / "ledger.jsonl").is_file():
        why = "No ledger lies beside these files: whether they were changed is not known."
        return {"checked": False, "ok": None, "problems": [], "note": why}
    from archive import Archive

    with Archive(folder if folder.is_dir() else archive_folder(arguments), create=False) as kept:
        problems = [problem.to_json() for problem in kept.verify().problems]
    note = "Every stored byte was compared with the ledger."
    return {"checked": True, "ok": not problems, "problems": problems, "note": note}


def _standing(arguments: argparse.Namespace, material: Material) -> Standing:
    """The reviews of this version of the record; none beside a bare folder, unless their place is named."""
    from archive.reading import read_header
    from audit.review import Standing
    from workstation.studies.reviewing import shelf_folder, standing_on

    must_be_there(arguments)
    folder = Path(arguments.source)
    if arguments.reviews is None and is_remote(arguments):
        return Standing((), 0)
    if arguments.reviews is None and folder.is_dir():
        reviews = shelf_folder(folder)
        if not (folder / "ledger.jsonl").is_file():
            return Standing((), 0)
    else:
        reviews = reviews_folder(arguments)
    uid = read_header(material.record).sop_instance_uid
    standing, unread = standing_on(reviews, material.encounter.encounter_uid, uid)
    for sentence in unread:
        complain(sentence)
    return standing


def _document(judgement: Judgement, standing: Standing, named: Callable[[Path], str]) -> dict[str, Any]:
    criterion = judgement.criterion
    opinion = standing.opinion(criterion.id)
    return {
        "id": criterion.id,
        "requirement": criterion.requirement,
        "objectives": list(criterion.objectives),
        "verdict": judgement.verdict.value,
        "evidence": [{"file": named(each.file), "frame": each.frame, "what": each.what} for each in judgement.evidence],
        "missing": list(judgement.missing),
        "reasons": list(judgement.reasons),
        "review": {
            "question": criterion.question,
            "verdict": None if opinion is None else opinion.value,
            "readers": [
                {"by": by, "verdict": said.value, "comment": comment}
                for by, said, comment in standing.said(criterion.id)
            ],
        },
    }


def _say(rubric: Rubric, judgements: tuple[Judgement, ...], integrity: dict[str, Any], standing: Standing) -> None:
    print(f"{rubric.name}, version {rubric.version}. {NOTE}")
    for judgement in judgements:
        criterion = judgement.criterion
        verdict = judgement.verdict.value
        print(f"{_MARKS[verdict]} {criterion.id:4} {verdict.replace('_', ' '):15} {criterion.requirement}")
        for sentence in judgement.missing:
            print(f"        missing: {sentence}")
        if verdict == "not_applicable":
            for sentence in judgement.reasons:
                print(f"        {sentence}")
        print(f"        for the reviewer: {criterion.question}")
        opinion = standing.opinion(criterion.id)
        for by, said, comment in standing.said(criterion.id):
            print(f"            {by}: {said.value.replace('_', ' ')}{f' ({comment})' if comment else ''}")
        if opinion is not None:
            print(f"        reviewed: {opinion.value.replace('_', ' ')}")
    print(f"Integrity: {integrity['note']}")
    for problem in integrity["problems"]:
        print(f"  {problem['kind']}: {problem['what']}")
