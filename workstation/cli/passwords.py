"""How a password comes to a command: typed unseen, on standard input, or from a file of mode 0600. Never as a word."""

from __future__ import annotations

import getpass
import os
import stat
import sys
from pathlib import Path
from typing import Any

from workstation.cli.terminal import Failure

USER, PASSWORD_FILE = "SONOFILL_USER", "SONOFILL_PASSWORD_FILE"


def add_password_option(parser: Any) -> None:
    """The option --password-stdin."""
    parser.add_argument("--password-stdin", action="store_true", help="read it from standard input, a line each")


def read_password(prompt: str, *, from_input: bool, twice: bool = False) -> str:
    """One password. Raises Failure where nobody is there to type it, or the two do not agree."""
    if from_input:
        line = sys.stdin.readline()
        if not line:
            raise Failure("Standard input has no password left: write one a line.", status=2)
        return line.rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Failure("There is no terminal to type a password on: give it on standard input with --password-stdin.", 2)
    told = getpass.getpass(prompt)
    if twice and getpass.getpass("Once more: ") != told:
        raise Failure("The two are not the same: nothing was changed.")
    return told


def told_by_environment() -> tuple[str, str] | None:
    """Name and password of a script: $SONOFILL_USER, and a file of mode 0600 that $SONOFILL_PASSWORD_FILE names."""
    name, file = os.environ.get(USER), os.environ.get(PASSWORD_FILE)
    if not name and not file:
        return None
    if not name or not file:
        raise Failure(f"{USER} and {PASSWORD_FILE} go together: one of them is not set.", status=2)
    path = Path(file)
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Failure(f"Others may read the password in {path}: `chmod 600 {path}`, and take a new password.")
        return name, path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"The password in {path} cannot be read: look at {PASSWORD_FILE}.") from error
