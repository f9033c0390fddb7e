"""The index: what the archive holds, in SQLite, made from the ledger and the files' heads. May be deleted at any time.

Each study's row carries its count of objects, and studies are ordered by an index of their own, so that the newest
hundred of a million instances are a hundred rows read in order.

What a rejection note names is hidden, and so is the note: left out of lists unless they are asked for all. A note hides
objects of its own study alone, whichever of them is stored first.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.header import Header
from archive.layout import FILE_MODE, Layout
from archive.ledger import Entry, Line
from archive.merkle import Edge, Tree, leaf_hash

VERSION = 3
_ENTRY = "object, file, bytes, sha256"

_SCHEMA = """
CREATE TABLE covered (bytes INTEGER NOT NULL, lines INTEGER NOT NULL);
CREATE TABLE stored (
    object TEXT PRIMARY KEY, file TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, number INTEGER NOT NULL,
    start INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE subtree (place INTEGER PRIMARY KEY, hash BLOB NOT NULL);
CREATE INDEX stored_file ON stored (file);
CREATE TABLE study (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL, date TEXT NOT NULL, time TEXT NOT NULL,
    phase TEXT NOT NULL, objects INTEGER NOT NULL, hidden INTEGER NOT NULL);
CREATE INDEX study_newest ON study (date DESC, time DESC, uid);
CREATE INDEX study_patient ON study (patient_id, date DESC, time DESC, uid);
CREATE TABLE series (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, study INTEGER NOT NULL REFERENCES study, number INTEGER NOT NULL,
    phase TEXT NOT NULL);
CREATE INDEX series_study ON series (study, number, uid);
CREATE TABLE instance (
    uid TEXT PRIMARY KEY, series INTEGER NOT NULL REFERENCES series, number INTEGER NOT NULL, file TEXT NOT NULL,
    sop_class TEXT NOT NULL, transfer_syntax TEXT NOT NULL, frames INTEGER NOT NULL, hidden_by TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rejected (uid TEXT NOT NULL, study TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (uid, study)) WITHOUT ROWID;
CREATE INDEX instance_series ON instance (series, number, uid);
INSERT INTO covered VALUES (0, 0);
"""


@dataclass(frozen=True, slots=True)
class StudyRow:
    """`date` YYYY-MM-DD; `phase` of its series, in order and joined by commas where there are several.

    `objects` counts those that are shown, `hidden` those that a rejection note hides, with the notes.
    """

    study_instance_uid: str
    patient_id: str
    date: str
    phase: str
    objects: int
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """`file` is absolute; `sop_class` and `transfer_syntax` are UIDs; `frames` is 0 for what is no picture.

    `hidden_by` is the SOP Instance UID of the rejection note that hides it (a note hides itself), empty for what is shown.
    """

    file: Path
    sop_class: str
    sop_instance_uid: str
    frames: int
    transfer_syntax: str
    hidden_by: str = ""


def _place(level: int, index: int) -> int:
    """Where a subtree's hash is in the table: those of a level lie together."""
    return level << 48 | index


class Index:
    """One connection to an archive's index, or one that lives in memory. Raises sqlite3.Error throughout."""

    def __init__(self, layout: Layout, in_memory: bool = False) -> None:
        self._layout = layout
        path = layout.index
        if not in_memory:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))  # SQLite's own files take this one's mode
        self._db = sqlite3.connect(
            ":memory:" if in_memory else path, timeout=30, isolation_level=None, check_same_thread=False
        )
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            if self._db.execute("PRAGMA user_version").fetchone() != (VERSION,):
                self.clear()
        except sqlite3.Error:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """All that is done inside is done together or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def clear(self) -> None:
        """Empties it in its place, so that other programs that have it open see the same file."""
        if self._db.in_transaction:
            self._drop_and_make()
        else:
            with self.change():
                self._drop_and_make()

    def _drop_and_make(self) -> None:
        names = self._db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (name,) in names:
            self._db.execute(f'DROP TABLE "{name}"')
        for statement in _SCHEMA.split(";\n"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def covered(self) -> tuple[int, int]:
        """Up to where the ledger is in here: bytes, lines."""
        size, count = self._db.execute("SELECT bytes, lines FROM covered").fetchone()
        return int(size), int(count)

    def take(self, found: Iterable[Line]) -> None:
        """Takes in the ledger's next lines: what they enter (the first line of an object counts), and the tree."""
        size, count = self.covered()
        edge = Edge.of(count, self.subtree)
        for line in found:
            self._db.executemany(
                "INSERT INTO subtree VALUES (?, ?)",
                [(_place(level, index), digest) for level, index, digest in edge.add(leaf_hash(line.raw))],
            )
            if (entry := line.entry) is not None:
                self._db.execute(
                    "INSERT OR IGNORE INTO stored VALUES (?, ?, ?, ?, ?, ?)",
                    (entry.object, entry.file, entry.size, entry.sha256, line.number, line.start),
                )
            size, count = line.end, line.number
        self._db.execute("UPDATE covered SET bytes = ?, lines = ?", (size, count))

    def subtree(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree of the ledger's tree (see `archive.merkle`)."""
        row = self._db.execute("SELECT hash FROM subtree WHERE place = ?", (_place(level, index),)).fetchone()
        if row is None:
            raise sqlite3.DatabaseError("the index lacks a part of the ledger's tree")
        return bytes(row[0])

    def tree(self) -> Tree:
        """The tree over the ledger's lines that are in here."""
        return Tree(self.covered()[1], self.subtree)

    def line_of(self, sop_instance_uid: str) -> tuple[int, int] | None:
        """The ledger's line of an object: its number (from 1), and where it begins in the file."""
        row = self._db.execute("SELECT number, start FROM stored WHERE object = ?", (sop_instance_uid,)).fetchone()
        return (int(row[0]), int(row[1])) if row else None

    def entry_of(self, sop_instance_uid: str) -> Entry | None:
        """What the ledger says of an object."""
        row = self._db.execute(f"SELECT {_ENTRY} FROM stored WHERE object = ?", (sop_instance_uid,)).fetchone()
        return Entry(*row) if row else None

    def entries(self) -> list[Entry]:
        return [Entry(*row) for row in self._db.execute(f"SELECT {_ENTRY} FROM stored ORDER BY file")]

    def entries_of_study(self, study_instance_uid: str) -> list[Entry]:
        """What the ledger says of a study's objects, listed or not."""
        below = f"studies/{study_instance_uid}/"
        rows = self._db.execute(
            f"SELECT {_ENTRY} FROM stored WHERE file >= ? AND file < ? ORDER BY file", (below, f"{below[:-1]}0")
        )
        return [Entry(*row) for row in rows]

    def told_of_study(self, study_instance_uid: str) -> list[tuple[str, str, str]]:
        """Of each object of a study its UID, its digest in the ledger, and the rejection note that hides it."""
        below = f"studies/{study_instance_uid}/"
        rows = self._db.execute(
            "SELECT s.object, s.sha256, ifnull(i.hidden_by, '') FROM stored s LEFT JOIN instance i ON i.uid = s.object"
            " WHERE s.file >= ? AND s.file < ? ORDER BY s.file",
            (below, f"{below[:-1]}0"),
        )
        return [(str(uid), str(digest), str(note)) for uid, digest, note in rows]

    def patient_of(self, study_instance_uid: str) -> str:
        """The patient id of a study; empty where it has none, or is not listed."""
        row = self._db.execute("SELECT patient_id FROM study WHERE uid = ?", (study_instance_uid,)).fetchone()
        return str(row[0]) if row else ""

    def add(self, header: Header, file: str) -> None:
        """Lists an object. One that is listed already stays as it is."""
        from dicom_io.context import Phase  # already imported by whoever read the header

        if self._db.execute("SELECT 1 FROM instance WHERE uid = ?", (header.sop_instance_uid,)).fetchone():
            return
        self._db.execute(
            "INSERT OR IGNORE INTO study (uid, patient_id, date, time, phase, objects, hidden) VALUES (?, ?, ?, ?, '', 0, 0)",
            (header.study_instance_uid, header.patient_id, header.study_date, header.study_time),
        )
        (study,) = self._db.execute("SELECT id FROM study WHERE uid = ?", (header.study_instance_uid,)).fetchone()
        self._db.execute(
            "INSERT OR IGNORE INTO series (uid, study, number, phase) VALUES (?, ?, ?, '')",
            (header.series_instance_uid, study, header.series_number),
        )
        (series,) = self._db.execute("SELECT id FROM series WHERE uid = ?", (header.series_instance_uid,)).fetchone()
        hidden_by = self._note_on(header)
        self._db.execute(
            "INSERT INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                header.sop_instance_uid,
                series,
                header.instance_number,
                file,
                header.sop_class_uid,
                header.transfer_syntax_uid,
                header.frames,
                hidden_by,
            ),
        )
        count = "hidden" if hidden_by else "objects"
        self._db.execute(f"UPDATE study SET {count} = {count} + 1 WHERE id = ?", (study,))
        for rejected in header.rejects:
            self._hide(rejected, header, study)
        if header.phase:
            self._db.execute("UPDATE series SET phase = ? WHERE id = ? AND phase = ''", (header.phase, series))
            found = {
                p for (p,) in self._db.execute("SELECT phase FROM series WHERE study = ? AND phase <> ''", (study,))
            }
            self._db.execute(
                "UPDATE study SET phase = ? WHERE id = ?", (",".join(p for p in Phase if p in found), study)
            )

    def _note_on(self, header: Header) -> str:
        """The rejection note that hides an object which is about to be listed; empty for none."""
        if header.rejects:
            return header.sop_instance_uid
        row = self._db.execute(
            "SELECT note FROM rejected WHERE uid = ? AND study = ?",
            (header.sop_instance_uid, header.study_instance_uid),
        ).fetchone()
        return str(row[0]) if row else ""

    def _hide(self, uid: str, note: Header, study: int) -> None:
        """Takes in that `note` rejects object `uid` of its own study, whether that is listed yet or not."""
        self._db.execute(
            "INSERT OR IGNORE INTO rejected VALUES (?, ?, ?)", (uid, note.study_instance_uid, note.sop_instance_uid)
        )
        found = self._db.execute(
            "UPDATE instance SET hidden_by = ? WHERE uid = ? AND hidden_by = '' "
            "AND series IN (SELECT id FROM series WHERE study = ?)",
            (note.sop_instance_uid, uid, study),
        ).rowcount
        self._db.execute(
            "UPDATE study SET objects = objects - ?, hidden = hidden + ? WHERE id = ?", (found, found, study)
        )

    def studies(self, limit: int | None, patient_id: str | None, hidden: bool = False) -> list[StudyRow]:
        """The newest first; `limit` None for all. Those of which every object is hidden only where `hidden` asks for them."""
        where = ["1"] if hidden else ["objects > 0"]
        values: list[str | int] = []
        if patient_id is not None:
            where.append("patient_id = ?")
            values.append(patient_id)
        rows = self._db.execute(
            f"SELECT uid, patient_id, date, phase, objects, hidden FROM study WHERE {' AND '.join(where)} "
            "ORDER BY date DESC, time DESC, uid LIMIT ?",
            [*values, -1 if limit is None else limit],
        )
        return [StudyRow(*row) for row in rows]

    def has_study(self, study_instance_uid: str) -> bool:
        return self._db.execute("SELECT 1 FROM study WHERE uid = ?", (study_instance_uid,)).fetchone() is not None

    def is_hidden(self, sop_instance_uid: str) -> bool:
        """Whether a rejection note hides an object; the note itself may be sent, so that others hide the object too."""
        found = self._db.execute("SELECT hidden_by FROM instance WHERE uid = ?", (sop_instance_uid,)).fetchone()
        return bool(found and found[0] not in ("", sop_instance_uid))

    def objects(self, study_instance_uid: str, hidden: bool = False) -> list[ObjectRow]:
        """A study's objects in the order of their series' and their own numbers; none where the study is not there."""
        shown = "" if hidden else "AND i.hidden_by = ''"
        rows = self._db.execute(
            "SELECT i.file, i.sop_class, i.uid, i.frames, i.transfer_syntax, i.hidden_by FROM study"
            " JOIN series s ON s.study = study.id JOIN instance i ON i.series = s.id"
            f" WHERE study.uid = ? {shown} ORDER BY s.number, s.uid, i.number, i.uid",
            (study_instance_uid,),
        )
        return [ObjectRow(self._layout.absolute_of(file), *others) for file, *others in rows]

    def path_of(self, sop_instance_uid: str) -> Path | None:
        row = self._db.execute("SELECT file FROM instance WHERE uid = ?", (sop_instance_uid,)).fetchone()
        return self._layout.absolute_of(row[0]) if row else None

    def files(self) -> set[str]:
        """All objects that are listed."""
        return {file for (file,) in self._db.execute("SELECT file FROM instance")}
