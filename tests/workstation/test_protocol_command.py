"""`sonofill protocol list|show|check`, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from procedure.demonstration import demonstration
from procedure.documents import Sources, record_document, strings
from procedure.protocol_files import built_in
from tests.procedure.test_protocols import GOOD
from workstation.cli import main
from workstation.studies.clinic_protocols import held_protocols, protocols_or_ours


@pytest.mark.requirement("S13")
def test_list_and_show_print_every_region(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocol", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) == 12 and sum(len(entry["stations"]) for entry in listed) == 25
    assert main(["protocol", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12 and all(line.endswith("reviewed by: nobody yet") for line in lines)
    for entry in listed:
        assert main(["protocol", "show", entry["region"], "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        assert [station["id"] for station in shown["stations"]] == entry["stations"]
        assert main(["protocol", "show", entry["region"]]) == 0
        text = capsys.readouterr().out
        assert all(station in text for station in entry["stations"]) and "or the reason why not" in text


def test_a_clinics_folder_and_a_file_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "chin.toml"
    path.write_text(GOOD, "utf-8")
    assert main(["protocol", "check", str(path)]) == 0
    assert "a protocol for Chin" in capsys.readouterr().out
    assert main(["protocol", "check", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    assert main(["protocol", "show", "chin", "--folder", str(tmp_path)]) == 0
    assert "own gland" in capsys.readouterr().out
    path.write_text(GOOD.replace("pogonion", "elbow"), "utf-8")
    for command in (["check", str(path)], ["list", "--folder", str(tmp_path)]):
        assert main(["protocol", *command]) == 1
        told = capsys.readouterr()
        assert told.out == "" and len(told.err.splitlines()) == 1
        assert "station chin-1, landmark: 'elbow' is none of" in told.err


def test_a_clinics_protocols_beside_its_settings_hold_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path))
    assert held_protocols() == built_in()
    (tmp_path / "protocols").mkdir()
    path = tmp_path / "protocols" / "nlf.toml"
    ours = built_in()["nlf"]
    path.write_text(GOOD.replace("chin", "nlf").replace("Chin", "Our fold"), "utf-8")
    assert main(["protocol", "show", "nlf"]) == 0
    assert "Our fold (version 2)" in capsys.readouterr().out
    assert held_protocols()["chin"] == built_in()["chin"] and held_protocols()["nlf"] != ours
    encounter = demonstration("normal")
    told = " ".join(strings(record_document(encounter, Sources(), held_protocols())))
    assert "against version 2 of the protocol" in told and "against version" not in " ".join(
        strings(record_document(encounter, Sources(), built_in()))
    )

    path.write_text("no protocol", "utf-8")
    assert main(["protocol", "list"]) == 1
    assert "is not TOML" in capsys.readouterr().err
    usable, trouble = protocols_or_ours()
    assert usable == built_in() and trouble.startswith("The clinic's protocols are not used: ")


def test_a_region_without_a_protocol_fails_clearly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocol", "show", "knee"]) == 1
    assert "There is no protocol for the region 'knee'" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong_use:
        main(["protocol"])
    assert wrong_use.value.code == 2
