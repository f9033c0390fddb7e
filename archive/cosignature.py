"""A witness's countersignature of a checkpoint (c2sp.org/tlog-cosignature, version 1): that it saw no other state before.

    — witness.example jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZ\u2026

The signature is over the time and the checkpoint's text; the witness signs only what continues what it signed before.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from archive.checkpoint import SignedCheckpoint, base64_of, bytes_of
from archive.errors import ProofUnreadable

_KIND = b"\x04"  # the signed-note specification's number of timestamped Ed25519 witness cosignatures


@dataclass(frozen=True, slots=True)
class Witness:
    """Its name and its Ed25519 public key (32 bytes)."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which its signatures name the key."""
        return sha256(self.name.encode() + b"\n" + _KIND + self.public_key).digest()[:4]

    def line(self) -> str:
        """As one line of text: name+id+key."""
        return f"{self.name}+{self.key_id.hex()}+{base64_of(_KIND + self.public_key)}"


def read_witness(line: str) -> Witness:
    """The witness of such a line. Raises ProofUnreadable."""
    name, _, rest = line.strip().partition("+")
    told, _, coded = rest.partition("+")
    raw = bytes_of(coded, "the witness's key")
    witness = Witness(name, raw[1:])
    if not name or len(raw) != 33 or raw[:1] != _KIND or witness.key_id.hex() != told:
        raise ProofUnreadable("This is no witness's key (NAME+ID+KEY, cosignature/v1), or a character is wrong.")
    return witness


def signed_text(text: str, time_s: int) -> bytes:
    """What a witness signs: the checkpoint's `text` at a time (POSIX seconds)."""
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def countersigned_at(signed: SignedCheckpoint, witness: Witness) -> datetime | None:
    """When the witness countersigned the checkpoint; None where it did not. Raises ProofUnreadable for a false signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    for name, raw in signed.signatures:
        if name != witness.name or raw[:4] != witness.key_id:
            continue
        if len(raw) != 4 + 8 + 64:
            raise ProofUnreadable(f"The countersignature of {name} has not the length of one.")
        (time_s,) = struct.unpack(">Q", raw[4:12])
        try:
            Ed25519PublicKey.from_public_bytes(witness.public_key).verify(raw[12:], signed_text(signed.text, time_s))
            return datetime.fromtimestamp(time_s, UTC)
        except InvalidSignature as error:
            raise ProofUnreadable(
                f"The countersignature of {name} is false: it or the checkpoint was changed."
            ) from error
        except (OverflowError, ValueError, OSError) as error:
            raise ProofUnreadable(f"The countersignature of {name} tells a time that is none.") from error
    return None
