"""The window's end: gives the process a job and waits for its answer, in the thread that asks."""

from __future__ import annotations

import contextlib
import logging
import pickle
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final, TypeVar

from workstation.aside.process import serve
from workstation.aside.spawned import put_away, spawned
from workstation.aside.turn import Turn

log = logging.getLogger(__name__)

T = TypeVar("T")

_PATIENCE_S: Final = 600.0  #: the longest job, with the start of the process before it, on a machine at its limits


class AsideLost(ChildProcessError):
    """The process ended, or was ended, in the middle of the job: there is no answer. The next job gets a new process."""


class Aside:
    """One process, begun by the first job and kept until `end`. Any thread may ask; each waits for its turn."""

    def __init__(self, *, patience_s: float = _PATIENCE_S) -> None:
        """A job that gives no answer within `patience_s` is given up, and its process killed."""
        self._patience_s = patience_s
        self._turn = Turn()
        self._open: tuple[BaseProcess, Connection] | None = None
        self._ended = False
        self.deaths = 0  #: how often the process ended by itself, or had to be killed because it did not answer

    @property
    def pid(self) -> int | None:
        """The number of the process; None where none runs."""
        opened = self._open
        return opened[0].pid if opened is not None else None

    def do(self, job: Callable[..., T], *words: Any, first: bool = False) -> T:
        """`job(*words)`, worked out by the process; `job` is a function of a module, and all of it can be pickled.

        A job for which a person waits goes `first`: before those that wait for their turn, not before the one that is done.
        Raises what the job raises, and AsideLost. For a worker thread: it waits.
        """
        packed = pickle.dumps((job, words), protocol=pickle.HIGHEST_PROTOCOL)
        with self._turn.had(first=first):
            process, pipe = self._begun()
            try:
                pipe.send_bytes(packed)
                if not pipe.poll(self._patience_s):
                    raise TimeoutError
                answer = pipe.recv_bytes()
            except (EOFError, OSError) as error:
                self._put_away(0.0 if isinstance(error, TimeoutError) else 1.0)
                raise self._lost(process) from error
        done, what = pickle.loads(answer)  # what our own process packed
        if done:
            told: T = what
            return told
        raise what

    def end(self) -> None:
        """Kill the process; whoever waits for an answer gets AsideLost. Harmless twice."""
        self._ended = True
        opened = self._open
        if opened is not None:
            with contextlib.suppress(ValueError):  # its thread has just put it away
                opened[0].kill()
        with self._turn.had(first=True):
            self._put_away(0.0)

    def _begun(self) -> tuple[BaseProcess, Connection]:
        if self._open is not None and not self._open[0].is_alive():
            self._put_away(0.0)  # it died between two jobs: nothing was lost
        if self._open is None and not self._ended:
            self._open = spawned(serve, name="sonofill-aside")
        opened = self._open
        if opened is None or self._ended:  # also where `end` came while it was begun
            self._put_away(0.0)
            raise AsideLost("The program is ending: this is not worked out any more.")
        return opened

    def _put_away(self, patience_s: float) -> None:
        opened, self._open = self._open, None
        if opened is not None:
            put_away(*opened, patience_s)

    def _lost(self, process: BaseProcess) -> AsideLost:
        if self._ended:
            return AsideLost("The program is ending: this is not worked out any more.")
        self.deaths += 1
        log.warning("The process aside ended in the middle of a job, exit code %s.", process.exitcode)
        return AsideLost(
            f"The process that works it out ended without an answer (exit code {process.exitcode}): ask again."
        )
