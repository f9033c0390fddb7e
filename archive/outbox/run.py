"""Works the queue off: each destination by itself, so that one that is away does not hold the others up.

A few items are taken in hand at a time (`Queue.take` waits for the disk once for all of them), sent one after the other, and
each is marked when its answer has come. Where the connection breaks, everything for that destination waits, longer each time.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.errors import ArchiveError
from archive.layout import FILE_MODE
from archive.lock import try_lock
from archive.outbox.pauses import FIRST_S, LONGEST_S, pause_s
from archive.outbox.queue import Queue
from archive.outbox.sender import Item, NeverSo, NotNow, Outcome, Sender

LOCK_NAME: Final = "outbox.lock"
_IN_HAND: Final = 16
_LOOK_EVERY_S: Final = 1.0  # for what other programs put in meanwhile
_MOST_DESTINATIONS: Final = 8

Told = Callable[[Item, Outcome], None]  #: called from the sending threads, after the outcome is on record


class OutboxBusy(ArchiveError):
    """Another program is working this outbox off."""


@dataclass
class Tally:
    """What a run did."""

    stored: int = 0
    refused: int = 0
    later: int = 0

    def count(self, outcome: Outcome) -> None:
        setattr(self, outcome.result, getattr(self, outcome.result) + 1)


class Runner:
    """Sends what is due. One at a time for an archive: others get OutboxBusy."""

    def __init__(
        self,
        root: Path,
        queue: Queue,
        sender: Sender,
        told: Told | None = None,
        parallel: int = 1,
        first_pause_s: float = FIRST_S,
    ) -> None:
        """`parallel` is how many connections one destination is given at once; `first_pause_s` how long it rests at first."""
        self.tally = Tally()
        self._root, self._queue, self._sender, self._told, self._parallel = root, queue, sender, told, parallel
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._chance = random.Random()
        self._first_pause_s = first_pause_s

    def stop(self) -> None:
        """End after the objects that are on their way now. May be called from any thread."""
        self._stop.set()

    def run(self, until: float | None = None) -> Tally:
        """Send everything that is due; then wait for what is due later, up to the time `until` (seconds since 1970).

        `until` None: do not wait at all. Ends early when nothing waits any more (unless `until` is infinite: a service goes
        on). Raises OutboxBusy.
        """
        with hold_outbox(self._root):
            self._queue.resume()
            while not self._stop.is_set():
                self._once()
                if until is None or self._stop.is_set():
                    break
                due = self._queue.next_due()
                if due is None and until != float("inf"):
                    break
                now = time.time()
                if now >= until:
                    break
                wake = min(until, due if due is not None and due <= now + LONGEST_S else until, now + _LOOK_EVERY_S)
                self._stop.wait(max(wake - now, 0.01))
        return self.tally

    def _once(self) -> None:
        """Work off what is due now, all destinations beside each other."""
        destinations = self._queue.due_destinations(time.time())
        if not destinations:
            return
        jobs = [destination for destination in destinations for _ in range(self._parallel)]
        if len(jobs) == 1:
            self._send_to(jobs[0])
            return
        most = min(len(jobs), _MOST_DESTINATIONS * self._parallel)
        with ThreadPoolExecutor(most, thread_name_prefix="outbox") as threads:
            for done in [threads.submit(self._send_to, destination) for destination in jobs]:
                done.result()

    def _send_to(self, destination: str) -> None:
        """Everything that is due for one destination, through one connection."""
        kinds = self._queue.kinds(destination, time.time())
        if not kinds:
            return
        try:
            with self._sender.open(destination, kinds) as session:
                known = {(item.sop_class, item.transfer_syntax) for item in kinds}
                while not self._stop.is_set():
                    taken = self._queue.take(destination, _IN_HAND, time.time())
                    if not taken or not self._send(session.send, taken, known):
                        return
        except NotNow as error:
            failures = self._queue.failures(destination) + 1
            rest_s = pause_s(failures, self._chance, self._first_pause_s)
            self._queue.hold(destination, failures, time.time() + rest_s, str(error))
        except NeverSo as error:
            self._queue.hold(destination, self._queue.failures(destination) + 1, time.time() + LONGEST_S, str(error))

    def _send(self, send: Callable[[Item], Outcome], taken: list[Item], known: set[tuple[str, str]]) -> bool:
        """Send what is in hand. False where a kind came that the connection was not made for: it needs another one."""
        left = list(taken)
        tried: Item | None = None
        try:
            for item in taken:
                if (item.sop_class, item.transfer_syntax) not in known:
                    return False
                if self._stop.is_set():
                    return True
                tried = item
                outcome = send(item)
                self._record(item, outcome)
                tried = None
                left.remove(item)
            return True
        finally:
            if left:
                self._queue.give_back(left, tried=tried)

    def _record(self, item: Item, outcome: Outcome) -> None:
        if self._queue.failures(item.destination):
            self._queue.hold(item.destination, 0, 0, "")  # it answers again; opening a connection alone proves nothing
        if outcome.result == "stored":
            self._queue.sent(item, outcome.what)
        elif outcome.result == "later":
            self._queue.later(
                item, outcome.what, time.time() + pause_s(item.attempts + 1, self._chance, self._first_pause_s)
            )
        else:
            self._queue.refused(item, outcome.what)
        with self._lock:
            self.tally.count(outcome)
        if self._told:
            self._told(item, outcome)


@contextmanager
def hold_outbox(root: Path) -> Iterator[None]:
    """The outbox for this program alone; the system lets go of it when the program dies. Raises OutboxBusy."""
    fd = os.open(root / LOCK_NAME, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        if not try_lock(fd):
            raise OutboxBusy(f"Another program is sending the outbox of {root} now: wait for it, or end it.")
        yield
    finally:
        os.close(fd)
