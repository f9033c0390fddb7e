"""The newest checkpoint of each ledger that this workplace signed, kept in its configuration folder.

`archive verify` compares with it unasked, so that an archive that was swapped or rolled back on the disk is noticed by the
workplace that made it. It lies on the same machine mostly: it is no replacement for a copy that somebody else keeps.
"""

from __future__ import annotations

from pathlib import Path

from annotation.autosave import write_durably
from archive import Archive
from archive.checkpoint import SignedCheckpoint, read_checkpoint, sign
from archive.errors import ProofUnreadable
from workstation.proof.keys import KeyUnusable, signing_key
from workstation.settings import settings_path


def sign_now(archive: Archive) -> SignedCheckpoint:
    """Signs the ledger's state as it is, and keeps that. Raises NotFound where nothing is stored, KeyUnusable."""
    signed = sign(archive.checkpoint(), signing_key())
    keep_checkpoint(signed)
    return signed


def keep_checkpoint(signed: SignedCheckpoint) -> None:
    """Keeps it as the newest of its ledger, unless a longer one is kept. Raises KeyUnusable where it cannot be written."""
    before = kept_checkpoint(signed.checkpoint.origin)
    if before is not None and before.checkpoint.size >= signed.checkpoint.size:
        return
    path = _path(signed.checkpoint.origin)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(signed.whole(), path, mode=0o600)
    except OSError as error:
        raise KeyUnusable(f"The checkpoint cannot be kept in {path}: {error.strerror}.") from error


def kept_checkpoint(origin: str) -> SignedCheckpoint | None:
    """The newest one of a ledger; None where none was made here. Raises KeyUnusable where it is damaged."""
    path = _path(origin)
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ProofUnreadable) as error:
        raise KeyUnusable(f"The kept checkpoint {path} cannot be read: mend or remove it.") from error


def _path(origin: str) -> Path:
    return settings_path().with_name("checkpoints") / f"{origin.rpartition('/')[2]}.txt"
