"""The first thing on a pack's page: whose record it is, whether it is complete or was changed, and where to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from audit import Judgement, Verdict
from procedure import telling
from workstation.proof.pack.contents import VERDICTS, Encounter, Integrity, counts_of, places_of

_LACKING = (Verdict.NOT_MET, Verdict.PARTIAL, Verdict.NEEDS_REVIEWER)


def name_of(each: Encounter) -> str:
    """A study as a person calls it: where and when; its UID where it holds no record."""
    if each.found is None:
        return f"Study {each.study}"
    record = each.found.encounter
    return f"{places_of(record)}: {record.started_at:%d %B %Y, %H:%M}"


def row_id(each: Encounter, criterion: str) -> str:
    """Where a criterion stands on the page."""
    return escape(f"c{each.study}-{criterion}")


def summary(encounters: Sequence[Encounter], integrity: Integrity) -> Iterator[str]:
    """The box at the top, as HTML."""
    for each in encounters:
        yield f"<h2>{escape(name_of(each))}</h2>"
        yield from _about(each)
    changed = f"{len(integrity.problems)} objects are not what was stored" if integrity.problems else ""
    same = "When this pack was made, every object in it was, byte for byte, what the clinic's ledger says was stored"
    yield (
        f"<p><b>Was it changed?</b> {escape(changed or same)}. This page cannot prove that by itself: "
        "<a href='#integrity'>check it yourself</a>, with a program of one file and without the clinic's help.</p>"
    )
    if integrity.equipment:
        checks = escape("; ".join(integrity.equipment))
        yield f"<p><b>Did the scale hold on a phantom?</b> {checks} (<a href='equipment.txt'>equipment log</a>).</p>"


def _about(each: Encounter) -> Iterator[str]:
    if each.found is None:
        yield "<p>It holds no record of an encounter, so nothing was judged.</p>"
        return
    record = each.found.encounter
    patient = record.patient
    who = " ".join(
        part for part in (telling.person(patient.name), f"({patient.patient_id})" if patient.known else "") if part
    )
    people = ", ".join(f"{person.name} ({telling.word(person.role)})" for person in record.people)
    kind = "<b>a mock encounter: simulated, of no patient</b>" if record.simulated else "a real encounter"
    yield f"<p>Patient: {escape(who or 'not identified')}. By: {escape(people or 'nobody is named')}. State: "
    yield f"{escape(telling.word(record.state))}. It is {kind}.</p>"
    yield from _complete(each)
    place = escape(each.study)
    yield f"<p>Look at: <a href='#s{place}'>the criteria with their evidence</a>, "
    yield f"<a href='#i{place}'>pictures and clips</a>, <a href='#r{place}'>the record</a>{_pdf(each)}.</p>"


def _pdf(each: Encounter) -> str:
    return f", <a href='{escape(each.pdf)}'>the record as PDF</a>" if each.pdf else ""


def _complete(each: Encounter) -> Iterator[str]:
    lacking = [judgement for judgement in each.judgements if judgement.verdict in _LACKING]
    words = "Something is missing" if lacking else "Nothing that a program can look for is missing"
    yield f"<p><b>Is it complete?</b> {words}: of {len(each.judgements)} criteria {escape(counts_of(each.judgements))}.</p>"
    if lacking:
        yield f"<ul>{''.join(_lack(each, judgement) for judgement in lacking)}</ul>"


def _lack(each: Encounter, judgement: Judgement) -> str:
    criterion = judgement.criterion
    first, *others = dict.fromkeys(judgement.missing) or ("",)
    more = f" (and {len(others)} more)" if others else ""
    return (
        f"<li class={judgement.verdict.value}><a href='#{row_id(each, criterion.id)}'>{escape(criterion.id)}</a> "
        f"<span class=verdict>{VERDICTS[judgement.verdict.value]}</span>: {escape(criterion.requirement)}. "
        f"{escape(first)}{more}</li>"
    )
