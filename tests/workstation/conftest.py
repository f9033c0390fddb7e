"""Running the program as its users do: in a process of its own, with nothing shared but the archive's folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
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


@pytest.fixture
def sonofill(tmp_path: Path) -> Sonofill:
    """Run `sonofill` with these words; the state folder is the test's own."""

    def run(*words: object, timeout_s: float = 120.0, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "workstation.cli", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SONOFILL_STATE": str(tmp_path / "state"), **environment},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
