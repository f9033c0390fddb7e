"""The workplace's key for checkpoints: Ed25519, in `checkpoint-key.pem` (mode 0600) in the configuration folder.

Beside it lie the public keys of all that this workplace ever signed with (`checkpoint-keys.txt`, one a line: base64 and
the time it was made), so that old checkpoints can still be checked after the private key was lost or replaced.
"""

from __future__ import annotations

import base64
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from annotation.autosave import write_durably
from workstation.settings import settings_path

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class KeyUnusable(Exception):
    """The key cannot be read, made or trusted; the message is one sentence for the user."""


def key_path() -> Path:
    """The private key."""
    return settings_path().with_name("checkpoint-key.pem")


def public_keys_path() -> Path:
    """The public keys of all private keys that this workplace ever had."""
    return settings_path().with_name("checkpoint-keys.txt")


def signing_key() -> Ed25519PrivateKey:
    """The workplace's key; made at its first use. Raises KeyUnusable."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = key_path()
    try:
        if not path.exists():
            return _make(path)
        check_mode(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyUnusable(f"The signing key {path} cannot be read or made: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise KeyUnusable(
            f"The signing key {path} is damaged: bring it back from a copy, or move it away and a new one is made."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"The signing key {path} is not an Ed25519 key: move it away and a new one is made.")
    _remember(key.public_key().public_bytes_raw())
    return key


def public_keys() -> list[bytes]:
    """The public keys (32 bytes each) that this workplace ever signed with, the oldest first. Raises KeyUnusable."""
    path = public_keys_path()
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"The file of public keys {path} cannot be read: mend or remove it.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        try:
            raw = base64.b64decode(words[0], validate=True) if words else b""
        except ValueError:
            raw = b""
        if len(raw) != 32:
            raise KeyUnusable(f"Line {number} of the file of public keys {path} is no key: mend or remove it.")
        found.append(raw)
    return found


def _make(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remember(key.public_key().public_bytes_raw())  # first, so that no signature is ever without its public key
    try:  # two programs may make one at the same moment: the first one's counts
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return signing_key()
    return key


def _remember(public_key: bytes) -> None:
    if public_key in public_keys():
        return
    path = public_keys_path()
    before = path.read_text(encoding="ascii") if path.exists() else ""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = f"{base64.b64encode(public_key).decode()} {now}\n"
    try:
        write_durably(before + line, path, mode=0o600)
    except OSError as error:
        raise KeyUnusable(f"The file of public keys {path} cannot be written: {error.strerror}.") from error


def check_mode(path: Path) -> None:
    """Raises KeyUnusable where others than its owner may read the key."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if sys.platform != "win32" and mode & 0o077:
        raise KeyUnusable(
            f"The signing key {path} can be read by others (mode {mode:o}): whoever read it can sign as you."
            f" Say `chmod 600 {path}` if you trust them all, else move it away and a new one is made."
        )
