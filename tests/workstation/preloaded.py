"""Runs `sonofill` many times without loading it many times: `python -m tests.workstation.preloaded SOCKET`.

Loading the program and its reading of text takes a second or two of CPU, and the tests run it hundreds of times. This process
loads everything once and forks for each run. A run still is a process of its own, with its own streams, folder, environment
and exit, and shares nothing with the others but what was loaded. Tests that ask how the program starts, or kill it, start a
fresh one.

Of each run, over a connection of its own: {"words", "folder", "environment"} with the three standard streams; back comes the
exit status as text (negative: the signal that ended it).
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn


def load() -> None:
    """Everything that a command may need, and a reading of the simulated probe's screen, whose words are then known."""
    from devices.cv import cv2

    cv2.setNumThreads(1)  # a pool of threads does not outlive a fork
    from workstation.cli import COMMANDS

    for command in COMMANDS:
        importlib.import_module(f"workstation.cli.{command}")
    for room in (
        "acquisition",
        "archive",
        "dicom_io",
        "imaging",
        "workstation.cli.failures",
        "workstation.capture.recording",
    ):
        importlib.import_module(room)
    from devices.source import FormatRequest
    from imaging.errors import CannotTell
    from imaging.pictures import decode
    from imaging.scale import read_scale
    from mock_devices import SimulatedProbe, scenario

    with SimulatedProbe(scenario("mock:normal")) as probe:
        told = probe.start(FormatRequest(width=640, height=480, fps=30))
        with contextlib.suppress(CannotTell):  # whether it has a scale is for other tests: the reading is loaded
            read_scale(decode(probe.read(5.0).data, told))


def serve(listening: socket.socket) -> list[str]:
    """Answer until the process is ended. Returns in a process that is to be a run, with its words."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who watch over a run
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return watch_over(connection)
        connection.close()


def watch_over(connection: socket.socket) -> list[str]:
    """Fork once more: the child becomes the run, this process waits for its end and tells it."""
    data, streams, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    asked = json.loads(data)
    program = os.fork()
    if program == 0:
        connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        words: list[str] = asked["words"]
        return words
    for stream in streams:
        os.close(stream)
    _, status = os.waitpid(program, 0)
    connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def run(words: list[str]) -> NoReturn:
    """Run the program and end."""
    from workstation.cli import main

    sys.argv = ["sonofill", *words]
    end_with(lambda: main(words))


def end_with(function: Callable[[], object]) -> NoReturn:
    """Run `function` and end as an interpreter ends, threads and exit functions included; what it gives is the status.

    Only what native libraries do at the very end is left out: one of them waits for a thread that did not come along.
    """
    status: object = 1
    try:
        status = function() or 0
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # what a run does not catch is told and is its end  # noqa: BLE001
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    load()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen(16)
        Path(sys.argv[1] + ".ready").touch()
        words = serve(door)
    run(words)
