"""Verdicts of records that were judged before, kept by the digest of all that they follow from.

The digest covers what the ledger says of every object of the study (hidden ones too), the rubric, the protocols and the
checks themselves: where any of them changes, the record is judged anew. The file lies in the workplace's state folder, names
practitioners and no patients, and can be deleted at any time. It trusts the ledger: `archive verify` is what reads the bytes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Self

from audit import Rubric, Verdict
from audit.fleet import JudgedRecord
from devices.memory import state_folder
from workstation.studies.clinic_protocols import held_protocols
from workstation.version import VERSION

_SCHEMA = "CREATE TABLE IF NOT EXISTS verdict (study TEXT PRIMARY KEY, digest TEXT NOT NULL, told TEXT NOT NULL)"
_MODE = 0o600
_COMMIT_EACH = 64  #: verdicts; so many are judged anew after a crash


def judging_digest(rubric: Rubric) -> str:
    """What a verdict follows from beside the record: rubric, protocols, the checks' own source, the program's version."""
    found = hashlib.sha256(f"{VERSION}\n{rubric!r}\n{sorted(held_protocols().items())!r}\n".encode())
    for part in _sources(resources.files("audit")):
        found.update(part)
    return found.hexdigest()


def _sources(folder: Traversable) -> Iterable[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(".py"):
            yield entry.read_bytes()


class KeptVerdicts:
    """The kept verdicts of one archive, by its ledger's origin. A damaged file is thrown away and made anew."""

    def __init__(self, origin: str) -> None:
        name = hashlib.sha256(origin.encode()).hexdigest()[:16]
        self.path: Path = state_folder() / "verdicts" / f"{name}.sqlite"
        self._since = 0
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._db = self._opened()
        except sqlite3.DatabaseError:
            self.path.unlink(missing_ok=True)
            self._db = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.commit()
        self._db.close()

    def get(self, study_uid: str, digest: str) -> JudgedRecord | str | None:
        """The record as it was judged, or why it could not be; None where it was not, or follows from something else now."""
        row = self._db.execute(
            "SELECT told FROM verdict WHERE study = ? AND digest = ?", (study_uid, digest)
        ).fetchone()
        return None if row is None else read_judged(row[0])

    def put(self, study_uid: str, digest: str, judged: JudgedRecord | str) -> None:
        """Keep it in place of what was kept of this study."""
        self._db.execute("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", (study_uid, digest, written_judged(judged)))
        self._since += 1
        if self._since >= _COMMIT_EACH:
            self._db.commit()
            self._since = 0

    def _opened(self) -> sqlite3.Connection:
        self.path.touch(_MODE)
        db = sqlite3.connect(self.path, timeout=30)
        try:
            db.execute(_SCHEMA)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db


def written_judged(judged: JudgedRecord | str) -> str:
    """A judged record, or the sentence why there is none, as one text."""
    if isinstance(judged, str):
        return json.dumps(judged, ensure_ascii=False)
    return json.dumps(
        [
            *(judged.study_uid, judged.encounter_uid, judged.day.isoformat(), judged.practitioners, judged.regions),
            *(judged.simulated, [(criterion, verdict.value) for criterion, verdict in judged.verdicts]),
        ],
        ensure_ascii=False,
    )


def read_judged(text: str) -> JudgedRecord | str:
    """What `written_judged` wrote."""
    told = json.loads(text)
    if isinstance(told, str):
        return told
    study, encounter, day, practitioners, regions, simulated, verdicts = told
    return JudgedRecord(
        study,
        encounter,
        date.fromisoformat(day),
        tuple(practitioners),
        tuple(regions),
        simulated,
        tuple((criterion, Verdict(verdict)) for criterion, verdict in verdicts),
    )
