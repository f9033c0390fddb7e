"""From labels to the vessel map: an observation out of a confirmed finding and what was measured on it (S4, S19, S28).

The finding's tracking UID is the vessel's: the same vessel drawn again in a later phase goes on under the same UID, whoever
draws it says so by taking the UID over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from annotation import Document, Finding
from procedure.answers import Estimate, Side, Sight
from procedure.encounter import Encounter
from procedure.images import ImageRef, KeptImage
from procedure.phase import Phase
from procedure.relation import layer_at, muscle_relation
from procedure.vessels import Evidence, Observation, Vessel, VesselType

#: What is told by a spectrum, which has its own picture as often as not: no label need lie on it.
_READ_OFF: Final = (
    "peak_systolic_velocity_cm_s",
    "end_diastolic_velocity_cm_s",
    "resistance_index",
    "heart_rate_per_min",
)


def observed(
    document: Document,
    finding: Finding,
    phase: Phase,
    *,
    layer_order: Sequence[str],
    station_id: str = "",
    evidence: Evidence | None = None,
    flow: Sight | None = None,
) -> Observation:
    """What a confirmed vessel finding says about its vessel. Raises ValueError where it is no confirmed vessel on a picture.

    Depth is taken from a 'distance' label of the same vessel on the same frame (skin to lumen), not from the edge of the
    picture; without one it is blank. Layer and relation to the muscle are computed from the layers drawn on the same frame.
    What is suggested and not confirmed says nothing of the vessel: a record holds what a person stands for.
    """
    if finding.kind != "vessel" or finding.status != "confirmed" or finding.image is None:
        raise ValueError("only a confirmed vessel on a picture is an observation")
    beside = _beside(document, finding)
    return Observation(
        at=finding.at,
        by=finding.by,
        phase=phase,
        station_id=station_id,
        image=ImageRef(image_uid=finding.image, frame=finding.frame),
        evidence=evidence,
        depth_mm=_depth(finding, beside),
        diameter_mm=_measured(finding, "diameter"),
        flow=flow,
        layer=layer_at(finding, [f for f in beside if f.kind == "layer"]),
        muscle_relation=muscle_relation(finding, [f for f in beside if f.kind == "layer"], layer_order),
    )


def with_observation(encounter: Encounter, finding: Finding, seen: Observation, vessel: Vessel) -> Encounter:
    """The encounter with one more observation: of the vessel that has the finding's tracking UID, else of `vessel`, new."""
    known = encounter.vessel(finding.tracking_uid)
    if known is None:
        begun = replace(vessel, tracking_uid=finding.tracking_uid, observations=(seen,))
        return replace(encounter, vessels=(*encounter.vessels, begun))
    longer = replace(known, observations=(*known.observations, seen))
    return replace(encounter, vessels=tuple(longer if each is known else each for each in encounter.vessels))


def unchecked_fillers(document: Document, encounter: Encounter) -> tuple[Finding, ...]:
    """Confirmed labels 'filler' that nobody has held against shadow and anisotropy yet (S22): each asks for its check."""
    checked = {check.tracking_uid for check in encounter.filler_checks}
    asked = {f.tracking_uid: f for f in document.findings if f.kind == "filler" and f.status == "confirmed"}
    return tuple(finding for uid, finding in asked.items() if uid not in checked)


def vessel_type(finding: Finding) -> VesselType:
    """The vessel's kind as the finding says it."""
    return VesselType(finding.vessel_kind or "unknown")


def _measured(finding: Finding, quantity: str) -> Estimate | None:
    for value in finding.measurements:
        if value.quantity == quantity and value.unit == "mm":
            return Estimate(value.value, value.uncertainty)
    return None


def _beside(document: Document, finding: Finding) -> tuple[Finding, ...]:
    """The confirmed findings on a finding's frame."""
    return tuple(other for other in document.on(finding.image, finding.frame) if other.status == "confirmed")


def _depth(vessel: Finding, beside: Sequence[Finding]) -> Estimate | None:
    """The one distance label that bears the vessel's term; two of them leave it open which one is meant."""
    labels = [other for other in beside if other.kind == "distance" and other.term and other.term == vessel.term]
    return _measured(labels[0], "length") if len(labels) == 1 else None


