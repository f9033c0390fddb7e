"""The table of who may do what, from `acts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from workstation.people.accounts import Role


class May(StrEnum):
    """What a role may do of an act."""

    YES = "yes"
    NO = "no"
    OWN = "own"
    OTHERS = "others"


class Whose(StrEnum):
    """How a person stands to the record of an act. NEW: there is no record yet, or none is meant."""

    NEW = "new"
    OWN = "own"
    OTHERS = "others"


_ALLOWED: Final = {
    May.YES: frozenset(Whose),
    May.OWN: frozenset({Whose.NEW, Whose.OWN}),
    May.OTHERS: frozenset({Whose.NEW, Whose.OTHERS}),
    May.NO: frozenset[Whose](),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One row. `told` is the trail's word for it; empty where the trail says nothing here."""

    id: str
    what: str
    roles: dict[Role, May]
    nobody: May
    told: str
    commands: tuple[str, ...]

    def may(self, roles: Iterable[Role], whose: Whose) -> bool:
        """Whether somebody of these roles may do it with such a record."""
        return any(whose in _ALLOWED[self.roles[role]] for role in roles)

    @property
    def asks_whose(self) -> bool:
        """Whether it matters whose the record is."""
        return any(may in (May.OWN, May.OTHERS) for may in self.roles.values())

    def who_may(self) -> str:
        """The roles that may, in words."""
        words = {May.YES: "", May.OWN: " (own records)", May.OTHERS: " (others' records)"}
        told = [f"a {role}{words[may]}" for role, may in self.roles.items() if may is not May.NO]
        return ", ".join(told).replace("a administrator", "an administrator") or "nobody"


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, and the commands that touch no archive."""

    acts: dict[str, Act]
    free: frozenset[str]

    def of_command(self, words: str) -> Act | None:
        """The act of a command, such as "archive show"; None where it is free. KeyError where the table lacks it."""
        if words in self.free:
            return None
        for act in self.acts.values():
            if words in act.commands:
                return act
        raise KeyError(words)


@cache
def table() -> Table:
    """The program's table."""
    read = tomllib.loads((resources.files("workstation.people") / "acts.toml").read_text("utf-8"))
    acts = {
        name: Act(
            id=name,
            what=row["what"],
            roles={role: May(row[role]) for role in Role},
            nobody=May(row["nobody"]),
            told=row["told"],
            commands=tuple(row["commands"]),
        )
        for name, row in read["act"].items()
    }
    return Table(acts, frozenset(read["touches_no_archive"]))
