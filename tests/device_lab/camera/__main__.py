"""Run one camera; commands on stdin, one a line, answers on stdout ('did …').

    plug | unplug | stall | go | press | drop-every N | corrupt-every N | pts on|off | size WxH | size | stats | quit

`stats` prints `stats {…}`: which picture numbers were sent, corrupted, dropped on purpose, and skipped for lateness.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path

from tests.device_lab.camera.camera import Camera, Size
from tests.device_lab.camera.descriptors import SIZES, Identity


def main(words: list[str] | None = None) -> None:
    """Run it; `words` in place of the command line's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="of the virtual host controller, from 0")
    parser.add_argument("--serial", default="SN-0001")
    parser.add_argument("--no-serial", action="store_true", help="a camera without a serial number")
    parser.add_argument("--product", default="UVC Portable Probe")
    parser.add_argument("--drop-every", type=int, default=0, metavar="N", help="never send each Nth picture")
    parser.add_argument("--corrupt-every", type=int, default=0, metavar="N", help="cut each Nth picture short")
    parser.add_argument("--pts", choices=("on", "off"), default="on", help="time stamps in the payload headers")
    parser.add_argument("--clock-hz", type=int, default=48_000_000, help="of those time stamps")
    parser.add_argument("--unplug-after", type=float, default=0, metavar="S")
    parser.add_argument("pictures", nargs="+", type=Path, help="JPEG files named by their size: frame-1280x720.jpg")
    options = parser.parse_args(words)
    camera = Camera(
        _read_pictures(parser, options.pictures),
        Identity(None if options.no_serial else options.serial, product=options.product),
        options.clock_hz,
    )
    camera.behaviour.drop_every = options.drop_every
    camera.behaviour.corrupt_every = options.corrupt_every
    camera.behaviour.pts = options.pts == "on"
    camera.plug(options.port)
    print("plugged", flush=True)
    if options.unplug_after:
        threading.Timer(options.unplug_after, camera.unplug).start()
    for line in sys.stdin:
        if line.split()[:1] == ["quit"]:
            break
        print(_obey(camera, options.port, *line.split()), flush=True)
    camera.unplug()


def _obey(camera: Camera, port: int, command: str = "", value: str = "") -> str:
    behaviour = camera.behaviour
    if command == "plug":
        camera.plug(port)
    elif command == "unplug":
        camera.unplug()
    elif command in ("stall", "go"):
        behaviour.stalled = command == "stall"
    elif command == "press":
        camera.press()
    elif command == "drop-every":
        behaviour.drop_every = int(value)
    elif command == "corrupt-every":
        behaviour.corrupt_every = int(value)
    elif command == "pts":
        behaviour.pts = value == "on"
    elif command == "size":
        behaviour.wrong_size = _size(value) if value else None
    elif command == "stats":
        return "stats " + json.dumps(camera.account.to_json())
    else:
        return f"unknown command {command!r}"
    return f"did {command}"


def _read_pictures(parser: argparse.ArgumentParser, paths: list[Path]) -> dict[Size, list[bytes]]:
    pictures: dict[Size, list[bytes]] = {size: [] for size in SIZES}
    for path in paths:
        try:
            pictures[_size(path.stem.rsplit("-", 1)[-1])].append(path.read_bytes())
        except (ValueError, KeyError):
            offered = ", ".join(f"{width}x{height}" for width, height in SIZES)
            parser.error(f"{path}: name each picture by its size, as in frame-1280x720.jpg; the sizes are {offered}")
    return {size: each for size, each in pictures.items() if each}  # it offers the sizes that it has pictures for


def _size(text: str) -> Size:
    width, height = map(int, text.split("x"))
    return width, height


if __name__ == "__main__":
    main()
