"""`sonofill demo`: the main job without hardware."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.terminal import Failure, Progress, complain, print_json
from workstation.cli.window import has_display


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("demo", help="a whole encounter on a simulated face, labelled, saved and read back")
    parser.add_argument(
        "--scenario",
        type=_scenario,
        default="normal",
        metavar="normal|occlusion-rescue",
        help="a treatment of the nasolabial fold; the same with a suspected occlusion, treated and looked at again (normal)",
    )
    parser.add_argument("--headless", action="store_true", help="without a window")
    add_archive_option(parser, Path("demo-archive"))
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """In the window where there is a display and nobody said otherwise, else on the command line."""
    archive_root = archive_folder(arguments)
    if not arguments.headless and has_display():
        from workstation.app import main as open_window

        return open_window(archive=archive_root, device_id="mock:normal", demo=True)
    from workstation.demo import DemoFailed, run_demo
    from workstation.studies.reading import counted

    if not arguments.headless:
        complain("there is no display, so the demonstration runs without a window")
    progress = Progress("recording")
    try:
        made = run_demo(archive_root, arguments.scenario, progress)
    except DemoFailed as error:
        raise Failure(str(error)) from error
    finally:
        progress.end()
    if arguments.json:
        print_json(made.to_json())
        return 0
    uid = made.study_instance_uid
    print(
        f"Study {uid}: {', '.join(counted(made.objects))}; {made.frames} frames, {made.labels} labels, saved and read back."
    )
    print(f"Its objects and labels: ./run archive show {uid} --archive {archive_root}")
    print(f"Its record of the encounter: ./run record-export {uid} --archive {archive_root}")
    return 0


def _scenario(name: str) -> str:
    from procedure.demonstration import SCENARIOS  # half a second to load, which every other command would pay

    if name not in SCENARIOS:
        raise argparse.ArgumentTypeError(f"there is no scenario {name!r} (choose from {', '.join(SCENARIOS)})")
    return name
