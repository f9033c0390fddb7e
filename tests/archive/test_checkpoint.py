"""Checkpoints and proofs: others can check them, and what an outside checkpoint finds that nothing inside can."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, ArchiveError, NotFound, ProofUnreadable, SignedCheckpoint, Verification
from archive.checkpoint import (
    read_checkpoint,
    read_continuation,
    read_inclusion,
    read_verifier_key,
    sign,
    verifier_key,
)
from archive.ledger import lines
from tests.archive.objects import ultrasound

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()

# The key and the note of the examples in the signed-note specification's reference (golang.org/x/mod/sumdb/note).
NOTE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    "PeterNeumann",
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    root = tmp_path / "a"
    with Archive(root) as archive:
        for k in range(5):
            archive.put(ultrasound(seed=k))
    return root


def checkpoint(root: Path) -> SignedCheckpoint:
    with Archive(root) as archive:
        return sign(archive.checkpoint(), KEY)


def verified(root: Path, *outside: SignedCheckpoint) -> Verification:
    with Archive(root) as archive:
        return archive.verify(checkpoints=outside, keys=[PUBLIC])


def test_a_published_signature_is_understood() -> None:
    text, name, coded = NOTE
    public = read_verifier_key(NOTE_KEY)
    assert verifier_key(name, public) == NOTE_KEY
    raw = base64.b64decode(coded)
    assert raw[:4].hex() == "c74f20a3"
    from archive.checkpoint import Checkpoint

    note = SignedCheckpoint(Checkpoint(name, 0, bytes(32)), text, ((name, raw),))
    assert note.is_signed_by(public) is True
    assert note.is_signed_by(PUBLIC) is None


def test_openssl_agrees_on_the_signature(stored: Path, tmp_path: Path) -> None:
    signed = checkpoint(stored)
    (tmp_path / "text").write_text(signed.text)
    (tmp_path / "signature").write_bytes(signed.signatures[0][1][4:])
    (tmp_path / "key.pem").write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", "key.pem", "-sigfile", "signature", "-in"]
    assert subprocess.run([*words, "text"], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "other").write_text(signed.text.replace("\n5\n", "\n6\n"))
    assert subprocess.run([*words, "other"], cwd=tmp_path, check=False, capture_output=True).returncode == 1


@pytest.mark.requirement("N7")
def test_every_object_is_proven_and_every_earlier_state(tmp_path: Path) -> None:
    states = []
    with Archive(tmp_path) as archive:
        uids = []
        for k in range(9):
            obj = ultrasound(seed=k)
            archive.put(obj)
            uids.append(obj.sop_instance_uid)
            states.append(sign(archive.checkpoint(), KEY))
    ledger = [line.raw for line in lines(tmp_path / "ledger.jsonl")]
    (tmp_path / "index.sqlite").unlink()  # the tree is made anew from the ledger, and is the same
    with Archive(tmp_path) as archive:
        for size, signed in enumerate(states, start=1):
            assert read_checkpoint(signed.whole()) == signed and signed.is_signed_by(PUBLIC)
            for index, proof in enumerate(archive.prove(uids[:size], signed)):
                again = read_inclusion(proof.text())
                assert again == proof and again.holds() and (again.index, again.line) == (index, ledger[index])
            for old in states[:size]:
                continued = archive.prove_continued(old.checkpoint, signed)
                assert read_continuation(continued.text()) == continued and continued.holds(old.checkpoint)
        with pytest.raises(NotFound, match="after the checkpoint"):
            archive.prove(uids[-1:], states[0])
        with pytest.raises(NotFound, match="no object"):
            archive.prove(["1.2.3"], states[0])
        with pytest.raises(ArchiveError, match="wrong way round"):
            archive.prove_continued(states[-1].checkpoint, states[0])


def test_nothing_stored_has_no_checkpoint(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive, pytest.raises(NotFound, match="Nothing is stored"):
        archive.checkpoint()


def test_a_changed_proof_is_refused_or_fails(stored: Path) -> None:
    with Archive(stored) as archive:
        signed = sign(archive.checkpoint(), KEY)
        uid = archive.objects(archive.studies()[0].study_instance_uid)[0].sop_instance_uid
        text = archive.prove([uid], signed)[0].text()

    @settings(deadline=None)
    @given(st.integers(0, len(text) - 1), st.characters(codec="ascii"))
    def change(at: int, to: str) -> None:
        try:
            proof = read_inclusion(text[:at] + to + text[at + 1 :])
        except ProofUnreadable:
            return
        same = proof == read_inclusion(text)  # the same character, or bits of base64 that nothing reads
        assert same or not (proof.holds() and proof.checkpoint.is_signed_by(PUBLIC))

    change()


@pytest.mark.requirement("N7")
def test_without_a_checkpoint_it_is_said_that_nothing_outside_vouches(stored: Path) -> None:
    first, *_ = lines(stored / "ledger.jsonl")
    found = verified(stored)
    assert found.ok
    assert found.notes == (
        f"Nothing outside this archive vouches for what was stored since {first.time} (5 lines of its ledger).",
    )
    signed = checkpoint(stored)
    assert verified(stored, signed).notes == ()
    with Archive(stored) as archive:
        archive.put(ultrasound(seed=7))
    found = verified(stored, signed)
    assert found.ok and "(1 line of its ledger)" in found.notes[0]


def roll_back(root: Path, before: Path) -> None:
    shutil.rmtree(root)
    shutil.copytree(before, root)


def make_anew(root: Path, before: Path) -> None:
    shutil.rmtree(root)
    with Archive(root) as archive:
        for k in range(8):
            archive.put(ultrasound(seed=k + 50))


def fork(root: Path, before: Path) -> None:
    roll_back(root, before)
    with Archive(root) as archive:
        for k in range(3):
            archive.put(ultrasound(seed=k + 50))


def change_the_last_line(root: Path, before: Path) -> None:
    ledger = root / "ledger.jsonl"
    *first, last = ledger.read_bytes().splitlines()
    line = {**json.loads(last), "time": "2020-01-01T00:00:00.000+00:00"}
    ledger.write_bytes(b"\n".join([*first, json.dumps(line).encode()]) + b"\n")
    (root / "index.sqlite").unlink()


@pytest.mark.requirement("N7")
@pytest.mark.parametrize("change", [roll_back, make_anew, fork, change_the_last_line])
def test_only_an_outside_checkpoint_finds_it(
    stored: Path, tmp_path: Path, change: Callable[[Path, Path], None]
) -> None:
    shutil.copytree(stored, tmp_path / "before")
    with Archive(stored) as archive:
        archive.put(ultrasound(seed=9))
    signed = checkpoint(stored)
    change(stored, tmp_path / "before")
    assert verified(stored).ok
    found = verified(stored, signed)
    assert {p.kind for p in found.problems} == {"checkpoint"}
    with Archive(stored) as archive, pytest.raises(ArchiveError):
        archive.prove_continued(signed.checkpoint, sign(archive.checkpoint(), KEY))


def test_a_changed_last_line_is_found_by_the_index_that_took_it_in(stored: Path) -> None:
    ledger = stored / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"act": "stored"', b'"act": "storem"'))
    whole = ledger.read_bytes()
    at = whole.rindex(b'"time": "20') + 9
    ledger.write_bytes(whole[:at] + b"19" + whole[at + 2 :])
    assert any("index took in" in p.what for p in verified(stored).problems)


def test_a_checkpoint_that_was_changed_or_signed_by_another_is_told(stored: Path) -> None:
    signed = checkpoint(stored)
    name, raw = signed.signatures[0]
    bad = SignedCheckpoint(signed.checkpoint, signed.text, ((name, raw[:-1] + bytes([raw[-1] ^ 1])),))
    assert [p.kind for p in verified(stored, bad).problems] == ["checkpoint"]
    with Archive(stored) as archive:
        other = sign(archive.checkpoint(), Ed25519PrivateKey.generate())
    found = verified(stored, other)
    assert found.ok and "not checked" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\nb\n",
        "a\n1\n%%\n\n— a AAAAAAAA\n",
        "a\n01\n" + "A" * 43 + "=\n\n— a AAAAAAAA\n",
        "a\n1\n" + "A" * 43 + "=\n\na AAAAAAAA\n",
        "a\n1\n" + "A" * 43 + "=\n\n— a AAAA\n",
        "a\n-1\n" + "A" * 43 + "=\n\n— a AAAAAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ProofUnreadable):
        read_checkpoint(text)


@pytest.mark.requirement("N7")
def test_a_ledger_without_a_chain_is_verified_and_continued(stored: Path) -> None:
    """The first version wrote no `previous`."""
    ledger = stored / "ledger.jsonl"
    old = [json.loads(line) for line in ledger.read_bytes().splitlines()]
    for line in old:
        del line["previous"]
    ledger.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in old))
    (stored / "index.sqlite").unlink()
    with Archive(stored) as archive:
        archive.put(ultrasound(seed=9))
        found = archive.verify()
    assert found.ok and found.notes[0] == "The ledger's first 5 lines are older than its chain."
    *unchained, last = ledger.read_bytes().splitlines(keepends=True)
    swapped = [unchained[1].replace(b'"n": 2', b'"n": 1'), unchained[0].replace(b'"n": 1', b'"n": 2'), *unchained[2:]]
    for wrong in ([*swapped, last], [*unchained[:4], unchained[4].replace(b"stored", b"storen"), last]):
        ledger.write_bytes(b"".join(wrong))
        assert not verified(stored).ok
    ledger.write_bytes(b"".join([*unchained, last, json.dumps({**old[0], "n": 7}).encode() + b"\n"]))
    assert any("line 7 does not follow" in p.what for p in verified(stored).problems)
