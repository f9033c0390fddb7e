"""`kill -9` at a random moment of a real recording, and what the next start finds. Used by a test and by a campaign.

The program is the real one, in a process of its own. Its source is the simulated probe, whose frames are known to the
byte and whose clock is the system's monotonic one, so that it can be told from outside which frames must be there:
all that were taken earlier than one sync interval before the kill.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SYNC_INTERVAL_S = 0.25
# The rounds ask for every frame; reading the text on each leftover's screen anew would take most of their time.
ENVIRONMENT = {**os.environ, "SONOFILL_READ_SCREENS": "off"}
# From the moment a frame is taken until it stands in the spool: reading, hand-over, one write.
ON_THE_WAY_S = 0.15


@dataclass(frozen=True)
class Round:
    """One round: when it was killed, what was there before, what was found, what came out."""

    killed_after_s: float
    stage: str  # 'before the first frame', 'recording', 'saved'
    frames_expected: int
    frames_offered: int
    frames_saved: int

    @property
    def lost(self) -> int:
        """Frames that had to be there and were not."""
        return max(0, self.frames_expected - max(self.frames_offered, self.frames_saved))


#: Runs `sonofill` with these words to its end and gives its JSON document.
Ask = Callable[..., Any]


def sonofill(*words: object) -> Any:
    """Run a command to its end and give its JSON document."""
    ran = subprocess.run(
        [sys.executable, "-m", "workstation.cli", *map(str, words), "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    if ran.returncode:
        raise AssertionError(f"{words} failed: {ran.stderr}")
    return json.loads(ran.stdout)


def kill_round(archive: Path, chance: random.Random, ask: Ask = sonofill, seconds: float = 2.5) -> Round:
    """Record into `archive`, kill, start again, save what was left, and check that nothing is missing, doubled or harmed.

    What is killed is always a program of its own; `ask` runs the commands before and after. Raises AssertionError with
    what is wrong.
    """
    begun = (archive / "studies").is_dir()
    before = (
        {row["study_instance_uid"]: row["objects"] for row in ask("archive", "list", "--archive", archive)}
        if begun
        else {}
    )
    with subprocess.Popen(
        [
            sys.executable, "-m", "workstation.cli", "record", "--device", "mock:normal", "--size", "640x480",
            "--fps", "30", "--seconds", str(seconds), "--patient-id", "CRASH", "--phase", "pre",
            "--archive", str(archive), "--json",
        ],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, env=ENVIRONMENT,
    ) as program:  # fmt: skip
        after_s = chance.uniform(0.3, seconds + 2.5)
        try:
            program.wait(after_s)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
        killed_ns = time.monotonic_ns()
    if not (archive / "studies").is_dir():
        return Round(after_s, "before the first frame", 0, 0, 0)
    harmless = ask("archive", "verify", "--archive", archive)
    assert harmless["ok"], harmless
    streams = ask("recover", "--archive", archive)["streams"]
    offered = sum(stream["frames"] for stream in streams)
    expected = 0
    for stream in streams:
        if stream["frames"]:
            # 30 a second since the first frame, until one sync interval before the kill (or the end of recording).
            recorded_s = min((killed_ns - stream["first_timestamp_ns"]) / 1e9, seconds)
            expected += max(0, int((recorded_s - SYNC_INTERVAL_S - ON_THE_WAY_S) * 30))
            span = (stream["last_timestamp_ns"] - stream["first_timestamp_ns"]) / 1e9
            assert abs(stream["frames"] - 1 - span * 30) < 1.5, "frames are missing inside the stream"
    ask("recover", "--archive", archive, "--save")
    assert ask("recover", "--archive", archive) == {"streams": []}
    assert ask("archive", "verify", "--archive", archive)["ok"]
    after = {row["study_instance_uid"]: row["objects"] for row in ask("archive", "list", "--archive", archive)}
    assert all(after.get(uid) == objects for uid, objects in before.items()), "a study from before was changed"
    new = set(after) - set(before)
    assert len(new) <= 1, "one recording became several studies"
    saved = 0
    for uid in new:
        objects = ask("archive", "show", uid, "--archive", archive)["objects"]
        assert len(objects) == 1, "frames were stored twice"
        saved = sum(item["frames"] for item in objects)
        _same_frames(Path(objects[0]["file"]))
    stage = "recording" if offered else "saved" if saved else "before the first frame"
    return Round(after_s, stage, expected, offered, saved)


def _same_frames(path: Path) -> None:
    """Every frame is byte for byte what the simulated probe makes: consecutive frames of its deterministic loop."""
    from devices.source import FormatRequest
    from dicom_io import OpenedImage
    from mock_devices import SimulatedProbe, scenario

    with OpenedImage(path) as image:
        kept = [image.frame_bytes(i) for i in range(image.number_of_frames)]
    probe = SimulatedProbe(scenario("mock:normal"))
    probe.start(FormatRequest(width=640, height=480, fps=30))
    try:
        made = [probe.read(5.0).data for _ in range(3)]
    finally:
        probe.close()
    assert kept[: len(made)] == made[: len(kept)], "the first frames are not those that the probe sent"
    assert len(kept) == len(set(kept)), "a frame stands twice"
