"""The suspected complication: its timeline, then every entry in full; doses as they were recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from procedure import telling
from procedure.asepsis import Doing
from procedure.complication import Complication, Suspicion
from procedure.documents._names import Names, cell
from procedure.documents.blocks import Blank, Block, Cell, Facts, Heading, Table, Text, Tone
from procedure.encounter import Encounter
from procedure.record import Record
from procedure.timeline import Row, not_done, timeline
from procedure.wording import COMPLICATION, VISION


def complications(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Every event of the encounter."""
    yield Heading("Complications")
    if not encounter.complications:
        yield Text("No complication is recorded.")
    for place, event in enumerate(encounter.complications, start=1):
        yield Heading(f"Event {place}: suspected {telling.word(event.suspicion)}", 2)
        if concerns_vision(event):
            yield Text(VISION, Tone.ALARM)
        yield Text(COMPLICATION, Tone.NOTICE)
        yield from _event(event, names)


def concerns_vision(event: Complication) -> bool:
    """Whether a sign of the eyes was seen, or somebody was called for it."""
    return (
        event.suspicion is Suspicion.VISUAL
        or any(sign.sign == "eye" and sign.sight == "seen" for sign in event.signs)
        or any(call.for_vision for call in event.escalations)
    )


def elapsed(seconds: float | None) -> str:
    """Time since the first sign, '+1:02:03'; never a time that remains (conflict X14)."""
    if seconds is None:
        return ""
    whole = round(abs(seconds))
    return f"{'-' if seconds < 0 else '+'}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def time_rows(rows: Sequence[Row]) -> tuple[tuple[Cell, ...], ...]:
    """The timeline as rows of a table."""
    return tuple(
        (elapsed(row.elapsed_s), telling.moment(row.at) if row.at else Blank.NOT_RECORDED, row.what, row.by)
        for row in rows
    )


def _event(event: Complication, names: Names) -> Iterator[Block]:
    lists = {"signs", "confirmation", "steps", "doses", "rechecks", "measures", "escalations"}
    yield names.facts(event, {"suspicion", *lists}, {"report_numbers"})
    columns = ("since the first sign", "time", "what", "by whom")
    yield Table(columns, (1.4, 2.8, 6, 2), time_rows(timeline(event)))
    lacking = [row.what for row in not_done(event) if row.doing is not Doing.NOT_APPLICABLE]
    if lacking:
        yield Heading("Not done, or not recorded", 2)
        for what in lacking:
            yield Text(what, Tone.ITEM)
    for title, records, key in (
        ("Signs", event.signs, "sign"),
        ("Stepwise confirmation", event.confirmation, "step"),
        ("Steps", event.steps, "step"),
    ):
        if records:
            yield Heading(title, 2)
            yield Table(("when, by whom", "what", "further"), (2.5, 3, 7), _entries(event, records, key, names))
    if event.doses:
        yield Heading("Doses, as recorded", 2)
        yield Table(
            ("when, by whom", "dose", "site", "lot", "further"),
            (2.5, 1.3, 3, 1.5, 5),
            tuple(
                (
                    _when(event, dose.at, dose.by),
                    telling.value("dose_iu", dose.dose_iu),
                    cell(dose.site),
                    cell(dose.lot),
                    names.rest(dose, {"at", "by", "dose_iu", "site", "lot"}),
                )
                for dose in sorted(event.doses, key=lambda dose: dose.at)
            ),
        )
    for title, others in (
        ("Looks after doses and measures", event.rechecks),
        ("Other measures", event.measures),
        ("Calls and transfer", event.escalations),
    ):
        if others:
            yield Heading(title, 2)
            rows = tuple(
                (_when(event, _at(one), getattr(one, "by")), names.rest(one, {"at", "by"}))  # noqa: B009
                for one in sorted(others, key=_at)
            )
            yield Table(("when, by whom", "what"), (2.5, 10), rows)
    if event.ended_at is None:
        yield Facts((("end of the event", Blank.NOT_RECORDED),))


def _at(record: Record) -> datetime:
    moment: datetime = getattr(record, "at")  # noqa: B009 (several kinds of entry)
    return moment


def _when(event: Complication, at: datetime, by: str) -> str:
    return f"{telling.moment(at)} ({elapsed((at - event.noticed_at).total_seconds())})\n{by}"


def _entries(event: Complication, records: Sequence[Record], key: str, names: Names) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            _when(event, getattr(record, "at"), getattr(record, "by")),  # noqa: B009 (three kinds of entry)
            telling.word(getattr(record, key)),
            names.rest(record, {"at", "by", key}),
        )
        for record in sorted(records, key=_at)
    )
