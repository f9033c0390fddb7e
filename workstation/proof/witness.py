"""Asks a witness (c2sp.org/tlog-witness) to countersign a checkpoint: it checks that the ledger only grew since last time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from archive.checkpoint import SignedCheckpoint, read_signatures
from archive.cosignature import Witness, countersigned_at
from archive.errors import ArchiveError, ProofUnreadable

if TYPE_CHECKING:
    from archive import Archive

_LONGEST: Final = 1 << 16


class NotCountersigned(Exception):
    """The witness did not countersign; the message is one sentence for the user."""


def countersign(
    archive: Archive, signed: SignedCheckpoint, url: str, witness: Witness, *, timeout_s: float = 20
) -> SignedCheckpoint:
    """The checkpoint with the witness's signature beside ours. Raises NotCountersigned.

    The witness is asked as if it had seen nothing; where it has, it says how much, and gets the proof from there.
    """
    status, answer = _ask(url, archive.continuation_from(0, signed).text(), timeout_s)
    if status == 409:
        status, answer = _ask(url, _proof_from(archive, signed, answer, witness), timeout_s)
    if status == 200:
        return _with(signed, answer, witness)
    raise NotCountersigned(_why(status, witness))


def _proof_from(archive: Archive, signed: SignedCheckpoint, answer: bytes, witness: Witness) -> str:
    try:
        seen = int(answer.decode("ascii").strip())
    except ValueError as error:
        raise NotCountersigned(f"The witness {witness.name} does not say how much it has seen.") from error
    if seen > signed.checkpoint.size:
        raise NotCountersigned(
            f"The witness {witness.name} has seen {seen} lines, and this ledger has {signed.checkpoint.size}: it was cut, or"
            " the archive was rolled back."
        )
    try:
        return archive.continuation_from(seen, signed).text()
    except ArchiveError as error:
        raise NotCountersigned(str(error)) from error


def _ask(url: str, body: str, timeout_s: float) -> tuple[int, bytes]:
    import urllib3

    try:
        with urllib3.PoolManager(retries=False, timeout=timeout_s) as pool:
            reply = pool.request("POST", f"{url.rstrip('/')}/add-checkpoint", body=body.encode(), preload_content=False)
            return reply.status, reply.read(_LONGEST)
    except urllib3.exceptions.HTTPError as error:
        raise NotCountersigned(f"The witness at {url} does not answer ({type(error).__name__}).") from error


def _with(signed: SignedCheckpoint, answer: bytes, witness: Witness) -> SignedCheckpoint:
    try:
        more = read_signatures(answer.decode("utf-8"))
        whole = replace(signed, signatures=(*signed.signatures, *more))
        if countersigned_at(whole, witness) is not None:
            return whole
    except (ProofUnreadable, UnicodeDecodeError) as error:
        raise NotCountersigned(f"The witness {witness.name} gave a signature that does not hold ({error}).") from error
    raise NotCountersigned(f"The witness signed by another key than that of {witness.name}.")


def _why(status: int, witness: Witness) -> str:
    said = {
        403: "does not know this workplace's key: give it `sonofill ledger key`",
        404: "does not know this ledger: have it added there, with `sonofill ledger key`",
        422: "has seen another ledger: the lines that it saw before were changed, or the archive was made anew",
        409: "was asked by somebody else at the same moment: try again",
    }
    return f"The witness {witness.name} {said.get(status, f'answered with HTTP status {status}')}."
