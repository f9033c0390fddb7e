"""The gate: who is signed in at an archive, what that person may do there, and what the trail says of it.

    gate = Gate(archive_root)
    person = gate.sign_in("vogel", password)            # NotSignedIn
    gate.admit("attest", person, study_uid)             # Refused; None is nobody

Commands and the window go through it, and it alone reads the table of acts. Where no accounts are set up, everybody may do
everything, and it tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from archive import Archive, ArchiveError
from audit.trail import TrailAct
from workstation.people.accounts import Account, accounts_path, load_accounts
from workstation.people.acting import acting_as
from workstation.people.acts import Act, May, Whose, table
from workstation.people.errors import AccountsUnusable, NotSignedIn, Refused
from workstation.people.passwords import is_password
from workstation.people.remembered import had_accounts
from workstation.people.sessions import FREE_TRIES, begin_session, end_session, note_failure, use_session, wait_of

#: The table's words for the trail.
_TOLD: Final = {
    "opened": TrailAct.OPENED,
    "changed": TrailAct.CHANGED,
    "exported": TrailAct.EXPORTED,
    "imported": TrailAct.IMPORTED,
    "verified": TrailAct.VERIFIED,
    "trail": TrailAct.TRAIL_USED,
    "emergency": TrailAct.EMERGENCY,
}


def check(act_id: str, person: Account | None, whose: Iterable[Whose] = (Whose.NEW,)) -> Act:
    """Whether somebody may do an act with records that stand to the person like that. Raises NotSignedIn, Refused.

    Reads nothing but the table, and tells nothing: for whoever knows that sign-in is set up, and whose the records are.
    """
    act = table().acts[act_id]
    if person is None:
        if act.nobody is May.YES:
            return act
        raise NotSignedIn(f"To {act.what}, sign in first: `sonofill signin NAME`.")
    for each in whose:
        if not act.may(person.roles, each):
            told = {Whose.OWN: " (this record is their own)", Whose.OTHERS: " (this record is somebody else's)"}
            which = told.get(each, "")
            who = f"{person.full_name} ({' and '.join(person.roles)})"
            raise Refused(f"{who} may not {act.what}{which}. Who may: {act.who_may()}.", why=str(each))
    return act


class Gate:
    """Where persons act on the archive in one folder."""

    def __init__(self, archive_root: Path) -> None:
        self.root = archive_root

    @property
    def is_set_up(self) -> bool:
        """Whether somebody has to sign in here. Raises AccountsUnusable where there were accounts, and are none."""
        if accounts_path(self.root).exists():
            return True
        if had_accounts(self.root):
            raise AccountsUnusable(
                f"The accounts of this archive are missing ({accounts_path(self.root)}): bring them back from a copy; until"
                " then nobody is let in."
            )
        return False

    def sign_in(self, name: str, password: str) -> Account:
        """The person of that name and password. Raises NotSignedIn, the same for a wrong name and a wrong password."""
        found = load_accounts(self.root).find(name)
        wait = wait_of(self.root, name) if found else 0.0
        if wait:
            self.tell(TrailAct.SIGNED_IN, found, ok=False, why="locked")
            raise NotSignedIn(f"{name} is locked after too many wrong passwords: wait {_in_words(wait)}.")
        if not is_password(found.hashed if found else None, password):
            if found is not None:
                note_failure(self.root, name)
            self.tell(TrailAct.SIGNED_IN, found, ok=False, why="wrong name or password")
            wait = wait_of(self.root, name) if found else 0.0
            after = f" After {FREE_TRIES} tries {name} is locked for {_in_words(wait)}." if wait else ""
            raise NotSignedIn(f"Name and password do not fit.{after}")
        assert found is not None
        self.tell(TrailAct.SIGNED_IN, found)
        return found

    def begin(self, person: Account) -> str:
        """A session of somebody who signed in; returns its token."""
        return begin_session(self.root, person.name)

    def person_of(self, token: str) -> Account:
        """Whose session it is, which goes on by this. Raises NotSignedIn."""
        name = use_session(self.root, token)
        found = load_accounts(self.root).find(name)
        if found is None:
            raise NotSignedIn("Your account was removed.")
        return found

    def end(self, token: str) -> None:
        """Ends a session."""
        name = end_session(self.root, token)
        if name:
            self.tell(TrailAct.SIGNED_OUT, load_accounts(self.root).find(name))

    def admit(self, act_id: str, person: Account | None, studies: Iterable[str] = ()) -> Act:
        """Lets somebody do an act with these stored studies. Raises NotSignedIn, Refused, which the trail tells of."""
        named = tuple(dict.fromkeys(studies))
        act = table().acts[act_id]
        if not self.is_set_up:
            return act
        whose = self._whose(act, person, named) if person is not None else {Whose.NEW}
        try:
            return check(act_id, person, whose)
        except Refused as refusal:
            self.tell_refusal(act_id, person, refusal, named)
            raise

    def tell_refusal(self, act_id: str, person: Account | None, refusal: Refused, studies: Iterable[str] = ()) -> str:
        """Tells the trail that somebody was refused an act; returns a sentence where it cannot be told."""
        about = f"sonofill:act/{act_id}"
        return self.tell(TrailAct.REFUSED, person, studies, ok=False, about=about, why=refusal.why)

    def _whose(self, act: Act, person: Account, studies: tuple[str, ...]) -> set[Whose]:
        if not studies or not act.asks_whose:
            return {Whose.NEW}
        from workstation.people.authors import authors_of, whose

        with Archive(self.root, create=False) as kept:
            return {whose(person.full_name, authors_of(kept, one)) if kept.holds(one) else Whose.NEW for one in studies}

    def tell_act(self, act: Act, person: Account | None, studies: Iterable[str] = (), *, ok: bool = True) -> str:
        """Tells the trail of an act that was admitted; returns a sentence where it cannot be told, else nothing."""
        if not act.told:
            return ""
        return self.tell(_TOLD[act.told], person, studies, ok=ok)

    def tell(
        self,
        act: TrailAct,
        person: Account | None,
        studies: Iterable[str] = (),
        *,
        ok: bool = True,
        about: str = "",
        why: str = "",
    ) -> str:
        """Tells the trail, where sign-in is set up. Returns a sentence where it cannot be told, else nothing."""
        from workstation.proof.telling import keep_event

        if not accounts_path(self.root).exists():
            return ""
        try:
            with Archive(self.root, create=False) as kept, acting_as(person):
                return keep_event(kept, act, studies, ok=ok, about=about, why=why)
        except ArchiveError as error:
            return f"The trail does not tell of this: {error}"


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
