"""`sonofill simulate`: a clip of a simulated face, with the truth of each frame."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from workstation.cli.record import seconds
from workstation.cli.terminal import Failure, Progress, print_json

WRONG_USE = 2


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    what = "a clip of a simulated face (clip.avi) with the truth of each frame (truth.json)"
    parser = commands.add_parser("simulate", help=what, description=what)
    parser.add_argument("--list", action="store_true", help="name the scenarios")
    parser.add_argument("--scenario", metavar="S", help="one of --list")
    parser.add_argument("--seed", type=_seed, default=1, metavar="K", help="which patient, settings and motion (1)")
    parser.add_argument("--seconds", type=seconds, default=4.0, metavar="N", help="length of the clip (4)")
    parser.add_argument("--fps", type=_rate, default=30.0, metavar="F", help="frames a second of the stream (30)")
    parser.add_argument("--size", type=_size, default=(1280, 720), metavar="WxH", help="of the screen (1280x720)")
    parser.add_argument("--style", type=_seed, default=0, metavar="V", help="style of the probe's screen (0: plain)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder for the two files")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the scenarios, or write one."""
    from mock_devices import simulation_scenarios

    if arguments.list:
        rows = simulation_scenarios()
        if arguments.json:
            print_json(rows)
        else:
            for row in rows:
                print(f"{row['name']:22} {row['region']:18} {row['what']}")
        return 0
    if arguments.scenario is None or arguments.out is None:
        raise Failure("simulate needs --scenario and --out; `sonofill simulate --list` names the scenarios.", WRONG_USE)
    return _write(arguments)


def _write(arguments: argparse.Namespace) -> int:
    from mock_devices import Clip, write_simulation

    progress = Progress("drawing")
    try:
        clip = Clip(
            arguments.scenario,
            seed=arguments.seed,
            seconds=arguments.seconds,
            fps=arguments.fps,
            size=arguments.size,
            style=arguments.style,
        )
        video, document = write_simulation(clip, arguments.out.absolute(), progress)
    except ValueError as error:
        raise Failure(str(error), WRONG_USE) from error
    finally:
        progress.end()
    if arguments.json:
        print_json({"clip": str(video), "truth": str(document), "frames": clip.frames})
    else:
        print(f"{video}: {clip.frames} frames\n{document}: the truth of each\nSimulated image. Not a patient.")
    return 0


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 on")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 240:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of frames a second (above 0, at most 240)")
    return rate


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not a size like 1280x720")
    if int(found[1]) * int(found[2]) > 3840 * 2160:  # what is drawn for one frame then takes gigabytes
        raise argparse.ArgumentTypeError(f"'{text}' is larger than any probe's screen: take at most 3840x2160")
    return int(found[1]), int(found[2])
