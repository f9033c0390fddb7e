"""One question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """`id` names the rule and stays; `where` is the place in the record, as in its JSON; `text` asks, in one sentence."""

    id: str
    where: str
    text: str
