"""What verify finds, one fault at a time, and that a copy verifies."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.objects import ultrasound


@pytest.fixture
def stored(tmp_path: Path) -> list[Path]:
    """An archive of three objects in tmp_path / 'a'."""
    with Archive(tmp_path / "a") as archive:
        return [archive.put(ultrasound(seed=k)) for k in range(3)]


def problems(root: Path) -> list[tuple[str, str]]:
    with Archive(root) as archive:
        found = archive.verify()
        assert found.ok == (not found.problems)
        assert set(found.to_json()) == {"ok", "problems", "notes"}
        return [(p.kind, p.object) for p in found.problems]


@pytest.mark.requirement("C7")
def test_a_changed_byte_is_found(tmp_path: Path, stored: list[Path]) -> None:
    data = bytearray(stored[1].read_bytes())
    data[-1] ^= 1
    stored[1].write_bytes(data)
    assert problems(tmp_path / "a") == [("changed", stored[1].stem)]


def test_a_shorter_a_missing_and_an_unknown_file_are_found(tmp_path: Path, stored: list[Path]) -> None:
    stored[0].write_bytes(stored[0].read_bytes()[:-1])
    stored[1].unlink()
    shutil.copy(stored[2], stored[2].with_name("1.2.3.dcm"))
    found = {o: k for k, o in problems(tmp_path / "a") if k != "index"}
    unknown = stored[2].with_name("1.2.3.dcm").relative_to(tmp_path / "a").as_posix()
    assert found == {stored[0].stem: "changed", stored[1].stem: "missing", unknown: "unknown"}


def test_a_dicom_file_laid_into_the_archive_anywhere_is_found(tmp_path: Path, stored: list[Path]) -> None:
    """Another viewer, and an audit of the whole folder, would read it as part of the record."""
    (tmp_path / "a" / "more").mkdir()
    for name in ("extra.dcm", "more/EXTRA.DCM"):
        shutil.copy(stored[0], tmp_path / "a" / name)
    outside = tmp_path / "elsewhere"
    shutil.copytree(stored[0].parent, outside)
    (tmp_path / "a" / "studies" / "9.9").symlink_to(outside, target_is_directory=True)
    assert sorted(problems(tmp_path / "a")) == [
        ("unknown", "extra.dcm"), ("unknown", "more/EXTRA.DCM"), ("unknown", "studies/9.9"),
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir] if hasattr(os, "mkfifo") else [])
def test_a_pipe_or_a_folder_in_an_objects_place_is_found(
    tmp_path: Path, stored: list[Path], make: Callable[[Path], None]
) -> None:
    stored[0].unlink()
    make(stored[0])
    assert ("changed", stored[0].stem) in problems(tmp_path / "a")
    with Archive(tmp_path / "a") as archive:
        archive.reindex()  # reads the heads of all that lies there
        assert len(archive.studies()) == 2


def test_a_wrong_index_is_found_and_reindex_mends_it(tmp_path: Path, stored: list[Path]) -> None:
    db = sqlite3.connect(tmp_path / "a/index.sqlite")
    db.execute("DELETE FROM instance WHERE uid = ?", (stored[0].stem,))
    db.execute("UPDATE instance SET file = 'studies/1/2/3.dcm' WHERE uid = ?", (stored[1].stem,))
    db.commit()
    db.close()
    assert {k for k, _ in problems(tmp_path / "a")} == {"index"}
    with Archive(tmp_path / "a") as archive:
        assert archive.reindex() == []
        assert archive.verify().ok


@pytest.mark.parametrize("with_index", [True, False])
def test_a_copy_verifies(tmp_path: Path, stored: list[Path], with_index: bool) -> None:
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    if not with_index:
        (tmp_path / "b/index.sqlite").unlink()
    shutil.rmtree(tmp_path / "a")
    with Archive(tmp_path / "b", create=False) as archive:
        assert archive.verify().ok
        for study in archive.studies():
            for one in archive.objects(study.study_instance_uid):
                assert one.file.is_file() and one.file.is_relative_to(tmp_path / "b")


def test_what_lies_in_the_spool_is_no_problem(tmp_path: Path, stored: list[Path]) -> None:
    (tmp_path / "a/spool/s1").mkdir()
    (tmp_path / "a/spool/s1/000000.items").write_bytes(b"frames")
    assert problems(tmp_path / "a") == []


def test_progress_ends_at_all_bytes(tmp_path: Path, stored: list[Path]) -> None:
    told: list[tuple[int, int]] = []
    with Archive(tmp_path / "a") as archive:
        found = archive.verify(lambda done, total: told.append((done, total)))
    total = sum(p.stat().st_size for p in stored)
    assert told[-1] == (total, total) and found.bytes == total and found.objects == 3
    assert [d for d, _ in told] == sorted(d for d, _ in told)


def test_what_is_stored_while_verify_reads_is_no_problem(tmp_path: Path, stored: list[Path]) -> None:
    """The window records while the command line verifies: objects come at every moment of the check."""
    with Archive(tmp_path / "a") as archive, Archive(tmp_path / "a") as other:
        coming = threading.Event()
        kept: list[Path] = []

        def store() -> None:
            while not coming.is_set():
                kept.append(other.put(ultrasound(seed=len(kept))))

        busy = threading.Thread(target=store)
        busy.start()
        try:
            found = [archive.verify()]
            while len(found) < 20 or len(kept) < 4:  # a busy disk may let many checks pass between two objects
                found.append(archive.verify())
        finally:
            coming.set()
            busy.join()
        assert [problem for one in found for problem in one.problems] == []
        assert len(kept) > 3 and archive.verify().objects == 3 + len(kept)


def test_what_is_stored_between_two_reads_is_no_problem(tmp_path: Path, stored: list[Path]) -> None:
    with Archive(tmp_path / "a") as archive, Archive(tmp_path / "a") as other:
        at: list[int] = []

        def store(done: int, total: int) -> None:
            if not at:
                other.put(ultrasound(seed=9))
                archive.studies()  # and this program has it in its index
            at.append(done)

        assert archive.verify(store).problems == ()
