"""Opens an archive to store into it: with the workplace's signatures, where they were set up."""

from __future__ import annotations

from pathlib import Path

from archive import Archive
from workstation.proof.certificate import workplace_signer
from workstation.proof.keys import KeyUnusable


def open_archive(root: Path | str, create: bool = True) -> Archive:
    """As `Archive`. A key that cannot be used is told in its notes, and nothing is signed: a save never waits for a key."""
    try:
        return Archive(root, create, signer=workplace_signer())
    except KeyUnusable as error:
        archive = Archive(root, create)
        archive.add_note(f"Nothing is signed: {error}")
        return archive
