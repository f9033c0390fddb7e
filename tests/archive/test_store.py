"""Putting objects in, listing them, finding them again."""

from __future__ import annotations

import os
import stat
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from acquisition.cine import FileRange
from archive import AlreadyStored, Archive, ArchiveDenied, NotFound, NotStorable
from tests.acquisition.disk_calls import DiskCalls
from tests.archive.objects import content, in_ranges, ultrasound


@pytest.mark.requirement("C5")
def test_what_is_put_in_is_listed_and_lies_where_its_uids_say(tmp_path: Path) -> None:
    obj = in_ranges(ultrasound(phase="during"), tmp_path)
    with Archive(tmp_path / "a") as archive:
        path = archive.put(obj)
        assert (
            path
            == tmp_path / "a/studies" / obj.study_instance_uid / obj.series_instance_uid / f"{obj.sop_instance_uid}.dcm"
        )
        assert path.read_bytes() == content(obj)
        (study,) = archive.studies()
        assert (study.study_instance_uid, study.patient_id, study.date) == (obj.study_instance_uid, "P1", "2026-11-23")
        assert (study.phase, study.objects) == ("during", 1)
        (one,) = archive.objects(obj.study_instance_uid)
        assert (one.file, one.sop_class, one.sop_instance_uid) == (path, obj.sop_class_uid, obj.sop_instance_uid)
        assert (one.frames, one.transfer_syntax) == (1, obj.transfer_syntax_uid)
        assert archive.path_of(obj.sop_instance_uid) == path and archive.has(obj.sop_instance_uid)
        assert archive.verify().ok
        assert archive.notes == []


@pytest.mark.requirement("C5")
@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for a descriptor's file")
@pytest.mark.parametrize("small", [True, False])
def test_each_step_is_on_the_disk_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: bool) -> None:
    """Bytes and their waiting place, then the ledger's line, then the object's own name: wherever the power goes, the next
    start finds a whole object or none (docs/decisions/0005)."""
    made = ultrasound()
    obj = made if small else in_ranges(made, tmp_path)
    with Archive(tmp_path / "a") as archive:
        disk = DiskCalls(monkeypatch)
        path = archive.put(obj)
        ledger, incoming = tmp_path / "a/ledger.jsonl", tmp_path / "a/incoming"
        (waiting,) = {at for at in disk.of("write") if at.parent == incoming}
        steps = [
            ("write", waiting), ("sync", waiting), ("sync", incoming), ("write", ledger), ("sync", ledger),
            ("rename", path), ("sync", path.parent),
        ]  # fmt: skip
        places = [disk.place(*step) for step in steps]
        assert places == sorted(places)
        for new in (path.parent, path.parent.parent):  # the folders' own names, before anything relies on them
            assert disk.place("sync", new.parent) < disk.place("write", ledger)


