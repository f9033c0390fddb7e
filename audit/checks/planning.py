"""The plan: complete, linked to what was found, signed before the first puncture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from audit.material import Material
from audit.verdict import Evidence, Part, lacking, met, not_asked
from procedure import telling
from procedure.plan import Plan, PlanItem

_JUSTIFIED: Final = (PlanItem.PRODUCT, PlanItem.DEPTH, PlanItem.TECHNIQUE)


def plan_complete(material: Material) -> Iterator[Part]:
    """Each injected or planned site has a plan with product, its G' and source, plane, depth and instrument."""
    for plan in material.encounter.plans:
        product = next((p for p in material.encounter.products if p.product_id == plan.product_id), None)
        blank = [] if product is not None else ["the product"]
        if product is not None and (
            product.rheology is None or product.rheology.g_prime_pa is None or not product.rheology.source
        ):
            blank.append("the product's G' with its source")
        blank += [] if plan.plane is not None else ["the plane"]
        blank += [] if plan.depth_mm is not None else ["the depth"]
        blank += [] if plan.instrument is not None else ["the instrument"]
        if blank:
            yield lacking(f"{_where(plan)}: the plan does not say {', '.join(blank)}.")
        else:
            yield met(f"{_where(plan)}: product, plane, depth and instrument are planned.", _said(material, plan))
    yield from _unplanned(material)


def plan_linked(material: Material) -> Iterator[Part]:
    """Product, depth and technique have reasons, each of which names a finding or a picture that is there."""
    known = {vessel.tracking_uid for vessel in material.encounter.vessels}
    known |= {label.finding.tracking_uid for label in material.labels}
    for plan in material.encounter.plans:
        for item in _JUSTIFIED:
            reasons = [reason for reason in plan.reasons if reason.item is item and reason.text]
            if not reasons:
                yield lacking(f"{_where(plan)}: no reason is given for the {item}.")
                continue
            shown: list[Evidence] = [
                one
                for r in reasons
                for ref in r.images
                if (one := material.seen_in(ref, f"{item}: {r.text}")) is not None
            ]
            linked = any(uid in known for reason in reasons for uid in reason.finding_uids)
            if shown or linked:
                yield met(
                    f"{_where(plan)}: the {item} is justified by what was found.", *(shown or [_said(material, plan)])
                )
            else:
                yield lacking(
                    f"{_where(plan)}: the reason for the {item} names no finding and no picture that is there."
                )


def plan_signed_before(material: Material) -> Iterator[Part]:
    """Each plan is signed before the first puncture."""
    puncture = material.first_puncture
    for plan in material.encounter.plans:
        if plan.signed_at is None or not plan.signed_by:
            yield lacking(f"{_where(plan)}: the plan is not signed.")
        elif puncture is not None and plan.signed_at >= puncture:
            yield lacking(f"{_where(plan)}: the plan was signed after the first puncture.")
        else:
            yield met(
                f"{_where(plan)}: signed{' before the first puncture' if puncture else ''}.",
                material.told(f"plan signed by {plan.signed_by}", plan.signed_at),
            )


def plan_rests_on_anatomy(material: Material) -> Iterator[Part]:
    """Each plan names a mapped vessel with its measured depth and layer, its plane, and why that plane."""
    yield from _unplanned(material)
    vessels = {vessel.tracking_uid: vessel for vessel in material.encounter.vessels}
    for plan in material.encounter.plans:
        named = [vessels[uid] for reason in plan.reasons for uid in reason.finding_uids if uid in vessels]
        if not named:
            yield lacking(f"{_where(plan)}: the plan names no mapped vessel.")
            continue
        measured = [seen for vessel in named for seen in vessel.observations if seen.depth_mm is not None]
        if measured:
            seen = measured[0]
            shown = material.seen_in(seen.image, "the depth was measured here") if seen.image is not None else None
            depth = seen.depth_mm.value if seen.depth_mm is not None else 0.0
            yield met(
                f"{_where(plan)}: {named[0].name or 'a vessel'} at {depth:.1f} mm.",
                shown or material.told("depth of the vessel", seen.at),
            )
        else:
            yield lacking(f"{_where(plan)}: the depth of the named vessel is not measured.")
        layered = [s for vessel in named for s in vessel.observations if s.layer or s.muscle_relation is not None]
        if layered:
            yield met(
                f"{_where(plan)}: the vessel's layer is recorded.", material.told("layer of the vessel", layered[0].at)
            )
        else:
            yield lacking(f"{_where(plan)}: it is not recorded in which layer the named vessel lies.")
        if plan.plane is None:
            yield lacking(f"{_where(plan)}: the plan does not say the plane.")
        elif not any(reason.item is PlanItem.PLANE and reason.text for reason in plan.reasons):
            yield lacking(f"{_where(plan)}: no reason is given for the plane.")
        else:
            yield met(f"{_where(plan)}: the {plan.plane} plane, with its reason.", _said(material, plan))


def _unplanned(material: Material) -> Iterator[Part]:
    planned = {(plan.region, plan.side) for plan in material.encounter.plans}
    wanted = {(site.region, site.side): None for site in material.encounter.sites}
    wanted |= {(injection.region, injection.side): None for injection in material.encounter.injections}
    for region, side in wanted:
        if (region, side) not in planned:
            yield lacking(f"{telling.site(region, side)}: there is no plan.")
    if not wanted and not planned:
        yield not_asked("Nothing was to be treated.")


def _where(plan: Plan) -> str:
    return f"{telling.site(plan.region, plan.side)}"


def _said(material: Material, plan: Plan) -> Evidence:
    return material.told(f"plan for {_where(plan)}", plan.at)
