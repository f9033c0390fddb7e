"""Passwords: kept as Argon2id by argon2-cffi, with its default parameters (RFC 9106, the second recommended choice)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from workstation.people.errors import AccountsUnusable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 1024  #: characters
_COMMON: Final = ("password", "passwort", "sonofill", "1234567890", "qwertz", "qwerty", "ultrasound")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("a password that nobody has")


def hash_password(password: str, name: str) -> str:
    """The hash of a new password of account `name`. Raises AccountsUnusable where it is one that is soon guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountsUnusable(f"A password has {SHORTEST} to {LONGEST} characters: a few words make a good one.")
    plain = password.casefold()
    if name in plain or len(set(plain)) < 5 or any(plain.startswith(word) for word in _COMMON):
        raise AccountsUnusable("This password is soon guessed: take a few words that do not belong together.")
    return _hasher().hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Whether it is the password of that hash. None (nobody has that name) takes as long, and is never right."""
    from argon2.exceptions import VerificationError

    try:
        _hasher().verify(hashed or _nobodys(), password[: LONGEST + 1])
    except VerificationError:
        return False
    return hashed is not None
