"""`sonofill audit portfolio STUDY|DIR…`: a learner's encounters counted against what the course asks for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, files_of
from workstation.cli.rubrics import add_rubric_option, rubric_of
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from audit.portfolio import Counted, Entry, Requirement


def add_to(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("portfolio", help="encounters counted against what a course asks for")
    parser.add_argument(
        "source", nargs="+", metavar="STUDY|DIR", help="studies of the archive, or folders of DICOM files"
    )
    parser.add_argument("--encounter", metavar="UID", help="which encounter, where a source has several")
    add_requirement_option(parser)
    add_rubric_option(parser)
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=_run)


def add_requirement_option(parser: Any) -> None:
    """The option --requirement."""
    parser.add_argument(
        "--requirement", type=Path, metavar="FILE", help="what a portfolio has to hold (default: the course's)"
    )


def _run(arguments: argparse.Namespace) -> int:
    """Each encounter on a line, then each row of the requirement; status 0 whatever the counts are."""
    from audit import judge
    from audit.portfolio import Entry, counted
    from workstation.studies.auditing import material_of
    from workstation.studies.encounters import NoOneEncounter

    rubric, requirement = rubric_of(arguments), requirement_of(arguments)
    entries = []
    for source in arguments.source:
        one = argparse.Namespace(source=source, archive=arguments.archive)
        try:
            files, wrong = files_of(one)
            material = material_of(files, arguments.encounter, wrong)
        except NoOneEncounter as error:
            raise Failure(f"{source}: {error}") from error
        for sentence in material.unread:
            complain(sentence)
        entries.append(Entry(source, material.encounter, judge(material, rubric)))
    counts = counted(entries, requirement)
    if arguments.json:
        print_json(document(entries, requirement, counts))
    else:
        _say(entries, requirement, counts)
    return 0


def requirement_of(arguments: argparse.Namespace) -> Requirement:
    """The requirement that was named, or the course's. Raises Failure."""
    from audit import RubricWrong
    from audit.portfolio import course_requirement, read_requirement

    path = arguments.requirement
    try:
        return course_requirement() if path is None else read_requirement(path)
    except RubricWrong as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"The requirement {path} cannot be read: {error.strerror}.") from error


def document(entries: list[Entry], requirement: Requirement, counts: tuple[Counted, ...]) -> dict[str, Any]:
    """The portfolio as one JSON document; `needed` and `enough` are null where the course names no number."""
    from audit.portfolio import learner_of

    return {
        "requirement": {"name": requirement.name, "version": requirement.version, "source": requirement.source},
        "learners": sorted({learner_of(entry.encounter) for entry in entries}),
        "encounters": [
            {
                "study": entry.study_instance_uid,
                "encounter": entry.encounter.encounter_uid,
                "learner": learner_of(entry.encounter),
                "started_at": entry.encounter.started_at.isoformat(),
                "regions": sorted({site.region for site in entry.encounter.sites}),
                "simulated": entry.encounter.simulated,
                "state": str(entry.encounter.state),
                "criteria": {
                    verdict: sum(j.verdict == verdict for j in entry.judgements)
                    for verdict in dict.fromkeys(j.verdict for j in entry.judgements)
                },
            }
            for entry in entries
        ],
        "counts": [
            {
                "id": one.row.id,
                "what": one.row.what,
                "count": one.count,
                "needed": one.row.needed,
                "enough": one.enough,
            }
            for one in counts
        ],
    }


def _say(entries: list[Entry], requirement: Requirement, counts: tuple[Counted, ...]) -> None:
    from audit.portfolio import learner_of
    from procedure import telling

    print(
        f"{requirement.name}, version {requirement.version}. It counts encounters; how good they are a person judges."
    )
    names = {learner_of(entry.encounter) for entry in entries}
    if len(names) > 1:
        complain(
            f"The encounters are of {len(names)} people: {', '.join(sorted(name or 'nobody named' for name in names))}."
        )
    for entry in entries:
        record = entry.encounter
        where = ", ".join(f"{telling.region(site.region)} {telling.word(site.side)}" for site in record.sites)
        kind = "mock (simulated)" if record.simulated else "real"
        print(f"  {record.started_at:%Y-%m-%d}  {where or 'no site'}; {kind}, {record.state}; {learner_of(record)}")
    for one in counts:
        needed = "needed: not told by the course" if one.row.needed is None else f"of {one.row.needed} needed"
        sign = {True: "+", False: "-", None: "○"}[one.enough]
        print(f"{sign} {one.row.id:4} {one.count:4} {needed}: {one.row.what}")
