"""Adding, changing and removing accounts, each told in the trail. Whoever calls has passed the gate."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive import Archive
from audit.trail import TrailAct, read_message
from workstation.people.accounts import Account, Accounts, Role, accounts_path, change_accounts, load_accounts
from workstation.people.acting import acting, acting_as
from workstation.people.errors import AccountsUnusable
from workstation.people.passwords import hash_password, is_password
from workstation.people.remembered import remember
from workstation.people.sessions import end_sessions_of, forget_failures

_CHANGED = '"110137"'  #: the code of TrailAct.ACCOUNTS_CHANGED, as it stands in a message


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is told of a new account."""

    name: str
    full_name: str
    roles: Sequence[Role]
    registration_number: str = ""


def add_account(archive_root: Path, new: NewAccount, password: str) -> Account:
    """A new account; the first one has to be an administrator's, and sets sign-in up. Raises AccountsUnusable."""
    from pydantic import ValidationError

    by = acting()
    hashed = hash_password(password, new.name)
    try:
        account = Account(
            name=new.name,
            full_name=" ".join(new.full_name.split()),
            roles=tuple(new.roles),
            registration_number=new.registration_number,
            hashed=hashed,
            added_at=datetime.now(UTC),
            added_by=by.name if by else "",
        )
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = " ".join(str(part) for part in first["loc"])
        raise AccountsUnusable(f"There can be no such account: {where}: {first['msg']}.") from error
    with Archive(archive_root):  # made where there is none yet
        pass
    change_accounts(archive_root, lambda before: (*before.accounts, account))
    _tell(archive_root, new.name, "added: " + ", ".join(account.roles), by or account)
    return account


def remove_account(archive_root: Path, name: str) -> None:
    """Ends an account. With the last one sign-in ends. Raises AccountsUnusable, also for the only administrator."""
    by = acting()
    _needed(archive_root, name)
    last = len(load_accounts(archive_root).accounts) == 1
    change_accounts(archive_root, lambda before: tuple(one for one in before.accounts if one.name != name))
    end_sessions_of(archive_root, name)
    _tell(archive_root, name, "removed, the last one: sign-in has ended" if last else "removed", by)
    remember(archive_root, not last)


def unlock_account(archive_root: Path, name: str) -> None:
    """Lets an account in again that is locked. Raises AccountsUnusable."""
    _needed(archive_root, name)
    forget_failures(archive_root, name)
    _tell(archive_root, name, "unlocked", acting())


def change_password(archive_root: Path, name: str, password: str) -> None:
    """Another password; who was signed in by the old one no longer is. Raises AccountsUnusable."""
    hashed = hash_password(password, name)
    _needed(archive_root, name)

    def change(before: Accounts) -> tuple[Account, ...]:
        return tuple(one.model_copy(update={"hashed": hashed}) if one.name == name else one for one in before.accounts)

    if is_password(_needed(archive_root, name).hashed, password):
        raise AccountsUnusable("This is the old password: take another one.")
    change_accounts(archive_root, change)
    end_sessions_of(archive_root, name)
    _tell(archive_root, name, "password changed", acting())


def _needed(archive_root: Path, name: str) -> Account:
    found = load_accounts(archive_root).find(name)
    if found is None:
        raise AccountsUnusable(f"There is no account {name[:40]}: `sonofill people list` shows them.")
    return found


def _tell(archive_root: Path, name: str, what: str, by: Account | None) -> None:
    from workstation.proof.telling import keep_event

    with Archive(archive_root, create=False) as kept, acting_as(by):
        keep_event(
            kept, TrailAct.ACCOUNTS_CHANGED, (), about=name, why=f"{what}; accounts sha256 {_digest(archive_root)}"
        )
    remember(archive_root, True)


def changed_elsewhere(archive_root: Path) -> str:
    """A sentence where the accounts are not those that the trail told of last: somebody wrote the file. Reads the ledger."""
    told = ""
    with Archive(archive_root, create=False) as kept:
        for _, message in kept.told():
            if _CHANGED in message:  # reading each would take long
                told = read_message(message).why
    if told.endswith(_digest(archive_root)):
        return ""
    return "The accounts are not those that the trail told of last: somebody changed the file without this program."


def _digest(archive_root: Path) -> str:
    path = accounts_path(archive_root)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "none"
