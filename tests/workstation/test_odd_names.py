"""Words and names that a shell may hand over: empty, not UTF-8, too long, or the place of something else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from archive import Archive
from tests.archive.objects import ultrasound
from tests.workstation.conftest import Sonofill, environment_of
from tests.workstation.test_bad_input import assert_one_sentence

STUDY = "1.2.3"
ODD = os.fsdecode(b"Bj\xf6rk")  # Latin-1
linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file's name is Unicode")


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """An archive of one study."""
    with Archive(tmp_path / "archive") as archive:
        archive.put(ultrasound(study=STUDY))
    return tmp_path / "archive"


@linux
@pytest.mark.parametrize("encoding", ["utf-8:strict", "utf-8:surrogateescape"])
def test_a_folder_whose_name_is_not_utf_8(tmp_path: Path, one: Path, encoding: str) -> None:
    """The document is JSON whatever the terminal's encoding, and names the very file; people are told it too."""
    odd = one.rename(tmp_path / ODD)
    environment = environment_of(tmp_path, PYTHONIOENCODING=encoding)
    for words, json_wanted in (([], False), (["--json"], True)):
        done = subprocess.run(
            [sys.executable, "-m", "workstation.cli", "archive", "show", STUDY, "--archive", str(odd), *words],
            env=environment,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        if json_wanted:
            (item,) = json.loads(done.stdout)["objects"]
            assert Path(item["file"]).is_file() and odd in Path(item["file"]).parents


@pytest.mark.parametrize(
    "words",
    [
        ["archive", "show", "{}"],
        ["archive", "export", "{}", "--out", "out"],
        ["archive", "finalise", "{}", "--by", "Reviewer"],
        ["archive", "deidentify", "{}", "--out", "out"],
        ["archive", "reassign", "{}", "--to-patient-id", "P9", "--reason", "typed", "--by", "Operator"],
        ["record-export", "{}"],
        ["ledger", "prove", "{}"],
        ["send", "{}", "--to", "PACS@127.0.0.1:1"],
    ],
)
def test_an_empty_word_or_one_that_is_no_text_is_no_study(sonofill: Sonofill, one: Path, words: list[str]) -> None:
    """Every UID begins with nothing: `archive reassign "$STUDY"` in a script that forgot STUDY took the only one."""
    before = (one / "ledger.jsonl").read_bytes()
    for given in ("", ODD):
        assert_one_sentence(sonofill(*(word.format(given) for word in words), "--archive", one, "--json"), status=2)
    assert (one / "ledger.jsonl").read_bytes() == before


@linux
def test_a_patient_is_not_called_by_bytes(sonofill: Sonofill, tmp_path: Path) -> None:
    words = ["record", "--device", "mock:normal", "--seconds", 1, "--phase", "pre", "--archive", tmp_path / "a"]
    for more in (["--patient-id", ODD], ["--patient-id", "P1", "--patient-name", ODD]):
        ran = sonofill(*words, *more)
        assert ran.status == 2 and ran.out == "" and "Traceback" not in ran.err
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("out", ["archive/ledger.jsonl", "archive/ledger.jsonl/below", "x" * 300, "archive/new"])
def test_a_place_that_cannot_be_written_or_is_the_archive_s_own(sonofill: Sonofill, one: Path, out: str) -> None:
    before = sorted(one.rglob("*"))
    place = one.parent / out
    for words in (
        ["archive", "export", STUDY, "--format", "folder", "--out", place, "--archive", one],
        ["audit", "pack", STUDY, "--out", place, "--archive", one],
    ):
        assert_one_sentence(sonofill(*words, "--json"))
    if "new" not in out:
        assert_one_sentence(
            sonofill(
                "simulate", "--scenario", "frozen", "--seconds", 0.1, "--size", "320x240", "--out", place, "--json"
            )
        )
    assert sorted(one.rglob("*")) == before


def test_no_dicom_file_is_no_sound_signature(sonofill: Sonofill, tmp_path: Path) -> None:
    (tmp_path / "text.dcm").write_text("no DICOM")
    ran = sonofill("signature", "check", "text.dcm", "--json")
    assert ran.status == 3 and ran.document["ok"] is None
    assert ran.document["files"][0]["file"] == str(tmp_path / "text.dcm")


def test_an_odd_file_of_another_maker_says_nothing_in_between(fresh_sonofill: Sonofill, tmp_path: Path) -> None:
    """pydicom warns of wrong values and quotes them; what a command prints on standard error is its own one line."""
    data = Path(str(get_testdata_file("CT_small.dcm"))).read_bytes()
    assert data.count(b"ISO_IR 100") == 1
    (tmp_path / "odd.dcm").write_bytes(data.replace(b"ISO_IR 100", b"Doe^Jane  "))
    assert fresh_sonofill("archive", "import", "odd.dcm", "--archive", "a").err == ""
    assert_one_sentence(fresh_sonofill("audit", "a", "--json"))
