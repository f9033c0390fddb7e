"""Sends the audit trail of an archive to a collector. The ledger is the queue: how far it was taken stands in `DIR/trail/`.

Nothing is lost while the collector is away; where a connection breaks off, what was under way is sent again, so that a
message may come twice (its sequence id, the ledger's line, is the same).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from annotation.autosave import write_durably
from archive import Archive, ArchiveDenied, LedgerPlace
from archive.layout import make_folder
from archive.lock import try_lock
from audit.trail import TrailUnreadable, read_message
from dicom_io.network import Tls
from workstation.network.syslog import SyslogMessage, deliver
from workstation.settings import CollectorSettings

_TOGETHER: Final = 200  #: messages on one connection


class CollectorBusy(Exception):
    """Another program is sending this archive's trail; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages were not taken yet."""

    waiting: int
    sent: int = 0


def send_trail(archive: Archive, collector: CollectorSettings) -> Waiting:
    """Sends what waits, in its order. Raises CollectorBusy, and what `deliver` raises; what was taken before stays so."""
    tls = Tls(Path(collector.trusted), Path(collector.certificate), Path(collector.key), any_name=collector.any_name)
    sent = 0
    with _alone(archive.root):
        while batch := list(islice(archive.told_since(_place(archive.root, collector)), _TOGETHER)):
            deliver(collector.host, collector.port, tls, [_message(place, text) for place, text in batch])
            _keep_place(archive.root, collector, batch[-1][0])
            sent += len(batch)
    return Waiting(0, sent)


def waiting(archive: Archive, collector: CollectorSettings) -> int:
    """How many messages the collector has not taken yet."""
    return sum(1 for _ in archive.told_since(_place(archive.root, collector)))


def _message(place: LedgerPlace, text: str) -> SyslogMessage:
    try:
        event = read_message(text)
    except TrailUnreadable:  # of a later version: it goes as it is
        from datetime import UTC, datetime

        return SyslogMessage(datetime.now(UTC), "", place.line, text)
    return SyslogMessage(event.at, event.host, place.line, text)


def _file(root: Path) -> Path:
    return root / "trail" / "sent.json"


def _name(collector: CollectorSettings) -> str:
    return f"{collector.host}:{collector.port}"


def _places(root: Path) -> dict[str, list[int]]:
    try:
        found = json.loads(_file(root).read_bytes())
    except (FileNotFoundError, ValueError):  # damaged: sent again from the beginning, rather than not at all
        return {}
    return found if isinstance(found, dict) else {}


def _place(root: Path, collector: CollectorSettings) -> LedgerPlace:
    try:
        line, end = _places(root).get(_name(collector), (0, 0))
        place = LedgerPlace(int(line), int(end))
    except (TypeError, ValueError):
        place = LedgerPlace()
    return place if place.is_in(root / "ledger.jsonl") else LedgerPlace()  # rolled back: all of it, rather than a part


def _keep_place(root: Path, collector: CollectorSettings, place: LedgerPlace) -> None:
    told = {**_places(root), _name(collector): [place.line, place.end]}
    write_durably(json.dumps(told) + "\n", _file(root), mode=0o600)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    make_folder(root / "trail")
    try:
        fd = os.open(root / "trail" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ArchiveDenied(
            f"{root / 'trail'} cannot be written: how far the trail was sent cannot be kept."
        ) from error
    try:
        if not try_lock(fd):
            raise CollectorBusy("Another program is sending the trail of this archive already.")
        yield
    finally:
        os.close(fd)
