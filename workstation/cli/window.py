"""`sonofill window`: open the workstation."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import Failure


def has_display() -> bool:
    """Whether a window can be shown."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("window", help="open the workstation (also what ./run alone does)")
    add_archive_option(parser)
    parser.add_argument("--device", metavar="ID", help="begin with this device: see 'sonofill devices'")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    if not has_display():
        raise Failure("There is no display to open a window on: 'sonofill --help' lists what works without one.")
    from workstation.app import main as open_window

    return open_window(archive=archive_folder(arguments), device_id=arguments.device)
