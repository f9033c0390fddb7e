"""A program that dies at any moment leaves an archive that verifies and holds all that was acknowledged."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import Archive

HOUSE = Path(__file__).parents[2]


def check(root: Path, printed: str, before: set[str]) -> set[str]:
    """Opens what a crash left; returns the objects in it. One save at most was under way: it may be there or not."""
    words = [line.split() for line in printed.splitlines()]
    stored = before | {w[1] for w in words if w[0] == "stored"}
    begun = before | {w[1] for w in words}
    with Archive(root) as archive:
        found = archive.verify()
        assert found.ok, found.problems
        assert not any((root / "incoming").iterdir())
        there = {o.sop_instance_uid for s in archive.studies() for o in archive.objects(s.study_instance_uid)}
        assert stored <= there <= begun
    with Archive(root) as archive:
        assert archive.notes == []
    return there


@pytest.mark.requirement("S20")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sweep forks a child for each step")
def test_dying_at_every_step_of_a_save(tmp_path: Path) -> None:
    """From the making of the folders to the second object's last step."""
    subprocess.run(
        [sys.executable, "-m", "tests.archive.crashing", "sweep", tmp_path], cwd=HOUSE, check=True, timeout=120
    )
    steps = len(list(tmp_path.glob("*.out")))
    counts = []
    for n in range(1, steps + 1):
        printed = (tmp_path / f"{n}.out").read_text()
        there = check(tmp_path / str(n), printed, set())
        counts.append((printed.count("stored "), len(there)))
    assert steps > 40
    assert counts[0] == (0, 0) and counts[-1] == (2, 2)
    assert {(0, 1), (1, 2)} <= set(counts)  # moments at which the save under way is completed afterwards


@pytest.mark.requirement("S20")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sweep forks a child for each step")
def test_dying_at_every_step_of_a_save_of_many(tmp_path: Path) -> None:
    """Nine objects at once: more than the ledger takes with one write. What is there is always the first few.

    At each write, sync and rename.
    """
    subprocess.run(
        [sys.executable, "-m", "tests.archive.crashing", "together", tmp_path], cwd=HOUSE, check=True, timeout=240
    )
    steps = len(list(tmp_path.glob("*.out")))
    counts = set()
    for n in range(1, steps + 1):
        printed = (tmp_path / f"{n}.out").read_text()
        there = check(tmp_path / str(n), printed, set())
        begun = [words[1] for line in printed.splitlines() if (words := line.split())[0] == "storing"]
        assert there == set(begun[: len(there)])
        counts.add(len(there))
    assert steps > 30
    assert {0, 3, 7, 9} <= counts  # nothing; a torn group of lines; the first group; all


@pytest.mark.requirement("S20")
def test_kill_9_at_random_moments(tmp_path: Path) -> None:
    """Ten times on one archive; the moments are spread over the first few objects that the child stores, however fast."""
    root, there, rng = tmp_path / "a", set[str](), random.Random(20261123)
    for k in range(10):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.archive.crashing", "run", str(root), str(1000 * k), "60"],
            cwd=HOUSE, stdout=subprocess.PIPE, text=True,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            begun = [child.stdout.readline()]
            assert begun[0].startswith("storing")
            wanted = rng.randrange(5)
            while sum(line.startswith("stored") for line in begun) < wanted:
                begun.append(child.stdout.readline())
            time.sleep(rng.uniform(0, 0.03))
            child.kill()
            # `communicate` reads past what this reader holds already, which would be lost.
            printed = "".join(begun) + child.stdout.read()
        there = check(root, printed.rpartition("\n")[0], there)
    assert len(there) > 10
