"""Who is acting in this program, for what is told of it. Without sign-in nobody is: the account of the system is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from workstation.people.accounts import Account

_ACTING: ContextVar[Account | None] = ContextVar("acting", default=None)


def acting() -> Account | None:
    """The person who was let in for what is being done."""
    return _ACTING.get()


@contextmanager
def acting_as(person: Account | None) -> Iterator[None]:
    """Within it, this thread acts for that person."""
    token = _ACTING.set(person)
    try:
        yield
    finally:
        _ACTING.reset(token)
