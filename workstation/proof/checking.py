"""Checks a checkpoint or a proof and says in words what it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive import Archive, ArchiveError, SignedCheckpoint
from archive.checkpoint import Continuation, Inclusion, read_checkpoint, read_continuation, read_inclusion
from archive.cosignature import Witness, countersigned_at
from archive.errors import ProofUnreadable
from workstation.proof.timestamp import NotStamped, check_time_stamp


@dataclass(slots=True)
class Found:
    """`what` was checked ("checkpoint", "inclusion" or "continuation"); sentences: what is wrong, shown, and left open."""

    what: str = ""
    problems: list[str] = field(default_factory=list)
    proven: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signed: SignedCheckpoint | None = None  #: the checkpoint in it


def check_text(
    text: str,
    keys: Sequence[bytes],
    archive: Archive | None = None,
    since: SignedCheckpoint | None = None,
    object_file: Path | None = None,
) -> Found:
    """Checks what the text is: a checkpoint, the proof of an object, or that of continuation.

    `keys` are the Ed25519 public keys (32 bytes) that may have signed; `archive` is what a checkpoint is compared with.
    Raises ProofUnreadable where it is none of these; ArchiveError.
    """
    found = Found()
    if text.startswith("c2sp.org/tlog-proof"):
        proof = read_inclusion(text)
        _check_inclusion(proof, object_file, found)
        signed = proof.checkpoint
    elif text.startswith("old "):
        continued = read_continuation(text)
        _check_continuation(continued, since, keys, found)
        signed = continued.checkpoint
    else:
        found.what, signed = "checkpoint", read_checkpoint(text)
    found.signed = signed
    _check_signature(signed, keys, found)
    if archive is not None:
        _check_against(archive, signed, found)
    return found


def check_outside(found: Found, witnesses: Sequence[Witness], stamped: tuple[bytes, bytes, Path] | None) -> None:
    """Adds what others say of the checkpoint that was checked: each witness, and a time-stamping authority.

    `stamped` is the text's bytes, the authority's answer, and the file of certificates that are trusted for it.
    """
    assert found.signed is not None
    for witness in witnesses:
        try:
            at = countersigned_at(found.signed, witness)
        except ProofUnreadable as error:
            found.problems.append(str(error))
            continue
        if at is None:
            found.problems.append(f"{witness.name} did not countersign this checkpoint.")
        else:
            found.proven.append(f"It was countersigned by {witness.name} at {at:%Y-%m-%d %H:%M:%S} UTC.")
    if stamped is None:
        return
    text, answer, trusted = stamped
    try:
        stamp = check_time_stamp(answer, text, trusted)
    except (NotStamped, ProofUnreadable) as error:
        found.problems.append(str(error))
    else:
        found.proven.append(f"It existed by {stamp.at:%Y-%m-%d %H:%M:%S} UTC: so says the time-stamping authority.")


def _check_signature(signed: SignedCheckpoint, keys: Sequence[bytes], found: Found) -> None:
    answers = [signed.is_signed_by(key) for key in keys]
    if False in answers:
        found.problems.append("The checkpoint's signature is wrong: it was changed, or somebody else made it.")
    elif True in answers:
        found.proven.append(
            f"The checkpoint of {signed.checkpoint.size} lines was signed by the key that was expected."
        )
    else:
        found.notes.append("None of the known keys signed the checkpoint: give the signer's with --key.")


def _check_inclusion(proof: Inclusion, object_file: Path | None, found: Found) -> None:
    found.what = "inclusion"
    if not proof.holds():
        found.problems.append("The proof fails: this line is not in the ledger that the checkpoint was made of.")
        return
    try:
        line = json.loads(proof.line)
        name, digest, time = line["object"], line["sha256"], line["time"]
    except (ValueError, KeyError, TypeError):
        found.problems.append("The proof holds, but for a line that names no object.")
        return
    found.proven.append(f"Object {name} is line {proof.index + 1} of the ledger, entered {time}.")
    if object_file is None:
        found.notes.append(f"No file was compared: its SHA-256 has to be {digest}.")
        return
    with object_file.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == digest
    if same:
        found.proven.append(f"{object_file} is that object, every byte as it was stored.")
    else:
        found.problems.append(f"{object_file} is not what was stored: its SHA-256 is another one.")


def _check_continuation(
    proof: Continuation, since: SignedCheckpoint | None, keys: Sequence[bytes], found: Found
) -> None:
    found.what = "continuation"
    if since is None:
        found.problems.append(
            "A proof of continuation is checked against the earlier checkpoint: give it with --since."
        )
        return
    _check_signature(since, keys, found)
    if proof.holds(since.checkpoint):
        found.proven.append(f"The ledger begins with the {proof.old_size} lines of the earlier checkpoint, unchanged.")
    else:
        found.problems.append("The proof fails: the ledger does not go on from the earlier checkpoint.")


def _check_against(archive: Archive, signed: SignedCheckpoint, found: Found) -> None:
    try:
        now = archive.checkpoint()
        archive.prove_continued(signed.checkpoint, SignedCheckpoint(now, now.text(), ()))
    except ArchiveError as error:
        found.problems.append(str(error))
        return
    more = now.size - signed.checkpoint.size
    found.proven.append(
        f"The archive's ledger begins with the {signed.checkpoint.size} lines of the checkpoint; {more} came since."
    )
    found.notes.append("The files themselves are compared by archive verify.")
