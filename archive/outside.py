"""What vouches for the ledger from outside: checkpoints that were kept elsewhere, and the index's own memory of its lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from archive.catalogue import Catalogue
from archive.chain import Chain
from archive.checkpoint import SignedCheckpoint
from archive.index import Index

NOTHING_OUTSIDE = "Nothing outside this archive vouches for what was stored since {since}"


def against_checkpoint(chain: Chain, signed: SignedCheckpoint, keys: Sequence[bytes]) -> tuple[list[str], list[str]]:
    """Whether the ledger still begins as a checkpoint says. Returns what is wrong, and what to know besides.

    `keys` are the Ed25519 public keys (32 bytes) that may have signed it. The chain was read with `roots_at` its size.
    """
    said, wrong, notes = signed.checkpoint, [], []
    if chain.count < said.size:
        wrong.append(
            f"The ledger has {chain.count} lines, but had {said.size} when the checkpoint was made: it was cut, or the whole"
            " archive was rolled back."
        )
    elif chain.roots[said.size] != said.root:
        wrong.append(
            f"The ledger's first {said.size} lines are not those that the checkpoint was made of: the ledger was made anew or"
            " changed, or it is another archive's."
        )
    elif said.size and said.origin != chain.origin:
        wrong.append("The checkpoint names another ledger than this one, though its lines are the same.")
    answers = [signed.is_signed_by(key) for key in keys]
    if False in answers:
        wrong.append("The checkpoint's signature is wrong: it was changed, or somebody else made it.")
    elif True not in answers:
        notes.append(
            "The checkpoint's signature was not checked, because no key is known that made it: it counts as far as the place"
            " where it was kept can be trusted."
        )
    return wrong, notes


def outside_note(chain: Chain, checkpoints: Sequence[SignedCheckpoint]) -> str:
    """From when on nothing outside vouches for the ledger; empty where a checkpoint holds all of it, or it is empty."""
    covered = max((one.checkpoint.size for one in checkpoints), default=0)
    if covered >= chain.count:
        return ""
    since = chain.times.get(covered + 1, "an unknown date")
    left = chain.count - covered
    lines = "1 line" if left == 1 else f"{left} lines"
    return f"{NOTHING_OUTSIDE.format(since=since)} ({lines} of its ledger)."


def against_index(chain: Chain, catalogue: Catalogue, ledger: Path) -> str:
    """Whether the ledger's lines are those that the index took in, as far as that went; a sentence where they are not."""

    def changed(index: Index) -> str:
        size, count = index.covered()
        if size > (ledger.stat().st_size if ledger.exists() else 0):
            return f"The ledger is shorter than when the index took in its {count} lines: it was cut."
        if count >= chain.count and index.tree().root(chain.count) != chain.roots[chain.count]:
            return "The ledger's lines are not those that the index took in: one of them was changed since."
        return ""

    try:
        return catalogue.ask_as_is(changed)
    except sqlite3.Error:
        return ""  # the check of the index itself tells that
