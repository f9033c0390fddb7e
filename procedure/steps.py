"""Changes of state: final, attested or given back, corrected, given to another identity. Each answers a new encounter (S20).

A step that is not possible raises StepNotPossible. None of them asks whether the record is complete: what is missing is told
(`procedure.missing`), and whoever signs answers for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from procedure.as_json import digest
from procedure.encounter import Encounter
from procedure.errors import StepNotPossible
from procedure.patient import Identity, IdentityChange
from procedure.people import Person, Role
from procedure.states import Signature, State, Version


def standing(encounter: Encounter) -> tuple[int, int]:
    """How far a record has come, to be compared: its version, then its state."""
    return encounter.version, list(State).index(encounter.state)


def finalise(encounter: Encounter, by: str, at: datetime) -> Encounter:
    """Make a draft final: it may now leave the workstation."""
    if encounter.state is not State.DRAFT:
        raise StepNotPossible(f"The record is {encounter.state} already: correct it to make a new draft.")
    return _signed(encounter, State.FINAL, by, at)


def attest(encounter: Encounter, by: str, at: datetime) -> Encounter:
    """Attest a final record. `by` is a supervisor of the encounter, and not the one who made it final."""
    if encounter.state is not State.FINAL:
        raise StepNotPossible(f"The record is {encounter.state}: only a final record is attested.")
    if not any(person.name == by and person.role is Role.SUPERVISOR for person in encounter.people):
        raise StepNotPossible("Only a supervisor of this encounter attests it: add the supervisor to its people first.")
    _not_the_author(encounter, by)
    return _signed(encounter, State.ATTESTED, by, at)


def not_attested(encounter: Encounter, by: str, at: datetime, reason: str) -> Encounter:
    """A final record given back to its author: the next version, a draft, which says why it was not attested."""
    if encounter.state is not State.FINAL:
        raise StepNotPossible(f"The record is {encounter.state}: only a final record is given back.")
    if not reason.strip():
        raise StepNotPossible("Giving a record back needs a reason: say what is not right.")
    _not_the_author(encounter, by)
    return correct(encounter, by, at, f"Not attested: {reason}")


def with_supervisor(encounter: Encounter, name: str, registration_number: str) -> Encounter:
    """The encounter with this supervisor among its people, who may be there already.

    Raises StepNotPossible where the record knows somebody of this name in another role only, or by another number.
    """
    known = [person for person in encounter.people if person.name == name]
    supervisor = next((person for person in known if person.role is Role.SUPERVISOR), None)
    if known and supervisor is None:
        raise StepNotPossible(f"The record knows {name} as {known[0].role}: only a supervisor attests it.")
    if supervisor is None:
        added = Person(name=name, role=Role.SUPERVISOR, registration_number=registration_number)
        return replace(encounter, people=(*encounter.people, added))
    if supervisor.registration_number != registration_number:
        if supervisor.registration_number:
            raise StepNotPossible(
                f"The record has another registration number of {name}: look at both, and give the one that is right."
            )
        numbered = replace(supervisor, registration_number=registration_number)
        return replace(encounter, people=tuple(numbered if p is supervisor else p for p in encounter.people))
    return encounter


def correct(encounter: Encounter, by: str, at: datetime, reason: str, **changes: Any) -> Encounter:
    """The next version: a draft with `changes`, which names the version before it and why it was not left as it was."""
    if encounter.state is State.DRAFT:
        raise StepNotPossible("The record is a draft: change it as it is, a version begins when it was final once.")
    if not reason.strip():
        raise StepNotPossible("A correction needs a reason: say why the record was not right.")
    before = Version(number=encounter.version, at=at, by=by, reason=reason, sha256=digest(encounter))
    return replace(
        encounter,
        **changes,
        state=State.DRAFT,
        version=encounter.version + 1,
        signatures=(),
        earlier_versions=(*encounter.earlier_versions, before),
    )


def continued(encounter: Encounter, stored: Encounter, by: str, at: datetime, reason: str) -> Encounter:
    """The record in hand as it goes to the archive after `stored`: unchanged it is `stored`, changed it is the next version.

    A draft may be stored before it is final, and what is stored is never overwritten. Raises StepNotPossible where `stored`
    is final already: that one is corrected.
    """
    if encounter.version > stored.version:
        return encounter  # corrected: it names what came before it
    if replace(encounter, earlier_versions=stored.earlier_versions) == stored:
        return stored
    if stored.state is not State.DRAFT:
        raise StepNotPossible(f"The record is {stored.state} already: correct it to make a new draft.")
    before = Version(number=stored.version, at=at, by=by, reason=reason, sha256=digest(stored))
    return replace(encounter, version=stored.version + 1, earlier_versions=(*stored.earlier_versions, before))


def identify(
    encounter: Encounter, identity: Identity, by: str, at: datetime, reason: str, images_remade: tuple[str, ...] = ()
) -> Encounter:
    """The encounter under another identity: a name that was found later, or the right one in place of a wrong one.

    The old identity stays in the record; a final record is corrected, which makes a new version.
    """
    if not reason.strip():
        raise StepNotPossible("Another identity needs a reason: say how it was found out.")
    change = IdentityChange(at=at, by=by, reason=reason, before=encounter.patient, images_remade=images_remade)
    changes: dict[str, Any] = {"patient": identity, "identity_changes": (*encounter.identity_changes, change)}
    if encounter.state is State.DRAFT:
        return replace(encounter, **changes)
    return correct(encounter, by, at, f"Identity: {reason}", **changes)


def _not_the_author(encounter: Encounter, by: str) -> None:
    """Raises StepNotPossible where `by` made the record final, under this name or this registration number."""
    signed = encounter.signatures[-1]
    numbers = {person.registration_number for person in encounter.people if person.name == by} - {""}
    if signed.by.casefold() == by.casefold() or signed.registration_number in numbers:
        raise StepNotPossible("Who made the record final cannot attest it: ask another supervisor.")


def _signed(encounter: Encounter, state: State, by: str, at: datetime) -> Encounter:
    person = next((person for person in encounter.people if person.name == by), None)
    number = "" if person is None else person.registration_number
    signature = Signature(at=at, by=by, state=state, registration_number=number)
    return replace(encounter, state=state, signatures=(*encounter.signatures, signature))
