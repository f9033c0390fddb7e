"""What was planned and done: plans with reasons and margins, asepsis, products, injections, reassessment, follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procedure import telling
from procedure.asepsis import AsepticStep
from procedure.beside_path import beside_path
from procedure.changes import COMPARED, VesselChange, changes_of
from procedure.documents._names import Names, cell
from procedure.documents.blocks import Blank, Block, Cell, Facts, Heading, Table, Text, Tone
from procedure.documents.sources import Sources
from procedure.encounter import Encounter
from procedure.face_map import vessel_name
from procedure.gaps import gaps
from procedure.plan import Plan, PlanItem
from procedure.protocol import Protocol
from procedure.safety import Margin, margins
from procedure.wording import RESIDUAL_RISK

Protocols = Mapping[str, Protocol]
_BESIDE_PATH = "beside the path as drawn on the schematic face; how far along the skin is not measured"


def margins_of(plan: Plan, sources: Sources) -> tuple[Margin, ...]:
    """The margins of a plan, from the labels on its picture and from the picture's own scale."""
    if plan.path is None:
        return ()
    kept = sources.pictures.get(plan.path.image.image_uid, ())
    ends = [(place.column, place.row) for place in (plan.path.entry, plan.path.target)]
    scale = next((scale for picture in kept[:1] for scale in picture.scales if scale.contains(ends)), None)
    return margins(plan, sources.findings, scale)


def margin_words(plan: Plan, sources: Sources) -> str:
    """The nearest margin of a plan in words; why there is none otherwise."""
    if plan.path is None:
        return "no path was drawn"
    found = margins_of(plan, sources)
    if not found:
        return "no vessel is labelled on its picture, so no margin is known"
    nearest = found[0]
    if nearest.distance_mm is None:
        return f"margin to the {nearest.name} not known: {nearest.why_not}"
    return f"nearest mapped vessel: {nearest.name}, {margin_told(nearest)}"


def margin_told(margin: Margin) -> str:
    """The distance of a planned path to one mapped vessel in words, or why there is none."""
    if margin.distance_mm is None:
        return f"not known: {margin.why_not}" + ("; the path crosses it as drawn" if margin.crosses else "")
    told = telling.estimate("distance_mm", margin.distance_mm)
    return f"{told}; the path runs through it as drawn" if margin.crosses else told


def plans(encounter: Encounter, protocols: Protocols, sources: Sources, names: Names) -> Iterator[Block]:
    """Each plan with its linked reasons, its margins and what it cannot know."""
    yield Heading("Plan")
    yield Text(RESIDUAL_RISK, Tone.NOTICE)
    if not encounter.plans:
        yield Facts((("plan", Blank.NOT_RECORDED),))
    for place, plan in enumerate(encounter.plans, start=1):
        yield Heading(f"Plan {place}: {telling.site(plan.region, plan.side)}", 2)
        yield names.facts(
            plan, {"reasons", "residual_risk"}, {"path", "aspiration", "needle_view", "face_path", "deposits"}
        )
        rows: list[tuple[Cell, ...]] = []
        for item in PlanItem:
            found = [reason for reason in plan.reasons if reason.item is item]
            for reason in found:
                links = [names.finding(uid) for uid in reason.finding_uids]
                links += [names.image(ref.image_uid, ref.frame) for ref in reason.images]
                rows.append((telling.word(item), cell(reason.text), cell("; ".join(links))))
            if not found:
                rows.append((telling.word(item), Blank.NOT_RECORDED, Blank.NOT_RECORDED))
        yield Table(("choice", "reason", "rests on"), (1.5, 5, 4), tuple(rows))
        apart = tuple((margin.name, margin_told(margin)) for margin in margins_of(plan, sources))
        yield Table(
            ("mapped vessel on the plan's picture", "distance of the planned path"),
            (4, 6),
            apart,
            f"Margins: {margin_words(plan, sources)}.",
        )
        beside = tuple((line.text,) for line in beside_path(plan, encounter, protocols))
        if beside:
            yield Table((_BESIDE_PATH,), (10,), beside)
        yield Heading("What this plan cannot know", 2)
        for gap in gaps(plan, encounter, protocols):
            yield Text(gap.text, Tone.ITEM)
        if plan.residual_risk:
            yield Text(plan.residual_risk, Tone.QUOTE)
        else:
            yield Facts((("wording on the risk that remains", Blank.NOT_RECORDED),))


