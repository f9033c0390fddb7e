"""Which analyses look at the live picture, in the order in which the window shows what they say."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.watching.turns import Analysis


def analyses() -> Sequence[Analysis]:
    """Made in the process that uses them."""
    return ()
