"""What the commands do whose --archive is the DICOMweb of a server: list, show, verify, audit."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli.place import WebPlace
from workstation.cli.server import server_of
from workstation.cli.terminal import Failure, Progress, complain

if TYPE_CHECKING:
    from archive import Archive, StudyRow, Verification
    from workstation.network.remote import RemoteArchive

Named = Callable[[Path], str]  #: how a file is told to people


def is_remote(arguments: argparse.Namespace) -> bool:
    """Whether --archive tells a web address."""
    return isinstance(arguments.archive, WebPlace)


def remote_archive(arguments: argparse.Namespace) -> RemoteArchive:
    """The archive behind it: a known server's user and certificates are used for its address. Raises Failure."""
    from dicom_io.web import WebServer
    from workstation.network.remote import RemoteArchive

    server = server_of(arguments.archive.url, arguments)
    assert isinstance(server, WebServer)  # a web address is no other server's
    if not server.is_secured:
        complain(f"{server} is not asked over TLS: who can listen on the way reads the studies too.")
    return RemoteArchive(server)


def remote_studies(arguments: argparse.Namespace) -> list[StudyRow]:
    """The studies of the server."""
    return remote_archive(arguments).studies()


@contextmanager
def remote_study(arguments: argparse.Namespace, given: str) -> Iterator[tuple[Archive, str, list[str], Named]]:
    """A study of the server as an archive while the `with` lasts: that, its UID, what is wrong, how its files are told.

    Raises Failure where several begin as given, or none does.
    """
    remote = remote_archive(arguments)
    found = remote.whole_uid(given)
    if len(found) > 1 and given not in found:
        raise Failure(f"{len(found)} studies begin with {given}: write more of the UID.")
    if not found:
        raise Failure(f"There is no study {given} on {remote.server}: `archive list` shows what there is.")
    uid = given if given in found else found[0]
    with remote.study(uid) as (kept, brought):

        def named(file: Path) -> str:
            study, series, name = file.resolve().parts[-3:]
            return f"{remote.server.address}/studies/{study}/series/{series}/instances/{Path(name).stem}"

        yield kept, uid, brought.wrong, named


def verified(arguments: argparse.Namespace, against: Path | None) -> Verification:
    """Every object of the server brought and looked at; with `against` compared with that archive's ledger."""
    from archive import Archive

    remote = remote_archive(arguments)
    progress = Progress("verifying")
    try:
        if against is None:
            return remote.verify(told=progress)
        with Archive(against, create=False) as local:
            return remote.verify(local, progress)
    finally:
        progress.end()


def files_in(kept: Archive, study: str) -> list[Path]:
    """The study's files, hidden ones too: whoever reads them knows rejection notes."""
    return [row.file for row in kept.objects(study, hidden=True)]
