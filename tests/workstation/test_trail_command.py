"""What leaves an archive stands in its ledger, among the lines of its objects, and a change to it is found like any other."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.archive.objects import ultrasound
from workstation.cli import main
from workstation.proof.telling import account


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    with Archive(tmp_path / "a") as archive:
        archive.put(ultrasound(study="1.2.3", seed=1))
    return tmp_path / "a"


def answer(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("S20")
def test_an_export_is_told_between_what_is_stored(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "trail", "--archive", stored) == {"events": []}
    answer(capsys, "archive", "export", "1.2.3", "--out", tmp_path / "out", "--archive", stored)
    (event,) = answer(capsys, "trail", "--archive", stored)["events"]
    assert (event["line"], event["act"], event["studies"], event["ok"]) == (2, "Export", ["1.2.3"], True)
    assert (event["by"], event["host"]) == (account(), socket.gethostname())
    assert str(tmp_path) not in event["message"]
    with Archive(stored) as archive:
        archive.put(ultrasound(study="1.2.3", seed=2))
        assert archive.verify().ok and len(archive.objects("1.2.3")) == 2
    (stored / "index.sqlite").unlink()
    checkpoint = answer(capsys, "ledger", "checkpoint", "--archive", stored)
    assert checkpoint["size"] == 3
    proven = answer(capsys, "ledger", "prove", "1.2.3", "--archive", stored, "--out", tmp_path / "proofs")
    assert len(proven["proofs"]) == 2

    ledger = stored / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'UserID=\\"', b'UserID=\\"x', 1))
    assert not answer(capsys, "archive", "verify", "--archive", stored, status=1)["ok"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_what_cannot_be_written_can_be_given_away_and_says_so(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (*stored.rglob("*"), stored):
        path.chmod(0o500 if path.is_dir() else 0o400)
    assert main(["archive", "export", "1.2.3", "--out", str(tmp_path / "out"), "--archive", str(stored)]) == 0
    assert "The trail does not tell of this" in capsys.readouterr().err
    for path in (stored, *stored.rglob("*")):
        path.chmod(0o700)
