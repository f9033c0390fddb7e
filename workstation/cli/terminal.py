"""How the command line speaks: documents on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """A command cannot do what was asked; the message is one sentence for the user, `status` the exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def complain(sentence: str, status: int = 1) -> int:
    """One line on standard error; returns the exit status."""
    print(f"sonofill: {' '.join(sentence.split())}", file=sys.stderr)
    return status


def print_json(document: object) -> None:
    """The one JSON document of a command on standard output, in escapes where its encoding lacks a letter.

    A file's name need not be Unicode: its odd bytes come as lone surrogates, from which `os.fsencode` makes them again.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=2)
    sys.stdout.write(text + "\n")


@contextmanager
def on_orders_to_stop() -> Iterator[None]:
    """Within it the order to end (SIGTERM) and a closed terminal (SIGHUP) do what Ctrl-C does: KeyboardInterrupt.

    So nothing half-made stays behind. What the program was started to ignore (nohup) it ignores; outside of the main thread,
    which alone gets signals, it changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    orders = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    orders = [order for order in orders if signal.getsignal(order) is signal.SIG_DFL]
    for order in orders:
        signal.signal(order, signal.default_int_handler)
    try:
        yield
    finally:
        for order in orders:
            signal.signal(order, signal.SIG_DFL)


def open_closed_streams() -> None:
    """Whoever starts a program with closed standard streams gets them on the null device.

    A file that is opened later would else take their place, and what a library says on standard error would go into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (open to the program's end)


def say_every_letter() -> None:
    """A name whose letters standard output cannot write (a terminal that is not UTF-8, a file's odd name) is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def quiet_about_files() -> None:
    """pydicom warns of each oddity in other makers' files on standard error, the odd value included, which may be a name.

    What matters of it a command says itself, in one sentence. Whoever asks Python for warnings (-W) gets them.
    """
    if not sys.warnoptions:
        warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom\b")


class Progress:
    """A line on the terminal for work that takes longer than a second; silent where nobody looks."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._since = time.monotonic()
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def __call__(self, done: float, total: float) -> None:
        """Show `done` of `total` (any unit), at most ten times a second."""
        now = time.monotonic()
        if not self._live or now - self._since < 1 or now - self._shown < 0.1:
            return
        self._shown = now
        percent = 100 * done / total if total else 0
        print(f"\r{self._what}: {percent:3.0f} %", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line behind."""
        if self._shown:
            print(file=sys.stderr)
