"""Records whose verdicts are known, for readers to be trained and tried on before they read others.

A file of a clinic's own names the records, each verdict that is known, and why: which picture and frame shows it. Who has
read them is told where the own reading differs, and why the known verdict is what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.review.documents import Opinion, Purpose
from audit.review.errors import ListWrong
from audit.review.worklist import Known, Listed, Method, WorkList
from audit.rubric import Rubric
from audit.tables import read_text, read_toml, rows_in

KnownRecord = tuple[str, Mapping[str, tuple[Opinion, str]]]  #: Study Instance UID; by criterion the verdict, and why


def read_known(path: Path, rubric: Rubric) -> list[KnownRecord]:
    """The known verdicts of a file. Raises ListWrong with the place, OSError where it cannot be read."""
    content = read_toml(read_text(path, ListWrong), path.name, ListWrong)
    records = rows_in(content, "record", path.name, ListWrong)
    return [_record(row, rubric, f"{path.name}, record {number}") for number, row in enumerate(records, start=1)]


def _record(row: Any, rubric: Rubric, where: str) -> KnownRecord:
    if not isinstance(row, dict) or set(row) - {"study", "verdicts", "why"}:
        raise ListWrong(f"{where}: it has study, verdicts and why, and nothing else.")
    study, verdicts, why = row.get("study"), row.get("verdicts"), row.get("why", {})
    if not isinstance(study, str) or not isinstance(verdicts, dict) or not verdicts or not isinstance(why, dict):
        raise ListWrong(f"{where}: study is a UID, verdicts and why are tables of criteria.")
    ids = {criterion.id for criterion in rubric.criteria}
    for criterion in (*verdicts, *why):
        if criterion not in ids:
            raise ListWrong(f"{where}: the rubric has no criterion {criterion!r}.")
    for criterion, verdict in verdicts.items():
        if verdict not in list(Opinion):
            raise ListWrong(f"{where}, {criterion}: {verdict!r} is none of {', '.join(Opinion)}.")
    return study, {c: (Opinion(verdict), str(why.get(c, "")).strip()) for c, verdict in verdicts.items()}


def calibration_list(
    known: Iterable[KnownRecord], candidates: Iterable[Listed], list_id: str, made_at: datetime
) -> WorkList:
    """The work list of these records. Raises ListWrong where one is not among the final records of the archive."""
    by_study = {record.study_uid: record for record in candidates}
    records, verdicts = [], []
    for study, each in known:
        record = by_study.get(study)
        if record is None:
            raise ListWrong(f"Study {study} has no final record in this archive.")
        records.append(record)
        verdicts += [
            Known(encounter_uid=record.encounter_uid, criterion=criterion, opinion=opinion, why=why)
            for criterion, (opinion, why) in each.items()
        ]
    return WorkList(
        list_id=list_id,
        made_at=made_at,
        purpose=Purpose.CALIBRATION,
        method=Method.NAMED,
        seed=list_id,
        candidates=len(by_study),
        readers=1,
        records=tuple(records),
        known=tuple(verdicts),
    )
