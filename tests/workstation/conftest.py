"""Running the program as its users do: in a process of its own, with nothing shared but the archive's folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Sonofill = Callable[..., Ran]


@pytest.fixture(scope="session")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a process that has loaded the program and forks for each run (`tests.workstation.preloaded`)."""
    door = tmp_path_factory.mktemp("preloaded") / "door"
    ready = Path(f"{door}.ready")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.workstation.preloaded", str(door)], cwd=ROOT, stdin=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 200
        while not ready.exists():
            assert server.poll() is None, "the program could not be loaded: see above"
            assert time.monotonic() < until, "the program was not loaded in time"
            time.sleep(0.05)
        yield door
    finally:
        server.terminate()
        server.wait(20)


def environment_of(tmp_path: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "SONOFILL_STATE": str(tmp_path / "state"), **more}


@pytest.fixture
def sonofill(tmp_path: Path, preloaded: Path) -> Sonofill:
    """Run `sonofill` with these words; the state folder is the test's own."""

    def run(*words: object, timeout_s: float = 120.0, **environment: str) -> Ran:
        asked = {
            "words": [str(word) for word in words],
            "folder": str(tmp_path),
            "environment": environment_of(tmp_path, **environment),
        }
        with (
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            Path(os.devnull).open() as nothing,
            socket.socket(socket.AF_UNIX) as connection,
        ):
            connection.settimeout(timeout_s)
            connection.connect(str(preloaded))
            socket.send_fds(connection, [json.dumps(asked).encode()], [nothing.fileno(), out.fileno(), err.fileno()])
            status = int(connection.recv(64))
            texts = [(file.seek(0), file.read().decode())[1] for file in (out, err)]
        return Ran(status, *texts)

    return run


@pytest.fixture
def fresh_sonofill(tmp_path: Path) -> Sonofill:
    """The same, started anew: for what depends on how the program starts."""

    def run(*words: object, timeout_s: float = 120.0, standard_input: str = "", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "workstation.cli", *map(str, words)],
            cwd=tmp_path,
            env=environment_of(tmp_path, **environment),
            capture_output=True,
            text=True,
            input=standard_input,
            timeout=timeout_s,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
