"""What a record lacks, requirement by requirement: a blank is a visible blank (S1 to S33).

Each line names the requirement whose evidence is not there. It says what is missing, not whether the treatment was good, and
nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from annotation.vocabulary import REGIONS
from procedure.answers import Answer, Sight
from procedure.asepsis import AsepticStep, Doing
from procedure.consent import ConsentKind
from procedure.coverage import Status, coverage
from procedure.encounter import Encounter
from procedure.images import ImageKind
from procedure.people import Role
from procedure.phase import Phase
from procedure.plan import Plan, PlanItem
from procedure.protocol import Protocol
from procedure.timeline import not_done

_REGION_NAMES = {term.id: term.name for term in REGIONS}
_SETTINGS = ("frequency_mhz", "depth_mm", "gain", "focus_mm", "preset")


@dataclass(frozen=True, slots=True)
class Missing:
    """One blank: the requirement, the place in the record, and one sentence."""

    requirement: str
    where: str
    text: str


def missing(encounter: Encounter, protocols: Mapping[str, Protocol]) -> tuple[Missing, ...]:
    """Every blank of a record, in the order of the encounter. `protocols` are by region."""

    def blanks() -> Iterator[Missing]:
        yield from _people(encounter)
        yield from _consent_and_history(encounter)
        yield from _stations(encounter, protocols)
        yield from _images(encounter)
        yield from _vessels(encounter)
        yield from _fillers(encounter)
        yield from _asepsis(encounter)
        yield from _planned_sites(encounter)
        for place, plan in enumerate(encounter.plans):
            yield from _plan(plan, f"plans[{place}]")
        yield from _injections(encounter)
        yield from _complications(encounter)
        if encounter.injections and not encounter.follow_ups:
            yield Missing("S33", "follow_ups", "No follow-up is planned.")
        for place, visit in enumerate(encounter.follow_ups):
            if visit.at is None:
                yield Missing("S33", f"follow_ups[{place}].at", "The follow-up was not held yet.")

    return tuple(blanks())


def _people(encounter: Encounter) -> Iterator[Missing]:
    if not encounter.patient.known:
        yield Missing("S20", "patient", "The patient is not identified yet.")
    roles = {person.role for person in encounter.people}
    if Role.OPERATOR not in roles and Role.TRAINEE not in roles:
        yield Missing("S20", "people", "It is not said who treats.")
    if Role.TRAINEE in roles and Role.SUPERVISOR not in roles:
        yield Missing("S20", "people", "A trainee treats, and no supervisor is named.")
    prescribers = [person for person in encounter.people if person.role is Role.PRESCRIBER]
    if not prescribers:
        yield Missing("S20", "people", "No prescriber is named.")
    if any(not person.registration_number for person in prescribers):
        yield Missing("S20", "people", "The prescriber's registration number is not there.")
    if not encounter.sites:
        yield Missing("S13", "sites", "It is not said where is to be treated.")


def _consent_and_history(encounter: Encounter) -> Iterator[Missing]:
    if not any(consent.kind is ConsentKind.TREATMENT for consent in encounter.consents):
        yield Missing("S20", "consents", "Consent to the treatment is not recorded.")
    photographs = any(image.kind is ImageKind.PHOTOGRAPH for image in encounter.images)
    if photographs and not any(consent.kind is ConsentKind.PHOTOGRAPHS for consent in encounter.consents):
        yield Missing("S20", "consents", "Photographs are kept, and consent to them is not recorded.")
    if not photographs:
        yield Missing("S21", "images", "No photograph of the face is kept.")
    history = encounter.history
    if history is None:
        yield Missing("S20", "history", "No history is recorded.")
    else:
        for name, words in (
            ("has_allergies", "allergies"),
            ("takes_anticoagulants", "anticoagulants"),
            ("had_filler", "earlier filler"),
            ("had_surgery", "earlier surgery"),
        ):
            if getattr(history, name) is None:
                yield Missing("S20", f"history.{name}", f"Not answered: {words}.")
        if not history.refill:
            yield Missing("S12", "history.refill", "No refill time before the treatment is recorded.")
        if history.vision is None:
            yield Missing("S12", "history.vision", "Vision before the treatment is not recorded.")
    kit = encounter.kit
    if kit is None or kit.hyaluronidase_present is None:
        yield Missing("S6", "kit", "Not answered whether hyaluronidase is at hand.")
    elif kit.hyaluronidase_present is Answer.YES and kit.hyaluronidase_expiry is None:
        yield Missing("S6", "kit.hyaluronidase_expiry", "The expiry of the kit's hyaluronidase is not there.")


def _stations(encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[Missing]:
    for place, site in enumerate(encounter.sites):
        if site.region not in protocols:
            name = _REGION_NAMES.get(site.region, site.region)
            yield Missing("S13", f"sites[{place}]", f"There is no protocol for this region: {name}.")
    for entry in coverage(encounter, protocols):
        if entry.status in (Status.PARTIAL, Status.MISSING):
            for lack in entry.lacks:
                yield Missing("S23" if entry.phase is Phase.PRE else "S17", entry.image_id, lack)
    scanned = {visit.station_id for visit in encounter.visits if not visit.skipped_because}
    logged = {entry.station_id for entry in encounter.exposures}
    for station_id in sorted(scanned - logged):
        yield Missing("S16", "exposures", f"{station_id}: the exposure is not logged.")


def _images(encounter: Encounter) -> Iterator[Missing]:
    for place, image in enumerate(encounter.images):
        if image.kind is ImageKind.PHOTOGRAPH or image.rejection is not None:
            continue
        said = image.settings
        blank = [name for name in _SETTINGS if said is None or getattr(said, name) in (None, "")]
        if blank:
            words = ", ".join(name.split("_")[0] for name in blank)
            yield Missing("S1", f"images[{place}].settings", f"Settings are not there: {words}.")
        if image.plane is None or not image.landmark:
            yield Missing("S14", f"images[{place}]", "Plane and landmark are not both there.")


def _vessels(encounter: Encounter) -> Iterator[Missing]:
    for place, vessel in enumerate(encounter.vessels):
        for number, seen in enumerate(vessel.observations):
            where = f"vessels[{place}].observations[{number}]"
            for name, requirement in (
                ("evidence", "S28"),
                ("depth_mm", "S4"),
                ("diameter_mm", "S4"),
                ("muscle_relation", "S19"),
            ):
                if getattr(seen, name) is None:
                    word = name.removesuffix("_mm").replace("_", " ")
                    yield Missing(requirement, f"{where}.{name}", f"Not there: the vessel's {word}.")


def _fillers(encounter: Encounter) -> Iterator[Missing]:
    """A label 'filler' was held against anisotropy and shadow (S22)."""
    checked = {check.tracking_uid for check in encounter.filler_checks}
    for place, visit in enumerate(encounter.visits):
        for number, found in enumerate(visit.filler_found):
            if found.tracking_uid is None or found.tracking_uid not in checked:
                where = f"visits[{place}].filler_found[{number}]"
                yield Missing("S22", where, "Not answered whether second plane and angle show the same.")
    for place, note in enumerate(encounter.artefacts):
        if not note.adjustment or note.before is None or note.after is None:
            yield Missing("S10", f"artefacts[{place}]", "The adjustment, or its pair of images, is not there.")


def _asepsis(encounter: Encounter) -> Iterator[Missing]:
    if not encounter.injections:
        return
    entered = {entry.step for entry in encounter.aseptic_steps}
    for step in AsepticStep:
        if step not in entered:
            yield Missing("S11", "aseptic_steps", f"Not recorded: {step.replace('-', ' ')}.")
    for place, entry in enumerate(encounter.aseptic_steps):
        if entry.doing is not Doing.DONE and not entry.reason:
            where = f"aseptic_steps[{place}].reason"
            yield Missing("S11", where, f"No reason is given: {entry.step.replace('-', ' ')} was not done.")


def _planned_sites(encounter: Encounter) -> Iterator[Missing]:
    planned = {(plan.region, plan.side) for plan in encounter.plans}
    for place, site in enumerate(encounter.sites):
        if (site.region, site.side) not in planned:
            name = _REGION_NAMES.get(site.region, site.region)
            yield Missing("S9", f"sites[{place}]", f"There is no plan for this site: {name}.")
    if not encounter.injections:
        yield Missing("S17", "injections", "No injection is recorded.")


def _plan(plan: Plan, where: str) -> Iterator[Missing]:
    for name, word in (
        ("product_id", "product"),
        ("volume_ml", "volume"),
        ("instrument", "instrument"),
        ("entry_point", "entry point"),
        ("depth_mm", "depth"),
        ("plane", "plane"),
        ("technique", "technique"),
    ):
        if getattr(plan, name) in (None, ""):
            requirement = "S5" if name in ("instrument", "entry_point") else "S9"
            yield Missing(requirement, f"{where}.{name}", f"The plan does not say the {word}.")
    for item in PlanItem:
        reasons = [reason for reason in plan.reasons if reason.item is item]
        if not reasons:
            yield Missing("S9", f"{where}.reasons", f"No reason is given for the {item}.")
        elif not any(reason.finding_uids or reason.images for reason in reasons):
            yield Missing("S9", f"{where}.reasons", f"The reason for the {item} links to no finding and no image.")
    if plan.signed_at is None:
        yield Missing("S9", f"{where}.signed_at", "The plan is not signed.")
    if not plan.residual_risk:
        yield Missing("S27", f"{where}.residual_risk", "The plan does not say that risk remains.")


def _injections(encounter: Encounter) -> Iterator[Missing]:
    planned = {(plan.region, plan.side) for plan in encounter.plans}
    plan_ids = {plan.plan_id for plan in encounter.plans}
    products = {product.product_id: product for product in encounter.products}
    for place, injection in enumerate(encounter.injections):
        where = f"injections[{place}]"
        if injection.plan_id not in plan_ids and (injection.region, injection.side) not in planned:
            yield Missing("S9", f"{where}.plan_id", "There is no plan for this injection.")
        for name, word in (("product_id", "product"), ("volume_ml", "volume"), ("instrument", "instrument")):
            if getattr(injection, name) in (None, ""):
                yield Missing("S31" if name != "instrument" else "S5", f"{where}.{name}", f"Not there: the {word}.")
        product = products.get(injection.product_id)
        if product is not None and not (product.lot and product.expiry):
            yield Missing("S31", f"{where}.product_id", "The product's lot or expiry is not there.")
        if injection.tip is None:
            yield Missing("S25", f"{where}.tip", "Not answered whether the tip was seen.")
        elif injection.tip_image is None:
            yield Missing("S25", f"{where}.tip_image", "No image shows the tip.")
        after = [r for r in encounter.reassessments if (r.region, r.side) == (injection.region, injection.side)]
        if not any(check.at >= injection.at for check in after):
            yield Missing("S17", where, "The site was not reassessed after this injection.")


def _complications(encounter: Encounter) -> Iterator[Missing]:
    for place, event in enumerate(encounter.complications):
        where = f"complications[{place}]"
        for row in not_done(event):
            requirement = "S15" if row.kind in ("confirmation", "recheck") else "S12"
            yield Missing(requirement, where, f"{row.what}.")
        for number, sign in enumerate(event.signs):
            if sign.sign.startswith("us-") and sign.sight is Sight.SEEN and not sign.images:
                yield Missing("S12", f"{where}.signs[{number}].images", "No image shows this sign.")
        for number, dose in enumerate(event.doses):
            for name in ("lot", "site", "dilution"):
                if not getattr(dose, name):
                    yield Missing("S6", f"{where}.doses[{number}].{name}", f"Not there: the dose's {name}.")
