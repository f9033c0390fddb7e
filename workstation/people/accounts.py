"""The accounts of an archive: `DIR/people/accounts.json`, mode 0600. docs/decisions/0021 tells why there.

    {"version": 1, "accounts": [{"name": "vogel", "full_name": "A. Vogel", "roles": ["clinician"], …}]}

Read strictly and replaced as a whole, under a lock. Without the file nobody has to sign in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from annotation.autosave import write_durably
from archive.layout import make_folder
from archive.lock import lock
from workstation.people.errors import AccountsUnusable

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class Role(StrEnum):
    """What somebody is in the clinic, as far as the program is concerned."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Account(BaseModel):
    """One person. `name` is what is typed to sign in; `full_name` is what stands as `by` in records.

    `hashed` is the password's Argon2id hash in its own text form.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=f"^{_NAME.pattern}$")]
    full_name: Annotated[str, Field(min_length=1, max_length=64)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    registration_number: str = ""
    hashed: Annotated[str, Field(pattern=r"^\$argon2id\$")]
    added_at: AwareDatetime
    added_by: str

    @field_validator("roles")
    @classmethod
    def _roles_go_together(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        if {Role.TRAINEE, Role.CLINICIAN} <= set(roles):
            raise ValueError("nobody is a trainee and a clinician at once")
        return tuple(sorted(set(roles), key=list(Role).index))


class Accounts(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    accounts: tuple[Account, ...]

    @field_validator("accounts")
    @classmethod
    def _each_once(cls, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        for told in ("name", "full_name"):
            seen = [getattr(account, told).casefold() for account in accounts]
            if len(set(seen)) != len(seen):
                raise ValueError(f"two accounts have the same {told.replace('_', ' ')}")
        if accounts and not any(Role.ADMINISTRATOR in account.roles for account in accounts):
            raise ValueError("no account is an administrator's: nobody could change them")
        return accounts

    def find(self, name: str) -> Account | None:
        """The account of that name; None where there is none."""
        return next((account for account in self.accounts if account.name == name), None)


def folder_of(archive_root: Path) -> Path:
    """Where an archive keeps what it knows of people."""
    return archive_root / "people"


def accounts_path(archive_root: Path) -> Path:
    """The file of the accounts."""
    return folder_of(archive_root) / "accounts.json"


def load_accounts(archive_root: Path) -> Accounts:
    """The accounts; none where there is no file. Raises AccountsUnusable where it is damaged: then nobody is let in."""
    path = accounts_path(archive_root)
    try:
        return Accounts.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Accounts(accounts=())
    except OSError as error:
        raise AccountsUnusable(f"The accounts {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise AccountsUnusable(f"The accounts {path} are damaged ({_first(error)}): mend the file.") from error


def change_accounts(archive_root: Path, change: Callable[[Accounts], tuple[Account, ...]]) -> Accounts:
    """Replaces the accounts by what `change` makes of them; without any left the file goes. Raises AccountsUnusable."""
    path = accounts_path(archive_root)
    with people_lock(archive_root):
        try:
            made = Accounts(accounts=change(load_accounts(archive_root)))
        except ValidationError as error:
            raise AccountsUnusable(f"The accounts were not changed: {_first(error)}.") from error
        try:
            if made.accounts:
                write_durably(made.model_dump_json(indent=1) + "\n", path, mode=0o600)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise AccountsUnusable(f"The accounts {path} cannot be written: {error.strerror}.") from error
    return made


@contextmanager
def people_lock(archive_root: Path) -> Iterator[None]:
    """Held while one of the files is read and replaced; others wait. Raises AccountsUnusable where it cannot be written."""
    folder = folder_of(archive_root)
    try:
        make_folder(folder)
        fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise AccountsUnusable(f"{folder} cannot be written: {error.strerror}.") from error
    try:
        lock(fd)
        yield
    finally:
        os.close(fd)


def _first(error: ValidationError) -> str:
    """What is wrong, without what was read: it may be a hash."""
    first = error.errors(include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
