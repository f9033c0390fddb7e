"""Which of the documents of one encounter holds: the one that no other took the place of, and that has come furthest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Versioned(Protocol):
    """A document of a record: its SOP Instance UID, how far it has come, and the documents that it took the place of."""

    @property
    def uid(self) -> str: ...
    @property
    def standing(self) -> tuple[int, int]: ...
    @property
    def predecessors(self) -> Iterable[str]: ...


_D = TypeVar("_D", bound=Versioned)


def latest(documents: Sequence[_D]) -> list[_D]:
    """The document that holds; several where nothing says which of them does, and a person has to look."""
    replaced = {before for document in documents for before in document.predecessors if before != document.uid}
    # A ring of predecessors can only come from damage; then all of them count.
    holding = [document for document in documents if document.uid not in replaced] or list(documents)
    furthest = max(document.standing for document in holding)
    return [document for document in holding if document.standing == furthest]
