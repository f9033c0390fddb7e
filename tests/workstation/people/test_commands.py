"""Sign-in as the command line does it: set up, used, locked, ended; and what each role's commands then do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.objects import ultrasound
from tests.workstation.people.clinic import PASSWORD, clinic
from tests.workstation.people.conftest import Desk
from tests.workstation.people.records import store_draft
from workstation.cli import main
from workstation.people.sessions import IDLE_S


@pytest.fixture
def manned(desk: Desk) -> Desk:
    clinic(desk.root)
    return desk


def test_setting_up_and_ending(desk: Desk) -> None:
    with Archive(desk.root) as kept:
        kept.put(ultrasound(study="1.2.3"))
    assert len(desk.json("archive", "list")) == 1
    with desk.typed(PASSWORD):
        assert "administrator" in desk.run("people", "add", "anna", "--full-name", "A. Nna", "--role", "trainee",
                                           "--password-stdin", status=2)[1]  # fmt: skip
    with desk.typed(PASSWORD):
        made = desk.json("people", "add", "anna", "--full-name", "A. Nna", "--role", "administrator", "--role", "clinician",
                         "--password-stdin")  # fmt: skip
    assert made["roles"] == ["clinician", "administrator"]
    assert "sign in first" in desk.run("archive", "list", status=1)[1]
    desk.sign_in("anna")
    assert desk.json("signin", "--who")["full_name"] == "A. Nna"
    assert len(desk.json("archive", "list")) == 1
    desk.run("signout")
    assert desk.json("signin", "--who", status=1)["name"] is None
    desk.run("people", "remove", "anna", status=1)
    desk.sign_in("anna")
    desk.run("people", "remove", "anna")
    assert desk.json("people", "list") == {"set_up": False, "as_told": True, "accounts": []}
    assert desk.json("archive", "verify")["ok"]
    assert desk.json("signin", "--who")["set_up"] is False


@pytest.mark.requirement("S20")
def test_no_password_and_no_token_stands_anywhere(manned: Desk, tmp_path: Path) -> None:
    secret = "another few plain words"
    with manned.typed(secret):
        told = [*manned.run("signin", "trainee", "--password-stdin", status=1)]
    manned.sign_in("administrator")
    token = (tmp_path / "state" / "sessions.json").read_text().split('"')[3]
    with manned.typed(secret):
        told += manned.run("people", "password", "trainee", "--password-stdin")
    for folder in (manned.root, tmp_path / "config", tmp_path / "state"):
        for path in (one for one in folder.rglob("*") if one.is_file()):
            assert path.stat().st_mode & 0o077 == 0 or "state" in path.name or "index" in path.name
            assert secret.encode() not in path.read_bytes() and PASSWORD.encode() not in path.read_bytes(), path
            assert token.encode() not in path.read_bytes() or path.name == "sessions.json"
    assert secret not in "".join(told)


@pytest.mark.parametrize("bad", ["short", "trainee trainee", "password password", "aaaaaaaaaaaaaaa"])
def test_a_password_that_is_soon_guessed_is_not_taken(manned: Desk, bad: str) -> None:
    manned.sign_in("trainee")
    with manned.typed(PASSWORD, bad):
        manned.run("people", "password", "--password-stdin", status=1)


def test_five_wrong_passwords_lock_longer_each_time_and_an_administrator_unlocks(
    manned: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)

    def tried(password: str = "no such words here") -> str:
        with manned.typed(password):
            return manned.run("signin", "trainee", "--password-stdin", status=1)[1]

    for _ in range(4):
        assert tried().strip().endswith("do not fit.")
    assert "locked for 60 s" in tried()
    assert "is locked" in tried(PASSWORD), "the right one does not help meanwhile"
    for wait_s in (120, 240, 480):
        now += 3600
        assert f"{wait_s // 60} min" in tried()
        now += wait_s - 1
        assert "is locked" in tried(PASSWORD)
    assert any(one["locked_s"] for one in as_administrator(manned, "people", "list")["accounts"])
    manned.run("people", "unlock", "trainee")
    manned.sign_in("trainee")
    with manned.typed("x"):
        assert "do not fit" in manned.run("signin", "nobody", "--password-stdin", status=1)[1]


def as_administrator(desk: Desk, *words: str) -> dict[str, list[dict[str, object]]]:
    desk.sign_in("administrator")
    told: dict[str, list[dict[str, object]]] = desk.json(*words)
    return told


def test_a_session_ends_when_idle_and_with_the_password_and_the_account(
    manned: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    manned.sign_in("clinician")
    for _ in range(3):
        now += IDLE_S - 1
        manned.run("archive", "list")
    now += IDLE_S + 1
    assert "sign in again" in manned.run("archive", "list", status=1)[1]
    manned.sign_in("clinician")
    with manned.typed(PASSWORD, "quite other words now"):
        manned.run("people", "password", "--password-stdin")
    manned.run("archive", "list", status=1)
    manned.sign_in("clinician", "quite other words now")
    manned.run("archive", "list")
    token = Path(manned.tmp_path / "state" / "sessions.json").read_text()
    as_administrator(manned, "people", "list")
    manned.run("people", "remove", "clinician")
    Path(manned.tmp_path / "state" / "sessions.json").write_text(token)
    manned.run("archive", "list", status=1)


def test_a_script_signs_in_by_a_file_that_it_alone_can_read(manned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = manned.tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    file.chmod(0o644)
    monkeypatch.setenv("SONOFILL_USER", "clinician")
    monkeypatch.setenv("SONOFILL_PASSWORD_FILE", str(file))
    assert "chmod 600" in manned.run("archive", "list", status=1)[1]
    file.chmod(0o600)
    manned.run("archive", "list")
    manned.run("people", "list", status=1)


@pytest.mark.requirement("S20")
def test_a_trainee_signs_her_own_and_a_clinician_attests_it(manned: Desk) -> None:
    store_draft(manned.root, "2.25.1", "T. Trainee")
    store_draft(manned.root, "2.25.2", "C. Clinician")
    manned.sign_in("trainee")
    assert "nobody else" in manned.run("archive", "finalise", "2.25.1", "--by", "C. Clinician", status=1)[1]
    manned.run("archive", "finalise", "2.25.2", "--by", "T. Trainee", status=1)
    assert manned.json("archive", "finalise", "2.25.1", "--by", "T. Trainee")["state"] == "final"
    words = ("archive", "attest", "2.25.1", "--registration", "N-TRA", "--by")
    assert "may not attest" in manned.run(*words, "T. Trainee", status=1)[1]
    manned.sign_in("reviewer")
    manned.run(*words, "R. Reviewer", status=1)
    manned.sign_in("clinician")
    manned.run("archive", "finalise", "2.25.2", "--by", "C. Clinician")
    manned.run("archive", "attest", "2.25.2", "--registration", "N-CLI", "--by", "C. Clinician", status=1)
    assert "another one" in manned.run(*words, "C. Clinician", status=1)[1], "the number is another person's"
    done = manned.json("archive", "attest", "2.25.1", "--registration", "N-CLI", "--by", "C. Clinician")
    assert done["state"] == "attested"

    manned.sign_in("administrator")
    manned.run("archive", "show", "2.25.1", status=1)
    told = [(event["did"], event["by"], event["ok"]) for event in manned.json("trail")["events"]]
    assert ("changed", "trainee", True) in told and ("changed", "clinician", True) in told
    assert ("refused", "trainee", False) in told and ("signed in", "reviewer", True) in told
    assert manned.json("archive", "verify")["ok"]


def test_services_run_without_anybody(manned: Desk) -> None:
    manned.run("outbox", "list")
    manned.run("archive", "list", status=1)


def test_accounts_that_were_deleted_or_edited_are_noticed(manned: Desk) -> None:
    path = manned.root / "people" / "accounts.json"
    kept = path.read_text()
    path.unlink()
    assert "missing" in manned.run("archive", "list", status=1)[1]
    path.write_text(kept.replace('"trainee"\n', '"administrator"\n'))
    manned.sign_in("trainee")
    out, err = manned.run("people", "list", "--json")
    assert "somebody changed the file" in err and '"as_told": false' in out
    path.write_text(kept.replace('"version"', '"versoin"'))
    assert "damaged" in manned.run("archive", "list", status=1)[1]


def test_files_of_the_archive_are_its_own_by_whatever_path(manned: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    record = store_draft(manned.root, "2.25.1", "C. Clinician")
    link = manned.tmp_path / "link"
    link.symlink_to(manned.root / "studies")
    by_path = [["report", str(record.parent), "--for", "record", "--out", str(manned.tmp_path / "r.pdf")],
               ["read-screen", str(record)], ["record-export", str(link / "2.25.1")],
               ["archive", "deidentify", str(manned.root), "--out", str(manned.tmp_path / "d")]]  # fmt: skip
    for words in by_path:
        assert main(words) == 1 and "sign in first" in capsys.readouterr().err, words
    manned.sign_in("administrator")
    for words in by_path:
        assert main(words) == 1 and "may not" in capsys.readouterr().err, words
    manned.sign_in("trainee")
    assert main(by_path[2]) == 0
    assert main(by_path[3]) == 1 and "may not make copies" in capsys.readouterr().err, "not all records are hers"
    assert {event["did"] for event in as_events(manned)} >= {"opened", "refused"}


def as_events(desk: Desk) -> list[dict[str, object]]:
    return as_administrator(desk, "trail", "list")["events"]
