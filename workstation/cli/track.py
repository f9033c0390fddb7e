"""`sonofill track`: points drawn on the first frame follow the tissue through a clip."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.measuring import add_measuring_command


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = add_measuring_command(commands, "track", "follow points of the first frame through a clip", measure, say)
    parser.add_argument(
        "--points",
        required=True,
        nargs="+",
        type=point_in_words,
        metavar="COLUMN,ROW",
        help="points of the label on the first frame, in pixels",
    )


def point_in_words(text: str) -> tuple[float, float]:
    """'120,80' as [column, row]. Raises argparse.ArgumentTypeError."""
    try:
        column, row = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no point: write its column and row in pixels, as 120,80"
        ) from None
    return column, row


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Where the points are on each frame. Raises CannotTell where they cannot be followed at all."""
    from imaging.pictures import Pictures
    from imaging.tracking import Tracker
    from workstation.cli.anatomy_files import points

    tracker: Tracker | None = None
    frames: list[dict[str, Any]] = []
    for picture in Pictures(arguments.file):
        if tracker is None:
            tracker = Tracker(picture.bgr, arguments.points)
            tracked = {"points": points(arguments.points), "ci95_px": [0.0] * len(arguments.points), "lost": False}
            frames.append({"frame": picture.frame, "time_s": round(picture.time_s, 4), **tracked, "reason": None})
            continue
        found = tracker.advance(picture.bgr)
        frames.append(
            {
                "frame": picture.frame,
                "time_s": round(picture.time_s, 4),
                "points": points(found.points),
                "ci95_px": [round(float(value), 2) for value in found.ci_px],
                "lost": found.lost,
                "reason": found.reason,
            }
        )
    return {"unit": "px", "frames": frames}


def say(document: dict[str, Any]) -> None:
    """Print whether the label was kept, and where it ends."""
    frames = document["frames"]
    lost = [frame for frame in frames if frame["lost"]]
    print(f"Followed through {len(frames) - len(lost)} of {len(frames)} frames.")
    if lost:
        print(f"  lost at frame {lost[0]['frame']}: {lost[0]['reason']}")
    last = frames[-1]
    print("  last points: " + "  ".join(f"{column:.1f},{row:.1f}" for column, row in last["points"]))
