"""A short form of benchmarks/tamper_campaign.py: each kind of change is found, and the stand-alone verifier agrees."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.objects import ultrasound
from tests.archive.tampering import CHANGES, INSIDE, Material, ask, copied, make_material
from workstation.proof import standalone


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return make_material(tmp_path_factory.mktemp("tampering"))


@pytest.mark.requirement("N7")
@pytest.mark.parametrize("kind", CHANGES)
def test_every_change_is_found_by_who_must_find_it(kind: str, material: Material, tmp_path: Path) -> None:
    chance = random.Random(kind)
    with copied(material, tmp_path) as root:
        CHANGES[kind](root, chance)
        found = ask(root, material)
    assert (found.ours_outside, found.theirs_outside) == (False, False)
    assert found.ours == found.theirs
    assert found.ours != (kind in INSIDE)


@pytest.mark.requirement("N7")
def test_nothing_is_found_where_nothing_was_changed(material: Material, tmp_path: Path) -> None:
    with copied(material, tmp_path) as root:
        assert ask(root, material) == ask(material.now, material)
        with Archive(root) as archive:
            archive.put(ultrasound(seed=99))
        found = ask(root, material)
    assert found.ours and found.ours_outside and found.theirs and found.theirs_outside


def test_the_stand_alone_verifier_stands_alone(material: Material, tmp_path: Path) -> None:
    """It is copied elsewhere, and Python is told to look for nothing of ours."""
    program = tmp_path / "verify.py"
    program.write_bytes(Path(standalone.__file__).read_bytes())
    assert len(program.read_text().splitlines()) < 320
    (tmp_path / "checkpoint").write_text(material.checkpoint.whole())
    words = [sys.executable, "-I", str(program), str(material.now), "--checkpoint", str(tmp_path / "checkpoint")]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "") and "Every file is as it was stored." in ran.stdout
    with copied(material, tmp_path) as root:
        next(root.rglob("*.dcm")).unlink()
        words[3] = str(root)
        ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (1, "") and "is missing" in ran.stdout
