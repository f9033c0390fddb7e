"""Keeps the audit trail of an archive: by whom and when records left it, in its ledger."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterable
from datetime import UTC, datetime

from archive import Archive, ArchiveError
from audit.trail import TrailAct, TrailEvent, message_of


def keep_event(archive: Archive, act: TrailAct, studies: Iterable[str], to: str = "", *, ok: bool = True) -> str:
    """Adds an event of this account on this host to the trail; returns a sentence where it could not be kept, else nothing.

    What was done is not undone for that: an archive on a medium that cannot be written can still be given away.
    """
    event = TrailEvent(
        act, datetime.now(UTC).astimezone(), account(), socket.gethostname() or "unknown", tuple(studies), to, ok
    )
    try:
        archive.tell(message_of(event))
    except ArchiveError as error:
        return f"The trail does not tell of this: {error}"
    return ""


def account() -> str:
    """The account of the operating system; 'unknown' where there is none (a container without a user's name)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
