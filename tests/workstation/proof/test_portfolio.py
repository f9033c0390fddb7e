"""A learner's encounters counted against a requirement, and handed in as one pack whose copies tell of nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from dicom_io.context import derived_uid
from procedure import Encounter
from procedure.demonstration import demonstration
from procedure.images import ImageKind
from procedure.people import Person, Role
from tests.workstation.report.encounter_files import files_of, study_of
from workstation.cli import main

OURS = """schema = "sonofill-portfolio/1"
name = "Our course"
version = "3"
source = "handbook, page 4"
[[count]]
id = "A"
what = "Encounters"
counts = "encounters"
needed = 3
[[count]]
id = "B"
what = "With a complication"
counts = "complications"
needed = 1
"""


def short(scenario: str) -> Encounter:
    """The scenario with one still, of a trainee."""
    whole = demonstration(scenario, uid_of=lambda name: derived_uid(scenario, name))
    stills = tuple(image for image in whole.images if image.kind is ImageKind.STILL)[:1]
    return replace(whole, images=stills, people=(Person(name="Lea Learner", role=Role.TRAINEE), *whole.people))


@pytest.mark.requirement("S32")
def test_encounters_are_counted_against_what_the_course_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = []
    for scenario in ("normal", "occlusion-rescue"):
        folders.append(str(tmp_path / scenario))
        files_of(short(scenario), tmp_path / f"spool-{scenario}").written(tmp_path / scenario)
    assert main(["audit", "portfolio", *folders, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    counts = {row["id"]: row for row in told["counts"]}
    assert told["learners"] == ["Lea Learner"] and [e["simulated"] for e in told["encounters"]] == [True, True]
    assert (counts["P2"]["count"], counts["P3"]["count"], counts["P6"]["count"]) == (2, 2, 1)
    assert counts["P2"]["needed"] is None and counts["P2"]["enough"] is None, "the course names no number: a blank"
    assert (counts["P1"]["count"], counts["P1"]["enough"]) == (0, False), "a still from before is no whole encounter"

    requirement = tmp_path / "ours.toml"
    requirement.write_text(OURS)
    assert main(["audit", "portfolio", *folders, folders[0], "--requirement", str(requirement)]) == 0
    said = capsys.readouterr().out
    assert "- A       2 of 3 needed: Encounters" in said and "+ B       1 of 1 needed" in said, (
        "given twice, counted once"
    )
    requirement.write_text(OURS.replace('"complications"', '"stars"'))
    assert main(["audit", "portfolio", *folders, "--requirement", str(requirement)]) == 1
    assert "row 2: 'stars' cannot be counted" in capsys.readouterr().err


@pytest.mark.requirement("S32")
def test_a_portfolio_of_copies_that_tell_of_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    encounters = [short("normal"), short("occlusion-rescue")]
    with Archive(tmp_path / "archive") as archive:
        for number, encounter in enumerate(encounters):
            archive.put_all(files_of(encounter, tmp_path / f"spool-{number}").objects)
    studies = [study_of(encounter).study_instance_uid for encounter in encounters]
    words = ["audit", "pack", *studies, "--archive", str(tmp_path / "archive"), "--deidentify", "--out"]
    assert main([*words, str(tmp_path / "pack"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["id"]: row["count"] for row in told["portfolio"]["counts"]}["P2"] == 2, told["notes"]
    assert not list(tmp_path.glob(".unfinished-*")), "the copies' archive is gone"
    page = (tmp_path / "pack" / "index.html").read_text()
    assert "<h2>Portfolio</h2>" in page and "de-identified copies" in page and "not told by the course" in page
    whole = b"".join(file.read_bytes() for file in (tmp_path / "pack").rglob("*") if file.is_file())
    for encounter, study in zip(encounters, studies, strict=True):
        for known in (encounter.patient.patient_id, "Lea Learner", study, encounter.encounter_uid):
            assert known.encode() not in whole
    key = (tmp_path / "pack" / "public-key.txt").read_text().strip()
    verify = [sys.executable, "-I", str(tmp_path / "pack" / "verify.py"), str(tmp_path / "pack"), "--key", key]
    assert subprocess.run(verify, capture_output=True, check=False, cwd=tmp_path).returncode == 0
