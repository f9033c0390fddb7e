"""Players of the web: bundled once from their npm packages, served from 127.0.0.1, shown by Chromium."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from benchmarks.players.screen import HEIGHT, WIDTH, NothingShown

HERE: Final = Path(__file__).parent
_LOCK: Final = HERE / "package-lock.json"
_NODE_ONLY: Final = ("fs", "path", "crypto", "module", "url", "worker_threads")


def chromium() -> str | None:
    """The browser's program, by the names that distributions give it; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def version_of(package: str) -> str:
    """The version that the lock file pins."""
    return str(json.loads(_LOCK.read_text())["packages"][f"node_modules/{package}"]["version"])


def build(folder: Path) -> Path:
    """The players as files that a browser can load; made once for each content of the lock."""
    made, packages = folder / "site", folder / "node_modules"
    stamp, fetched = folder / "made-of", folder / "fetched-of"
    sources = [_LOCK, *sorted(HERE.glob("*.js"))]
    want = "\n".join(path.read_text() for path in sources)
    if stamp.exists() and stamp.read_text() == want:
        return made
    if not (fetched.exists() and fetched.read_bytes() == _LOCK.read_bytes()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "ci", *quiet], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        shutil.copy(_LOCK, fetched)
    shutil.rmtree(made, ignore_errors=True)
    loader = packages / "@cornerstonejs" / "dicom-image-loader" / "dist" / "esm"
    bundle = [
            "node", packages / "esbuild" / "bin" / "esbuild", "--bundle", "--format=esm", "--log-level=error",
            "--define:global=globalThis",
            *(f"--alias:{name}={HERE / 'nothing.js'}" for name in _NODE_ONLY),
    ]  # fmt: skip
    for source, name, *more in (
        (HERE / "dwv.js", "dwv"),
        (HERE / "dwv.js", "dwv-newest", "--alias:dwv=dwv-newest"),
        (HERE / "dwv_study.js", "dwv_study", "--alias:dwv=dwv-newest"),
        (HERE / "cornerstone.js", "cornerstone"),
        (HERE / "cornerstone_study.js", "cornerstone_study"),
        (loader / "decodeImageFrameWorker.js", "decodeImageFrameWorker"),
    ):
        words = [*map(str, bundle), str(source), f"--outfile={made / name}.js", *more]
        subprocess.run(words, cwd=folder, env={**os.environ, "NODE_PATH": str(packages)}, check=True)
    shutil.copytree(packages / "dwv" / "decoders", made / "decoders")
    shutil.copytree(packages / "dwv-newest" / "dist" / "assets", made / "assets")
    codec = packages / "@cornerstonejs" / "codec-libjpeg-turbo-8bit"
    place = made / "@cornerstonejs" / codec.name / "decodewasm"
    place.parent.mkdir(parents=True)
    shutil.copy(codec / "dist" / "libjpegturbowasm_decode.wasm", place)
    stamp.write_text(want)
    return made


@dataclass
class _Play:
    """The page to show, the files that it may ask for, what it is to do with them, and what it has told."""

    player: str
    files: Mapping[str, Path]
    asked: Sequence[object] = ()
    told: dict[str, str] = field(default_factory=dict)
    begun: threading.Event = field(default_factory=threading.Event)


class _Site(http.server.SimpleHTTPRequestHandler):
    """The built players, the clip, and an ear for what a page tells."""

    def __init__(self, play: _Play, *more: Any, **facts: Any) -> None:
        self._play = play
        super().__init__(*more, **facts)

    def do_GET(self) -> None:
        path = unquote(self.path.partition("?")[0])
        if path == "/":
            self._give((HERE / "page.html").read_bytes().replace(b"PLAYER", self._play.player.encode()), "text/html")
        elif path == "/asked.json":
            self._give(json.dumps(self._play.asked).encode(), "application/json")
        elif path.startswith("/file/") and (name := path.removeprefix("/file/")) in self._play.files:
            self._give(self._play.files[name].read_bytes(), "application/dicom")
        elif path.endswith("decodewasm"):
            self._give((Path(self.directory) / path[1:]).read_bytes(), "application/wasm")
        else:
            super().do_GET()

    def do_POST(self) -> None:
        words = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        self._play.told[self.path.rpartition("/")[2]] = words
        self._play.begun.set()
        self._give(b"", "text/plain")

    def _give(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *words: object) -> None:
        """Nothing: what a page loads is of no interest."""


@contextmanager
def shown(display: str, site: Path, player: str, clip: Path, scratch: Path, query: str = "") -> Iterator[None]:
    """Chromium with this player playing this clip. Raises NothingShown where the page tells an error or nothing."""
    play = _Play(player, {"clip.dcm": clip})
    window = [f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0"]
    with _browsing(site, play, scratch / f"profile-{player}-{query}-{clip.stem[-6:]}", display, window, query):
        yield


def ask(site: Path, player: str, files: Mapping[str, Path], asked: Sequence[object], scratch: Path) -> list[Any]:
    """What the page of a player answers to each question, in a browser without a screen.

    Raises NothingShown where it tells an error or nothing in two minutes.
    """
    play = _Play(player, files, asked)
    with _browsing(site, play, scratch / f"profile-{player}", "", ["--headless=new"]):
        answers: list[Any] = json.loads(play.told["answer"])
    return answers


@contextmanager
def _browsing(
    site: Path, play: _Play, profile: Path, display: str, window: Sequence[str], query: str = ""
) -> Iterator[None]:
    handler = functools.partial(_Site, play, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{query}"
    words = [
        chromium() or "chromium", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--noerrdialogs",
        "--enable-logging=stderr", f"--user-data-dir={profile}", *window,
        f"--app={address}" if display else address,
    ]  # fmt: skip
    with Path(f"{profile}.log").open("wb") as log:
        browser = subprocess.Popen(words, env={**os.environ, "DISPLAY": display}, stdout=log, stderr=log)
        try:
            if not play.begun.wait(120) or "error" in play.told:
                raise NothingShown(f"{play.player} showed nothing: {play.told.get('error') or 'it told nothing'}")
            yield
        finally:
            browser.terminate()
            browser.wait(20)
            server.shutdown()
            server.server_close()
