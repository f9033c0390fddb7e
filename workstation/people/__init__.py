"""People: who works at an archive, how they sign in, and what each may do. Off until the first account is added.

    accounts, passwords, sessions   who there is, kept in the archive's folder `people/`
    acts.toml, acts                 the one table of who may do what
    authors                         whose a stored record is
    gate                            the one place where somebody is let in or refused, and the trail is told

docs/decisions/0021 says what this keeps out, and what not. No Qt.
"""

from workstation.people.accounts import Account, Accounts, Role, change_accounts, load_accounts
from workstation.people.acting import acting, acting_as
from workstation.people.errors import AccountsUnusable, NotSignedIn, PeopleError, Refused
from workstation.people.gate import Gate

__all__ = [
    "Account",
    "Accounts",
    "AccountsUnusable",
    "Gate",
    "NotSignedIn",
    "PeopleError",
    "Refused",
    "Role",
    "acting",
    "acting_as",
    "change_accounts",
    "load_accounts",
]
