"""A process beside the window: begun, settled below the picture, and put away."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any


def spawned(serve: Callable[..., None], *words: Any, name: str) -> tuple[BaseProcess, Connection]:
    """Begin a process that runs `serve(pipe, *words)`; returns it with the other end of its pipe.

    `serve` has to be a function of a module, and to end when the pipe does: then no process outlives the window, however
    that came to its end.
    """
    # Spawned, not forked: the window has threads, and a fork would copy their locks as they are.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *words), name=name, daemon=True)
    process.start()
    theirs.close()
    return process, ours


def settle(niceness: int) -> None:
    """Inside the process: let whatever has a lower niceness go first, use one core, and leave Ctrl+C to the program."""
    # Ctrl-C in a terminal goes to the whole group: the program ends this process by closing the pipe, in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(niceness)
    from devices.cv import cv2

    cv2.setNumThreads(1)


def put_away(process: BaseProcess, pipe: Connection, patience_s: float) -> None:
    """Close the pipe and wait for the process; one that does not end in that time is in the middle of slow work: kill it."""
    pipe.close()
    process.join(patience_s)
    if process.is_alive():  # nothing of what it is doing is kept
        process.kill()
        process.join()
