"""Checkpoints of the ledger and proofs from it, in the text forms of C2SP, so that others can check them without us.

A checkpoint (c2sp.org/tlog-checkpoint, in a c2sp.org/signed-note) says how many lines the ledger had and the root of their
tree, and is signed with Ed25519:

    sonofill/ledger/8d1f3a52c07e94bb
    109482
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — sonofill/ledger/8d1f3a52c07e94bb hI2DJw...

The origin names the ledger by the hash of its first line; it is the name of the key too. What a checkpoint says counts only
as far as it was kept outside: whoever owns the disk and the key can make a new ledger and sign it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from archive.errors import ProofUnreadable
from archive.merkle import is_continued, leaf_hash, root_by_inclusion

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_DASH = "\N{EM DASH} "
_ED25519 = b"\x01"  # the signed-note specification's number of this kind of key
_PROOF_HEAD = "c2sp.org/tlog-proof@v1"
_LONGEST = 1 << 20  # characters; no checkpoint or proof is nearly as long


def origin_of(first_line: bytes) -> str:
    """The name of the ledger that begins with this line (without its newline)."""
    return f"sonofill/ledger/{leaf_hash(first_line).hex()[:16]}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a ledger: `size` lines with tree root `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with its signatures, `(name, key id and signature)` each; `text` is what they sign, byte for byte."""

    checkpoint: Checkpoint
    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def whole(self) -> str:
        """The text and its signatures, as in a file."""
        return self.text + "\n" + "".join(f"{_DASH}{name} {base64_of(raw)}\n" for name, raw in self.signatures)

    def is_signed_by(self, public_key: bytes) -> bool | None:
        """Whether the Ed25519 key (32 bytes) signed it, under the origin's name; None where it says nothing of that key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        name = self.checkpoint.origin
        mine = [raw[4:] for by, raw in self.signatures if by == name and raw[:4] == key_id(name, public_key)]
        if not mine:
            return None
        key = Ed25519PublicKey.from_public_bytes(public_key)
        for signature in mine:
            try:
                key.verify(signature, self.text.encode())
            except InvalidSignature:
                return False
        return True


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> SignedCheckpoint:
    """The checkpoint, signed by the key under the origin's name."""
    text = checkpoint.text()
    signature = key.sign(text.encode())
    raw = key_id(checkpoint.origin, key.public_key().public_bytes_raw()) + signature
    return SignedCheckpoint(checkpoint, text, ((checkpoint.origin, raw),))


def sign_text(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Any text (it ends with a newline) as a signed note under that name."""
    raw = key_id(name, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {base64_of(raw)}\n"


def key_id(name: str, public_key: bytes) -> bytes:
    """The four bytes by which a signature names its key (signed-note, "Ed25519")."""
    return sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as one line of text, as the signed-note specification writes it: name+id+key."""
    return f"{name}+{key_id(name, public_key).hex()}+{base64_of(_ED25519 + public_key)}"


def read_verifier_key(line: str) -> bytes:
    """The Ed25519 public key (32 bytes) in such a line. Raises ProofUnreadable."""
    name, _, rest = line.strip().partition("+")
    told, _, coded = rest.partition("+")
    raw = bytes_of(coded, "the public key")
    if len(raw) != 33 or raw[:1] != _ED25519 or key_id(name, raw[1:]).hex() != told:
        raise ProofUnreadable("This is no Ed25519 key of the form NAME+ID+KEY, or a character of it is wrong.")
    return raw[1:]


def read_checkpoint(text: str) -> SignedCheckpoint:
    """Reads a signed checkpoint, signatures unchecked. Raises ProofUnreadable where the text is none."""
    body, blank, tail = text.rpartition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) < 3 or not tail.endswith("\n") or len(text) > _LONGEST:
        raise ProofUnreadable("This is no signed checkpoint: three lines, an empty one, and signatures.")
    origin, size, root = lines[:3]
    digest = bytes_of(root, "the root hash")
    if not origin or len(digest) != 32 or not (size == "0" or (_is_number(size) and size[0] != "0")):
        raise ProofUnreadable("This is no signed checkpoint: its size or its root hash cannot be read.")
    return SignedCheckpoint(Checkpoint(origin, int(size), digest), body + "\n", read_signatures(tail))


