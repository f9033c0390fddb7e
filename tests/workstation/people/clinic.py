"""A clinic with one of each role, and records of two authors. Passwords are hashed as weakly as argon2 can: it is not what
is tested, and a strong one takes a tenth of a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import argon2
import pytest

from workstation.people import Role, acting_as, load_accounts
from workstation.people.keeping import NewAccount, add_account

PASSWORD = "four plain words together"


def make_hashing_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("workstation.people.passwords._hasher", lambda: quick)


@dataclass(frozen=True)
class Clinic:
    """An archive with accounts; each account's name is its role's."""

    root: Path

    def add(self, name: str, full_name: str, *roles: Role, number: str = "") -> None:
        with acting_as(load_accounts(self.root).find("administrator")):
            add_account(self.root, NewAccount(name, full_name, roles, number), PASSWORD)


def clinic(root: Path, roles: Sequence[Role] = tuple(Role)) -> Clinic:
    made = Clinic(root)
    made.add("administrator", "Adele Administrator", Role.ADMINISTRATOR)
    for role in roles:
        if role is not Role.ADMINISTRATOR:
            made.add(str(role), f"{role.name[0]}. {role.name.capitalize()}", role, number=f"N-{role.name[:3]}")
    return made
