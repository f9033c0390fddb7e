"""A record as it is told before it is made into files, and how one part of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any, Final

from annotation import Ellipse, Finding, Polyline
from procedure import Encounter, Phase
from procedure.demonstration import ARTERY, DEPOSIT, OPERATOR, demonstration, derived_uid
from procedure.images import ImageKind, KeptImage, Mode

WIDTH, HEIGHT = 320, 240  #: of every picture, in pixels
LAYERS: Final = (
    ("epi", "epidermis"),
    ("der-u", "upper dermis"),
    ("sfat", "superficial fat"),
    ("smas", "SMAS"),
    ("musc", "muscle"),
)


class Truth(StrEnum):
    """What holds of one criterion by its wording: all of what it asks for, part of it, nothing, or it does not ask."""

    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    OPEN = "open"  #: the wording does not say: not counted


@dataclass(frozen=True, slots=True)
class Told:
    """One record. Pictures and labels are named by the names that the story gives them.

    `gone` are pictures whose files are taken away after all was saved, `damaged` one whose file is cut short.
    """

    encounter: Encounter
    findings: tuple[Finding, ...]
    gone: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is done to a record: a mistake, where it leaves something lacking.

    `truth` are the criteria that are no longer as they were; `within` the scenarios that it can happen in.
    """

    name: str
    make: Callable[[Told], Told]
    truth: Mapping[str, Truth] = field(default_factory=dict)
    within: tuple[str, ...] = ("normal", "occlusion-rescue")


#: The criteria of a record in which everything was done.
WHOLE: Final[Mapping[str, Mapping[str, Truth]]] = {
    scenario: {
        **{f"AC{n}": Truth.MET for n in range(1, 7)},
        **{f"AG{n}": Truth.MET for n in range(1, 9)},
        **{f"CM{n}": Truth.MET for n in range(1, 10)},
        "CM8": Truth.NOT_APPLICABLE,  # Doppler was used wherever it is asked for
        **({} if scenario == "occlusion-rescue" else {"AC6": Truth.NOT_APPLICABLE, "AG3": Truth.NOT_APPLICABLE}),
    }
    for scenario in ("normal", "occlusion-rescue")
}


@cache
def whole(scenario: str) -> Told:
    """The story of a scenario with every label: five layers and the artery on each B-mode still, the deposits afterwards."""
    encounter = demonstration(scenario)
    findings: list[Finding] = []
    for image in encounter.images:
        if image.kind is not ImageKind.STILL:
            continue
        if image.mode is Mode.B_MODE and image.phase in (Phase.PRE, Phase.POST):
            findings += [_layer(image, *layer, place) for place, layer in enumerate(LAYERS)]
            findings.append(_artery(image))
        if image.phase is Phase.POST and image.station_id == "nlf-2":
            findings += [_deposit(image, number) for number in (1, 2)]
    return Told(encounter, tuple(findings))


def _finding(image: KeptImage, **said: Any) -> Finding:
    return Finding.model_validate({"image": image.image_uid, "by": OPERATOR, "at": image.at, **said})


def _layer(image: KeptImage, term: str, name: str, place: int) -> Finding:
    row = 40.0 + 30 * place
    line = Polyline(vertices=((8.0, row), (160.0, row + 6), (300.0, row)))
    return _finding(image, kind="layer", term=term, name=name, shape=line)


def _artery(image: KeptImage) -> Finding:
    shape = Ellipse.around((150.0, 120.0), (12.0, 9.0))
    uid = derived_uid(ARTERY)
    return _finding(
        image, kind="vessel", term="fa", name="facial artery", vessel_kind="artery", shape=shape, tracking_uid=uid
    )


def _deposit(image: KeptImage, number: int) -> Finding:
    shape = Ellipse.around((100.0 + 50 * number, 170.0), (14.0, 8.0))
    return _finding(
        image, kind="filler", name="deposit of today", shape=shape, tracking_uid=derived_uid(f"{DEPOSIT}/{number}")
    )


def _part(part: str, items: tuple[Any, ...]) -> dict[str, Any]:
    return {part: items}


def encounter(**changes: Any) -> Callable[[Told], Told]:
    """Fields of the encounter as they are named."""
    return lambda told: replace(told, encounter=replace(told.encounter, **changes))


def each(part: str, where: Callable[[Any], bool] = lambda _one: True, **changes: Any) -> Callable[[Told], Told]:
    """Fields of those of one part (`images`…) for which `where` holds; a callable makes its value of the old one."""

    def make(told: Told) -> Told:
        def changed(one: Any) -> Any:
            values = {n: v(getattr(one, n)) if callable(v) else v for n, v in changes.items()}
            return replace(one, **values)

        items = tuple(changed(one) if where(one) else one for one in getattr(told.encounter, part))
        return replace(told, encounter=replace(told.encounter, **_part(part, items)))

    return make


def without(part: str, where: Callable[[Any], bool] = lambda _one: True) -> Callable[[Told], Told]:
    """Those of one part are not there."""

    def make(told: Told) -> Told:
        items = tuple(one for one in getattr(told.encounter, part) if not where(one))
        return replace(told, encounter=replace(told.encounter, **_part(part, items)))

    return make


def event(**changes: Any) -> Callable[[Told], Told]:
    """Fields of the complication."""
    return each("complications", **changes)


def labels(keep: Callable[[Finding], bool] = lambda _one: True, **changes: Any) -> Callable[[Told], Told]:
    """Only some of the labels, and some of their fields otherwise."""

    def make(told: Told) -> Told:
        kept = (finding for finding in told.findings if keep(finding))
        return replace(told, findings=tuple(finding.changed(**changes) if changes else finding for finding in kept))

    return make


def all_of(*makes: Callable[[Told], Told]) -> Callable[[Told], Told]:
    """One after the other."""

    def make(told: Told) -> Told:
        for one in makes:
            told = one(told)
        return told

    return make
