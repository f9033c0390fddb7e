#!/usr/bin/env python3
"""Checks that DICOM files are what was stored, without the program that made them.

    python verify.py FOLDER [--key KEY] [--checkpoint FILE]

FOLDER is an audit pack, or a whole archive (it has a ledger.jsonl). Needs Python 3.11 and the package `cryptography`
(pip install cryptography); asks nothing of the network. Exit status 0: all is as it was stored; 1: something is not.

In an archive each line of the ledger holds the SHA-256 of one stored file and of the line before it. All lines are the
leaves of a Merkle tree (RFC 6962), whose root a checkpoint (c2sp.org/tlog-checkpoint) signs with Ed25519. In a pack each
proof (c2sp.org/tlog-proof) holds one such line and the hashes that lead from it to the checkpoint's root, and SHA256SUMS
(signed by the same key) the digest of every file.

Give the KEY (NAME+ID+KEY) or a CHECKPOINT that you got another way than with the folder: whoever made the folder could
have made those in it, too.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

OBJECT = re.compile(r"studies/([0-9]+(?:\.[0-9]+)*)/([0-9]+(?:\.[0-9]+)*)/([0-9]+(?:\.[0-9]+)*)\.dcm")


class Wrong(Exception):
    """What is wrong, as a sentence."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Wrong(f"this is not base64: {text[:60]}") from error


# Signed notes (c2sp.org/signed-note) and checkpoints -----------------------------------------------------------------


def read_key(line: str) -> bytes:
    name, _, rest = line.strip().partition("+")
    told, _, coded = rest.partition("+")
    raw = unbase64(coded)
    if len(raw) != 33 or raw[0] != 1 or sha256(name.encode() + b"\n" + raw)[:4].hex() != told:
        raise Wrong("the key is not of the form NAME+ID+KEY (Ed25519)")
    return raw[1:]


def open_note(note: str, key: bytes | None) -> tuple[str, str]:
    """The signed text, and "signed", "unknown" (no signature by this key) or the reason why it is not."""
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Wrong("it is no signed text: an empty line and signatures are missing")
    text, verdict = body + "\n", "unknown"
    for line in tail[:-1].split("\n"):
        name, _, coded = line.removeprefix("\N{EM DASH} ").partition(" ")
        raw = unbase64(coded)
        if not line.startswith("\N{EM DASH} ") or not name or len(raw) < 5:
            raise Wrong("it is no signed text: a signature cannot be read")
        if key is None or raw[:4] != sha256(name.encode() + b"\n\x01" + key)[:4]:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())
        except InvalidSignature:
            return text, "its signature is wrong"
        verdict = "signed"
    return text, verdict


def read_checkpoint(note: str, key: bytes | None) -> tuple[str, int, bytes, str]:
    """Origin, size, root, and the verdict of `open_note`."""
    text, verdict = open_note(note, key)
    lines = text.split("\n")
    if len(lines) < 4 or not re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]) or len(unbase64(lines[2])) != 32:
        raise Wrong("it is no checkpoint: origin, size and root hash are missing")
    return lines[0], int(lines[1]), unbase64(lines[2]), verdict


# The tree (RFC 6962, 2.1; RFC 9162, 2.1.3.2) -------------------------------------------------------------------------


def leaf(line: bytes) -> bytes:
    return sha256(b"\0" + line)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


def root_of(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"")
    while len(leaves) > 1:
        pairs = [node(*leaves[k : k + 2]) for k in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2 :]
    return leaves[0]


