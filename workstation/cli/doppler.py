"""`sonofill doppler`: colour or power Doppler on the screen: box, bar, flow in each frame, vessels over the clip."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.measuring import add_measuring_command


def add_to(commands: Any) -> None:
    """Add `doppler`."""
    add_measuring_command(commands, "doppler", "colour or power Doppler: where blood flow is shown", _measure, _say)


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    from imaging import Pictures
    from imaging.flow import analyse
    from imaging.flow.report import as_document
    from imaging.text import TextReader

    pictures = Pictures(arguments.file)
    return as_document(analyse(pictures, float(pictures.format.fps), TextReader()))


def _say(document: dict[str, Any]) -> None:
    if document["kind"] == "none":
        print("No colour or power Doppler is shown on this screen: it says nothing about flow.")
        return
    box = document["box"]
    print(f"{document['kind']} Doppler, box {box if box else 'not seen'}")
    limits = document["bar_limits_cm_s"]
    print(f"colour bar {limits[0]:g} to {limits[1]:g} cm/s" if limits else "colour bar: no velocities read")
    for vessel in document["vessels"]:
        print(f"flow at {vessel['bounds']}: suspected {vessel['kind']} ({vessel['reason']}), {vessel['direction']}")
    if document["notice"]:
        print(document["notice"])
