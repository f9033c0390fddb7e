"""The demonstrations judged from their files: by study, from a bare folder, and after something was taken away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from procedure.demonstration import SCENARIOS
from procedure.images import ImageKind
from tests.scenarios.conftest import Made
from workstation.cli import main

Demo = Callable[[str], Made]


def audited(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["audit", *words, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def verdicts(document: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["verdict"] for row in document["criteria"]}


@pytest.mark.requirement("N8")
@pytest.mark.requirement("C7")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_demonstration_is_judged_from_its_files(
    demo: Demo, scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = demo(scenario)
    root = made.rows[0].file.parents[3]
    document = audited(capsys, made.told["study_instance_uid"], "--archive", str(root))
    found = verdicts(document)
    rescue = scenario == "occlusion-rescue"
    # Its deposits are labelled and held against artefacts: CM2 is asked.
    not_asked = {"CM8"} | (set() if rescue else {"AC6", "AG3"})
    assert {row for row, verdict in found.items() if verdict == "not_applicable"} == not_asked
    assert set(found.values()) <= {"met", "not_applicable"}
    assert document["integrity"]["ok"] is True
    for row in document["criteria"]:
        assert row["review"]["question"] and row["review"]["verdict"] is None
        for piece in row["evidence"]:
            assert Path(piece["file"]).is_file()


def test_a_bare_folder_says_the_same_and_that_nothing_vouches_for_it(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = demo("normal")
    root = made.rows[0].file.parents[3]
    kept = verdicts(audited(capsys, made.told["study_instance_uid"], "--archive", str(root)))
    for row in made.rows:
        shutil.copy(row.file, tmp_path)
    document = audited(capsys, str(tmp_path))
    assert verdicts(document) == kept
    assert document["integrity"]["ok"] is None

    for image in made.encounter.images:
        if image.kind is not ImageKind.PHOTOGRAPH and image.phase == "during":
            (tmp_path / f"{image.image_uid}.dcm").unlink()
    worse = verdicts(audited(capsys, str(tmp_path)))
    assert {row for row in worse if worse[row] != kept[row]} >= {"AC2", "AG5", "CM5"}
    assert "met" not in {worse[row] for row in ("AC2", "AG5", "CM5", "AG8")}


def test_no_record_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(tmp_path)]) == 1
    assert "no record of an encounter" in capsys.readouterr().err
    assert main(["audit", str(tmp_path), "--rubric", str(tmp_path / "none.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err
