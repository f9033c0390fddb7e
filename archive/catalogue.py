"""Keeps the index fit for use: opens it, makes it anew where it is missing or damaged, takes in what other programs store.

An index that cannot be written (read-only media, a full disk) is replaced by one in memory, made from the same files, and
a note says so: the files are the truth, so listing goes on.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TypeVar

from archive.header import Header
from archive.index import Index
from archive.layout import Layout
from archive.ledger import hold
from archive.settle import catch_up, rebuild, take_lines

_T = TypeVar("_T")
_Query = Callable[[Index], _T]


class Catalogue:
    """The index in use. `lock` is taken before the ledger's lock, always in this order."""

    def __init__(self, layout: Layout, read_only: bool = False) -> None:
        self.lock = threading.RLock()
        self.notes: list[str] = []
        self._layout = layout
        self._read_only = read_only
        self._index: Index | None = None
        self._inode = 0

    @property
    def index(self) -> Index:
        """The open index. Use it with `lock` held."""
        if self._index is None:
            raise RuntimeError("the archive is closed")
        return self._index

    def close(self) -> None:
        with self.lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def open(self) -> None:
        """Opens the index and brings it up to date; the caller holds the ledger (or the archive is read-only)."""
        self.close()
        if self._read_only:
            self._use_memory("The archive cannot be written, so its index is made in memory.")
            return
        try:
            try:
                self._open_file()
            except sqlite3.OperationalError:
                raise  # no room, no access, or another program holds it: nothing is wrong with what it says
            except sqlite3.DatabaseError:
                self.close()
                self._discard()
                self._open_file()
        except (sqlite3.Error, OSError) as e:
            self._use_memory(f"The index cannot be written ({e}), so it is made in memory.")

    def _open_file(self) -> None:
        self._index = Index(self._layout)
        self._bring_up_to_date()
        self._inode = self._inode_now()

    def refresh(self) -> None:
        """Takes in what other programs have stored since."""
        with self.lock:
            if self._is_current():
                return
            with nullcontext() if self._read_only else hold(self._layout.ledger):
                self._refresh_held()

    def ask(self, query: _Query[_T]) -> _T:
        """The answer of the up-to-date index; a damaged one is made anew first."""
        with self.lock:
            self.refresh()
            try:
                return query(self.index)
            except sqlite3.DatabaseError:
                with nullcontext() if self._read_only else hold(self._layout.ledger):
                    self._renew()
                return query(self.index)

    def ask_held(self, query: _Query[_T]) -> _T:
        """As `ask`, for who holds the ledger."""
        with self.lock:
            self._refresh_held()
            try:
                return query(self.index)
            except sqlite3.DatabaseError:
                self._renew()
                return query(self.index)

    def ask_as_is(self, query: _Query[_T]) -> _T:
        """The answer of the index as it is. Raises sqlite3.Error where it is damaged."""
        with self.lock:
            return query(self.index)

    def list_objects(self, objects: Sequence[tuple[Header, str]]) -> None:
        """Takes in the ledger's newest lines, and lists objects that are in their places now, each with its file.

        Called with the ledger held. The objects are stored whatever happens here.
        """
        with self.lock:
            try:
                with self.index.change():
                    take_lines(self._layout, self.index)
                    for header, file in objects:
                        self.index.add(header, file)
            except sqlite3.Error as e:
                self._use_memory(f"The index cannot be written ({e}), so it is made in memory.")

    def reindex(self) -> list[str]:
        """Makes the index anew from the files. Returns files below studies/ that are no objects of this archive."""
        with self.lock, nullcontext() if self._read_only else hold(self._layout.ledger):
            if self._index is None or not self._same_file():
                self.open()
            try:
                return rebuild(self._layout, self.index)
            except sqlite3.DatabaseError:
                self._renew()
                return rebuild(self._layout, self.index)

    def _bring_up_to_date(self) -> None:
        size, _ = self.index.covered()
        if size and size <= self._ledger_size():
            catch_up(self._layout, self.index)
        else:
            rebuild(self._layout, self.index)
            if size > self._ledger_size():
                self.notes.append(
                    "The ledger is shorter than when the index was made: lines were cut from it, or an older copy was"
                    " put back. The index was made anew."
                )
            elif self._ledger_size():
                self.notes.append("The index was missing or damaged: it was made anew from the files.")

    def _refresh_held(self) -> None:
        if self._is_current():
            return
        if not self._same_file():
            self.open()
            return
        try:
            catch_up(self._layout, self.index)
        except sqlite3.OperationalError as e:
            self._use_memory(f"The index cannot be written ({e}), so it is made in memory.")
        except sqlite3.DatabaseError:
            self._renew()

    def _is_current(self) -> bool:
        try:
            return self._same_file() and self.index.covered()[0] == self._ledger_size()
        except sqlite3.DatabaseError:
            return False

    def _renew(self) -> None:
        """Throws a damaged index away and makes it anew."""
        self.close()
        if not self._read_only:
            self._discard()
        self.open()

    def _use_memory(self, note: str) -> None:
        self.close()
        self.notes.append(note)
        self._index = Index(self._layout, in_memory=True)
        self._inode = 0
        rebuild(self._layout, self._index)

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._layout.index.with_name(self._layout.index.name + suffix).unlink(missing_ok=True)

    def _ledger_size(self) -> int:
        return self._layout.ledger.stat().st_size if self._layout.ledger.exists() else 0

    def _same_file(self) -> bool:
        """Whether the index that is open is the one that lies in the archive (one in memory is always)."""
        return self._inode == 0 or self._inode == self._inode_now()

    def _inode_now(self) -> int:
        return self._layout.index.stat().st_ino if self._layout.index.exists() else -1
