"""The complication as a timeline: everything in the order of its time, with what was not done in its place (N12, S15).

Times are told as elapsed since the first sign, never as remaining (conflict X14). A step that nobody recorded is a row of its
own, without a time: it stays visible, and nothing waits for it (conflict X8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure import telling
from procedure.asepsis import Doing
from procedure.complication import Complication, Confirmation, Dose, Recheck, SignSeen
from procedure.pathway import STEPS
from procedure.wording import NO_SIGNAL


class RowKind(StrEnum):
    """What a row is about."""

    FIRST_SIGN = "first-sign"
    SIGN = "sign"
    CONFIRMATION = "confirmation"
    STEP = "step"
    DOSE = "dose"
    RECHECK = "recheck"
    MEASURE = "measure"
    ESCALATION = "escalation"
    END = "end"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `at` and `elapsed_s` (since the first sign) are None for what was never recorded."""

    kind: RowKind
    what: str
    at: datetime | None
    elapsed_s: float | None
    by: str
    doing: Doing | None  # None: a step that nobody recorded


def timeline(event: Complication) -> tuple[Row, ...]:
    """Every entry in the order of its time (equal times in the order of the record), then the steps without an entry."""
    rows = sorted(_recorded(event), key=lambda row: row.at or event.noticed_at)
    return (*rows, *_not_recorded(event))


def not_done(event: Complication) -> tuple[Row, ...]:
    """Steps that were left out, with their reason, and those that nobody recorded; a dose without a re-check by Doppler."""
    left_out = [row for row in timeline(event) if row.doing is not Doing.DONE]
    return (*left_out, *_doses_without_recheck(event))


def _recorded(event: Complication) -> Iterator[Row]:
    def row(kind: RowKind, what: str, at: datetime, by: str, doing: Doing = Doing.DONE) -> Row:
        return Row(kind, what, at, (at - event.noticed_at).total_seconds(), by, doing)

    yield row(
        RowKind.FIRST_SIGN, f"First sign noticed: suspected {event.suspicion}", event.noticed_at, event.noticed_by
    )
    for sign in event.signs:
        yield row(RowKind.SIGN, _sign(sign), sign.at, sign.by)
    for entry in event.confirmation:
        what = _told(f"Confirmation, {entry.step}", entry.doing, entry.text, entry.reason)
        yield row(RowKind.CONFIRMATION, what, entry.at, entry.by, entry.doing)
    for step in event.steps:
        yield row(RowKind.STEP, _told(f"{step.step}", step.doing, step.text, step.reason), step.at, step.by, step.doing)
    for dose in event.doses:
        yield row(RowKind.DOSE, _dose(dose), dose.at, dose.by)
    for check in event.rechecks:
        yield row(RowKind.RECHECK, _recheck(check), check.at, check.by)
    for measure in event.measures:
        words = ", ".join(word for word in (measure.what, measure.amount, measure.result) if word)
        yield row(RowKind.MEASURE, words, measure.at, measure.by)
    for call in event.escalations:
        answered = f", answered by {call.answered_by}" if call.answered_by else ""
        yield row(RowKind.ESCALATION, f"Called: {call.called}{answered}", call.at, call.by)
    if event.ended_at is not None:
        yield row(RowKind.END, f"Ended: {event.outcome or 'no outcome recorded'}", event.ended_at, "")


def _not_recorded(event: Complication) -> Iterator[Row]:
    done = {entry.step for entry in event.confirmation}
    for step in Confirmation:
        if step not in done:
            yield Row(RowKind.CONFIRMATION, f"Confirmation, {step}: not recorded", None, None, "", None)
    steps = {step.step for step in event.steps}
    for text in STEPS.get(event.suspicion, ()):
        if text.step not in steps:
            yield Row(RowKind.STEP, f"{text.step}: not recorded ({text.action.rstrip('.')})", None, None, "", None)


def _doses_without_recheck(event: Complication) -> Iterator[Row]:
    """A dose after which, before the next one, no look by Doppler was recorded (S15: dose, then re-check)."""
    doses = sorted(event.doses, key=lambda dose: dose.at)
    for place, dose in enumerate(doses):
        until = doses[place + 1].at if place + 1 < len(doses) else None
        looked = any(
            check.flow is not None and check.at >= dose.at and (until is None or check.at <= until)
            for check in event.rechecks
        )
        if not looked:
            what = f"Re-check by Doppler after {dose.dose_iu:g} IU at {dose.site or 'an unnamed site'}: not recorded"
            yield Row(RowKind.RECHECK, what, None, None, "", None)


def _told(what: str, doing: Doing, text: str, reason: str) -> str:
    state = {Doing.DONE: "", Doing.NOT_DONE: "not done", Doing.NOT_APPLICABLE: "not applicable"}[doing]
    words = [word for word in (state, reason and f"reason: {reason}", text) if word]
    return f"{what}: {'; '.join(words)}" if words else what


def _sign(sign: SignSeen) -> str:
    where = f", {sign.place}" if sign.place else ""
    lumen = f", lumen {sign.lumen_echogenicity}" if sign.lumen_echogenicity else ""
    return f"Sign {telling.word(sign.sight)}: {telling.word(sign.sign)}{where}{lumen}"


def _dose(dose: Dose) -> str:
    words = [f"Hyaluronidase {dose.dose_iu:g} IU", dose.site or "site not recorded"]
    words += [word for word in (dose.route or "", dose.dilution, dose.lot and f"lot {dose.lot}") if word]
    return ", ".join(words)


def _recheck(check: Recheck) -> str:
    words = [f"refill {check.refill_s:g} s"] if check.refill_s is not None else []
    words += [check.skin_colour] if check.skin_colour else []
    words += [f"pain {check.pain_0_10} of 10"] if check.pain_0_10 is not None else []
    if check.flow is not None:
        words.append("Doppler signal seen" if check.flow == "seen" else NO_SIGNAL)
    return f"Re-check{', ' + check.place if check.place else ''}: {', '.join(words) or 'nothing recorded'}"
