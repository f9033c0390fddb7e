"""Wrong input gets one clear sentence, a fitting exit status, no traceback, and harms nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.workstation.conftest import Ran, Sonofill

pytestmark = pytest.mark.timeout(300)


def assert_one_sentence(ran: Ran, status: int = 1) -> None:
    assert ran.status == status, (ran.status, ran.err)
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert ran.err.startswith("sonofill: ") and ran.err.count("\n") == 1, ran.err


def record_words(archive: Path, device: str) -> list[object]:
    return ["record", "--device", device, "--seconds", 1, "--patient-id", "P1", "--phase", "pre", "--archive", archive]


@pytest.mark.parametrize("device", ["uvc:dead:beef:NOPE", "mock:nobody", "nothing-like-this", "missing.avi"])
def test_unknown_device(sonofill: Sonofill, tmp_path: Path, device: str) -> None:
    assert_one_sentence(sonofill(*record_words(tmp_path / "archive", device)))


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\xff\xd8\xff\xe0 cut", b"RIFF\0\0\0\0AVI "])
def test_a_file_that_is_no_picture(sonofill: Sonofill, tmp_path: Path, content: bytes) -> None:
    for suffix in (".jpg", ".avi", ".dcm", ".png"):
        file = tmp_path / f"broken{suffix}"
        file.write_bytes(content)
        assert_one_sentence(sonofill(*record_words(tmp_path / "archive", str(file))))


@pytest.mark.parametrize(
    "words",
    [
        ["--size", "big"], ["--seconds", "-1"], ["--seconds", "nan"], ["--fps", "nan"], ["--fps", "-5"],
        ["--phase", "later"], ["--format", "GIF"],
        ["--patient-id", "a\\b"], ["--patient-id", " "],
    ],
)  # fmt: skip
def test_nonsense_arguments(sonofill: Sonofill, tmp_path: Path, words: list[str]) -> None:
    ran = sonofill(*record_words(tmp_path / "archive", "mock:normal"), *words)
    assert ran.status == 2 and "Traceback" not in ran.err and ran.out == ""
    assert not (tmp_path / "archive").exists()


def test_a_format_that_is_not_offered(sonofill: Sonofill, tmp_path: Path) -> None:
    ran = sonofill(*record_words(tmp_path / "archive", "mock:normal"), "--size", "333x333")
    assert_one_sentence(ran)
    assert "offers" in ran.err


def test_an_archive_that_is_a_file(sonofill: Sonofill, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert_one_sentence(sonofill(*record_words(tmp_path / "file", "mock:normal")))


def test_no_archive_there(sonofill: Sonofill, tmp_path: Path) -> None:
    for words in (["archive", "list"], ["archive", "verify"], ["archive", "show", "1.2.3"]):
        assert_one_sentence(sonofill(*words, "--archive", tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


def test_an_unknown_study(sonofill: Sonofill, tmp_path: Path) -> None:
    sonofill(*record_words(tmp_path / "archive", "mock:normal"), "--size", "640x480")
    assert_one_sentence(sonofill("archive", "show", "1.2.3.4", "--archive", tmp_path / "archive"))
    assert_one_sentence(sonofill("archive", "show", "../../etc", "--archive", tmp_path / "archive"))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_stops_cleanly_and_harms_nothing(sonofill: Sonofill, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], check=True)
    try:
        archive = disk / "archive"
        first = sonofill(*record_words(archive, "mock:normal"), "--size", "640x480", "--json")
        assert first.status == 0, first.err
        ran = sonofill(*record_words(archive, "mock:normal"), "--seconds", 30, "--size", "1920x1080", "--json")
        assert "Traceback" not in ran.err
        assert ran.status == 0, ran.err
        assert ran.document["ended"] == "disk-full"
        assert "full" in ran.document["why"] and "free some room" in ran.document["why"]
        assert ran.err.startswith("sonofill: ") and ran.err.count("\n") == 1, "the clinician is told"
        assert ran.document["frames_saved"] > 0
        verified = sonofill("archive", "verify", "--archive", archive, "--json")
        assert verified.document.items() >= {"ok": True, "problems": []}.items()
        assert len(sonofill("archive", "list", "--archive", archive, "--json").document) == 2
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_dicom_file_that_is_not_ultrasound(sonofill: Sonofill, tmp_path: Path) -> None:
    from pydicom.data import get_testdata_file

    for name in ("CT_small.dcm", "MR_small.dcm", "reportsi.dcm"):
        ran = sonofill(*record_words(tmp_path / "archive", str(get_testdata_file(name))))
        assert_one_sentence(ran)
        assert "ultrasound" in ran.err or "no picture" in ran.err


def test_two_programs_on_one_archive(sonofill: Sonofill, tmp_path: Path) -> None:
    """Two recordings at once into one archive: both whole, one ledger."""
    from concurrent.futures import ThreadPoolExecutor

    archive = tmp_path / "archive"
    words = [*record_words(archive, "mock:normal"), "--size", "640x480", "--fps", "15", "--json"]
    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(sonofill, *words) for _ in range(2))
    assert first.result().status == second.result().status == 0, (first.result().err, second.result().err)
    assert len(sonofill("archive", "list", "--archive", archive, "--json").document) == 2
    assert sonofill("archive", "verify", "--archive", archive, "--json").document["ok"]


def test_recover_names_what_it_cannot_find(sonofill: Sonofill, tmp_path: Path) -> None:
    assert sonofill("recover", "--archive", tmp_path / "nowhere", "--json").document == {"streams": []}
    assert_one_sentence(sonofill("recover", "--archive", tmp_path / "nowhere", "--discard", "nothing"))


def test_the_program_s_own_folder_is_no_archive(sonofill: Sonofill) -> None:
    room = Path(__file__).parents[2] / "archive"
    before = sorted(room.iterdir())
    ran = sonofill(*record_words(room, "mock:normal"))
    assert_one_sentence(ran)
    assert sorted(room.iterdir()) == before
