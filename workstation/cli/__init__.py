"""The command line `sonofill`: one file a command.

Prints for people, with `--json` one document for programs. Exit status 0 done; 1 it failed, one clear line on standard
error; 2 wrong use; 3 it cannot tell.
"""

from __future__ import annotations

import argparse
import errno
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from workstation.cli.terminal import (
    Failure,
    complain,
    on_orders_to_stop,
    open_closed_streams,
    quiet_about_files,
    say_every_letter,
)
from workstation.version import VERSION

__all__ = ["main"]

#: One module of this package each, in the order in which the help shows them.
COMMANDS = (
    "devices",
    "record",
    "demo",
    "photograph",
    "recover",
    "archive",
    "calibrate",
    "simulate",
    "doppler",
    "layers",
    "benchmark",
    "read_screen",
    "vessels",
    "needle",
    "track",
    "doctor",
    "spectrum",
    "quality",
    "protocol",
    "record_export",
    "audit",
    "review",
    "ledger",
    "trail",
    "equipment",
    "people",
    "signin",
    "signout",
    "signature",
    "report",
    "echo",
    "node",
    "send",
    "outbox",
    "commit",
    "receive",
    "worklist",
    "query",
    "window",
)

#: Commands of which a verb may be left out: their `with_verb` puts it in.
_WITH_VERB = ("audit", "trail")


#: Python's collector looks for rings of objects once so many more were made than went. Reading a study makes a hundred
#: thousand and no ring: with Python's own 700 it takes a tenth of a command's time.
_COLLECTED = (50_000, 20, 20)


def build_parser(modules: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line of these modules, all of them where none are named; each adds its command."""
    parser = argparse.ArgumentParser(
        prog="sonofill",
        description="Ultrasound capture, labelling and DICOM records for aesthetic medicine. "
        "A documentation aid, not a diagnosis.",
    )
    parser.add_argument("--version", action="version", version=f"sonofill {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in modules:
        importlib.import_module(f"workstation.cli.{command}").add_to(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    gc.set_threshold(*_COLLECTED)
    open_closed_streams()
    say_every_letter()
    quiet_about_files()
    try:
        with on_orders_to_stop():
            return _run(argv)
    except KeyboardInterrupt:  # also while the program is still being loaded
        return complain("stopped by the user", 130)


def _run(argv: Sequence[str] | None) -> int:
    # Where the first word is a command, the others' options are not built: a fifth of a second.
    words = list(sys.argv[1:] if argv is None else argv)
    first = next(iter(words), "").replace("-", "_")
    parser = build_parser((first,) if first in COMMANDS else COMMANDS)
    if first in _WITH_VERB:
        words[1:] = importlib.import_module(f"workstation.cli.{first}").with_verb(words[1:])
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return 2
    from workstation.cli.admission import run_admitted
    from workstation.cli.failures import user_errors

    try:
        _check_words(arguments)
        status = run_admitted(arguments, arguments.run)
        sys.stdout.flush()
    except Failure as failure:
        return complain(str(failure), failure.status)
    except user_errors() as error:
        return complain(str(error))
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EDQUOT, errno.EIO):
            where = f" ({error.filename})" if error.filename else ""
            return complain(f"{error.strerror}{where}: free some room or choose another folder, then try again.")
        if error.filename is not None:  # the place that was named cannot be what it was named for
            return complain(f"{error.strerror} ({os.fsdecode(error.filename)}): name another file or folder.")
        raise
    return int(status)


def _check_words(arguments: argparse.Namespace) -> None:
    """Raise Failure for a word that is not text: no study, patient or server is called so, but a file may be."""
    for value in vars(arguments).values():
        for word in value if isinstance(value, list) else [value]:
            if not isinstance(word, str):
                continue
            try:
                word.encode()
            except UnicodeEncodeError:
                if not os.path.lexists(word):
                    raise Failure(f"'{os.fsencode(word).decode(errors='backslashreplace')}' is not UTF-8.", 2) from None
