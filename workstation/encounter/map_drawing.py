"""Drawing on the face map: which plan or injection a press belongs to, and how the record stands after it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from procedure import Encounter, wording
from procedure.answers import Side
from procedure.face_map import pointed_at, side_of, view_at
from procedure.face_places import FacePath, FacePlace, PlannedDeposit
from procedure.plan import Plan
from workstation.encounter.sections import free_id


class MapTool(StrEnum):
    """What a press on the map does."""

    LOOK = "look"
    PATH = "path"
    DEPOSIT = "deposit"
    INJECTION = "injection"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The record after a press, and in words what was drawn; `why_not` says why nothing was: the record is then the same."""

    record: Encounter
    what: str = ""
    why_not: str = ""


def pointed(at: tuple[float, float]) -> FacePlace | None:
    """The place on the face under [x, y] of the map; None beside it."""
    found = view_at(at)
    return pointed_at(*found) if found is not None else None


def plan_in_hand(record: Encounter, number: str) -> int | None:
    """The place of the plan that is drawn on: the one whose mark is chosen (P2, D2a), else the newest; None where none is."""
    digits = number[1:].rstrip("abcdefghijklmnopqrstuvwxyz")
    if number[:1] in ("P", "D") and digits.isdigit() and 0 < int(digits) <= len(record.plans):
        return int(digits) - 1
    return len(record.plans) - 1 if record.plans else None


def with_path(
    record: Encounter, entry: FacePlace, target: FacePlace, place: int | None, by: str, at: datetime
) -> Drawn:
    """The path of a plan is this one; where there is no plan, one is begun at the site of the path's end."""
    path = FacePath(entry=entry, target=target)
    if place is None:
        region, side = _site(record, target)
        if not region:
            return Drawn(record, why_not="Choose the region to be treated first: a plan belongs to one.")
        return Drawn(_with_plan(record, None, _begun(record, region, side, path, by, at)), "Plan begun: path drawn")
    changed = replace(record.plans[place], face_path=path)
    return Drawn(_with_plan(record, place, changed), f"Plan {place + 1}: path drawn on the face")


def with_deposit(record: Encounter, on_face: FacePlace, place: int | None) -> Drawn:
    """One more deposit of a plan."""
    if place is None:
        return Drawn(record, why_not="Draw the path first, or add a plan: a deposit belongs to one.")
    plan = record.plans[place]
    changed = replace(plan, deposits=(*plan.deposits, PlannedDeposit(on_face=on_face)))
    return Drawn(_with_plan(record, place, changed), f"Plan {place + 1}: deposit placed")


def with_injection_place(record: Encounter, on_face: FacePlace, number: str) -> Drawn:
    """Where an injection was done: that of the chosen mark (I2), else the newest without a place, else the newest."""
    chosen = int(number[1:]) - 1 if number[:1] == "I" and number[1:].isdigit() else None
    open_ones = [n for n, injection in enumerate(record.injections) if injection.on_face is None]
    place = chosen if chosen is not None else (open_ones or [len(record.injections) - 1])[-1]
    if not 0 <= place < len(record.injections):
        return Drawn(record, why_not="No injection is recorded yet: add it in the step Injections, then place it.")
    done = list(record.injections)
    done[place] = replace(done[place], on_face=on_face)
    return Drawn(replace(record, injections=tuple(done)), f"Injection {place + 1}: placed on the face")


def taken_off(record: Encounter, number: str) -> Drawn:
    """What was drawn under a mark is taken off: a path, a deposit, an injection's place. The entries stay."""
    kind, rest = number[:1], number[1:]
    if kind == "I" and rest.isdigit() and int(rest) <= len(record.injections):
        done = list(record.injections)
        done[int(rest) - 1] = replace(done[int(rest) - 1], on_face=None)
        return Drawn(replace(record, injections=tuple(done)), f"Injection {rest}: place taken off the face")
    place = plan_in_hand(record, number) if kind in ("P", "D") else None
    if place is None:
        return Drawn(record, why_not="Choose a drawn path, deposit or injection first.")
    plan = record.plans[place]
    if kind == "P":
        return Drawn(
            _with_plan(record, place, replace(plan, face_path=None)), f"Plan {place + 1}: path taken off the face"
        )
    letters = number.lstrip("D0123456789")
    gone = _place_of(letters)
    kept = tuple(deposit for n, deposit in enumerate(plan.deposits) if n != gone)
    return Drawn(_with_plan(record, place, replace(plan, deposits=kept)), f"Plan {place + 1}: deposit taken off")


def _site(record: Encounter, target: FacePlace) -> tuple[str, Side]:
    """The site that a path belongs to: the one on its side, else the only one."""
    side = side_of(target)
    fitting = [site for site in record.sites if site.side is side] or list(record.sites[:1])
    return (fitting[0].region, fitting[0].side) if fitting else ("", side)


def _begun(record: Encounter, region: str, side: Side, path: FacePath, by: str, at: datetime) -> Plan:
    return Plan(
        plan_id=free_id("plan", {plan.plan_id for plan in record.plans}),
        region=region,
        side=side,
        at=at,
        by=by,
        residual_risk=wording.RESIDUAL_RISK,
        face_path=path,
    )


def _with_plan(record: Encounter, place: int | None, plan: Plan) -> Encounter:
    plans = list(record.plans)
    if place is None:
        plans.append(plan)
    else:
        plans[place] = plan
    return replace(record, plans=tuple(plans))


def _place_of(letters: str) -> int:
    """The place that a mark's letters stand for, as the map counts: a, b, … z, aa."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 96
    return place - 1
