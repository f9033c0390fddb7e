"""What can be wrong with who somebody is and what that person may do; each message is one sentence for the user."""

from __future__ import annotations


class PeopleError(Exception):
    """The tree of this room's errors."""


class AccountsUnusable(PeopleError):
    """The accounts of an archive cannot be read or written, are missing, or cannot be as was asked."""


class NotSignedIn(PeopleError):
    """Somebody has to sign in first: nobody is, or the session ended, or name and password do not fit, or it is locked."""


class Refused(PeopleError):
    """The person who is signed in may not do this; `why` is how the person stands to the record."""

    def __init__(self, message: str, why: str = "") -> None:
        super().__init__(message)
        self.why = why
