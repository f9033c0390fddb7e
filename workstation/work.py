"""Slow work away from the window: a request goes to a thread, its answer comes back with the request's number.

The Qt loop never waits for a device, a disk or the network. A job is a call without Qt in it, over values that nobody
changes meanwhile; its answer arrives in the window's own thread. Of a `topic` only the newest request's answer counts:
a list that comes after a newer one was asked for is stale and is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PyQt5.QtCore import QObject, Qt, pyqtSignal

from annotation import DocumentUnreadable
from workstation.cli.failures import user_errors

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One piece of work that was asked for: its number, what it is about, and in a few words what it does."""

    number: int
    topic: str
    doing: str


class Work(QObject):
    """A few threads for slow work."""

    busy_changed = pyqtSignal(str)  #: what is being done, for the status line; empty when nothing is
    failed = pyqtSignal(str)  #: one sentence for the user: what went wrong, where, what to do

    _ended = pyqtSignal(object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._newest: dict[str, int] = {}
        self._open: dict[int, tuple[Request, Callable[[Any], None], Callable[[str], None]]] = {}
        self._count = 0
        # Queued always: a job that is done at once must not be answered inside `ask`.
        self._ended.connect(self._answer, type=Qt.QueuedConnection)  # type: ignore[call-arg]

    def ask(
        self,
        topic: str,
        doing: str,
        job: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[str], None] | None = None,
    ) -> Request:
        """Do `job` in a thread and call `then` with its answer, here, later.

        Where it fails for a reason that the user can mend, `otherwise` is called with the sentence, or `failed` is
        emitted. A fault of the program is raised here.
        """
        self._count += 1
        request = Request(self._count, topic, doing)
        self._newest[topic] = request.number
        self._open[request.number] = (request, then, otherwise or self.failed.emit)
        future = self._pool.submit(job)
        future.add_done_callback(lambda done: self._ended.emit(request, done))
        self._tell()
        return request

    def close(self, *, finish: bool = True) -> None:
        """Wait until everything that was asked for is done; no answer comes after this.

        Without `finish` only what has begun is waited for: the rest is not done.
        """
        self._open.clear()
        self._pool.shutdown(wait=True, cancel_futures=not finish)

    def _answer(self, request: Request, future: Future[Any]) -> None:
        entry = self._open.pop(request.number, None)
        self._tell()
        if entry is None or future.cancelled():
            return
        _, then, otherwise = entry
        error = future.exception()
        stale = self._newest[request.topic] != request.number
        if error is None:
            if not stale:
                then(future.result())
        elif isinstance(error, (*user_errors(), DocumentUnreadable, OSError)):
            otherwise(str(error))
        else:
            raise error

    def _tell(self) -> None:
        doing = [request.doing for request, _, _ in self._open.values()]
        self.busy_changed.emit(doing[-1] if doing else "")
