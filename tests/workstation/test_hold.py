"""Legal hold and retention: told by the ledger, in the second copy too, asked before anything is thrown away."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from acquisition import leftover_streams
from archive import Archive, ArchiveDenied, NotFound, UnderHold
from archive.second_copy import copy_archive
from tests.archive.objects import ultrasound
from tests.workstation.recordings import recorded_clip
from workstation.capture import recovery
from workstation.cli import main
from workstation.studies.retention import retention_of
from workstation.studies.visit import Visit

WHO = ["--by", "Anna Vogel", "--reason", "case 12/2026"]


def _archive(folder: Path) -> Path:
    root = folder / "archive"
    with Archive(root) as kept:
        kept.put_all([ultrasound(study="2.25.1", patient="P1"), ultrasound(study="2.25.2", patient="P2")])
    return root


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.mark.requirement("S20")
def test_a_hold_is_in_the_ledger_and_its_copy_until_it_is_released(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _archive(tmp_path)
    status, out, _ = _run(capsys, "archive", "hold", "2.25.1", *WHO, "--archive", root, "--json")
    assert status == 0
    (hold,) = json.loads(out)
    assert (hold["study_instance_uid"], hold["by"], hold["reason"]) == ("2.25.1", "Anna Vogel", "case 12/2026")
    before = (root / "ledger.jsonl").read_bytes()
    _run(capsys, "archive", "hold", "2.25.1", "--by", "Other", "--reason", "again", "--archive", root)
    assert (root / "ledger.jsonl").read_bytes() == before, "who held it first stays"
    copy_archive(root, tmp_path / "copy")
    for place in (root, tmp_path / "copy"):
        with Archive(place) as kept:
            assert kept.verify().ok
            with pytest.raises(UnderHold, match=r"Anna Vogel \(case 12/2026\)"):
                kept.check_removable("2.25.1")
            kept.check_removable("2.25.2")
    _run(capsys, "archive", "release", "--patient-id", "P1", *WHO, "--archive", root)
    with Archive(root) as kept:
        kept.check_removable("2.25.1")
        assert kept.verify().ok
        with pytest.raises(NotFound):
            kept.release("2.25.1", "Anna", "twice")
    assert _run(capsys, "archive", "release", "2.25.1", *WHO, "--archive", root)[0] == 1


def test_what_is_no_study_is_not_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _archive(tmp_path)
    before = (root / "ledger.jsonl").read_bytes()
    for words, status in (
        (["2.25.77"], 1),
        (["../etc"], 1),
        ([], 2),
        (["2.25.1", "--patient-id", "P1"], 2),
        (["2.25.1", "2.25.77"], 1),
        (["--patient-id", "P9"], 1),
    ):
        told, _, err = _run(capsys, "archive", "hold", *words, *WHO, "--archive", root)
        assert told == status and err.strip(), words
    assert (root / "ledger.jsonl").read_bytes() == before


def test_an_archive_that_cannot_be_written_takes_no_hold(tmp_path: Path) -> None:
    with Archive(_archive(tmp_path)) as kept:
        kept.read_only = True
        with pytest.raises(ArchiveDenied):
            kept.hold("2.25.1", "Anna", "why")


def test_a_recording_of_a_held_study_is_not_thrown_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _archive(tmp_path)
    visit = Visit.begin("P3")
    recorded_clip(root / "spool", 3)
    (stream,) = leftover_streams(root / "spool")
    with Archive(root) as kept:
        kept.hold("2.25.1", "Anna", "why")
    with pytest.raises(UnderHold, match="Nobody told whose"):
        recovery.discard(root, stream.stream_id)
    stream.write_intent(visit.model_dump(mode="json"))
    assert _run(capsys, "archive", "hold", visit.study_instance_uid, *WHO, "--archive", root)[0] == 0
    status, _, err = _run(capsys, "recover", "--discard", stream.stream_id, "--archive", root)
    assert status == 1 and "under hold" in err
    assert leftover_streams(root / "spool")
    with Archive(root) as kept:
        assert [hold.study_instance_uid for hold in retention_of(kept, 1, date(2050, 1, 1)).held_elsewhere]
        kept.release(visit.study_instance_uid, "Anna", "over")
    recovery.discard(root, stream.stream_id)
    assert not leftover_streams(root / "spool")


def test_years_count_from_the_patients_last_study(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as kept:
        kept.put_all(
            [
                ultrasound(study="2.25.1", patient="P1", date="20240229"),
                ultrasound(study="2.25.2", patient="P1", date="20250110"),
                ultrasound(study="2.25.3", patient="P2", date="20240229"),
                ultrasound(study="2.25.4", patient="P3", date=""),
            ]
        )
        told = {one.study_instance_uid: one for one in retention_of(kept, 10, date(2034, 3, 1)).studies}
        assert told["2.25.1"].keep_until == told["2.25.2"].keep_until == date(2035, 1, 10)
        assert told["2.25.3"].keep_until == date(2034, 3, 1)
        assert [uid for uid, one in told.items() if one.may_be_removed] == ["2.25.3"]
        assert told["2.25.4"].keep_until is None
        kept.hold("2.25.3", "Anna", "why")
        later = retention_of(kept, 10, date(2099, 1, 1))
        assert {one.study_instance_uid for one in later.studies if one.may_be_removed} == {"2.25.1", "2.25.2"}
        assert later.whole_archive_from is None


def test_the_archive_as_a_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path))
    root = tmp_path / "archive"
    with Archive(root) as kept:
        kept.put(ultrasound(study="2.25.1", date="20240301"))
    assert _run(capsys, "archive", "retention", "--archive", root)[0] == 2, "nobody said how long"
    (tmp_path / "settings.json").write_text('{"retention_years": 3}')
    status, out, _ = _run(capsys, "archive", "retention", "--archive", root, "--on", "2027-03-01", "--json")
    assert status == 0
    told = json.loads(out)
    assert (told["whole_archive_from"], told["studies"][0]["may_be_removed"]) == ("2027-03-01", True)
    with pytest.raises(SystemExit, match="2"):
        _run(capsys, "archive", "retention", "--archive", root, "--years", "-1")