def test_studies_come_newest_first_and_can_be_asked_for_by_patient(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for day, patient in (("20260102", "P1"), ("20261231", "P2"), ("20260601", "P1")):
            archive.put(ultrasound(date=day, patient=patient))
        assert [s.date for s in archive.studies()] == ["2026-12-31", "2026-06-01", "2026-01-02"]
        assert [s.date for s in archive.studies(limit=1)] == ["2026-12-31"]
        assert [s.date for s in archive.studies(patient_id="P1")] == ["2026-06-01", "2026-01-02"]


def test_a_study_of_several_phases_names_them_in_order(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = ultrasound(phase="post")
        archive.put(first)
        archive.put(ultrasound(first.study_instance_uid, phase="pre"))
        assert [s.phase for s in archive.studies()] == ["pre,post"]
        assert [s.objects for s in archive.studies()] == [2]


def test_files_are_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with Archive(tmp_path / "a") as archive:
            archive.put(ultrasound())
    finally:
        os.umask(old)
    for path in (tmp_path / "a").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_same_bytes_again_are_no_error_and_bring_a_lost_file_back(tmp_path: Path) -> None:
    obj = ultrasound()
    with Archive(tmp_path) as archive:
        path = archive.put(obj)
        ledger = (tmp_path / "ledger.jsonl").read_bytes()
        assert archive.put(obj) == path
        path.unlink()
        assert [p.kind for p in archive.verify().problems] == ["missing", "index"]
        assert archive.put(obj) == path
        assert archive.verify().ok
        assert (tmp_path / "ledger.jsonl").read_bytes() == ledger


def test_other_bytes_under_the_same_uid_are_refused(tmp_path: Path) -> None:
    obj = ultrasound()
    other = ultrasound(obj.study_instance_uid, obj.series_instance_uid, obj.sop_instance_uid, seed=1)
    with Archive(tmp_path) as archive:
        path = archive.put(obj)
        with pytest.raises(AlreadyStored):
            archive.put(other)
        with pytest.raises(AlreadyStored):
            archive.put(ultrasound(sop=obj.sop_instance_uid))
        assert path.read_bytes() == content(obj)
        assert archive.verify().ok


def test_one_uid_twice_in_one_go_is_one_object_or_none(tmp_path: Path) -> None:
    obj = ultrasound()
    other = ultrasound(obj.study_instance_uid, obj.series_instance_uid, obj.sop_instance_uid, seed=1)
    with Archive(tmp_path / "a") as archive:
        with pytest.raises(AlreadyStored, match="twice"):
            archive.put_all([obj, ultrasound(), other])
        assert archive.studies() == [] and archive.verify().ok
        again = in_ranges(obj, tmp_path)  # the same bytes, from a file
        assert archive.put_all([obj, again, obj]) == [archive.path_of(obj.sop_instance_uid)] * 3
        assert archive.verify().ok and archive.verify().objects == 1


@pytest.mark.parametrize("uid", ["../../etc", "1.2/3", "", "1." * 40 + "1", "1..2", "NUL", "1.2\n"])
def test_a_uid_that_is_none_names_no_file(tmp_path: Path, uid: str) -> None:
    obj = ultrasound()
    with Archive(tmp_path / "a") as archive:
        for field in ("study_instance_uid", "series_instance_uid", "sop_instance_uid"):
            with pytest.raises(NotStorable):
                archive.put(replace(obj, **{field: uid}))  # type: ignore[arg-type]
        assert archive.verify().ok and archive.studies() == []


def test_an_object_that_says_it_is_another_is_not_stored(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for wrong in (replace(ultrasound(), sop_instance_uid="1.2.3"), replace(ultrasound(), parts=(b"not DICOM",))):
            with pytest.raises(NotStorable):
                archive.put(wrong)
        assert archive.verify().ok
        assert not any((tmp_path / "incoming").iterdir())


def test_a_source_that_is_gone_or_short_is_told(tmp_path: Path) -> None:
    obj = in_ranges(ultrasound(), tmp_path)
    last = obj.parts[2]
    assert isinstance(last, FileRange)
    with Archive(tmp_path / "a") as archive:
        os.truncate(last.path, last.offset + last.length - 1)
        with pytest.raises(NotStorable, match="shorter"):
            archive.put(obj)
        last.path.unlink()
        with pytest.raises(NotStorable, match="Cannot read"):
            archive.put(obj)
        assert archive.verify().ok
        assert not any((tmp_path / "a/incoming").iterdir())


def test_nothing_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no archive"):
        Archive(tmp_path / "none", create=False)
    with Archive(tmp_path / "a") as archive:
        with pytest.raises(NotFound, match="no study"):
            archive.objects("1.2.3")
        with pytest.raises(NotFound, match="no object"):
            archive.path_of("1.2.3")


def test_a_file_in_the_way_of_the_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveDenied, match="folder"):
        Archive(tmp_path / "file" / "archive")


def test_two_programs_at_once(tmp_path: Path) -> None:
    """Two open archives take turns; each sees what the other stored."""
    one, two = Archive(tmp_path), Archive(tmp_path)
    objects = [[ultrasound(seed=k) for k in range(10)] for _ in range(2)]
    threads = [
        threading.Thread(target=lambda a=a, o=o: [a.put(x) for x in o])
        for a, o in zip((one, two), objects, strict=True)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(one.studies()) == len(two.studies()) == 20
    assert one.verify().ok and two.verify().ok
    one.close()
    two.close()


def test_the_last_bytes_of_a_stored_object_are_never_removed(tmp_path: Path) -> None:
    """Its file waits where an interrupted save left it, and is damaged: a person looks at it."""
    obj = ultrasound()
    with Archive(tmp_path / "a") as archive:
        path = archive.put(obj)
    waiting = tmp_path / "a/incoming" / f"{obj.sop_instance_uid}-000000000000.part"
    path.rename(waiting)
    data = bytearray(waiting.read_bytes())
    data[-1] ^= 1
    waiting.write_bytes(data)
    for _ in range(2):
        with Archive(tmp_path / "a") as archive:
            assert waiting.read_bytes() == data and any(str(waiting) in note for note in archive.notes)
            assert "missing" in [problem.kind for problem in archive.verify().problems]
    with Archive(tmp_path / "a") as archive:
        assert archive.put(obj) == path and path.read_bytes() == content(obj)
    with Archive(tmp_path / "a") as archive:
        assert not waiting.exists() and archive.verify().ok
