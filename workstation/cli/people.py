"""`sonofill people add|list|remove|unlock|password`: the accounts of an archive."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workstation.cli.passwords import add_password_option, read_password
from workstation.cli.place import add_archive_option, archive_folder, one_line
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from workstation.people import Account

_ROLES = ("clinician", "trainee", "reviewer", "administrator")


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    parser = commands.add_parser(
        "people",
        help="accounts: who may do what with an archive",
        epilog="Without accounts nobody signs in and everybody may do everything. The first account is an administrator's; "
        "removing the last one ends sign-in.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="a new account; the first one sets sign-in up")
    add.add_argument("name", metavar="NAME", help="to sign in with: small letters, digits, dot, dash")
    add.add_argument("--full-name", required=True, type=one_line, metavar="NAME", help="as it stands in records")
    add.add_argument("--role", action="append", required=True, choices=_ROLES, help="several: say it again")
    add.add_argument("--registration", default="", metavar="NUMBER", help="with the professional register")
    remove = verbs.add_parser("remove", help="end an account")
    unlock = verbs.add_parser("unlock", help="let an account in again that is locked after wrong passwords")
    password = verbs.add_parser("password", help="your own password, or, as an administrator, another account's")
    listed = verbs.add_parser("list", help="the accounts")
    for verb in (remove, unlock):
        verb.add_argument("name", metavar="NAME")
    password.add_argument("name", nargs="?", metavar="NAME", help="another account than your own")
    for verb in (add, password):
        add_password_option(verb)
    runs: tuple[tuple[Any, Callable[[argparse.Namespace], int]], ...] = (
        (add, _add),
        (listed, _list),
        (remove, _remove),
        (unlock, _unlock),
        (password, _password),
    )
    for verb, run in runs:
        add_archive_option(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document")
        verb.set_defaults(run=run)


def _add(arguments: argparse.Namespace) -> int:
    from workstation.people import Role, load_accounts
    from workstation.people.keeping import NewAccount, add_account

    root = archive_folder(arguments)
    roles = [Role(role) for role in arguments.role]
    if not load_accounts(root).accounts and Role.ADMINISTRATOR not in roles:
        raise Failure("The first account is an administrator's: add --role administrator.", status=2)
    password = read_password(f"New password of {arguments.name}: ", from_input=arguments.password_stdin, twice=True)
    account = add_account(
        root, NewAccount(arguments.name, arguments.full_name, roles, arguments.registration), password
    )
    if arguments.json:
        print_json(_document(account, 0.0))
    else:
        print(f"{account.full_name} signs in by `sonofill signin {account.name}` ({', '.join(account.roles)}).")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from workstation.people import load_accounts
    from workstation.people.keeping import changed_elsewhere
    from workstation.people.sessions import wait_of

    root = archive_folder(arguments)
    accounts = load_accounts(root).accounts
    changed = changed_elsewhere(root) if accounts else ""
    if changed:
        complain(changed)
    waits = {one.name: wait_of(root, one.name) for one in accounts}
    if arguments.json:
        print_json(
            {
                "set_up": bool(accounts),
                "as_told": not changed,
                "accounts": [_document(one, waits[one.name]) for one in accounts],
            }
        )
        return 0
    for one in accounts:
        number = f", registration {one.registration_number}" if one.registration_number else ""
        locked = f", locked for {waits[one.name]:.0f} s" if waits[one.name] else ""
        print(f"{one.name:16} {one.full_name} ({', '.join(one.roles)}){number}{locked}")
    if not accounts:
        print("No accounts: nobody signs in, everybody may do everything.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from workstation.people.keeping import remove_account

    remove_account(archive_folder(arguments), arguments.name)
    return _say(arguments, "removed", f"{arguments.name} can no longer sign in.")


def _unlock(arguments: argparse.Namespace) -> int:
    from workstation.people.keeping import unlock_account

    unlock_account(archive_folder(arguments), arguments.name)
    return _say(arguments, "unlocked", f"{arguments.name} may try again.")


def _password(arguments: argparse.Namespace) -> int:
    """One's own asks for the old one first; another's is an administrator's act."""
    from workstation.cli.admission import signed_in
    from workstation.people import Gate, acting_as
    from workstation.people.keeping import change_password

    gate = Gate(archive_folder(arguments))
    if not gate.is_set_up:
        raise Failure("This archive has no accounts.")
    person = signed_in(gate)
    name = arguments.name or (person.name if person else "")
    if person is None or name != person.name:
        gate.admit("people", person)
    else:
        gate.sign_in(name, read_password("Old password: ", from_input=arguments.password_stdin))
    new = read_password(f"New password of {name}: ", from_input=arguments.password_stdin, twice=True)
    with acting_as(person):
        change_password(gate.root, name, new)
    return _say(arguments, "changed", f"{name} has a new password; sessions of the old one have ended.")


def _say(arguments: argparse.Namespace, key: str, sentence: str) -> int:
    if arguments.json:
        print_json({key: getattr(arguments, "name", None)})
    else:
        print(sentence)
    return 0


def _document(account: Account, locked_s: float) -> dict[str, object]:
    return {
        "name": account.name,
        "full_name": account.full_name,
        "roles": [str(role) for role in account.roles],
        "registration_number": account.registration_number,
        "locked_s": round(locked_s),
        "added_at": account.added_at.isoformat(),
        "added_by": account.added_by,
    }
