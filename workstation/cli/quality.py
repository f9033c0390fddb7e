"""`sonofill quality FILE`: hints on the picture's quality."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from workstation.cli.measuring import add_measuring_command

_WHAT = "hints on the picture's quality: gain, contact, depth, motion, frozen or repeated pictures, no ultrasound"


def add_to(commands: Any) -> None:
    """Add the command."""
    add_measuring_command(commands, "quality", _WHAT, _measure, _say)


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    from imaging.pictures import Pictures
    from imaging.quality import quality_of

    found = quality_of(Pictures(arguments.file))
    return {
        "frames": found.frames,
        "ranges": [asdict(stretch) for stretch in found.stretches],
        "repeated_frames": found.repeated,
        "stream_fps": found.stream_fps,
        "picture_fps": found.picture_fps,
        "hints": [{**asdict(hint), "share_of_frames": share} for hint, share in found.hints],
    }


def _say(document: dict[str, Any]) -> None:
    for stretch in document["ranges"]:
        state = "frozen picture" if stretch["frozen"] else stretch["signal"]
        names = f": {', '.join(stretch['hints'])}" if stretch["hints"] else ""
        print(f"Frames {stretch['first']} to {stretch['last']}: {state}{names}")
    if document["picture_fps"] is not None and document["repeated_frames"]:
        print(
            f"The stream gives {document['stream_fps']:.1f} frames a second, "
            f"the probe {document['picture_fps']:.1f} pictures."
        )
    for hint in document["hints"]:
        print(f"{hint['sentence']} ({hint['share_of_frames']:.0%} of the frames)")
    if not document["hints"]:
        print("No hints. That does not make it a good picture.")
