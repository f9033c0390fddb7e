"""`sonofill audit fleet`: the same verdicts as one by one, kept until anything that they follow from changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from procedure import Encounter
from procedure.demonstration import OPERATOR, demonstration
from procedure.states import State
from procedure.steps import correct, finalise
from tests.workstation.report.encounter_files import record_of
from workstation.cli import main

Answer = Callable[..., Any]
STORY = demonstration("occlusion-rescue")


def record(number: int, **changes: Any) -> Encounter:
    """One of many: the rescue's story on another day."""
    uid = f"{STORY.encounter_uid}.{number}"
    return replace(STORY, encounter_uid=uid, started_at=STORY.started_at + timedelta(days=31 * number), **changes)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    with Archive(tmp_path / "archive") as archive:
        for number in range(3):
            archive.put(record_of(record(number), []))
        archive.put(record_of(record(3, consents=(), plans=()), []))
        archive.put(record_of(record(4, state=State.DRAFT, signatures=()), []))
    return tmp_path / "archive"


@pytest.fixture
def answer(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Answer:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))

    def ran(*words: object) -> Any:
        capsys.readouterr()
        assert main([*map(str, words), "--archive", str(records), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ran


@pytest.mark.requirement("C7")
def test_a_fleet_is_its_records_one_by_one(answer: Answer, records: Path, tmp_path: Path) -> None:
    first = answer("audit", "fleet")
    assert (first["records"], first["simulated"], first["from_kept"]) == (4, 4, 0)
    assert len(first["passed_over"]) == 1 and "draft" in first["passed_over"][0]
    with Archive(records) as archive:
        studies = [row.study_instance_uid for row in archive.studies()]
    one_by_one: dict[str, Counter[str]] = {}
    for study in studies:
        document = answer("audit", study)
        if "draft" not in first["passed_over"][0] or study not in first["passed_over"][0]:
            for row in document["criteria"]:
                one_by_one.setdefault(row["id"], Counter())[row["verdict"]] += 1
    assert len(first["criteria"]) == 23
    for row in first["criteria"]:
        known = one_by_one[row["id"]]
        assert row["failed"] == known["partial"] + known["not_met"] and row["asked"] == row["failed"] + known["met"]
        assert row["not_applicable"] == known["not_applicable"] and row["needs_reviewer"] == known["needs_reviewer"]
        assert set(row["practitioners"]) == {OPERATOR} and len(row["months"]) == 4
    plan = next(row for row in first["criteria"] if row["id"] == "AC3")
    assert (plan["failed"], plan["asked"]) == (1, 4), "one record has no plan"
    assert plan["share"] == 0.25 and plan["ci95"][0] < 0.05 and plan["ci95"][1] > 0.69

    again = answer("audit", "fleet")
    assert again["from_kept"] == 4 + 1 and again["criteria"] == first["criteria"]
    only = answer("audit", "fleet", "--from", (STORY.started_at + timedelta(days=40)).date())
    assert only["records"] == 2


def test_what_changes_is_judged_anew(answer: Answer, records: Path, tmp_path: Path) -> None:
    answer("audit", "fleet")
    later = record(0)
    at = later.started_at + timedelta(days=1)
    corrected = finalise(correct(replace(later, plans=()), OPERATOR, at, "the plan was another's"), OPERATOR, at)
    with Archive(records) as archive:
        archive.put(record_of(corrected, []))
    assert answer("audit", "fleet")["from_kept"] == 4
    rubric = tmp_path / "ours.toml"
    rubric.write_text(
        'schema = "sonofill-rubric/1"\nname = "Ours"\nversion = "1"\nsource = "us"\n[[criterion]]\nid = "K1"\n'
        'requirement = "Consent"\nquestion = "?"\nchecks = ["consent-before"]\n'
    )
    ours = answer("audit", "fleet", "--rubric", rubric)
    assert ours["from_kept"] == 0 and [row["id"] for row in ours["criteria"]] == ["K1"]
    (kept,) = (tmp_path / "state" / "verdicts").iterdir()
    kept.write_bytes(b"not a database, whatever its name says" * 100)
    assert answer("audit", "fleet")["from_kept"] == 0
    assert answer("audit", "fleet")["from_kept"] == 5
    assert kept.stat().st_mode & 0o077 == 0


def test_a_lost_file_is_told_each_time_and_its_study_not_kept(answer: Answer, records: Path, tmp_path: Path) -> None:
    lost = sorted((records / "studies").rglob("*.dcm"))[0]
    lost.rename(tmp_path / "lost")
    for kept in (0, 4):
        found = answer("audit", "fleet")
        assert found["from_kept"] == kept and any("missing" in told for told in found["passed_over"])
    (tmp_path / "lost").rename(lost)
    assert len(answer("audit", "fleet")["passed_over"]) == 1, "the draft"


def test_several_processes_say_the_same_as_one(records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit import course_rubric
    from workstation.studies import judging_fleet

    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    with Archive(records) as archive:
        alone = judging_fleet.judge_fleet(archive, course_rubric())
        for file in (tmp_path / "state" / "verdicts").iterdir():
            file.unlink()
        monkeypatch.setattr(judging_fleet, "_FEW", 1)
        together = judging_fleet.judge_fleet(archive, course_rubric(), jobs=2)
    assert together.fleet == alone.fleet and together.told == alone.told and together.kept == 0
