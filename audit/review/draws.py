"""Numbers that look drawn at random and follow from what they are drawn for: the same for the same seed, on every machine."""

from __future__ import annotations

import hashlib


def share(seed: str, *parts: str) -> float:
    """A number above 0 and at most 1 that follows from seed and parts, and looks like any other."""
    digest = hashlib.sha256("/".join((seed, *parts)).encode()).digest()
    return (int.from_bytes(digest[:7], "big") + 1) / 2**56
