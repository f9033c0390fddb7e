"""A thread that waits for a file descriptor and can be ended at any time, also from within its own callback."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable


class Listener:
    """Calls `turn(ready)` when the descriptor is readable, or when the seconds that the last turn returned went by.

    `turn` returns how long to wait at most for the next one, None: for ever. An OSError out of it goes to `ended` and
    ends the thread. POSIX only.
    """

    def __init__(
        self, fd: int, name: str, turn: Callable[[bool], float | None], ended: Callable[[OSError], None] | None = None
    ) -> None:
        self._fd, self._turn, self._ended = fd, turn, ended
        self._wake_read, self._wake_write = os.pipe()
        self._thread: threading.Thread | None = threading.Thread(target=self._run, name=name, daemon=True)
        self._within = False  # closed from the thread itself, which then closes the pipe
        self._thread.start()

    def close(self) -> None:
        """End it, and wait for a turn that is under way; harmless twice. The descriptor stays the caller's to close."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if thread is threading.current_thread():
            self._within = True
            os.write(self._wake_write, b".")
            return
        os.write(self._wake_write, b".")
        thread.join()
        self._close_pipe()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        wait_s: float | None = None
        try:
            while True:
                ready = {fd for fd, _event in poll.poll(None if wait_s is None else max(0.0, wait_s) * 1000)}
                if self._wake_read in ready:
                    return
                wait_s = self._turn(self._fd in ready)
        except OSError as error:
            if self._ended is not None:
                self._ended(error)
        finally:
            if self._within:
                self._close_pipe()

    def _close_pipe(self) -> None:
        os.close(self._wake_read)
        os.close(self._wake_write)
