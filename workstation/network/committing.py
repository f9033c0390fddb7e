"""Asks servers to take on the keeping of what was sent, and waits for their word. Joins outbox and network. No Qt."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial

from archive.outbox import Item, Queue, asked, reported, to_commit
from dicom_io import new_uid
from dicom_io.network import (
    KnownCallers,
    Node,
    Patience,
    Report,
    Server,
    Tls,
    commitment_offers,
    report_handler,
    request_commitment,
)
from dicom_io.network import command as dimse
from dicom_io.network.commit import Take

_MOST_IN_ONE = 1000  # objects in one request: a report of them is some 100 KB


@dataclass(frozen=True, slots=True)
class Committed:
    """What became of a request: `asked` objects; the rest of them is not answered yet. `why`: why some are not kept."""

    asked: int
    committed: int
    failed: int
    why: tuple[str, ...]

    @property
    def open(self) -> int:
        """How many the server has not answered."""
        return self.asked - self.committed - self.failed


class Committing:
    """One server's commitment. `listen` (host, port) is where the server's own call is waited for; None: not at all."""

    def __init__(
        self,
        queue: Queue,
        node: Node,
        destination: str,
        patience: Patience | None = None,
        listen: tuple[str, int] | None = None,
    ) -> None:
        self._queue, self._node, self._destination = queue, node, destination
        self._patience, self._listen = patience, listen
        self._lock = threading.Lock()
        self._all_answered = threading.Event()
        self._open: set[str] = set()
        self._committed = self._failed = 0
        self._why: set[str] = set()

    def run(self, study_instance_uid: str | None, wait_s: float) -> Committed:
        """Ask for all that was sent (of one study), and wait up to `wait_s` seconds. Raises NetworkError's kinds."""
        items = to_commit(self._queue, self._destination, study_instance_uid)
        if not items:
            return Committed(0, 0, 0, ())
        if self._listen is None:
            self._ask(items, wait_s)
        else:
            host, port = self._listen
            with commitment_server(self._node.calling_title, [self._node], self.take, host, port, self._node.tls):
                self._ask(items, wait_s)
                self._all_answered.wait(0 if wait_s <= 0 else wait_s)
        return Committed(len(items), self._committed, self._failed, tuple(sorted(self._why)))

    def take(self, report: Report) -> bool:
        """Take in a report; False where nobody asked for it. Called from the listening threads too."""
        known = reported(self._queue, report.transaction_uid, report.committed, report.failed)
        with self._lock:
            if report.transaction_uid in self._open:
                self._open.discard(report.transaction_uid)
                self._committed += len(report.committed)
                self._failed += len(report.failed)
                self._why |= set(report.failed.values())
            if not self._open:
                self._all_answered.set()
        return known

    def _answered(self, transaction_uid: str) -> bool:
        return transaction_uid not in self._open

    def _ask(self, items: list[Item], wait_s: float) -> None:
        groups = [items[at : at + _MOST_IN_ONE] for at in range(0, len(items), _MOST_IN_ONE)]
        transactions = [new_uid() for _ in groups]
        self._open = set(transactions)
        for transaction, group in zip(transactions, groups, strict=True):
            asked(self._queue, group, transaction)
            # Where we listen, the report may come either way: the association is kept a moment, the listener stays.
            request_commitment(
                self._node,
                [(item.sop_class, item.sop_instance_uid) for item in group],
                transaction,
                self.take,
                wait_s=min(wait_s, 1.0) if self._listen else wait_s,
                until=partial(self._answered, transaction),
                patience=self._patience,
            )


def commitment_server(
    title: str, nodes: list[Node], take: Take, host: str, port: int, tls: Tls | None = None
) -> Server:
    """What listens for reports of these servers, called `title`; secured as they are."""
    return Server(
        title,
        KnownCallers(nodes),
        commitment_offers(),
        {dimse.N_EVENT_REPORT: report_handler(take)},
        host=host,
        port=port,
        tls=tls,
    )
