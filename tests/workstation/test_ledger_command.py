"""`sonofill ledger` and `archive verify --checkpoint`, as an auditor types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.archive.objects import ultrasound
from workstation.cli import main
from workstation.proof.keys import key_path


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    with Archive(tmp_path / "a") as archive:
        for k in range(3):
            archive.put(ultrasound(study="1.2.3", seed=k))
    return tmp_path / "a"


def answer(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    assert main([*map(str, words), "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("N7")
def test_a_checkpoint_kept_elsewhere_tells_that_the_archive_was_rolled_back(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(stored, tmp_path / "before")
    with Archive(stored) as archive:
        archive.put(ultrasound(seed=9))
    kept = tmp_path / "kept.txt"
    made = answer(capsys, "ledger", "checkpoint", "--archive", stored, "--out", kept)
    assert kept.read_text() == made["checkpoint"] and made["size"] == 4
    assert key_path().stat().st_mode & 0o777 == 0o600 and not list(stored.rglob("*key*"))
    assert [p.name for p in stored.rglob("*ledger*")] == ["ledger.jsonl"]
    told = answer(capsys, "archive", "verify", "--archive", stored, "--checkpoint", kept)
    assert told == {"ok": True, "problems": [], "notes": []}
    assert answer(capsys, "ledger", "check", kept, "--archive", stored, "--key", made["public_key"])["ok"]

    shutil.rmtree(stored)
    shutil.copytree(tmp_path / "before", stored)
    told = answer(capsys, "archive", "verify", "--archive", stored, "--checkpoint", kept, status=1)
    assert {p["kind"] for p in told["problems"]} == {"checkpoint"}
    assert not answer(capsys, "ledger", "check", kept, "--archive", stored, status=1)["ok"]
    told = answer(capsys, "archive", "verify", "--archive", stored, status=1)  # the workplace itself remembers
    assert {p["kind"] for p in told["problems"]} == {"checkpoint"} and "Nothing outside" in told["notes"][-1]
    shutil.rmtree(tmp_path / "config")
    assert answer(capsys, "archive", "verify", "--archive", stored)["ok"]


@pytest.mark.requirement("N7")
def test_an_object_is_proven_without_its_archive(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "proofs"
    assert len(answer(capsys, "ledger", "prove", "1.2", "--archive", stored, "--out", out)["proofs"]) == 3
    key = answer(capsys, "ledger", "key", "--archive", stored)["public_key"]
    files = {path.stem: path for path in stored.rglob("*.dcm")}
    shutil.rmtree(tmp_path / "config")
    shutil.move(stored, tmp_path / "elsewhere")
    for proof in out.iterdir():
        file = tmp_path / "elsewhere" / files[proof.stem].relative_to(stored)
        assert answer(capsys, "ledger", "check", proof, "--object", file, "--key", key)["ok"]
        with file.open("r+b") as changed:
            changed.seek(-1, 2)
            changed.write(b"~")
        assert not answer(capsys, "ledger", "check", proof, "--object", file, "--key", key, status=1)["ok"]
    assert main(["ledger", "check", str(proof)]) == 0
    assert "None of the known keys" in capsys.readouterr().out


def test_a_later_state_is_proven_to_go_on_from_an_earlier_one(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early, proof = tmp_path / "early", tmp_path / "proof"
    answer(capsys, "ledger", "checkpoint", "--archive", stored, "--out", early)
    with Archive(stored) as archive:
        archive.put(ultrasound(seed=9))
    answer(capsys, "ledger", "prove", "--since", early, "--archive", stored, "--out", proof)
    assert answer(capsys, "ledger", "check", proof, "--since", early)["ok"]
    proof.write_text(proof.read_text().replace("old 3", "old 2"))
    assert not answer(capsys, "ledger", "check", proof, "--since", early, status=1)["ok"]


def test_a_key_that_others_can_read_is_not_used(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "ledger", "checkpoint", "--archive", stored)
    key_path().chmod(0o644)
    assert main(["ledger", "checkpoint", "--archive", str(stored)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "can be read by others" in said.err and said.err.count("\n") == 1
    key_path().chmod(0o600)
    key_path().write_text("no key")
    assert main(["ledger", "checkpoint", "--archive", str(stored)]) == 1
    assert "is damaged" in capsys.readouterr().err


def test_an_old_checkpoint_is_checked_after_the_key_was_lost(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old"
    answer(capsys, "ledger", "checkpoint", "--archive", stored, "--out", old)
    key_path().unlink()
    answer(capsys, "ledger", "checkpoint", "--archive", stored)
    assert main(["ledger", "check", str(old), "--archive", str(stored)]) == 0
    assert "was signed by the key" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["prove"], "Say what is to be proven"),
        (["prove", "1.2"], "a proof each"),
        (["prove", "9.9"], "no study 9.9"),
        (["check", "nothing"], "cannot be read"),
        (["check", "pyproject.toml"], "This is no checkpoint"),
        (["check", "docs/window.png"], "no text"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    stored: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", *words, "--archive", str(stored)]) in (1, 2)
    said = capsys.readouterr()
    assert says in said.err and said.err.count("\n") == 1
