"""`sonofill needle`: the shaft and tip of a needle or cannula in each frame, and how far the tip is from each candidate."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workstation.cli.anatomy_files import add_scale_option, head, points, views_of
from workstation.cli.measuring import add_measuring_command

if TYPE_CHECKING:
    from imaging.needle import TipDistance


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = add_measuring_command(
        commands, "needle", "suggest the shaft and the tip of a needle or cannula in each frame", measure, say
    )
    add_scale_option(parser)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """The instrument of each frame. Raises CannotTell where no frame has an ultrasound picture."""
    from imaging.needle import NeedleFilm, follow_needle, skin_of, tip_distances
    from imaging.vessels import find_vessels

    needles = follow_needle(NeedleFilm(lambda: views_of(arguments)))
    frames: list[dict[str, Any]] = []
    shown = None
    for view, needle in zip(views_of(arguments), needles, strict=True):
        entry: dict[str, Any] = {"frame": view.picture.frame, "time_s": round(view.picture.time_s, 4), "needle": None}
        frames.append(entry)
        if view.b_mode is None:
            entry["reason"] = view.reason
            continue
        shown = shown or view
        if needle is None:
            entry["reason"] = "no shaft is seen"
            continue
        unit = needle.unit
        near: tuple[TipDistance, ...] = ()
        if needle.tip is not None:
            near = tip_distances(view.b_mode, needle, find_vessels(view.b_mode, skin_of(view.b_mode)))
        entry["needle"] = {
            "shaft": points([needle.start, needle.end]),
            "tip": None if needle.tip is None else points([needle.tip])[0],
            f"tip_uncertainty_{unit}": None if needle.tip_unsure is None else round(needle.tip_unsure, 3),
            "phase": needle.phase,
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
