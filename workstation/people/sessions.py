"""Who is signed in, and who tried in vain: `DIR/people/state.json`. No password in it, and of a token its digest.

Times are seconds of the clock on the wall, since a session outlives a program and a start of the machine.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from annotation.autosave import write_durably
from workstation.people.accounts import folder_of, people_lock
from workstation.people.errors import AccountsUnusable, NotSignedIn

IDLE_S: Final = 15 * 60.0  #: a session in which nothing was done for so long has ended
LONGEST_S: Final = 12 * 3600.0
FREE_TRIES: Final = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 60.0, 24 * 3600.0

T = TypeVar("T")


class Failures(BaseModel):
    """Wrong passwords in a row, and when the last one was."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int
    last_s: float

    @property
    def wait_s(self) -> float:
        """How long nobody is let in after the last: nothing for the first four, then a minute, doubled by each further."""
        if self.count < FREE_TRIES:
            return 0.0
        return float(min(_FIRST_WAIT_S * 2 ** min(self.count - FREE_TRIES, 20), _LONGEST_WAIT_S))


class Session(BaseModel):
    """Somebody who signed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    begun_s: float
    last_s: float


class State(BaseModel):
    """The whole file: `sessions` by the SHA-256 of their token, `failures` by account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    sessions: dict[str, Session] = {}
    failures: dict[str, Failures] = {}


def wait_of(archive_root: Path, name: str, now: float | None = None) -> float:
    """For how many seconds more account `name` is locked; 0 where it is not."""
    failures = _read(archive_root).failures.get(name)
    if failures is None:
        return 0.0
    passed = max((time.time() if now is None else now) - failures.last_s, 0.0)  # a clock that went back locks no longer
    return max(failures.wait_s - passed, 0.0)


def note_failure(archive_root: Path, name: str) -> int:
    """Counts a wrong password; returns how many there were in a row."""

    def change(state: State) -> tuple[State, int]:
        before = state.failures.get(name)
        count = (before.count if before else 0) + 1
        failures = {**state.failures, name: Failures(count=count, last_s=time.time())}
        return state.model_copy(update={"failures": failures}), count

    return _change(archive_root, change)


def forget_failures(archive_root: Path, name: str) -> None:
    """The account is let in again."""
    _change(
        archive_root,
        lambda state: (
            state.model_copy(update={"failures": {k: v for k, v in state.failures.items() if k != name}}),
            None,
        ),
    )


def begin_session(archive_root: Path, name: str) -> str:
    """A session of that account; returns its token, which is kept nowhere here."""
    token, now = secrets.token_urlsafe(32), time.time()

    def change(state: State) -> tuple[State, str]:
        live = {digest: one for digest, one in state.sessions.items() if _is_live(one, now)}
        live[_digest(token)] = Session(name=name, begun_s=now, last_s=now)
        failures = {k: v for k, v in state.failures.items() if k != name}
        return state.model_copy(update={"sessions": live, "failures": failures}), token

    return _change(archive_root, change)


def use_session(archive_root: Path, token: str) -> str:
    """The account of a session, which goes on by this. Raises NotSignedIn where it has ended."""
    now = time.time()

    def change(state: State) -> tuple[State, str]:
        session = state.sessions.get(_digest(token))
        if session is None or not _is_live(session, now):
            raise NotSignedIn("Your session has ended: sign in again with `sonofill signin NAME`.")
        sessions = {**state.sessions, _digest(token): session.model_copy(update={"last_s": now})}
        return state.model_copy(update={"sessions": sessions}), session.name

    return _change(archive_root, change)


def end_session(archive_root: Path, token: str) -> str:
    """Ends a session; returns its account, empty where it had ended."""

    def change(state: State) -> tuple[State, str]:
        sessions = dict(state.sessions)
        gone = sessions.pop(_digest(token), None)
        return state.model_copy(update={"sessions": sessions}), gone.name if gone else ""

    return _change(archive_root, change)


def end_sessions_of(archive_root: Path, name: str) -> None:
    """Ends all sessions of an account: it was removed, or its password changed."""

    def change(state: State) -> tuple[State, None]:
        sessions = {digest: one for digest, one in state.sessions.items() if one.name != name}
        failures = {k: v for k, v in state.failures.items() if k != name}
        return state.model_copy(update={"sessions": sessions, "failures": failures}), None

    _change(archive_root, change)


def _is_live(session: Session, now: float) -> bool:
    return abs(now - session.last_s) <= IDLE_S and abs(now - session.begun_s) <= LONGEST_S


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _path(archive_root: Path) -> Path:
    return folder_of(archive_root) / "state.json"


def _read(archive_root: Path) -> State:
    path = _path(archive_root)
    try:
        return State.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return State()
    except (OSError, ValidationError) as error:
        raise AccountsUnusable(f"{path} cannot be read: remove it, and sign in again.") from error


def _change(archive_root: Path, change: Callable[[State], tuple[State, T]]) -> T:
    with people_lock(archive_root):
        before = _read(archive_root)
        after, answer = change(before)
        if after != before:
            try:
                write_durably(after.model_dump_json(indent=1) + "\n", _path(archive_root), mode=0o600)
            except OSError as error:
                raise AccountsUnusable(f"{_path(archive_root)} cannot be written: {error.strerror}.") from error
    return answer
