"""A process of its own that need not load anything: a fork of this one, with pipes as `subprocess` gives them.

Starting Python takes seconds in an emulated machine, and the scenarios start fifty programs. What a fork shares with the
others is what was loaded before, nothing else. The fork ends as `tests.workstation.preloaded` says of its runs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import IO, NoReturn

from tests.workstation.preloaded import end_with


class Forked:
    """`function` in a process of its own; `stdin` and `stdout` are pipes, what it complains of is kept in a file."""

    def __init__(self, function: Callable[[], object]) -> None:
        read_in, write_in = os.pipe()
        read_out, write_out = os.pipe()
        self._complaints = tempfile.TemporaryFile(mode="w+", dir="/dev/shm")  # noqa: SIM115  closed when read
        self.returncode: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            # The pipes to earlier forks stay open in this one: those end by their word 'quit', not by the pipe's end.
            for number, stream in ((0, read_in), (1, write_out), (2, self._complaints.fileno())):
                os.dup2(stream, number)
            for stream in (read_in, write_in, read_out, write_out):
                os.close(stream)
            _run(function)
        os.close(read_in)
        os.close(write_out)
        self.stdin: IO[str] = os.fdopen(write_in, "w")
        self.stdout: IO[str] = os.fdopen(read_out)

    def poll(self) -> int | None:
        """The exit status, None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout_s: float) -> int:
        """Its exit status, as soon as it ends. Raises subprocess.TimeoutExpired."""
        until_s = time.monotonic() + timeout_s
        while (status := self.poll()) is None:
            if time.monotonic() > until_s:
                raise subprocess.TimeoutExpired("a forked program", timeout_s)
            time.sleep(0.05)
        return status

    def communicate(self, timeout_s: float) -> tuple[str, str]:
        """Wait for its end; what it said (64 KiB at most: nobody reads before) and what it complained of."""
        self.stdin.close()
        self.wait(timeout_s)
        said = self.stdout.read()
        self.stdout.close()
        self._complaints.seek(0)
        complained = self._complaints.read()
        self._complaints.close()
        return said, complained

    def kill(self) -> None:
        """End it at once."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)


def _run(function: Callable[[], object]) -> NoReturn:
    # The streams that were copied have been read and written by the process before.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    end_with(function)