def read_signatures(text: str) -> tuple[tuple[str, bytes], ...]:
    """The signature lines of a signed note: names, and key id with signature. Raises ProofUnreadable."""
    if not text.endswith("\n"):
        raise ProofUnreadable("These are no signatures of a checkpoint: the last line is unfinished.")
    signatures = []
    for line in text[:-1].split("\n"):
        name, _, coded = line.removeprefix(_DASH).partition(" ")
        raw = bytes_of(coded, "a signature")
        if not line.startswith(_DASH) or not name or len(raw) < 5:
            raise ProofUnreadable("This is no signed checkpoint: one of its signatures cannot be read.")
        signatures.append((name, raw))
    return tuple(signatures)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that `line` is line `index` (from 0) of the ledger that `checkpoint` tells of (c2sp.org/tlog-proof)."""

    line: bytes
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: SignedCheckpoint

    def text(self) -> str:
        """As in a file; the line stands in it as extra data."""
        told = [_PROOF_HEAD, f"extra {base64_of(self.line)}", f"index {self.index}", *map(base64_of, self.hashes)]
        return "\n".join(told) + "\n\n" + self.checkpoint.whole()

    def holds(self) -> bool:
        """Whether the line is in the tree of the checkpoint (whose signature is another question)."""
        said = self.checkpoint.checkpoint
        return root_by_inclusion(leaf_hash(self.line), self.index, said.size, self.hashes) == said.root


def read_inclusion(text: str) -> Inclusion:
    """Reads a proof, unchecked. Raises ProofUnreadable where the text is none."""
    head, _, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if len(lines) < 3 or lines[0] != _PROOF_HEAD or not lines[1].startswith("extra ") or len(text) > _LONGEST:
        raise ProofUnreadable("This is no proof of this program's: it does not begin as one.")
    index = lines[2].removeprefix("index ")
    if not lines[2].startswith("index ") or not _is_number(index):
        raise ProofUnreadable("This is no proof: it does not say which line it is about.")
    line = bytes_of(lines[1].removeprefix("extra "), "the line")
    return Inclusion(line, int(index), _hashes(lines[3:]), read_checkpoint(checkpoint))


@dataclass(frozen=True, slots=True)
class Continuation:
    """Proof that the ledger of `checkpoint` begins with the `old_size` lines of an earlier one.

    In the form that witnesses take (c2sp.org/tlog-witness, add-checkpoint), so that one can be asked to countersign it.
    """

    old_size: int
    hashes: tuple[bytes, ...]
    checkpoint: SignedCheckpoint

    def text(self) -> str:
        """As in a file."""
        return "\n".join([f"old {self.old_size}", *map(base64_of, self.hashes)]) + "\n\n" + self.checkpoint.whole()

    def holds(self, old: Checkpoint) -> bool:
        """Whether it shows that its ledger goes on from `old`."""
        new = self.checkpoint.checkpoint
        return old.size == self.old_size and is_continued(old.size, old.root, new.size, new.root, self.hashes)


def read_continuation(text: str) -> Continuation:
    """Reads such a proof, unchecked. Raises ProofUnreadable where the text is none."""
    head, _, checkpoint = text.partition("\n\n")
    first, *rest = head.split("\n")
    size = first.removeprefix("old ")
    if not first.startswith("old ") or not _is_number(size) or len(text) > _LONGEST:
        raise ProofUnreadable("This is no proof of continuation: it does not begin with 'old' and a number.")
    return Continuation(int(size), _hashes(rest), read_checkpoint(checkpoint))


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    found = tuple(bytes_of(line, "a hash") for line in lines)
    if any(len(one) != 32 for one in found) or len(found) > 126:
        raise ProofUnreadable("This is no proof: its hashes are not of 32 bytes each.")
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def base64_of(raw: bytes) -> str:
    """Bytes as these texts write them."""
    return base64.b64encode(raw).decode()


def bytes_of(text: str, what: str) -> bytes:
    """The bytes of such a word; `what` names it in the message. Raises ProofUnreadable."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as e:
        raise ProofUnreadable(f"This is no checkpoint, proof or key: {what} in it is not base64.") from e
