"""The queue on disk: what is to go where, and how far it has come. SQLite (WAL) in the archive's folder.

    waiting ──▶ sending ──▶ sent ──▶ committed          refused ──retry──▶ waiting
       ▲           │          │                            ▲
       └─ not now ─┘          └─ the server lost it ─▶ waiting
                   └─────────── the server will not ───────┘

What is taken in hand is marked, and that is on the disk, before the first byte goes. So after a crash, whatever is still
marked may have arrived: it is sent once more under the same UID, and known to be (`perhaps_twice`). 'sent' is written after
the server's answer alone, 'committed' after its commitment (docs/decisions/0010).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from archive.errors import ArchiveDenied, from_os, is_denial
from archive.index import ObjectRow
from archive.layout import FILE_MODE
from archive.outbox.pauses import LONGEST_S
from archive.outbox.sender import Item

FILE_NAME: Final = "outbox.sqlite"
_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS item (
    number INTEGER PRIMARY KEY AUTOINCREMENT, destination TEXT NOT NULL, object TEXT NOT NULL, study TEXT NOT NULL,
    file TEXT NOT NULL, sop_class TEXT NOT NULL, transfer_syntax TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0, perhaps_twice INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
    why TEXT NOT NULL DEFAULT '', added_at REAL NOT NULL, sent_at REAL, committed_at REAL, asked_in TEXT NOT NULL DEFAULT '',
    UNIQUE (destination, object));
CREATE INDEX IF NOT EXISTS item_state ON item (destination, state, attempts, number);
CREATE INDEX IF NOT EXISTS item_study ON item (study, number);
CREATE TABLE IF NOT EXISTS destination (
    name TEXT PRIMARY KEY, failures INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""
_ITEM = "number, destination, object, study, file, sop_class, transfer_syntax, attempts, perhaps_twice"
_DUE = "(next_at <= ? OR next_at > ?)"


class Queue:
    """One connection, usable by several threads. Raises ArchiveDenied, ArchiveFull where the disk does not take it."""

    def __init__(self, root: Path) -> None:
        """Opens the queue of the archive in `root`, or makes it. A damaged one is put aside, and `notes` says so."""
        self.notes: list[str] = []
        self._root = root
        self._path = root / FILE_NAME
        self._lock = threading.RLock()
        try:
            self._db = self._open()
        except sqlite3.OperationalError as error:
            raise ArchiveDenied(
                f"The outbox {self._path} cannot be opened ({error}): check its permissions."
            ) from error
        except sqlite3.DatabaseError:
            self._put_aside()
            self._db = self._open()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # Putting in, taking out ------------------------------------------------------------------------------------------

    def add(self, destination: str, rows: Iterable[ObjectRow], study_instance_uid: str) -> int:
        """Objects that shall go there; those that are in already stay as they are. Returns how many are new.

        On the disk when it returns.
        """
        now = time.time()
        values = [
            (destination, row.sop_instance_uid, study_instance_uid, self._relative(row.file), row.sop_class,
             row.transfer_syntax, now)
            for row in rows
        ]  # fmt: skip
        with self.change(durable=True):
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO item (destination, object, study, file, sop_class, transfer_syntax, added_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            added = self._db.total_changes - before
            self._db.execute("INSERT OR IGNORE INTO destination (name) VALUES (?)", (destination,))
        return added

    def add_sent(self, destination: str, rows: Iterable[ObjectRow], study_instance_uid: str) -> None:
        """Objects that a destination has answered for without the queue: on record, and to be committed like the others."""
        rows = list(rows)
        self.add(destination, rows, study_instance_uid)
        with self.change(durable=True):
            self._db.executemany(
                "UPDATE item SET state = 'sent', why = '', sent_at = ?, asked_in = ''"
                " WHERE destination = ? AND object = ? AND state NOT IN ('sending', 'committed')",
                [(time.time(), destination, row.sop_instance_uid) for row in rows],
            )

    def remove(self, study_instance_uid: str, destination: str | None) -> int:
        """Take out what is not sent yet of a study; what was sent stays as the record of it. Returns how many."""
        where, values = _where(study_instance_uid, destination)
        with self.change(durable=True):
            return self._db.execute(
                f"DELETE FROM item WHERE state IN ('waiting', 'refused') AND {where}", values
            ).rowcount

    def retry(self, study_instance_uid: str | None, destination: str | None) -> int:
        """Let what was refused, or waits for its time, go at the next run. Returns how many."""
        where, values = _where(study_instance_uid, destination)
        with self.change(durable=True):
            self._db.execute(
                "UPDATE destination SET next_at = 0, failures = 0, why = '' WHERE ?1 IS NULL OR name = ?1",
                (destination,),
            )
            return self._db.execute(
                "UPDATE item SET state = 'waiting', next_at = 0, attempts = 0"
                f" WHERE state IN ('waiting', 'refused') AND {where}",
                values,
            ).rowcount

    # On the way ------------------------------------------------------------------------------------------------------

    def resume(self) -> int:
        """What a crash left in hand waits again, and is known to have perhaps arrived. For who holds the outbox's lock."""
        with self.change(durable=True):
            return self._db.execute(
                "UPDATE item SET state = 'waiting', next_at = 0, perhaps_twice = 1 WHERE state = 'sending'"
            ).rowcount

    def due_destinations(self, now: float) -> list[str]:
        """Where something may go now."""
        return self._column(
            f"SELECT name FROM destination WHERE {_DUE} AND EXISTS (SELECT 1 FROM item WHERE destination = name"
            f" AND state = 'waiting' AND {_DUE}) ORDER BY name",
            (now, now + LONGEST_S, now, now + LONGEST_S),
        )

    def next_due(self) -> float | None:
        """When the next thing may go (seconds since 1970); None where nothing waits."""
        ((found,),) = self.rows(
            "SELECT min(max(d.next_at, i.next_at)) FROM item i JOIN destination d ON d.name = i.destination"
            " WHERE i.state = 'waiting'"
        )
        return None if found is None else float(found)

    def kinds(self, destination: str, now: float) -> list[Item]:
        """One waiting item of each kind of object and transfer syntax: what the connection must be able to take."""
        return self._items(
            f"SELECT {_ITEM} FROM item WHERE destination = ? AND state = 'waiting' AND {_DUE}"
            " GROUP BY sop_class, transfer_syntax ORDER BY number",
            (destination, now, now + LONGEST_S),
        )

    def take(self, destination: str, count: int, now: float) -> list[Item]:
        """The next items, marked as in hand; the mark is on the disk when this returns."""
        with self.change(durable=True):
            found = self._items(
                f"SELECT {_ITEM} FROM item WHERE destination = ? AND state = 'waiting' AND {_DUE}"
                " ORDER BY attempts, number LIMIT ?",
                (destination, now, now + LONGEST_S, count),
            )
            self._db.executemany(
                "UPDATE item SET state = 'sending', attempts = attempts + 1 WHERE number = ?",
                [(item.number,) for item in found],
            )
        return found

    def give_back(self, items: Sequence[Item], *, tried: Item | None) -> None:
        """What was taken and did not go waits again; `tried` was on its way, and may have arrived."""
        with self.change():
            self._db.executemany(
                "UPDATE item SET state = 'waiting', attempts = attempts - 1 WHERE number = ? AND state = 'sending'",
                [(item.number,) for item in items if item is not tried],
            )
            if tried is not None:
                self._db.execute(
                    "UPDATE item SET state = 'waiting', perhaps_twice = 1 WHERE number = ? AND state = 'sending'",
                    (tried.number,),
                )

    def sent(self, item: Item, what: str) -> None:
        """The destination has answered that it has the object."""
        self._mark(item, "state = 'sent', why = ?, sent_at = ?, asked_in = ''", what, time.time())

    def later(self, item: Item, what: str, next_at: float) -> None:
        """The destination may take it another time."""
        self._mark(item, "state = 'waiting', why = ?, next_at = ?", what, next_at)

    def refused(self, item: Item, what: str) -> None:
        """The destination will not take it: a person must look."""
        self._mark(item, "state = 'refused', why = ?", what)

    def _mark(self, item: Item, change: str, *values: object) -> None:
        with self.change():
            self._db.execute(f"UPDATE item SET {change} WHERE number = ?", (*values, item.number))

    # Destinations ----------------------------------------------------------------------------------------------------

    def failures(self, destination: str) -> int:
        """How often in a row it could not be reached."""
        found = self.rows("SELECT failures FROM destination WHERE name = ?", (destination,))
        return int(found[0][0]) if found else 0

    def hold(self, destination: str, failures: int, next_at: float, why: str) -> None:
        """Everything for the destination waits until `next_at`, for this reason."""
        with self.change():
            self._db.execute(
                "UPDATE destination SET failures = ?, next_at = ?, why = ? WHERE name = ?",
                (failures, next_at, why, destination),
            )

    # SQLite ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def change(self, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """All that is done inside is done together or not at all; with `durable`, it is on the disk at the end."""
        with self._lock:
            try:
                if durable:
                    self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise _failed(self._path, error) from error
            finally:
                if durable:
                    self._db.execute("PRAGMA synchronous = NORMAL")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The answer to a question; for this package's own modules."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def items(self, where: str, values: Sequence[object] = ()) -> list[Item]:
        """The items for which `where` holds (it may order them); for this package's own modules."""
        return self._items(f"SELECT {_ITEM} FROM item WHERE {where}", values)

    def _items(self, sql: str, values: Sequence[object]) -> list[Item]:
        return [
            Item(number, destination, uid, study, self._root / file, sop_class, syntax, attempts, bool(twice))
            for number, destination, uid, study, file, sop_class, syntax, attempts, twice in self.rows(sql, values)
        ]

    def _column(self, sql: str, values: Sequence[object] = ()) -> list[str]:
        return [row[0] for row in self.rows(sql, values)]

    def _relative(self, file: Path) -> str:
        return file.relative_to(self._root).as_posix()

    def _open(self) -> sqlite3.Connection:
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, FILE_MODE))  # SQLite's own files take this one's mode
        except OSError as error:
            raise from_os(error, self._path, "write") from error
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA};PRAGMA user_version = {_VERSION};COMMIT")
            elif version != _VERSION:
                raise sqlite3.OperationalError(f"it was written by another version of the program: {version}")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _put_aside(self) -> None:
        aside = self._path.with_name(f"{FILE_NAME}.damaged-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
        for suffix in ("-wal", "-shm", ""):
            part = self._path.with_name(self._path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        self.notes.append(
            f"The outbox was damaged and is put aside as {aside.name}; a new one is begun: queue again what has not arrived."
        )


def _where(study_instance_uid: str | None, destination: str | None) -> tuple[str, tuple[str, ...]]:
    named = [("study", study_instance_uid), ("destination", destination)]
    given = [(column, value) for column, value in named if value is not None]
    return " AND ".join(f"{column} = ?" for column, _ in given) or "1", tuple(value for _, value in given)


def _failed(path: Path, error: sqlite3.OperationalError) -> Exception:
    if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return from_os(OSError(28, "No space left on device"), path, "write")
    denied = OSError(13, str(error))
    assert is_denial(denied)
    return from_os(denied, path, "write")
