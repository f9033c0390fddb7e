"""The autosave file: the old document or the new one, never a torn one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotation import Document, DocumentUnreadable, Finding, Point
from annotation.autosave import load, save

DOCUMENT = Document(findings=(Finding(kind="point", shape=Point(at=(3, 4)), name="tip", by="AB"),))


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save(DOCUMENT, tmp_path / "document.json")
    assert load(tmp_path / "document.json") == DOCUMENT
    assert [p.name for p in tmp_path.iterdir()] == ["document.json"]


def test_no_file_is_an_empty_document(tmp_path: Path) -> None:
    assert load(tmp_path / "document.json") == Document()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_text(DOCUMENT.to_json()[:-20])
    with pytest.raises(DocumentUnreadable, match=r"document\.json"):
        load(path)


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="this system has no /dev/full, which is a full disk for one file"
)
def test_a_full_disk_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    save(DOCUMENT, path)
    (tmp_path / "document.json.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"):
        save(Document(), path)
    assert load(path) == DOCUMENT


WRITER = """
import sys
from pathlib import Path
from annotation import Add, Finding, History, Point
from annotation.autosave import save
history = History()
for number in range(100000):
    history.do(Add(Finding(kind="point", shape=Point(at=(number, 0)), by="AB")))
    save(history.document, Path(sys.argv[1]))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX systems")
@pytest.mark.parametrize("wait_s", [0.0, 0.013, 0.05])
def test_a_kill_at_any_moment_costs_one_action_at_most(tmp_path: Path, wait_s: float) -> None:
    path = tmp_path / "document.json"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().split()]
    kept = len(load(path).findings)
    assert kept >= (told[-1] if told else 0) + 1