def with_labels(
    encounter: Encounter, document: Document, in_hand: Collection[str], layer_order: Mapping[str, Sequence[str]]
) -> Encounter:
    """The encounter with its vessels as the labels on its images say them now; `layer_order` by region.

    `in_hand` are the images (SOP Instance UIDs) whose labels `document` holds: what was seen on others stays as it is.

    One observation for each vessel and image: of a vessel that was followed through a clip the frame with a depth, else the
    first. A label under another tracking UID is the same vessel where a person gave it the same name on the same side. What
    was answered beside the labels (evidence, flow, velocities) stays; an observation whose label is gone goes too. One that
    names no image stays, and so do velocities read off a picture on which nothing is labelled.
    """
    images = {image.image_uid: image for image in encounter.images if image.image_uid in in_hand}
    vessels = {v.tracking_uid: replace(v, observations=_without_labels(v, images)) for v in encounter.vessels}
    before = {(v.tracking_uid, o.image.image_uid): o for v in encounter.vessels for o in v.observations if o.image}
    for (uid, image_uid), finding in _one_an_image(document, images, vessels, encounter).items():
        image = images[image_uid]
        region, side = _site_of(image, encounter)
        known = vessels.get(uid) or Vessel(
            tracking_uid=uid, vessel_type=vessel_type(finding), side=side, region=region, named_by=finding.by
        )
        seen = observed(
            document, finding, image.phase, layer_order=layer_order.get(region, ()), station_id=image.station_id
        )
        answered = before.get((uid, image_uid))
        if answered is not None:
            seen = replace(
                answered,
                at=seen.at,
                by=seen.by,
                image=seen.image,
                depth_mm=seen.depth_mm,
                diameter_mm=seen.diameter_mm,
                layer=seen.layer,
                muscle_relation=seen.muscle_relation,
            )
        vessels[uid] = replace(
            known,
            vessel_type=vessel_type(finding),
            term=finding.term or known.term,
            name=finding.name or known.name,
            observations=(*(o for o in known.observations if o.image is None or o.image.image_uid != image_uid), seen),
        )
    told = {vessel.tracking_uid for vessel in encounter.vessels if not vessel.observations}
    mapped = tuple(v for v in vessels.values() if v.observations or v.tracking_uid in told)
    return encounter if mapped == encounter.vessels else replace(encounter, vessels=mapped)


def _without_labels(vessel: Vessel, images: Mapping[str, object]) -> tuple[Observation, ...]:
    """What a person told of a vessel without a picture of this encounter, and velocities off a picture without its label."""
    told = ((seen, seen.image is not None and seen.image.image_uid in images) for seen in vessel.observations)
    kept = (_velocities(seen) if of_label else seen for seen, of_label in told)
    return tuple(seen for seen in kept if seen is not None)


def _velocities(seen: Observation) -> Observation | None:
    """The look without what a label measured, where it holds a velocity; else None."""
    if not any(getattr(seen, name) is not None for name in _READ_OFF):
        return None
    return replace(seen, depth_mm=None, diameter_mm=None, layer="", muscle_relation=None)


def _one_an_image(
    document: Document, images: Mapping[str, KeptImage], vessels: Mapping[str, Vessel], encounter: Encounter
) -> dict[tuple[str, str], Finding]:
    """The label that stands for a vessel on an image, by the vessel's UID and the image's."""
    named = {(vessel.term, vessel.side): uid for uid, vessel in vessels.items() if vessel.term}
    chosen: dict[tuple[str, str], Finding] = {}
    for finding in document.findings:
        image = images.get(finding.image or "")
        if finding.kind != "vessel" or finding.status != "confirmed" or image is None:
            continue
        uid = finding.tracking_uid
        if uid not in vessels and finding.term:
            uid = named.setdefault((finding.term, _site_of(image, encounter)[1]), uid)
        key = (uid, image.image_uid)
        if key not in chosen or (_deep(document, finding) and not _deep(document, chosen[key])):
            chosen[key] = finding
    return chosen


def _site_of(image: KeptImage, encounter: Encounter) -> tuple[str, Side]:
    """Region and side of an image: its station's, else those of the first site."""
    site = next(iter(encounter.sites), None)
    region = image.station_id.rpartition("-")[0] or (site.region if site is not None else "")
    return region, image.side or (site.side if site is not None else Side.MIDLINE)


def _deep(document: Document, finding: Finding) -> bool:
    return _depth(finding, _beside(document, finding)) is not None