def root_by_proof(digest: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    at, last = index, size - 1
    if not 0 <= at <= last:
        return None
    for other in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            digest = node(other, digest)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = node(digest, other)
        at, last = at >> 1, last >> 1
    return digest if last == 0 else None


# An archive ----------------------------------------------------------------------------------------------------------


def entry_of(raw: bytes, number: int) -> dict[str, object]:
    """The ledger's line as it is to be. Raises Wrong."""
    try:
        line = json.loads(raw)
    except ValueError as error:
        raise Wrong(f"line {number} is not JSON") from error
    if not isinstance(line, dict) or line.get("n") != number:
        raise Wrong(f"line {number} is not the {number}th")
    if line.get("act") in ("stored", "imported"):
        name, file, size, digest = (line.get(k) for k in ("object", "file", "bytes", "sha256"))
        if not (isinstance(name, str) and isinstance(size, int) and isinstance(digest, str) and isinstance(file, str)):
            raise Wrong(f"line {number} lacks object, file, bytes or sha256")
        found = OBJECT.fullmatch(file)
        if not found or found[3] != name or any(len(uid) > 64 for uid in found.groups()):
            raise Wrong(f"line {number} names a file that is not its object's")
    return line


def check_archive(folder: Path, key: bytes | None, outside: str | None) -> tuple[list[str], list[str]]:
    wrong: list[str] = []
    notes: list[str] = []
    digests: dict[str, str] = {}
    objects: set[object] = set()
    leaves: list[bytes] = []
    previous, chained = "0" * 64, False
    data = (folder / "ledger.jsonl").read_bytes()
    if data and not data.endswith(b"\n"):
        wrong.append("ledger: its last line is unfinished")
    for number, raw in enumerate(data.split(b"\n")[:-1], 1):
        try:
            line = entry_of(raw, number)
            if chained or "previous" in line:
                chained = True
                if line.get("previous") != previous:
                    wrong.append(f"ledger: line {number} does not follow from the line before it")
            if line.get("act") in ("stored", "imported"):
                if line["object"] in objects:
                    wrong.append(f"ledger: line {number} enters an object again")
                objects.add(line["object"])
                digests.setdefault(str(line["file"]), str(line["sha256"]))
        except Wrong as error:
            wrong.append(f"ledger: {error}")
        leaves.append(leaf(raw))
        previous = sha256(raw).hex()
    for file, digest in digests.items():
        if not (folder / file).is_file():
            wrong.append(f"{file} is missing")
        elif file_digest(folder / file) != digest:
            wrong.append(f"{file} is not what was stored")
    files = [
        path.relative_to(folder).as_posix() for path in sorted((folder / "studies").rglob("*")) if not path.is_dir()
    ]
    wrong += [f"{file} was not stored: the ledger has no such file" for file in files if file not in digests]
    if outside is None:
        notes.append("Nothing outside was compared: whoever owns the disk can have made all of this anew.")
        return wrong, notes
    origin, size, root, verdict = read_checkpoint(outside, key)
    if size > len(leaves):
        wrong.append(f"the ledger has {len(leaves)} lines, but had {size} at the checkpoint: it was cut or rolled back")
    elif root_of(leaves[:size]) != root:
        wrong.append(f"the ledger's first {size} lines are not those of the checkpoint")
    elif size and origin != "sonofill/ledger/" + leaves[0].hex()[:16]:
        wrong.append("the checkpoint names another ledger")
    told(verdict, wrong, notes)
    if 0 <= size < len(leaves):
        notes.append(f"Nothing outside vouches for the last {len(leaves) - size} lines of the ledger.")
    return wrong, notes


def told(verdict: str, wrong: list[str], notes: list[str]) -> None:
    if verdict == "unknown":
        notes.append("The signature of the checkpoint was not checked: no key was given, or another one made it.")
    elif verdict != "signed":
        wrong.append(f"the checkpoint: {verdict}")


# A pack --------------------------------------------------------------------------------------------------------------


def check_pack(folder: Path, key: bytes | None, outside: str | None) -> tuple[list[str], list[str]]:
    wrong: list[str] = []
    notes: list[str] = []
    listed = check_sums(folder, key, wrong)
    if key is None:
        key = read_key((folder / "public-key.txt").read_text(encoding="utf-8"))
        check_sums(folder, key, wrong)
        notes.append("The key came with the pack: ask the clinic for theirs another way, and give it with --key.")
    checkpoint = (folder / "checkpoint.txt").read_text(encoding="utf-8")
    origin, size, root, verdict = read_checkpoint(checkpoint, key)
    if verdict != "signed":
        wrong.append("checkpoint.txt: it is not signed by the key")
    if outside is not None:
        other = read_checkpoint(outside, key)
        if other[1] == size and other[:3] != (origin, size, root):
            wrong.append("checkpoint.txt is not the checkpoint that was kept outside, though of the same size")
        elif other[1] != size:
            notes.append(
                "The checkpoint kept outside is of another size: ask the clinic to prove the one from the other."
            )
    proven: dict[str, str] = {}
    for path in sorted((folder / "proofs").glob("*.tlog-proof")):
        try:
            name, digest = check_proof(path.read_text(encoding="utf-8"), checkpoint, size, root)
            proven[digest] = name
        except (Wrong, ValueError, KeyError) as error:
            wrong.append(f"proofs/{path.name}: {error}")
    found = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name == "SHA256SUMS":
            continue
        digest = file_digest(path)
        found.add(digest)
        if listed.get(name) != digest:
            wrong.append(f"{name} was added or changed: SHA256SUMS does not say so")
        if name.startswith("dicom/") and name != "dicom/DICOMDIR" and digest not in proven:
            wrong.append(f"{name} has no proof")
    wrong += [f"{name} is missing" for name in sorted(listed) if not (folder / name).is_file()]
    wrong += [f"object {name} is missing" for digest, name in sorted(proven.items()) if digest not in found]
    return list(dict.fromkeys(wrong)), notes


def check_sums(folder: Path, key: bytes | None, wrong: list[str]) -> dict[str, str]:
    """The digests of all files by name, as the clinic signed them."""
    text, verdict = open_note((folder / "SHA256SUMS").read_text(encoding="utf-8"), key)
    if key is not None and verdict != "signed":
        wrong.append("SHA256SUMS is not signed by the key")
    return {name: digest for digest, _, name in (line.partition("  ") for line in text.split("\n")) if name}


def check_proof(text: str, checkpoint: str, size: int, root: bytes) -> tuple[str, str]:
    """Object and SHA-256 that the proof shows to be in the ledger. Raises Wrong."""
    head, _, after = text.partition("\n\n")
    first, extra, index, *hashes = head.split("\n")
    if first != "c2sp.org/tlog-proof@v1" or after != checkpoint:
        raise Wrong("it is no proof, or of another checkpoint")
    line = unbase64(extra.removeprefix("extra "))
    at = int(index.removeprefix("index "))
    if root_by_proof(leaf(line), at, size, [unbase64(one) for one in hashes]) != root:
        raise Wrong("the proof fails: this line is not in the ledger")
    entry = entry_of(line, at + 1)
    return str(entry["object"]), str(entry["sha256"])


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Checks an audit pack or an archive.", epilog=__doc__.split("\n\n")[-1]
    )
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent)
    parser.add_argument("--key", help="the public key, NAME+ID+KEY")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that was kept elsewhere")
    arguments = parser.parse_args()
    try:
        key = read_key(arguments.key) if arguments.key else None
        outside = arguments.checkpoint.read_text(encoding="utf-8") if arguments.checkpoint else None
        check = check_archive if (arguments.folder / "ledger.jsonl").is_file() else check_pack
        wrong, notes = check(arguments.folder, key, outside)
    except Wrong as error:
        wrong, notes = [str(error)], []
    except (OSError, UnicodeDecodeError) as error:
        wrong, notes = [f"it cannot be read: {error}"], []
    for sentence in (*(f"WRONG: {one}" for one in wrong), *notes):
        print(sentence)
    print(f"{len(wrong)} things are wrong." if wrong else "Every file is as it was stored.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
