"""One page that goes with a patient who is transferred with a suspected occlusion: what, where, when, what was given.

The page has to be read in a minute by somebody who knows nothing of the case: vision first, then the event, what was given,
the last look, what the patient brings along, and whom to call. Nothing in it says what to do next or how much to give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procedure import telling
from procedure.answers import Answer, Sight
from procedure.complication import Complication, Sign
from procedure.documents._event import elapsed
from procedure.documents._names import Names, cell
from procedure.documents._treatment import product_name
from procedure.documents.blocks import Blank, Block, Cell, Facts, Heading, Page, Printed, Table, Text, Tone
from procedure.documents.whole import dated, foot, printed_line, running
from procedure.encounter import Encounter
from procedure.questions import questions
from procedure.states import State
from procedure.wording import COMPLICATION, NO_SIGNAL, SIMULATED, VISION

LONGEST = 160  #: characters of one entry where the page is crowded


def handover_document(encounter: Encounter, printed: Printed | None = None, rows: int | None = None) -> Page:
    """The page. `rows` is the most rows of one table, where the whole does not fit: what is left out is counted there."""
    names = Names(encounter)

    def blocks() -> Iterator[Block]:
        events = sorted(encounter.complications, key=lambda event: event.noticed_at, reverse=True)
        if encounter.simulated:
            yield Text(SIMULATED, Tone.ALARM)
        if encounter.state is State.DRAFT:
            yield Text("Draft. Nobody has made this record final.", Tone.ALARM)
        yield Text(VISION, Tone.ALARM)
        yield from _patient(encounter)
        if not events:
            yield Text("No complication is recorded in this encounter.", Tone.NOTICE)
        for event in events[:1]:
            yield from _event(event, names, rows, printed)
        if len(events) > 1:
            others = ", ".join(f"{telling.word(e.suspicion)} at {telling.moment(e.noticed_at)}" for e in events[1:])
            yield Text(_short(f"Further events, in the whole record: {others}.", rows), Tone.NOTICE)
        yield from _asked(encounter, rows)
        yield from _injected(encounter, rows)
        yield from _contacts(encounter, events)
        yield printed_line(printed)

    found = tuple(_shortened(block, rows) for block in blocks())
    title = "Handover: suspected complication after filler" if encounter.complications else "Handover after filler"
    when = dated(encounter, printed)
    return Page(title, running(encounter), foot(encounter), when, found, one_page=True)


def _patient(encounter: Encounter) -> Iterator[Block]:
    history, patient = encounter.history, encounter.patient
    rows: list[tuple[str, Cell]] = [
        ("patient", cell(", ".join(part for part in (telling.person(patient.name), patient.patient_id) if part))),
        (
            "born, sex",
            cell(", ".join(filter(None, (str(patient.birth_date or ""), patient.sex and telling.word(patient.sex))))),
        ),
    ]
    if history is None:
        rows.append(("allergies, medicines, conditions", Blank.NOT_RECORDED))
    else:
        listed = "; ".join(f"{a.substance}{f' ({a.reaction})' if a.reaction else ''}" for a in history.allergies)
        rows += [
            ("allergies", _answered(history.has_allergies, listed)),
            ("anticoagulants", _answered(history.takes_anticoagulants, "; ".join(history.anticoagulants))),
            ("conditions", cell("; ".join(history.conditions))),
        ]
        sight = history.vision
        eyes = (
            [f"right {sight.right}" if sight.right else "", f"left {sight.left}" if sight.left else ""] if sight else []
        )
        rows.append(("vision before the treatment", cell("; ".join(filter(None, eyes)))))
    yield Facts(tuple(rows))


def _answered(answer: Answer | None, listed: str) -> Cell:
    if answer is None:
        return listed or Blank.NOT_RECORDED
    return f"{telling.word(answer)}: {listed}" if listed else telling.word(answer)


def _event(event: Complication, names: Names, limit: int | None, printed: Printed | None) -> Iterator[Block]:
    yield Heading(f"Suspected {telling.word(event.suspicion)}: first sign {telling.moment(event.noticed_at)}", 2)
    yield Text(COMPLICATION, Tone.SMALL)
    seen = [sign for sign in event.signs if sign.sight is Sight.SEEN]
    looked = [sign for sign in event.signs if sign.sight is Sight.NOT_SEEN]
    eye = [sign for sign in event.signs if sign.sign is Sign.EYE]
    vision = "; ".join(
        f"{telling.word(sign.sight)} at {telling.clock(sign.at)}{f': {sign.text}' if sign.text else ''}" for sign in eye
    )
    ended = f"{telling.moment(event.ended_at)}: {event.outcome}" if event.ended_at else Blank.NOT_RECORDED
    yield Facts(
        (
            ("where", cell(", ".join(filter(None, (event.territory, event.last_site))))),
            ("eye signs", cell(vision)),
            (
                "signs seen",
                cell("; ".join(_sign(sign.sign, sign.place, elapsed(_since(event, sign))) for sign in seen)),
            ),
            ("looked for, not seen", cell("; ".join(telling.word(sign.sign) for sign in looked))),
            ("end of the event", ended),
        )
    )
    if printed is not None and printed.at is not None:
        gone = elapsed((printed.at - event.noticed_at).total_seconds())
        yield Facts((("since the first sign, when printed", gone),))
    yield Heading("What was given", 2)
    doses = [
        (
            f"{telling.moment(dose.at)} ({elapsed(_since(event, dose))})",
            f"hyaluronidase {telling.value('dose_iu', dose.dose_iu)}",
            cell(dose.site),
            names.rest(dose, {"at", "by", "dose_iu", "site", "images", "vessel_uid", "region", "side", "profile_id"}),
        )
        for dose in sorted(event.doses, key=lambda dose: dose.at)
    ]
    if len(doses) > 1:
        total = sum(dose.dose_iu for dose in event.doses)
        doses.append(("all doses together", f"{telling.number(round(total, 6))} IU", f"{len(event.doses)} doses", ""))
    yield _table(("time (since the first sign)", "what", "site", "how"), (2.4, 1.8, 2.6, 5), doses, limit)
    measures = [
        (f"{telling.moment(m.at)} ({elapsed(_since(event, m))})", m.what, names.rest(m, {"at", "by", "what"}))
        for m in sorted(event.measures, key=lambda measure: measure.at)
    ]
    if measures:
        yield _table(("time (since the first sign)", "other measures", "how"), (2.4, 4, 5), measures, limit)
    yield Heading("Last looks", 2)
    last = sorted(event.rechecks, key=lambda check: check.at)[-3:]
    looks = [
        (f"{telling.moment(c.at)} ({elapsed(_since(event, c))})", names.rest(c, {"at", "by", "images", "vessel_uid"}))
        for c in last
    ]
    yield _table(("time (since the first sign)", "what was found"), (2.4, 9), looks, None)
    if any(check.flow is Sight.NOT_SEEN for check in last):
        yield Text(NO_SIGNAL, Tone.SMALL)


def _since(event: Complication, entry: object) -> float:
    return float((getattr(entry, "at") - event.noticed_at).total_seconds())  # noqa: B009 (four kinds of entry)


def _sign(sign: Sign, place: str, after: str) -> str:
    return f"{telling.word(sign)}{f', {place}' if place else ''} ({after})"


def _injected(encounter: Encounter, limit: int | None) -> Iterator[Block]:
    yield Heading("What had been injected", 2)
    rows = [
        (
            telling.moment(done.at),
            cell(product_name(encounter, done.product_id)),
            telling.value("volume_ml", done.volume_ml) if done.volume_ml is not None else Blank.NOT_RECORDED,
            ", ".join(part for part in (telling.site(done.region, done.side), done.site) if part),
            ", ".join(
                part
                for part in (
                    telling.word(done.plane) if done.plane else "",
                    telling.value("depth_mm", done.depth_mm) if done.depth_mm is not None else "",
                    telling.word(done.instrument.type) if done.instrument else "",
                )
                if part
            ),
        )
        for done in sorted(encounter.injections, key=lambda injection: injection.at)
    ]
    materials = {p.product_id: telling.word(p.material) for p in encounter.products}
    used = {done.product_id for done in encounter.injections}
    yield _table(
        ("time", "product", "volume", "site", "plane, depth, instrument"), (2.4, 2.6, 1, 3.2, 2.6), rows, limit
    )
    told = "; ".join(f"{key}: {material}" for key, material in materials.items() if key in used)
    yield Facts((("material", cell(told)),))


def _contacts(encounter: Encounter, events: Sequence[Complication]) -> Iterator[Block]:
    calls = [call for event in events for call in event.escalations]
    told = "; ".join(
        f"{telling.clock(call.at)} {call.called}{f', answered by {call.answered_by}' if call.answered_by else ''}"
        for call in calls
    )
    kit = encounter.kit
    treating = "; ".join(f"{p.name} ({telling.word(p.role)})" for p in encounter.people)
    yield Heading("Contacts and transfer", 2)
    yield Facts(
        (
            ("called so far", cell(told)),
            ("treated by", cell(treating)),
            (
                "emergency number, eye unit",
                cell("; ".join(filter(None, (kit.emergency_number, kit.eye_unit))) if kit else ""),
            ),
            ("telephone of the clinic", Blank.TO_FILL_IN),
            ("handed over to (name, place)", Blank.TO_FILL_IN),
            ("handed over at, signature", Blank.TO_FILL_IN),
        )
    )


def _table(
    columns: tuple[str, ...],
    widths: tuple[float, ...],
    rows: Sequence[tuple[Cell, ...]],
    limit: int | None,
    empty: Cell = Blank.NOT_RECORDED,
) -> Table:
    """A table of at most `limit` rows, the newest: the first row then says how many came before."""
    kept = tuple(rows)
    if limit is not None and len(kept) > limit:
        left_out = len(kept) - limit
        told = f"{left_out} earlier rows: see the whole record"
        kept = ((told, *("" for _ in columns[1:])), *kept[-limit:])
    return Table(columns, widths, kept, empty)


def _shortened(block: Block, rows: int | None) -> Block:
    """The block with its entries cut where the page is crowded; a cut entry says so."""
    if rows is None:
        return block
    if isinstance(block, Facts):
        return Facts(tuple((label, _cut(told, rows)) for label, told in block.rows))
    if isinstance(block, Table):
        cut = tuple(tuple(_cut(told, rows) for told in row) for row in block.rows)
        return Table(block.columns, block.widths, cut, block.empty)
    return block


def _cut(told: Cell, rows: int | None) -> Cell:
    return told if isinstance(told, Blank) else _short(told, rows)


def _asked(encounter: Encounter, rows: int | None) -> Iterator[Block]:
    """Numbers of what was given that can hardly be right: whoever takes over must not take them for confirmed."""
    asked = unusual(encounter)
    if asked:
        more = f" And {len(asked) - 2} more: see the whole record." if len(asked) > 2 else ""
        yield Text(_short(f"Asked, not answered: {' '.join(asked[:2])}{more}", rows), Tone.ALARM)


def unusual(encounter: Encounter) -> tuple[str, ...]:
    """The questions about values of doses, then of injections."""
    found = [question for question in questions(encounter, {}) if question.id.startswith("value-")]
    # Doses first: on a crowded page the first two are told, and whoever takes over goes by what was given.
    return tuple(q.text for given in ("complications", "injections") for q in found if q.where.startswith(given))


def _short(text: str, rows: int | None) -> str:
    longest = LONGEST if rows is None or rows > 3 else LONGEST // 3
    return text if rows is None or len(text) <= longest else f"{text[:longest]} … (cut: see the whole record)"
