"""`sonofill signature`, and that what the workplace stores is signed once it was set up."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from tests.archive.objects import ultrasound
from workstation.cli import main
from workstation.proof.certificate import certificate_path
from workstation.proof.opening import open_archive


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def check(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    assert main(["signature", "check", *map(str, words), "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("N7")
def test_what_is_stored_is_signed_from_then_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_archive(tmp_path / "a") as archive:
        archive.put(ultrasound(study="1.2.3"))
    assert main(["signature", "setup", "--name", "Clinic North"]) == 0
    assert "CN=Clinic North" in capsys.readouterr().out
    obj = ultrasound(study="1.2.3", seed=2)
    with open_archive(tmp_path / "a") as archive:
        path = archive.put(obj)
        assert archive.put(obj) == path  # again, as after a crash
        archive.put(ultrasound(study="1.2.3", seed=3), imported=True)
        assert archive.verify().ok
    told = check(capsys, "1.2.3", "--archive", tmp_path / "a")
    assert told["ok"] and sorted(row["verdict"] for row in told["files"]) == ["intact", "unsigned", "unsigned"]
    words = ["dcmsign", "--quiet", "--verify", "+rc", "+cf", str(certificate_path()), str(path)]
    assert subprocess.run(words, check=False, capture_output=True).returncode == 0
    copy = tmp_path / "copy.dcm"
    dataset = dcmread(path)
    dataset.PatientName = "Put^Right"
    dataset.save_as(copy)
    told = check(capsys, copy, status=1)
    assert told["files"][0]["verdict"] == "identity_changed"
    assert told["files"][0]["what"].startswith("pixels and report intact, identity")
    assert main(["signature", "certificate"]) == 0
    assert capsys.readouterr().out == certificate_path().read_text()


def test_a_save_does_not_wait_for_a_key(tmp_path: Path, config: Path) -> None:
    main(["signature", "setup", "--name", "Clinic North"])
    (config / "signature-key.pem").write_text("damaged")
    with open_archive(tmp_path / "a") as archive:
        archive.put(ultrasound())
        assert any("Nothing is signed" in note for note in archive.notes)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["setup"], "Say whose signature"),
        (["setup", "--key", "x"], "comes with its certificate"),
        (["setup", "--key", "x", "--certificate", "y"], "cannot be read"),
        (["setup", "--name", "x" * 65], "1 to 64"),
        (["certificate"], "signs nothing"),
    ],
)
def test_mistakes_are_told_in_a_sentence(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["signature", *words]) in (1, 2)
    said = capsys.readouterr()
    assert says in said.err and said.err.count("\n") == 1
