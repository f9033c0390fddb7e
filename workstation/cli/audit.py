"""`sonofill audit`: a record judged by a rubric, with the evidence of each criterion."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, files_of
from workstation.cli.terminal import Failure, print_json

if TYPE_CHECKING:
    from audit import Judgement, Rubric

NOTE = "Record completeness check. Clinical correctness needs a reviewer."
_MARKS = {"met": "+", "partial": "~", "not_met": "-", "not_applicable": " ", "needs_reviewer": "?"}


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("audit", help="judge a record by a rubric, from its DICOM files alone")
    parser.add_argument(
        "source",
        nargs="+",
        metavar="STUDY|DIR",
        help="a study of the archive, or a folder of DICOM files; or 'pack' and studies, to take away with --out",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="with pack: the folder to make")
    parser.add_argument("--encounter", metavar="UID", help="which encounter, where there are several")
    parser.add_argument("--rubric", type=Path, metavar="FILE", help="a rubric of your own (default: the course's)")
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Every criterion with its verdict; status 0 whatever the verdicts are."""
    if arguments.source[0] == "pack":
        from workstation.cli.audit_pack import pack

        return pack(arguments, _rubric(arguments))
    if len(arguments.source) > 1 or arguments.out is not None:
        raise Failure("One study at a time is judged; several with `audit pack STUDY… --out DIR`.", status=2)
    (arguments.source,) = arguments.source
    from audit import judge
    from workstation.studies.auditing import material_of
    from workstation.studies.encounters import NoOneEncounter

    rubric = _rubric(arguments)
    files, wrong = files_of(arguments)
    integrity = _integrity(arguments)
    try:
        material = material_of(files, arguments.encounter, wrong)
    except NoOneEncounter as error:
        raise Failure(str(error)) from error
    judgements = judge(material, rubric)
    if arguments.json:
        print_json(
            {
                "rubric": {"name": rubric.name, "version": rubric.version},
                "encounter": material.encounter.encounter_uid,
                "simulated": material.encounter.simulated,
                "note": NOTE,
                "criteria": [_document(judgement) for judgement in judgements],
                "integrity": integrity,
            }
        )
    else:
        _say(rubric, judgements, integrity)
    return 0


def _rubric(arguments: argparse.Namespace) -> Rubric:
    from audit import RubricWrong, course_rubric, read_rubric

    try:
        return course_rubric() if arguments.rubric is None else read_rubric(arguments.rubric)
    except RubricWrong as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"The rubric {arguments.rubric} cannot be read: {error.strerror}.") from error


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


def _document(judgement: Judgement) -> dict[str, Any]:
    criterion = judgement.criterion
    return {
        "id": criterion.id,
        "requirement": criterion.requirement,
        "objectives": list(criterion.objectives),
        "verdict": judgement.verdict.value,
        "evidence": [
            {"file": str(each.file.resolve()), "frame": each.frame, "what": each.what} for each in judgement.evidence
        ],
        "missing": list(judgement.missing),
        "reasons": list(judgement.reasons),
        "review": {"question": criterion.question, "verdict": None},
    }


def _say(rubric: Rubric, judgements: tuple[Judgement, ...], integrity: dict[str, Any]) -> None:
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
    print(f"Integrity: {integrity['note']}")
    for problem in integrity["problems"]:
        print(f"  {problem['kind']}: {problem['what']}")
