"""What vouches from outside: a time-stamping authority (openssl) and a witness (written here by its specification)."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archive import Archive
from tests.archive.objects import ultrasound
from tests.interop.tools import run
from workstation.cli import main

pytestmark = pytest.mark.requirement("N7")


@contextmanager
def served(answer: Callable[[str, bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A web server on this machine that answers what is posted; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Stamper:
    """openssl as a time-stamping authority; `certificate` is what others trust."""

    folder: Path
    certificate: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.certificate = self.folder / "authority.pem"
        self.config = self.folder / "tsa.cnf"
        self.config.write_text(
            f"[tsa]\ndefault_tsa = one\n[one]\nserial = {self.folder}/serial\nsigner_cert = {self.folder}/tsa.pem\n"
            f"signer_key = {self.folder}/tsa.key\nsigner_digest = sha256\n"
            "default_policy = 1.3.6.1.4.1.32473.1\ndigests = sha256, sha512\naccuracy = secs:1\n"
        )
        key = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        run(
            "openssl",
            *key,
            "-x509",
            "-keyout",
            self.folder / "a.key",
            "-subj",
            "/CN=authority",
            "-out",
            self.certificate,
        )
        run(
            "openssl", *key, "-keyout", self.folder / "tsa.key", "-subj", "/CN=stamper", "-out", self.folder / "tsa.csr"
        )
        (self.folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
        sign = (
            "x509",
            "-req",
            "-in",
            self.folder / "tsa.csr",
            "-CA",
            self.certificate,
            "-CAkey",
            self.folder / "a.key",
        )
        run("openssl", *sign, "-CAcreateserial", "-extfile", self.folder / "ext", "-out", self.folder / "tsa.pem")

    def answer(self, _path: str, query: bytes) -> tuple[int, bytes]:
        asked, reply = self.folder / "query", self.folder / "reply"
        asked.write_bytes(query)
        run("openssl", "ts", "-reply", "-config", self.config, "-queryfile", asked, "-out", reply)
        return 200, reply.read_bytes()


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    return Stamper(tmp_path_factory.mktemp("stamper") / "tsa")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    store(tmp_path / "a", 3)
    return tmp_path / "a"


def store(root: Path, count: int) -> None:
    with Archive(root) as archive:
        for _ in range(count):
            archive.put(ultrasound())


def test_a_time_stamp_of_a_checkpoint_is_what_openssl_says_too(
    root: Path, tmp_path: Path, stamper: Stamper, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "checkpoint.txt"
    trust = ("--timestamp-trust", str(stamper.certificate))
    with served(stamper.answer) as url:
        words = [
            "ledger",
            "checkpoint",
            "--archive",
            str(root),
            "--out",
            str(out),
            "--timestamp",
            url,
            *trust,
            "--json",
        ]
        assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    stamp = out.with_name("checkpoint.txt.tsr")
    assert told["timestamp"]["file"] == str(stamp) and told["timestamp"]["policy"] == "1.3.6.1.4.1.32473.1"
    run("openssl", "ts", "-verify", "-data", out, "-in", stamp, "-CAfile", stamper.certificate)
    check = ["ledger", "check", str(out), "--timestamp", str(stamp), *trust, "--json"]
    assert main(check) == 0
    assert "existed by" in capsys.readouterr().out

    good = out.read_text()
    out.write_text(good.replace("\n3\n", "\n4\n"))
    assert main(check) == 1
    assert "does not hold" in capsys.readouterr().out
    out.write_text(good)
    other = Stamper(tmp_path / "other")
    assert main([*check[:5], "--timestamp-trust", str(other.certificate), "--json"]) == 1
    stamp.write_bytes(b"nothing")
    assert main(check) == 1


@pytest.mark.parametrize("answer", [(200, b"x"), (500, b""), (200, b"0\x030\x01")])
def test_an_authority_that_gives_no_stamp_leaves_the_checkpoint(
    root: Path, tmp_path: Path, stamper: Stamper, answer: tuple[int, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "checkpoint.txt"
    with served(lambda _path, _query: answer) as url:
        words = ["ledger", "checkpoint", "--archive", str(root), "--out", str(out), "--timestamp", url]
        assert main([*words, "--timestamp-trust", str(stamper.certificate)]) == 1
    assert out.exists() and not out.with_name("checkpoint.txt.tsr").exists()
    assert capsys.readouterr().err.count("\n") == 1


class Witness:
    """c2sp.org/tlog-witness, for one ledger: by the specification's words, with RFC 6962's check of its own."""

    name = "witness.example/one"

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes_raw()
        self.known: bytes = b""
        self.size, self.root = 0, hashlib.sha256().digest()
        self.time = int(time.time())

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self._id().hex()}+{base64.b64encode(bytes([4]) + self.public).decode()}"

    def _id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n\x04" + self.public).digest()[:4]

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path != "/add-checkpoint":
            return 404, b""
        head, note = body.decode().split("\n\n", 1)
        first, *proof = head.split("\n")
        text, signatures = note.split("\n\n", 1)
        text += "\n"
        _, size, root = text.splitlines()[:3]
        if not self.known:
            return 403, b""
        raw = base64.b64decode(signatures.splitlines()[0].rsplit(" ", 1)[1])
        Ed25519PublicKey.from_public_bytes(self.known).verify(raw[4:], text.encode())
        if int(first.removeprefix("old ")) != self.size:
            return 409, f"{self.size}\n".encode()
        new = base64.b64decode(root)
        if self.size and not consistent(self.size, int(size), self.root, new, [base64.b64decode(one) for one in proof]):
            return 422, b""
        self.size, self.root = int(size), new
        signature = self.key.sign(f"cosignature/v1\ntime {self.time}\n{text}".encode())
        coded = base64.b64encode(self._id() + struct.pack(">Q", self.time) + signature).decode()
        return 200, f"\N{EM DASH} {self.name} {coded}\n".encode()


def consistent(m: int, n: int, old: bytes, new: bytes, proof: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    if m == n:
        return not proof and old == new
    path = [old, *proof] if m & (m - 1) == 0 else list(proof)
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for each in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(each, fr), node(each, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, each)
        fn, sn = fn >> 1, sn >> 1
    return fr == old and sr == new and sn == 0


def test_a_witness_countersigns_only_what_goes_on_from_what_it_saw(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    witness, out = Witness(), tmp_path / "checkpoint.txt"
    keep = {path: path.read_bytes() for path in (root / "ledger.jsonl",)}

    def ask(status: int = 0) -> str:
        capsys.readouterr()
        with served(witness.answer) as url:
            words = ["ledger", "checkpoint", "--archive", str(root), "--out", str(out), "--witness", url]
            assert main([*words, "--witness-key", witness.vkey]) == status
        return capsys.readouterr().err

    assert "ledger key" in ask(1), "it does not know us yet"
    assert main(["ledger", "key", "--archive", str(root), "--json"]) == 0
    line = json.loads(capsys.readouterr().out)["public_key"]
    witness.known = base64.b64decode(line.split("+", 2)[2])[1:]
    ask()
    store(root, 4)
    ask()
    ask()
    assert witness.size == 7
    check = ["ledger", "check", str(out), "--archive", str(root), "--witness-key", witness.vkey, "--json"]
    assert main(check) == 0
    assert f"countersigned by {witness.name}" in capsys.readouterr().out
    assert main([*check[:5], "--witness-key", Witness().vkey, "--json"]) == 1
    capsys.readouterr()
    assert main(["archive", "verify", "--archive", str(root), "--checkpoint", str(out)]) == 0

    good = out.read_text()
    out.write_text(good.replace("\n7\n", "\n8\n"))
    assert main(check) == 1
    (root / "index.sqlite").unlink()
    for path, before in keep.items():
        path.write_bytes(before)
    assert "was cut" in ask(1)
    store(root, 6)
    assert "another ledger" in ask(1), "made anew from there"