def asepsis(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Every step of the checklist; one without an entry is a blank."""
    yield Heading("Aseptic technique")
    rows: list[tuple[Cell, ...]] = []
    for step in AsepticStep:
        entries = [entry for entry in encounter.aseptic_steps if entry.step is step]
        for entry in entries:
            further = names.rest(entry, {"step", "doing", "at", "by"})
            rows.append(
                (telling.word(step), telling.word(entry.doing), telling.moment(entry.at), cell(entry.by), further)
            )
        if not entries:
            rows.append((telling.word(step), Blank.NOT_RECORDED, "", "", ""))
    yield Table(("step", "done or not", "when", "by whom", "further"), (2, 1.8, 3, 2.5, 3.5), tuple(rows))


def products(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Each pack: lot, expiry and UDI stand in columns of their own."""
    yield Heading("Products")
    rows = tuple(
        (
            f"{product.brand or product.product_id}, {telling.word(product.material)}",
            cell(product.lot),
            product.expiry.isoformat() if product.expiry else Blank.NOT_RECORDED,
            cell(product.udi),
            names.rest(product, {"brand", "material", "lot", "expiry", "udi"}),
        )
        for product in encounter.products
    )
    yield Table(("product", "lot", "expiry", "UDI as scanned", "further"), (2.5, 1.6, 1.5, 2.5, 4.5), rows)


def product_name(encounter: Encounter, product_id: str) -> str:
    """A product by its brand and lot, beside the id that the record has for it."""
    for product in encounter.products:
        if product.product_id == product_id:
            lot = f", lot {product.lot}" if product.lot else ", lot not recorded"
            return f"{product_id}: {product.brand}{lot}"
    return f"{product_id}: not among the products" if product_id else ""


def injections(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Each deposit as it was done."""
    yield Heading("Injections")
    rows = []
    for place, done in enumerate(encounter.injections, start=1):
        volume = telling.value("volume_ml", done.volume_ml) if done.volume_ml is not None else ""
        tip = telling.word(done.tip) if done.tip is not None else ""
        where = ", ".join(part for part in (telling.site(done.region, done.side), done.site) if part)
        skip = {"at", "by", "region", "side", "site", "product_id", "volume_ml", "tip"}
        rows.append(
            (
                f"I{place}",
                f"{telling.moment(done.at)}\n{done.by}",
                cell(where),
                cell(product_name(encounter, done.product_id)),
                cell(volume),
                cell(tip),
                names.rest(done, skip),
            )
        )
    columns = ("no.", "when, by whom", "site", "product", "volume", "tip", "further")
    yield Table(columns, (0.7, 2.2, 2.2, 2.2, 1.3, 1.2, 4), tuple(rows))


def reassessment(encounter: Encounter, names: Names) -> Iterator[Block]:
    """How the sites looked afterwards, and how each vessel changed, with the uncertainty of each change."""
    yield Heading("Reassessment")
    rows = tuple(
        (
            f"{telling.moment(check.at)}\n{check.by}",
            telling.site(check.region, check.side),
            names.rest(check, {"at", "by", "region", "side"}),
        )
        for check in encounter.reassessments
    )
    yield Table(("when, by whom", "site", "what was found"), (2.5, 3, 7), rows)
    yield Heading("Change of each vessel since the last look before the procedure", 2)
    yield Table(
        ("vessel", "look", "what", "before", "later", "change", "beyond uncertainty"),
        (2, 2.5, 1.9, 1.6, 1.6, 1.6, 2.3),  # the last holds the word 'uncertainty' unbroken
        change_rows(encounter),
        "No vessel was looked at both before the procedure and later, so no change can be told.",
    )


def change_rows(encounter: Encounter) -> tuple[tuple[str, ...], ...]:
    """Each difference since the last look before the procedure, in the columns of the table of changes."""
    return tuple(
        (vessel_name(vessel), f"{telling.word(change.after.phase)}\n{telling.moment(change.after.at)}", *row)
        for vessel in encounter.vessels
        for change in changes_of(vessel)
        for row in _changes(change)
    )


def _changes(change: VesselChange) -> Iterator[tuple[str, ...]]:
    words = {field: (name, unit) for field, name, unit in COMPARED}
    for one in change.changes:
        name, _ = words[one.field]
        unsure = () if one.uncertainty is None else (_short(one.uncertainty, 2),)
        parts = telling.alike(_short(one.value, 3), *unsure)
        told = telling.with_unit(one.field, ("+" if one.value > 0 else "") + " ± ".join(parts))
        beyond = {None: "not known", True: "yes", False: "no"}[one.beyond_uncertainty]
        yield name, telling.estimate(one.field, one.before), telling.estimate(one.field, one.after), told, beyond
    flows = (change.before.flow, change.after.flow)
    if None not in flows and flows[0] is not flows[1]:
        old, new = (telling.word(flow) for flow in flows if flow is not None)
        yield "Doppler signal", old, new, "differs", "not known"


def _short(value: float, digits: int) -> str:
    """A computed number to so many digits, without an exponent."""
    return telling.number(float(f"{value:.{digits}g}"))


def follow_ups(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Visits planned and held; one that was not held stays a blank."""
    yield Heading("Follow-up")
    rows = tuple(
        (
            telling.moment(visit.due) if visit.due else Blank.NOT_RECORDED,
            telling.moment(visit.at) if visit.at else Blank.NOT_RECORDED,
            cell(visit.by),
            names.rest(visit, {"due", "at", "by"}),
        )
        for visit in encounter.follow_ups
    )
    yield Table(("planned for", "held", "by whom", "what was found"), (2.5, 2.5, 2, 6), rows)
    if encounter.notes:
        yield Heading("Notes")
        notes = tuple((f"{telling.moment(note.at)}\n{note.by}", note.text) for note in encounter.notes)
        yield Table(("when, by whom", "note"), (2.5, 9), notes)
