"""`sonofill doctor`: what this machine lacks, and the command that mends it."""

from __future__ import annotations

import argparse
import ctypes.util
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from workstation.cli.terminal import print_json

Finding = dict[str, Any]


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("doctor", help="what this machine lacks, and the command that mends it")
    parser.add_argument("--archive", type=Path, metavar="DIR", help="also look at this archive's disk")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look, say, and exit 1 where something that recording needs is missing."""
    findings = [*_libraries(), *_fonts(), *_devices(), *_display()]
    if arguments.archive:
        findings += [*_disk(arguments.archive.absolute()), *_equipment(arguments)]
    if arguments.json:
        print_json({"system": platform.platform(), "python": platform.python_version(), "findings": findings})
    else:
        for finding in findings:
            mend = f"\n    {finding['mend']}" if finding["mend"] else ""
            print(f"{'ok  ' if finding['ok'] else 'LACK'} {finding['what']}{mend}")
    return 0 if all(finding["ok"] or not finding["needed"] for finding in findings) else 1


def _finding(what: str, ok: bool, mend: str = "", *, needed: bool = True) -> Finding:
    return {"what": what, "ok": ok, "mend": "" if ok else mend, "needed": needed}


def _libraries() -> list[Finding]:
    if sys.platform != "linux":
        return []
    debian = {"GL": "libgl1", "EGL": "libegl1", "xcb-icccm": "libxcb-icccm4", "xkbcommon-x11": "libxkbcommon-x11-0"}
    return [
        _finding(
            f"system library {name} (the window and OpenCV use it)",
            ctypes.util.find_library(name) is not None,
            f"sudo apt-get install --no-install-recommends {package}",
        )
        for name, package in debian.items()
    ]


def _fonts() -> list[Finding]:
    """Whether names in every script can be printed."""
    from workstation.report.fonts import scripts_without_font, typeface

    lacking = scripts_without_font(typeface())
    what = "fonts for every script (printed documents)" if not lacking else f"fonts for {', '.join(lacking)} (printing)"
    mend = "sudo apt-get install --no-install-recommends fonts-noto-core fonts-noto-cjk"
    return [_finding(what, not lacking, mend if sys.platform == "linux" else "install Noto fonts", needed=False)]


def _devices() -> list[Finding]:
    if sys.platform != "linux":
        return [_finding("camera devices come through OpenCV here: no time stamps of the driver", True, needed=False)]
    nodes = sorted(Path("/dev").glob("video*"))
    if not nodes:
        return [
            _finding("no camera or grabber is plugged in (the simulated probe mock:normal works)", True, needed=False)
        ]
    return [
        _finding(
            f"{node.name} may be opened",
            os.access(node, os.R_OK | os.W_OK),
            "sudo usermod -aG video $USER, then log in again",
        )
        for node in nodes
    ]


def _display() -> list[Finding]:
    from workstation.cli.window import has_display

    return [
        _finding(
            "a display for the window", has_display(), "the command line works without: sonofill --help", needed=False
        )
    ]


def _equipment(arguments: argparse.Namespace) -> list[Finding]:
    """What is due of the probes in the archive's equipment log; nothing where there is none."""
    from datetime import UTC, datetime

    from archive.layout import Layout
    from audit.equipment import due_of
    from workstation.cli.equipment import entries_of, told_due

    if not Layout(arguments.archive).ledger.exists():
        return []
    today = datetime.now(UTC).astimezone().date()
    return [
        _finding(
            told_due(due), not due.is_over(today), f"check it, then: sonofill equipment add {due.kind}", needed=False
        )
        for due in due_of(entries_of(arguments))
    ]


def _disk(archive: Path) -> list[Finding]:
    folder = archive
    while not folder.exists():
        folder = folder.parent
    free_gb = shutil.disk_usage(folder).free / 1e9
    # 30 s of 1080p60 MJPEG are 0.5 GB, and a clip stands twice on the disk while it is saved.
    return [
        *_privacy(archive),
        _finding(
            f"{free_gb:.1f} GB free for the archive", free_gb > 5, "free some room: an hour of 1080p60 takes 60 GB"
        ),
        _finding(
            "the archive's folder can be written", os.access(folder, os.W_OK), f"choose another folder than {archive}"
        ),
    ]


def _privacy(archive: Path) -> list[Finding]:
    """Who else can read what names patients: other users of this machine, and who carries the disk away."""
    from workstation.studies.disk import encryption_of, open_to_others

    open_files = open_to_others(archive)
    some = f", such as {open_files[0]}" if open_files else ""
    findings = [
        _finding(
            f"other users cannot read the archive{some}",
            not open_files,
            f"chmod -R go= {archive}",
            needed=False,
        )
    ]
    told = encryption_of(archive)
    if told is None:
        what = "whether the archive's disk is encrypted cannot be told here"
        return [*findings, _finding(what, False, "ask who runs this machine: a lost disk names patients", needed=False)]
    mend = "move it to an encrypted disk (Linux: LUKS, chosen when the system is installed): a lost disk names patients"
    return [*findings, _finding("the archive's disk is encrypted", told, mend, needed=False)]
