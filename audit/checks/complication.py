"""A suspected complication: its signs, the steps in their order, doses that are whole, a look after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from audit.material import Material
from audit.verdict import Evidence, Part, lacking, met, not_asked
from procedure import Phase
from procedure.answers import Sight
from procedure.asepsis import Doing
from procedure.complication import Complication, Confirmation, Sign, StepId, Suspicion
from procedure.timeline import RowKind, not_done

_NONE: Final = "No complication is recorded as suspected."
#: The steps by which a management begins (clinical reference, section 4): one of each group.
STARTING: Final = {
    Suspicion.OCCLUSION: ((StepId.V1,), (StepId.V2,), (StepId.V3,), (StepId.V4, StepId.V5)),
    Suspicion.VISUAL: ((StepId.E1,), (StepId.E2,)),
}
#: What a dose has to say. Whether it was the right one is nobody's but the prescriber's.
_DOSE: Final = (
    ("site", "site"),
    ("lot", "lot"),
    ("dilution", "dilution"),
    ("prescriber", "prescriber"),
    ("route", "route"),
)


def _each(check: Callable[[Material, Complication], Iterator[Part]]) -> Callable[[Material], Iterator[Part]]:
    def run(material: Material) -> Iterator[Part]:
        if not material.encounter.complications:
            yield not_asked(_NONE)
        for event in material.encounter.complications:
            yield from check(material, event)

    run.__doc__ = check.__doc__
    return run


def _signs(material: Material, event: Complication) -> Iterator[Part]:
    """Signs are recorded, those seen by ultrasound with a picture, none before the first one was noticed."""
    seen = [sign for sign in event.signs if sign.sight is Sight.SEEN]
    if not seen:
        yield lacking(f"Suspected {event.suspicion}: no sign is recorded.")
    for sign in seen:
        shown = [one for ref in sign.images if (one := material.seen_in(ref, f"sign {sign.sign}")) is not None]
        if sign.at < event.noticed_at:
            yield lacking(f"Sign {sign.sign}: its time lies before the first sign was noticed.")
        elif sign.sign.startswith("us-") and not shown:
            yield lacking(f"Sign {sign.sign}: no picture of it is there.")
        else:
            yield met(f"Sign {sign.sign}.", *(shown or [material.told(f"sign {sign.sign}", sign.at)]))
    pictures = list(material.scans(Phase.COMPLICATION))
    found = [one for image in pictures if (one := material.shown(image.image_uid, image.station_id)) is not None]
    if found:
        yield met("Pictures of the complication are there.", *found[:3])
    else:
        yield lacking("No picture of the complication is there.")


def _steps(material: Material, event: Complication) -> Iterator[Part]:
    """The management was begun step by step; a step that was left out has its reason. Later steps are shown, not demanded."""
    entered = {step.step for step in event.steps}
    for either in (*STARTING.get(event.suspicion, ()), *_for_vision(material, event)):
        if not entered.intersection(either):
            yield lacking(f"{' or '.join(either)}: not recorded.")
    for step in event.steps:
        if step.at < event.noticed_at:
            yield lacking(f"{step.step}: its time lies before the first sign.")
        elif step.doing is not Doing.DONE and not step.reason:
            yield lacking(f"{step.step}: left out, and no reason is given.")
        else:
            state = "done" if step.doing is Doing.DONE else "left out with a reason"
            yield met(f"{step.step}: {state}.", material.told(f"{step.step}, by {step.by}", step.at))
    if not event.steps:
        yield lacking("No step of the management is recorded.")
    for row in not_done(event):
        if row.kind is RowKind.STEP and row.doing is None:
            yield not_asked(f"{row.what}.")


def _for_vision(material: Material, event: Complication) -> tuple[tuple[StepId, ...], ...]:
    """What a change of vision asks for beside the pathway of what was suspected first, unless it is an event of its own."""
    seen = any(sign.sign is Sign.EYE and sign.sight is Sight.SEEN for sign in event.signs)
    told = any(one.suspicion is Suspicion.VISUAL for one in material.encounter.complications)
    return STARTING[Suspicion.VISUAL] if seen and not told else ()


def _doses(material: Material, event: Complication) -> Iterator[Part]:
    """Each dose of hyaluronidase says how much, where, by which route, of which lot and dilution, by whose decision."""
    if not event.doses:
        yield not_asked("No dose of hyaluronidase is recorded.")
    for dose in event.doses:
        blank = [word for name, word in _DOSE if not getattr(dose, name)]
        what = f"{dose.dose_iu:g} IU at {dose.site or 'an unnamed site'}"
        if dose.at < event.noticed_at:
            yield lacking(f"{what}: its time lies before the first sign.")
        elif blank:
            yield lacking(f"{what}: not recorded: {', '.join(blank)}.")
        else:
            yield met(f"{what}: recorded whole.", material.told(what, dose.at))


def _confirmed(material: Material, event: Complication) -> Iterator[Part]:
    """The confirmation was made step by step, in order; a step that was left out has its reason (it never waits: X8)."""
    entries = {entry.step: entry for entry in event.confirmation}
    for step in Confirmation:
        entry = entries.get(step)
        if entry is None:
            yield lacking(f"Confirmation, {step}: not recorded.")
        elif entry.doing is not Doing.DONE and not entry.reason:
            yield lacking(f"Confirmation, {step}: left out, and no reason is given.")
        else:
            shown = [one for ref in entry.images if (one := material.seen_in(ref, f"confirmation, {step}")) is not None]
            yield met(
                f"Confirmation, {step}: recorded.", *(shown or [material.told(f"confirmation, {step}", entry.at)])
            )
    done = [entries[step] for step in Confirmation if step in entries and entries[step].doing is Doing.DONE]
    if any(later.at < earlier.at for earlier, later in pairwise(done)):
        yield lacking("The steps of the confirmation are not in their order of time.")


def _rechecked(material: Material, event: Complication) -> Iterator[Part]:
    """After each dose, before the next, the vessel was looked at again by Doppler."""
    if not event.doses:
        yield not_asked("No dose of hyaluronidase is recorded.")
        return
    for row in not_done(event):
        if row.kind is RowKind.RECHECK:
            yield lacking(f"{row.what}.")
    looks = [check for check in event.rechecks if check.flow is not None]
    for check in looks:
        shown = [one for ref in check.images if (one := material.seen_in(ref, "re-check by Doppler")) is not None]
        evidence: list[Evidence] = shown or [material.told("re-check by Doppler", check.at)]
        yield met("Looked at again by Doppler.", *evidence)
    if not looks:
        yield lacking("No look by Doppler after a dose is recorded.")


complication_signs = _each(_signs)
complication_steps = _each(_steps)
complication_doses = _each(_doses)
complication_confirmed = _each(_confirmed)
complication_rechecked = _each(_rechecked)
