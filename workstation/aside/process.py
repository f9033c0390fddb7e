"""The process aside: takes a job, does it, answers; ends when nobody is there to answer to."""

from __future__ import annotations

import contextlib
import pickle
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from workstation.aside.spawned import settle

#: Above the recorder and the window, below those who watch the live picture: a save may wait for what is done here.
_NICENESS: Final = 5

Job = tuple[Callable[..., Any], tuple[Any, ...]]
Answer = tuple[bool, Any]  #: whether it was done, and what it gave, or the exception that it raised


class AsideFault(RuntimeError):
    """A job raised something that cannot be sent; its kind and words are in the message."""


def serve(pipe: Connection) -> None:
    """Do each job that comes, one after another, till the pipe closes."""
    settle(_NICENESS)
    # Whoever held the other end is gone: there is nobody to work for.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send_bytes(_answered(pipe))
    pipe.close()


def _answered(pipe: Connection) -> bytes:
    """The next job, done, as the bytes of its Answer. Raises EOFError."""
    packed = pipe.recv_bytes()
    try:
        job, words = pickle.loads(packed)  # what the window's own process packed
        return pickle.dumps((True, job(*words)), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as fault:  # noqa: BLE001  (of whatever kind: it is the asking thread's to judge)
        fault.add_note(traceback.format_exc())
        return _packed(fault)


def _packed(fault: Exception) -> bytes:
    """An exception as an Answer; one that cannot be packed, or not unpacked, as what it says."""
    try:
        packed = pickle.dumps((False, fault), protocol=pickle.HIGHEST_PROTOCOL)
        pickle.loads(packed)
    except Exception:  # noqa: BLE001  (a class may raise anything while it is taken apart or put together)
        return pickle.dumps((False, AsideFault(f"{type(fault).__name__}: {fault}")))
    return packed
