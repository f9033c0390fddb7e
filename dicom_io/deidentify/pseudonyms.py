"""Names that lead back to nobody without the key: the same person, UID or word always becomes the same other one.

Each is a keyed hash (HMAC-SHA-256, RFC 2104) of what it stands for, so that no table has to be kept, studies that are given
away in different years still belong together, and two keys give two worlds that cannot be joined. Whoever has the key and
the archive finds out whose a pseudonym is by making the pseudonyms of the archive's patients again; nobody else can.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Final

from dicom_io.errors import KeyUnusable

_KEY_BYTES: Final = 32
_LEAST_DAYS, _MOST_DAYS = 365, 3650
_WELL_KNOWN: Final = "1.2.840.10008."


class Pseudonyms:
    """Pseudonyms by one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def patient(self, patient_id: str) -> str:
        """Of a patient, by the id; a patient without id has the pseudonym of the empty id."""
        return f"ANON-{self._digest('patient', patient_id.strip())[:5].hex().upper()}"

    def person(self, name: str) -> str:
        """Of anybody else, in the form of a DICOM name. A name's empty parts do not count."""
        return f"Person {self._digest('person', name.strip(' ^'))[:4].hex().upper()}^"

    def word(self, word: str) -> str:
        """Of a word that other places refer to: a lot, a plan's name."""
        return f"ref-{self._digest('word', word)[:4].hex()}"

    def uid(self, uid: str) -> str:
        """A UID under 2.25 in the place of another. The standard's own UIDs, and what is no UID, stay."""
        if not uid or uid.startswith(_WELL_KNOWN):
            return uid
        # A UUID as RFC 9562 wants it: version 8, whose bits are the maker's own.
        number = int.from_bytes(self._digest("uid", uid)[:16], "big")
        number = number & ~(0xF << 76) | 0x8 << 76
        number = number & ~(0x3 << 62) | 0x2 << 62
        return f"2.25.{uuid.UUID(int=number).int}"

    def days(self, patient_id: str) -> timedelta:
        """By how many whole days the dates of a patient are put back: one to ten years, the same for all of them."""
        number = int.from_bytes(self._digest("days", patient_id.strip())[:8], "big")
        return timedelta(days=_LEAST_DAYS + number % (_MOST_DAYS - _LEAST_DAYS))

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._key, f"{kind}\0{value}".encode(), hashlib.sha256)


def key_in(path: Path, make: bool = True) -> tuple[bytes, bool]:
    """The key in a file, and whether it was made just now because there was no such file (mode 0600; only with `make`).

    Raises KeyUnusable.
    """
    if not make and not path.exists():
        raise KeyUnusable(f"There is no key {path}: name the file with which the copies were made.")
    try:
        made = secrets.token_hex(_KEY_BYTES)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(made + "\n")
            file.flush()
            os.fsync(file.fileno())
        return bytes.fromhex(made), True
    except FileExistsError:
        pass
    except OSError as error:
        raise KeyUnusable(f"The key {path} cannot be written ({error.strerror}): name another file.") from error
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyUnusable(
            f"The key {path} cannot be read, or is none: name the file that was made at first."
        ) from error
    if len(key) != _KEY_BYTES:
        raise KeyUnusable(f"The key {path} is damaged: bring it back from a copy.")
    return key, False
