"""Players of the web: bundled once from their npm packages, served from 127.0.0.1, shown by Chromium."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.players.screen import HEIGHT, WIDTH, NothingShown

HERE: Final = Path(__file__).parent
_LOCK: Final = HERE / "package-lock.json"
_NODE_ONLY: Final = ("fs", "path", "crypto", "module", "url", "worker_threads")


def build(folder: Path) -> Path:
    """The players as files that a browser can load; made once for each content of the lock."""
    made, packages = folder / "site", folder / "node_modules"
    stamp = folder / "made-of"
    sources = [_LOCK, HERE / "nothing.js", HERE / "dwv.js", HERE / "cornerstone.js"]
    want = "\n".join(path.read_text() for path in sources)
    if stamp.exists() and stamp.read_text() == want:
        return made
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "ci", *quiet], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    loader = packages / "@cornerstonejs" / "dicom-image-loader" / "dist" / "esm"
    bundle = [
            "node", packages / "esbuild" / "bin" / "esbuild", "--bundle", "--format=esm", "--log-level=error",
            "--define:global=globalThis",
            *(f"--alias:{name}={HERE / 'nothing.js'}" for name in _NODE_ONLY),
    ]  # fmt: skip
    for source, name, *more in (
        (HERE / "dwv.js", "dwv"),
        (HERE / "dwv.js", "dwv-newest", "--alias:dwv=dwv-newest"),
        (HERE / "cornerstone.js", "cornerstone"),
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
    """What is to be played, and what the page has told of it."""

    clip: Path
    player: str
    told: dict[str, str] = field(default_factory=dict)
    begun: threading.Event = field(default_factory=threading.Event)


class _Site(http.server.SimpleHTTPRequestHandler):
    """The built players, the clip, and an ear for what a page tells."""

    def __init__(self, play: _Play, *more: Any, **facts: Any) -> None:
        self._play = play
        super().__init__(*more, **facts)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self._give((HERE / "page.html").read_bytes().replace(b"PLAYER", self._play.player.encode()), "text/html")
        elif path == "/clip.dcm":
            self._give(self._play.clip.read_bytes(), "application/dicom")
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
    play = _Play(clip, player)
    handler = functools.partial(_Site, play, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    profile = scratch / f"profile-{player}-{query}-{clip.stem[-6:]}"
    words = [
        "chromium", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--noerrdialogs", "--enable-logging=stderr",
        f"--user-data-dir={profile}",
        f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0", f"--app=http://127.0.0.1:{server.server_port}/{query}",
    ]  # fmt: skip
    log = (scratch / f"{profile.name}.log").open("wb")
    browser = subprocess.Popen(words, env={**os.environ, "DISPLAY": display}, stdout=log, stderr=log)
    try:
        if not play.begun.wait(120) or "error" in play.told:
            raise NothingShown(f"{player} did not play: {play.told.get('error') or 'it told nothing'}")
        yield
    finally:
        browser.terminate()
        browser.wait(20)
        log.close()
        server.shutdown()
        server.server_close()
