"""`sonofill vessels`: vessel candidates with outline, diameter and depth; none found never means that none is there."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.anatomy_files import add_scale_option, head, length, points, views_of
from workstation.cli.measuring import add_measuring_command


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = add_measuring_command(
        commands, "vessels", "suggest vessel candidates, their diameter and depth, in a picture or clip", measure, say
    )
    add_scale_option(parser)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """The candidates of each frame. Raises CannotTell where no frame has an ultrasound picture."""
    from imaging.errors import CannotTell
    from imaging.layers import skin_line
    from imaging.vessels import find_vessels

    frames: list[dict[str, Any]] = []
    shown = None
    for view in views_of(arguments):
        entry: dict[str, Any] = {"frame": view.picture.frame, "time_s": round(view.picture.time_s, 4), "candidates": []}
        frames.append(entry)
        if view.b_mode is None:
            entry["reason"] = view.reason
            continue
        shown = shown or view
        try:
            skin = skin_line(view.b_mode)
        except CannotTell as reason:
            skin = None
            entry["reason"] = f"{reason} Depths are not told."
        entry["candidates"] = [
            {
                "polygon": points(vessel.outline),
                "centre": points([vessel.centre])[0],
                **length("diameter", vessel.diameter),
                **length("height", vessel.height),
                **length("width", vessel.width),
                **length("depth", vessel.depth),
                "evidence": vessel.evidence,
                "score": round(vessel.score, 3),
            }
            for vessel in find_vessels(view.b_mode, skin)
        ]
    return head(arguments, frames, shown)


def say(document: dict[str, Any]) -> None:
    """Print the candidates of the frame that shows most of them."""
    frame = max(document["frames"], key=lambda frame: len(frame["candidates"]))
    unit = document["unit"]
    if not frame["candidates"]:
        print("No candidate is seen. This does not exclude a vessel: small, compressed or shadowed ones are not seen.")
        return
    print(f"Frame {frame['frame']}: candidates to confirm on the picture. Others may not be seen.")
    for vessel in frame["candidates"]:
        column, row = vessel["centre"]
        diameter, depth = vessel[f"diameter_{unit}"], vessel.get(f"depth_{unit}")
        low, high = diameter["ci95"]
        told = "" if depth is None else f", depth {depth['value']:.2f} {unit}"
        print(
            f"  at column {column:.0f}, row {row:.0f}: diameter {diameter['value']:.2f} {unit} "
            f"(95 %: {low:.2f} to {high:.2f}){told} ({vessel['evidence']})"
        )
