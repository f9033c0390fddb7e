"""How long ten seconds of our clip last in the players of others, by a clock beside a virtual screen.

    python -m benchmarks.other_players [--player NAME ...] [--clip steady|uneven ...]

Two clips go through the program's own encoder: 30 frames a second with a camera's jitter, and one with frames missing (a
hole of a second, two seconds at a third of the rate, one in twenty at random). Each player opens the file by itself and
plays it in a loop. An eye reads the frame's number off the screen a hundred times a second: no word of the player is
believed. Needs Xvfb, ffmpeg, chromium, node and npm (the players come from the npm registry, pinned by a lock file).

`cornerstone` plays by the file's frame time vector, `cornerstone?rate` by its recommended display frame rate, `dwv` by the
latter too; `dwv-newest` is the version that no longer reads it. What was found: docs/reference/other-viewers.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.measuring import report, work_folder
from benchmarks.players import browser
from benchmarks.players.clip import SECONDS, STEADY, UNEVEN, make, times_s
from benchmarks.players.screen import NothingShown, Sight, find_picture, screen, watch

PLAYERS = ("dwv", "dwv-newest", "cornerstone", "cornerstone?rate")
NEEDED = ("Xvfb", "ffmpeg", "chromium", "node", "npm")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--player", choices=PLAYERS, action="append")
    parser.add_argument("--clip", choices=(STEADY, UNEVEN), action="append")
    parser.add_argument("--watch-s", type=float, default=100.0, help="at most so long each is watched")
    arguments = parser.parse_args()
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        sys.exit(f"missing: {', '.join(missing)} (Debian: apt-get install xvfb ffmpeg chromium nodejs npm)")
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="other-players-") as folder, screen() as display:
        for kind in arguments.clip or (STEADY, UNEVEN):
            clip = make(kind, Path(folder))
            for player in arguments.player or PLAYERS:
                with playing(player, display, clip, Path(folder)):
                    sights = watch(display, find_picture(display, 60), arguments.watch_s)
                found[f"{player} {kind}"] = row = figures(sights, times_s(kind))
                print(f"{player} {kind}: {row}", file=sys.stderr)
    report("other_players", {"results": found})
    return 0


@contextmanager
def playing(player: str, display: str, clip: Path, scratch: Path) -> Iterator[None]:
    """The player on the screen with the clip running."""
    name, _, query = player.partition("?")
    site = browser.build(work_folder() / "players")
    with browser.shown(display, site, name, clip, scratch, f"?{query}" if query else ""):
        yield


def figures(sights: list[Sight], taken_s: list[float]) -> dict[str, float]:
    """The last whole round of the loop: how long it lasted, and how far each frame was from its true time."""
    starts = [n for n, (a, b) in enumerate(pairwise(sights), start=1) if b.frame < a.frame]
    if len(starts) < 2:
        raise NothingShown(f"The clip did not come round twice: {len(sights)} changes of the picture seen.")
    lap = sights[starts[-2] : starts[-1]]
    lasted_s = sights[starts[-1]].at_s - lap[0].at_s
    late_s = np.array([(s.at_s - lap[0].at_s) - (taken_s[s.frame] - taken_s[lap[0].frame]) for s in lap])
    stood_s = [b.at_s - a.at_s for a, b in pairwise(lap)]
    longest = int(np.argmax(stood_s))
    true_longest = int(np.argmax(np.diff(taken_s)))
    return {
        "lasted_s": round(lasted_s, 3),
        "of_true": round(lasted_s / SECONDS, 4),
        "frames": len(taken_s),
        "frames_seen": len({s.frame for s in lap}),
        "from_true_time_median_s": round(float(np.median(abs(late_s))), 3),
        "from_true_time_greatest_s": round(float(abs(late_s).max()), 3),
        "longest_stand_s": round(stood_s[longest], 3),
        "longest_stand_of_frame": lap[longest].frame,
        "true_longest_stand_s": round(taken_s[true_longest + 1] - taken_s[true_longest], 3),
        "true_longest_stand_of_frame": true_longest,
    }


if __name__ == "__main__":
    sys.exit(main())
