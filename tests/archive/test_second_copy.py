"""A second copy: complete, never harmed by what befalls the first archive, and everything comes back from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArchiveDenied, NotFound
from archive.second_copy import copy_archive, drill
from tests.archive.objects import ultrasound
from workstation.cli import main


def filled(root: Path, count: int = 3) -> list[Path]:
    with Archive(root) as kept:
        return [kept.put(ultrasound(number=number, seed=number)) for number in range(1, count + 1)]


def bytes_in(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in (root / "studies").rglob("*.dcm")}


def test_a_copy_is_an_archive_and_gets_what_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, to = tmp_path / "first", tmp_path / "disk" / "second"
    filled(root)
    words = ["archive", "copy", "--archive", str(root), "--to", str(to), "--drill", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["copied"], told["already"], told["drill"]["ok"], told["drill"]["studies"]) == (3, 0, True, 3)
    filled(root, 2)
    done = copy_archive(root, to)
    assert (done.copied, done.already, done.problems) == (2, 3, [])
    assert bytes_in(to) == bytes_in(root)
    assert (to / "ledger.jsonl").read_bytes() == (root / "ledger.jsonl").read_bytes()
    assert all(not path.stat().st_mode & 0o077 for path in to.rglob("*"))
    # The disk is lost: the copy is opened by itself, and copied back.
    before = bytes_in(root)
    shutil.rmtree(root)
    copy_archive(to, root)
    assert bytes_in(root) == before
    with Archive(root, create=False) as kept:
        assert kept.verify().ok and len(kept.studies()) == 5


def test_damage_does_not_reach_the_copy(tmp_path: Path) -> None:
    root, to = tmp_path / "first", tmp_path / "second"
    paths = filled(root)
    copy_archive(root, to)
    sound = bytes_in(to)
    (new,) = filled(root, 1)
    for path in (paths[0], new):
        data = bytearray(path.read_bytes())
        data[-5] ^= 1
        path.write_bytes(data)
    paths[1].unlink()
    done = copy_archive(root, to)
    assert [(one.kind, one.object) for one in done.problems] == [("changed", new.stem)]
    assert bytes_in(to) == sound, "what was copied is as it was"
    found = drill(root, to)
    assert not found.ok and [one.object for one in found.verification.problems if one.kind == "missing"] == [new.stem]


def test_a_rolled_back_or_another_archive_is_refused(tmp_path: Path) -> None:
    root, to = tmp_path / "first", tmp_path / "second"
    filled(root)
    earlier = tmp_path / "earlier"
    shutil.copytree(root, earlier)
    filled(root, 1)
    copy_archive(root, to)
    there = (to / "ledger.jsonl").read_bytes()
    filled(tmp_path / "other")
    for wrong in (earlier, tmp_path / "other"):
        with pytest.raises(ArchiveDenied, match="not the beginning"):
            copy_archive(wrong, to)
    assert (to / "ledger.jsonl").read_bytes() == there
    with pytest.raises(NotFound):
        copy_archive(tmp_path / "nothing", tmp_path / "x")
    with pytest.raises(ArchiveDenied, match="itself"):
        copy_archive(root, root / "copy")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    with pytest.raises(ArchiveDenied, match="other things"):
        copy_archive(root, tmp_path / "full")


def test_an_interrupted_copy_goes_on(tmp_path: Path) -> None:
    root, to = tmp_path / "first", tmp_path / "second"
    filled(root, 4)

    class Interrupted(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise Interrupted

    with pytest.raises(Interrupted):
        copy_archive(root, to, stop)
    # And a ledger that was cut in the middle of a line while it was written.
    (to / "ledger.jsonl").write_bytes((root / "ledger.jsonl").read_bytes()[:333])
    done = copy_archive(root, to)
    assert done.copied + done.already == 4 and done.already >= 2 and not done.problems
    assert drill(root, to).ok
