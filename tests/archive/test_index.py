"""The index can be deleted, damaged or impossible to write: listing goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive, ArchiveDenied, ArchiveFull
from archive.storing import Storing
from tests.archive.objects import ultrasound

needs_mount = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small file system"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as e:
        pytest.skip(f"this system lets nobody mount a tmpfs: {e}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def filled(root: Path) -> list[object]:
    with Archive(root) as archive:
        for k in range(4):
            archive.put(ultrasound(patient=f"P{k}", date=f"2026010{k + 1}", phase="pre"))
        return [archive.studies(), *(archive.objects(s.study_instance_uid) for s in archive.studies())]


def listing(archive: Archive) -> list[object]:
    return [archive.studies(), *(archive.objects(s.study_instance_uid) for s in archive.studies())]


@pytest.mark.requirement("N6")
@pytest.mark.parametrize("harm", ["deleted", "garbage", "empty", "cut", "holes"])
def test_a_deleted_or_damaged_index_is_made_anew(tmp_path: Path, harm: str) -> None:
    before = filled(tmp_path)
    index = tmp_path / "index.sqlite"
    data = index.read_bytes()
    if harm == "deleted":
        index.unlink()
    else:
        index.write_bytes(
            {
                "garbage": b"garbage" * 999,
                "empty": b"",
                "cut": data[:5000],
                "holes": data[:4096] + bytes(len(data) - 4096),
            }[harm]
        )
    with Archive(tmp_path, create=False) as archive:
        assert listing(archive) == before
        assert archive.verify().ok
        assert len(archive.notes) == 1 and "made anew" in archive.notes[0]
    with Archive(tmp_path, create=False) as archive:
        assert listing(archive) == before and archive.notes == []


def test_reindex_brings_back_the_same_list(tmp_path: Path) -> None:
    before = filled(tmp_path)
    with Archive(tmp_path) as archive:
        assert archive.reindex() == []
        assert listing(archive) == before


def test_reindex_names_what_is_no_object(tmp_path: Path) -> None:
    before = filled(tmp_path)
    (tmp_path / "studies/note.txt").write_text("x")
    with Archive(tmp_path) as archive:
        assert archive.reindex() == ["studies/note.txt"]
        assert listing(archive) == before


def test_an_index_deleted_while_it_is_open_is_made_anew(tmp_path: Path) -> None:
    before = filled(tmp_path)
    with Archive(tmp_path) as archive:
        (tmp_path / "index.sqlite").unlink()
        assert listing(archive) == before
        archive.put(ultrasound())
        assert archive.verify().ok
    with Archive(tmp_path) as archive:
        assert len(archive.studies()) == 5 and archive.notes == []


@needs_mount
def test_a_full_disk_is_told_and_harms_nothing(small_disk: Path) -> None:
    """First by the space that is free, then by another program taking it while the object is written."""
    root = small_disk / "a"
    with Archive(root) as archive:
        archive.put(ultrasound(size=512))
        with pytest.raises(ArchiveFull, match="MB free"):
            archive.put(ultrasound(size=2048))
        stored, seed = 1, 0
        while True:
            seed += 1
            try:
                archive.put(ultrasound(size=900, seed=seed))
            except ArchiveFull as e:
                assert str(e).count(".") >= 1 and "free some room" in str(e)
                break
            stored += 1
        assert not any((root / "incoming").iterdir())
        assert len(archive.studies()) == stored
        assert archive.verify().ok


@needs_mount
def test_a_disk_that_fills_in_the_middle_of_a_write(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_disk / "a"
    with Archive(root) as archive:
        archive.put(ultrasound())
        # What another program takes between the look at the free space and the write.
        monkeypatch.setattr(Storing, "_check_room", lambda self, size: None)
        with pytest.raises(ArchiveFull, match="full"):
            archive.put(ultrasound(size=2300))
        assert not any((root / "incoming").iterdir())
        (small_disk / "ballast").write_bytes(bytes(os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize))
        with pytest.raises(ArchiveFull, match="full"):
            archive.put(ultrasound())
        assert not any((root / "incoming").iterdir())
        assert len(archive.studies()) == 1 and archive.verify().ok
    with Archive(root) as archive:  # on the full disk
        assert len(archive.studies()) == 1 and archive.verify().ok
    (small_disk / "ballast").unlink()
    with Archive(root) as archive:
        archive.put(ultrasound())
        assert archive.verify().ok


@needs_mount
def test_media_that_cannot_be_written_are_listed_and_verified(small_disk: Path) -> None:
    before = filled(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with Archive(small_disk) as archive:
        assert archive.read_only
        assert listing(archive) == before
        assert archive.verify().ok
        with pytest.raises(ArchiveDenied, match="cannot be written"):
            archive.put(ultrasound())
    with pytest.raises(ArchiveDenied):
        Archive(small_disk / "new")


def test_lists_are_read_in_order_from_an_index_of_their_own(tmp_path: Path) -> None:
    """No list is sorted when it is asked for: a hundred rows cost a hundred rows, whatever there is."""
    with Archive(tmp_path):
        pass
    db = sqlite3.connect(tmp_path / "index.sqlite")
    said: list[str] = []
    for where in ("", "WHERE patient_id = 'P1'"):
        query = (
            f"EXPLAIN QUERY PLAN SELECT uid, objects FROM study {where} ORDER BY date DESC, time DESC, uid LIMIT 100"
        )
        said += [row[3] for row in db.execute(query)]
    db.close()
    assert said == ["SCAN study USING INDEX study_newest", "SEARCH study USING INDEX study_patient (patient_id=?)"]


def test_listing_imports_no_pydicom(tmp_path: Path) -> None:
    filled(tmp_path)
    program = f"import sys, archive; print(len(archive.Archive({str(tmp_path)!r}).studies()), 'pydicom' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert done.stdout == "4 False\n", done.stderr
