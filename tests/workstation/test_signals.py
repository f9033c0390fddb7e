"""The program told to end, and started with closed streams: what came is saved, and nothing else is written to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workstation.conftest import ROOT, Sonofill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and descriptors")


def command(archive: Path, seconds: float) -> list[str]:
    return [
        sys.executable, "-m", "workstation.cli", "record", "--device", "mock:normal", "--size", "640x480",
        "--seconds", str(seconds), "--patient-id", "P1", "--phase", "pre", "--archive", str(archive), "--json",
    ]  # fmt: skip


def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "SONOFILL_STATE": str(tmp_path / "state")}


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_came_before_the_order_to_stop_is_saved(tmp_path: Path, order: signal.Signals) -> None:
    archive = tmp_path / "archive"
    with subprocess.Popen(
        command(archive, 60),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        restore_signals=True,
        # A test run in the background is started to ignore SIGINT, and would hand that on.
        preexec_fn=lambda: signal.signal(order, signal.SIG_DFL),
    ) as process:
        until = time.monotonic() + 60
        while not list(archive.glob("spool/*/*.items")) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.7)
        process.send_signal(order)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    told = json.loads(out)
    assert told["ended"] == "stopped" and told["frames_arrived"] == told["frames_saved"] > 0
    assert Path(told["files"][0]).exists()
    assert not list(archive.glob("spool/*/*.items"))


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGHUP])
def test_a_clip_that_was_broken_off_leaves_no_half(tmp_path: Path, order: signal.Signals) -> None:
    """What was there before under the names stays; what was begun goes."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "clip.avi").write_bytes(b"of yesterday")
    words = [sys.executable, "-m", "workstation.cli", "simulate", "--scenario", "occlusion", "--out", str(out)]
    words += ["--size", "640x480", "--seconds", "600"]

    def heard() -> None:
        """Whoever runs the tests may have told them to ignore it (nohup does), and that is handed down."""
        signal.signal(order, signal.SIG_DFL)

    with subprocess.Popen(words, stderr=subprocess.PIPE, env=environment(tmp_path), preexec_fn=heard) as process:
        until = time.monotonic() + 60
        while len(list(out.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(order)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.decode()) == (130, "sonofill: stopped by the user\n")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"clip.avi": b"of yesterday"}


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_closed_standard_streams(sonofill: Sonofill, tmp_path: Path, closed: tuple[int, ...]) -> None:
    archive = tmp_path / "archive"

    def close() -> None:
        for number in closed:
            os.close(number)

    done = subprocess.run(command(archive, 0.5), env=environment(tmp_path), preexec_fn=close, timeout=60, check=False)
    assert done.returncode == 0
    verified = sonofill("archive", "verify", "--archive", archive, "--json").document
    assert verified.items() >= {"ok": True, "problems": []}.items()
    assert len(sonofill("archive", "list", "--archive", archive, "--json").document) == 1


def test_what_is_said_on_a_closed_standard_error_does_not_reach_the_document(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "workstation.cli", "archive", "list", "--archive", str(tmp_path / "none"), "--json"]
    done = subprocess.run(
        words, stdout=subprocess.PIPE, env=environment(tmp_path), preexec_fn=lambda: os.close(2), check=False
    )
    assert (done.returncode, done.stdout) == (1, b"")
