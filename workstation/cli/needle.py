"""`sonofill needle`: the shaft and tip of a needle or cannula in each frame, and how far the tip is from each candidate."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.anatomy_files import add_scale_option, head, points, views_of
from workstation.cli.measuring import add_measuring_command


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = add_measuring_command(
        commands, "needle", "suggest the shaft and the tip of a needle or cannula in each frame", measure, say
    )
    add_scale_option(parser)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """The instrument of each frame. Raises CannotTell where no frame has an ultrasound picture."""
    from imaging.errors import CannotTell
    from imaging.layers import skin_line
    from imaging.needle import TIP_IS_TOLD, NeedleFinder, tip_distances
    from imaging.vessels import find_vessels

    pictures = views_of(arguments)
    if not TIP_IS_TOLD:
        raise CannotTell("A needle cannot be told from fibres and fascia reliably enough yet: mark its tip by hand.")
    finder = NeedleFinder()
    frames: list[dict[str, Any]] = []
    shown = None
    for view in pictures:
        entry: dict[str, Any] = {"frame": view.picture.frame, "time_s": round(view.picture.time_s, 4), "needle": None}
        frames.append(entry)
        if view.b_mode is None:
            entry["reason"] = view.reason
            continue
        shown = shown or view
        try:
            skin = skin_line(view.b_mode)
        except CannotTell:
            skin = None
        needle = finder.look(view.b_mode, skin)
        if needle is None:
            entry["reason"] = "no shaft is seen"
            continue
        unit = needle.unit
        near = tip_distances(view.b_mode, needle, find_vessels(view.b_mode, skin)) if needle.tip is not None else ()
        entry["needle"] = {
            "shaft": points([needle.start, needle.end]),
            "tip": None if needle.tip is None else points([needle.tip])[0],
            f"tip_uncertainty_{unit}": None if needle.tip_unsure is None else round(needle.tip_unsure, 3),
            "angle_deg": round(needle.angle_deg, 1),
            f"length_seen_{unit}": round(needle.length, 2),
            "score": round(needle.score, 3),
            "distances": [
                {
                    "candidate": points([one.centre])[0],
                    f"distance_{unit}": {"value": round(one.value, 3), "ci95": [round(one.low, 3), round(one.high, 3)]},
                }
                for one in near
            ],
        }
        if needle.reason is not None:
            entry["reason"] = needle.reason
    return head(arguments, frames, shown)


def say(document: dict[str, Any]) -> None:
    """Print in how many frames the tip is seen, and what is told of the last of them."""
    frames = document["frames"]
    seen = [frame for frame in frames if frame["needle"] is not None and frame["needle"]["tip"] is not None]
    print(f"The tip appears in {len(seen)} of {len(frames)} frames. Where it is not seen it may still be there.")
    if seen:
        last = seen[-1]
        column, row = last["needle"]["tip"]
        angle = last["needle"]["angle_deg"]
        print(f"  frame {last['frame']}: tip at column {column:.0f}, row {row:.0f}, shaft at {angle:.0f} degrees")
