"""A work list: which records are read, by how many readers, which of them twice, and in which order each reader gets them.

It is a JSON file in the hands of whoever runs the audit. Each reader gets the records in another order, so that no record is
always read last; the repeats come some records after the first reading, and nothing tells the reader that they are repeats.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from audit.review.documents import Opinion, Purpose, name_key
from audit.review.draws import share
from audit.review.errors import ListWrong
from procedure.as_json import from_dict, to_dict
from procedure.errors import RecordUnreadable
from procedure.record import Record, Uid

SCHEMA: Final = "sonofill-review-list/1"
_FEWEST_BETWEEN: Final = 5  #: records between a reading and its repeat, where the list has so many


class Method(StrEnum):
    """How the records were drawn."""

    RANDOM = "random"
    RISK = "risk"
    NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Record):
    """One record on the list; `risks` are the reasons for its weight where it was drawn by risk."""

    study_uid: Uid
    encounter_uid: Uid
    day: date
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Record):
    """A verdict of a calibration record that is known beforehand, and why."""

    encounter_uid: Uid
    criterion: str
    opinion: Opinion
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList(Record):
    """`candidates` is the number of records that were drawn from. `repeats` are the encounters that are read twice."""

    list_id: str
    made_at: datetime
    purpose: Purpose = Purpose.READING
    method: Method
    seed: str
    first_day: date | None = None
    last_day: date | None = None
    candidates: int
    readers: int = 2
    records: tuple[Listed, ...]
    repeats: tuple[Uid, ...] = ()
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One piece of work: a record, the first time (`turn` 1) or again (2)."""

    record: Listed
    turn: int


def order_for(work: WorkList, reader: str) -> tuple[Reading, ...]:
    """The reader's own order, the same each time it is asked for."""
    seed = f"{work.list_id}/{work.seed}/{name_key(reader)}"
    found = [Reading(record, 1) for record in sorted(work.records, key=lambda r: share(seed, r.encounter_uid))]
    gap = min(_FEWEST_BETWEEN, (len(found) - 1) // 2)
    for again in sorted(work.repeats, key=lambda uid: share(seed, "repeat", uid)):
        at = next(place for place, one in enumerate(found) if one.record.encounter_uid == again)
        record, chance = found[at].record, share(seed, "place", again)
        earliest = at + 1 + gap
        if earliest <= len(found):
            found.insert(earliest + int(chance * (len(found) - earliest)), Reading(record, 2))
        else:  # too near the end to come again: it comes once more before
            found[at] = Reading(record, 2)
            found.insert(int(chance * (at - gap)), Reading(record, 1))
    return tuple(found)


def write_list(work: WorkList, path: Path) -> None:
    """Writes the list into a new file. Raises FileExistsError, OSError."""
    text = json.dumps({"schema": SCHEMA, **to_dict(work)}, ensure_ascii=False, indent=1) + "\n"
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def read_list(path: Path) -> WorkList:
    """The list of a file. Raises ListWrong with the place, OSError where it cannot be read."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ListWrong(f"{path.name} is no work list: it is not JSON text ({error}).") from error
    if not isinstance(document, dict) or document.pop("schema", None) != SCHEMA:
        raise ListWrong(f'{path.name} is no work list: its schema is not "{SCHEMA}".')
    try:
        work = from_dict(WorkList, document)
    except RecordUnreadable as error:
        raise ListWrong(f"{path.name}: {error}") from error
    on_it = {record.encounter_uid for record in work.records}
    if len(on_it) != len(work.records):
        raise ListWrong(f"{path.name}: a record stands twice on the list: what is read twice stands in repeats.")
    strange = sorted({*work.repeats, *(known.encounter_uid for known in work.known)} - on_it)
    if strange:
        raise ListWrong(f"{path.name}: {strange[0]} is a repeat or a known verdict, and not one of the records.")
    if work.readers < 1:
        raise ListWrong(f"{path.name}: readers is {work.readers}, it has to be at least 1.")
    return work
