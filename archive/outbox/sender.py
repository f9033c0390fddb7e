"""What the outbox is given to send with. It knows no sockets: the workstation brings a sender over DICOM's services."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """One object on its way to one destination. `perhaps_twice`: a crash came between sending and the answer."""

    number: int
    destination: str
    sop_instance_uid: str
    study_instance_uid: str
    file: Path
    sop_class: str
    transfer_syntax: str
    attempts: int
    perhaps_twice: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the destination answered for one object; `what` is a sentence, or empty where it is plainly stored.

    stored: it has the object. later: it may take it another time. refused: it will not, a person must look.
    """

    result: Literal["stored", "later", "refused"]
    what: str = ""


class NotNow(Exception):
    """The destination cannot be reached, or the connection broke: everything for it waits. The message is the reason."""


class NeverSo(Exception):
    """Nothing can go there as things are (its name is not known any more…): everything for it waits for a person."""


class Session(Protocol):
    """An open connection to one destination."""

    def send(self, item: Item) -> Outcome:
        """Send one object and wait for the answer. Raises NotNow: the session is over, and nobody knows of this object."""
        ...


class Sender(Protocol):
    """Opens connections; may be used by several threads at once."""

    def open(self, destination: str, items: Sequence[Item]) -> AbstractContextManager[Session]:
        """A session for these items. Raises NotNow, NeverSo."""
        ...
