"""Keeps the audit trail of an archive in its ledger: who did what with which studies."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterable
from datetime import UTC, datetime

from archive import Archive, ArchiveError
from audit.trail import TrailAct, TrailEvent, message_of
from workstation.people.acting import acting


def keep_event(
    archive: Archive,
    act: TrailAct,
    studies: Iterable[str],
    to: str = "",
    *,
    ok: bool = True,
    about: str = "",
    why: str = "",
) -> str:
    """Adds an event of whoever is acting on this host to the trail; returns a sentence where it could not be kept.

    What was done is not undone for that: an archive on a medium that cannot be written can still be given away.
    """
    person = acting()
    event = TrailEvent(
        act,
        datetime.now(UTC).astimezone(),
        person.name if person else account(),
        socket.gethostname() or "unknown",
        tuple(studies),
        to,
        ok,
        account() if person else "",
        about,
        why,
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
