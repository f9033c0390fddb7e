"""Every record of an archive judged by the program, by several processes, or taken from what is kept. No Qt.

One study at a time is in memory. A study without a final record is told and passed over.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from archive import Archive, StudyRow
from audit import Rubric, judge
from audit.fleet import Fleet, JudgedRecord
from workstation.studies.auditing import material_of
from workstation.studies.encounters import NoOneEncounter
from workstation.studies.kept_verdicts import KeptVerdicts, judging_digest, read_judged, written_judged

ProgressCallback = Callable[[float, float], None]
_FEW = 16  #: so few records are judged here: starting processes takes longer
_CHUNK = 8


@dataclass(slots=True)
class JudgedFleet:
    """The counts; `kept` records were known already. `told` are sentences on studies that have no record to judge."""

    fleet: Fleet = field(default_factory=Fleet)
    kept: int = 0
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Study:
    """What a process needs to judge one study."""

    study_uid: str
    day: str
    files: tuple[Path, ...]
    digest: str
    wrong: tuple[str, ...]


def judge_fleet(
    archive: Archive,
    rubric: Rubric,
    first: date | None = None,
    last: date | None = None,
    jobs: int = 1,
    progress: ProgressCallback | None = None,
) -> JudgedFleet:
    """Judges the records of a period (both days included). Raises the archive's errors, ProtocolWrong."""
    found = JudgedFleet()
    about = judging_digest(rubric)
    rows = [row for row in archive.studies() if _within(row, first, last)]
    waiting: list[_Study] = []
    with KeptVerdicts(archive.origin()) as kept:
        for row in rows:
            digest = hashlib.sha256(f"{about}\n{archive.digest_of(row.study_instance_uid)}".encode()).hexdigest()
            known = kept.get(row.study_instance_uid, digest)
            if known is None:
                waiting.append(_study(archive, row, digest))
            else:
                found.kept += 1
                _take(found, row.study_instance_uid, known)
        for done, (study, judged) in enumerate(_judged(waiting, rubric, jobs), start=1):
            if not study.wrong:  # a file that is brought back is no change to the ledger
                kept.put(study.study_uid, study.digest, judged)
            _take(found, study.study_uid, judged)
            if progress is not None:
                progress(done, len(waiting))
    return found


def _within(row: StudyRow, first: date | None, last: date | None) -> bool:
    return (first is None or row.date >= first.isoformat()) and (last is None or row.date <= last.isoformat())


def _study(archive: Archive, row: StudyRow, digest: str) -> _Study:
    sound, wrong = archive.sound_objects(row.study_instance_uid)
    files, told = tuple(each.file for each in sound), tuple(problem.what for problem in wrong)
    return _Study(row.study_instance_uid, row.date, files, digest, told)


def _judged(studies: Sequence[_Study], rubric: Rubric, jobs: int) -> Iterator[tuple[_Study, JudgedRecord | str]]:
    if jobs < 2 or len(studies) < _FEW:
        for study in studies:
            yield study, _judge_one(rubric, study)
        return
    # Not forked: threads of the archive's may hold locks.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        texts = pool.map(partial(_judge_as_text, rubric), studies, chunksize=_CHUNK)
        yield from zip(studies, map(read_judged, texts), strict=True)


def _judge_as_text(rubric: Rubric, study: _Study) -> str:
    return written_judged(_judge_one(rubric, study))


def _judge_one(rubric: Rubric, study: _Study) -> JudgedRecord | str:
    try:
        material = material_of(study.files, wrong=study.wrong)
        day = date.fromisoformat(study.day)
    except NoOneEncounter as error:
        return " ".join((str(error), *study.wrong))
    except ValueError:
        return "It has no date."
    encounter = material.encounter
    if not encounter.signatures:
        return "Its record is a draft."
    names = [one.by for one in encounter.signatures if one.by]
    return JudgedRecord(
        study.study_uid,
        encounter.encounter_uid,
        day,
        tuple(names[:1]),  # who made it final; a supervisor who attested it did not write it
        tuple(dict.fromkeys(site.region for site in encounter.sites)),
        encounter.simulated,
        tuple((judgement.criterion.id, judgement.verdict) for judgement in judge(material, rubric)),
    )


def _take(found: JudgedFleet, study_uid: str, judged: JudgedRecord | str) -> None:
    if isinstance(judged, str):
        found.told.append(f"Study {study_uid}: {judged}")
    else:
        found.fleet.add(judged)
