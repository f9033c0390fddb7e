"""The pack that an auditor takes away: checked by its own verifier alone, shown and played in Chromium without a network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from archive import Archive
from audit.equipment import Entry, Kind, dumped
from procedure.demonstration import demonstration
from tests.workstation.report.encounter_files import files_of, study_of
from workstation.cli import main

_WATCH = """
(async () => {
  const figures = [...document.querySelectorAll(".moving")], clips = figures.filter(f => f.querySelector("button"));
  for (const f of clips) { await f.shown(0); f.querySelector("button").click(); }
  const until = performance.now() + 60000;
  while (clips.some(f => !f.dataset.ended) && performance.now() < until) await new Promise(r => setTimeout(r, 100));
  const link = document.querySelector("a[data-frame]"); link.click();
  const atEnd = f => +f.dataset.shown + 1 === JSON.parse(f.dataset.clip).frames.length || f.classList.contains("chosen");
  const told = { figures: figures.length, clips: clips.length, ended: clips.filter(f => f.dataset.ended).length,
    last: clips.every(atEnd),
    black: figures.filter(f => f.dataset.shown === undefined).length, chosen: document.querySelectorAll(".chosen").length,
    labels: document.querySelectorAll(".overlay:not([hidden]) svg").length,
    criteria: document.querySelectorAll(".criteria tr").length - 1,
    foreign: performance.getEntriesByType("resource").map(r => r.name).filter(n => !n.startsWith("file:")) };
  new Image().src = "http://127.0.0.1:PORT/" + encodeURIComponent(JSON.stringify(told));
})();
</script>"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pack")
    encounter = demonstration("occlusion-rescue")
    with Archive(folder / "archive") as archive:
        archive.put_all(files_of(encounter, folder).objects)
        archive.enter_equipment(
            dumped(Entry(Kind.SERVICE, "L12 SN 1", encounter.started_at, "Demo operator", "yearly"))
        )
    study = study_of(encounter).study_instance_uid
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONOFILL_CONFIG", str(folder / "config"))
        words = ["audit", "pack", study, "--archive", str(folder / "archive"), "--out", str(folder / "pack"), "--json"]
        assert main(words) == 0
        assert main(words) == 1  # nothing is written over
    yield folder / "pack"


def checked(pack: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The pack's own verifier, run where nothing of ours is found."""
    words = [sys.executable, "-I", str(pack / "verify.py"), str(pack), *more]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=tempfile.gettempdir())


@pytest.mark.requirement("N7")
@pytest.mark.requirement("C7")
def test_a_pack_checks_itself_and_every_changed_file_is_found(pack: Path, tmp_path: Path) -> None:
    key = (pack / "public-key.txt").read_text().strip()
    assert checked(pack, "--key", key).returncode == 0
    ran = checked(pack)
    assert ran.returncode == 0 and "The key came with the pack" in ran.stdout
    other = key[:-6] + ("A" if key[-6] != "A" else "B") + key[-5:]
    assert checked(pack, "--key", other).returncode == 1
    files = [next(pack.rglob(name)) for name in ("*.dcm", "*.tlog-proof", "*.jpg", "index.html", "record.pdf")]
    files += [pack / name for name in ("SHA256SUMS", "checkpoint.txt")]
    for file in files:
        copy = tmp_path / "copy"
        shutil.copytree(pack, copy)
        changed = copy / file.relative_to(pack)
        data = bytearray(changed.read_bytes())
        data[len(data) // 2] ^= 1
        changed.write_bytes(data)
        assert checked(copy, "--key", key).returncode == 1, file
        shutil.rmtree(copy)
    shutil.copytree(pack, tmp_path / "copy")
    next((tmp_path / "copy" / "dicom").iterdir()).unlink()
    (tmp_path / "copy" / "added.txt").write_text("added")
    ran = checked(tmp_path / "copy", "--key", key)
    assert ran.returncode == 1 and "is missing" in ran.stdout and "added.txt was added" in ran.stdout


def test_the_page_says_no_path_of_this_machine(pack: Path) -> None:
    text = (pack / "index.html").read_text()
    assert str(pack.parent) not in text and "http://www.w3.org/2000/svg" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


@pytest.mark.requirement("C7")
@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_every_clip_plays_in_a_browser_without_a_network(pack: Path, tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    said = threading.Event()

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(json.loads(unquote(self.path[1:])))
            said.set()
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:
            """Nothing."""

    shutil.copytree(pack, tmp_path / "copy")
    with HTTPServer(("127.0.0.1", 0), Ear) as ear:
        threading.Thread(target=ear.serve_forever, daemon=True).start()
        page = tmp_path / "copy" / "index.html"
        here = f"http://127.0.0.1:{ear.server_port}"
        text = page.read_text().replace("img-src ", f"img-src {here} ")
        page.write_text(text.replace("</script>", _WATCH.replace("http://127.0.0.1:PORT", here)))
        words = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking",
                 "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={tmp_path / 'profile'}",
                 "--remote-debugging-port=0", page.as_uri()]  # fmt: skip
        browser = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert said.wait(120)
        finally:
            browser.terminate()
            browser.wait(30)
            ear.shutdown()
    (found,) = told
    assert found["clips"] > 0 and found["ended"] == found["clips"] and found["last"]
    assert found["black"] == 0 and found["foreign"] == [] and found["criteria"] == 23
    assert found["labels"] > 0 and found["chosen"] == 1


def test_the_equipment_log_goes_with_it(pack: Path) -> None:
    assert "L12 SN 1: service: yearly; by Demo operator" in (pack / "equipment.txt").read_text("utf-8")
    page = (pack / "index.html").read_text("utf-8")
    assert "no phantom check is in it" in page and "href='equipment.txt'" in page
    assert "equipment.txt" in (pack / "SHA256SUMS").read_text("utf-8")
