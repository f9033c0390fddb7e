"""The order of time: what should have come before what. All of it rests on the clock, so the clock is asked about too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from procedure.answers import Answer
from procedure.asepsis import AFTERWARDS, BEFORE_PUNCTURE, AsepticStep, Doing
from procedure.consent import ConsentKind
from procedure.encounter import Encounter
from procedure.people import ClockSource
from procedure.phase import Phase
from procedure.questions._question import Question
from procedure.walk import leaves

LARGEST_OFFSET_S: Final = 2.0  # beyond it the order of two events may be wrong (our choice)
#: What may well lie days before: consent with time to think, the clock's last check, versions and identities.
_MAY_BE_EARLIER: Final = ("consents", "clock", "history", "identity_changes", "earlier_versions")


def asked(encounter: Encounter) -> Iterator[Question]:
    """Questions about the order of events."""
    yield from _clock(encounter)
    yield from _before_start(encounter)
    yield from _before_puncture(encounter)
    yield from _phases(encounter)
    yield from _complications(encounter)


def _clock(encounter: Encounter) -> Iterator[Question]:
    clock = encounter.clock
    if clock.source is ClockSource.UNKNOWN or clock.synchronised is not True:
        yield Question("clock", "clock", "Was the clock synchronised? All order of time in this record rests on it.")
    elif clock.offset_s is not None and abs(clock.offset_s) > LARGEST_OFFSET_S:
        yield Question("clock", "clock.offset_s", f"The clock was {clock.offset_s:g} s off: do the times stand?")


def _before_start(encounter: Encounter) -> Iterator[Question]:
    """An event a day or more before the encounter began is a slip of a date, whatever it is."""
    for where, _, moment in leaves(encounter):
        if where.startswith(_MAY_BE_EARLIER) or not isinstance(moment, datetime):
            continue
        if encounter.started_at - moment > timedelta(days=1):
            yield Question(
                "before-start", where, "Is the time right? It lies more than a day before the encounter began."
            )


def _before_puncture(encounter: Encounter) -> Iterator[Question]:
    puncture = encounter.first_puncture
    if puncture is None:
        return
    treatment = [c for c in encounter.consents if c.kind is ConsentKind.TREATMENT]
    given = [consent.at for consent in treatment if consent.given is Answer.YES]
    if not given:
        yield Question("consent", "consents", "Something was injected: was consent to the treatment given?")
    elif min(given) > puncture:
        yield Question("consent-late", "consents", "Was consent given after the first injection?")
    for place, consent in enumerate(treatment):
        for number, injection in enumerate(encounter.injections):
            if consent.withdrawn_at is not None and injection.at > consent.withdrawn_at:
                where = f"injections[{number}].at"
                yield Question("consent-withdrawn", where, f"Was this injected after consents[{place}] was withdrawn?")
    for place, plan in enumerate(encounter.plans):
        if plan.signed_at is not None and plan.signed_at > puncture:
            yield Question("plan-late", f"plans[{place}].signed_at", "Was the plan signed after the first injection?")
    if encounter.kit is not None and encounter.kit.at > puncture:
        yield Question("kit-late", "kit.at", "Was the emergency kit checked after the first injection?")
    yield from _asepsis(encounter, puncture)


def _asepsis(encounter: Encounter, puncture: datetime) -> Iterator[Question]:
    last = max(injection.at for injection in encounter.injections)
    for place, entry in enumerate(encounter.aseptic_steps):
        where = f"aseptic_steps[{place}].at"
        if entry.doing is not Doing.DONE:
            continue
        if entry.step in BEFORE_PUNCTURE and entry.at > puncture:
            yield Question(
                "asepsis-late", where, f"Was the step '{_words(entry.step)}' done after the first injection?"
            )
        if entry.step in AFTERWARDS and entry.at < last:
            yield Question(
                "asepsis-early", where, f"Was the step '{_words(entry.step)}' done before the last injection?"
            )


def _words(step: AsepticStep) -> str:
    return step.replace("-", " ")


def _phases(encounter: Encounter) -> Iterator[Question]:
    puncture = encounter.first_puncture
    if puncture is None:
        return
    entries = [(f"visits[{place}]", visit.at, visit.phase) for place, visit in enumerate(encounter.visits)]
    entries += [(f"images[{place}]", image.at, image.phase) for place, image in enumerate(encounter.images)]
    for where, at, phase in entries:
        before = at < puncture
        if (phase is Phase.PRE and not before) or (phase is Phase.POST and before):
            side = "before" if before else "not before"
            text = f"Is the phase '{phase}' right? It lies {side} the first injection."
            yield Question("phase-time", f"{where}.phase", text)


def _complications(encounter: Encounter) -> Iterator[Question]:
    for place, event in enumerate(encounter.complications):
        entries = [("doses", dose.at) for dose in event.doses] + [("rechecks", look.at) for look in event.rechecks]
        counted: dict[str, int] = {}
        for name, at in entries:
            number = counted.get(name, 0)
            counted[name] = number + 1
            if at < event.noticed_at:
                where = f"complications[{place}].{name}[{number}].at"
                yield Question("before-sign", where, "Is the time right? It lies before the first sign was noticed.")
        if event.ended_at is not None and event.ended_at < event.noticed_at:
            yield Question("before-sign", f"complications[{place}].ended_at", "Did it end before it was noticed?")
