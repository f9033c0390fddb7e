"""From labels to the vessel map: an observation out of a confirmed finding and what was measured on it (S4, S19, S28).

The finding's tracking UID is the vessel's: the same vessel drawn again in a later phase goes on under the same UID, whoever
draws it says so by taking the UID over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from annotation import Document, Finding
from procedure.answers import Estimate, Sight
from procedure.encounter import Encounter
from procedure.images import ImageRef
from procedure.phase import Phase
from procedure.relation import layer_at, muscle_relation
from procedure.vessels import Evidence, Observation, Vessel, VesselType


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
    """
    if finding.kind != "vessel" or finding.status != "confirmed" or finding.image is None:
        raise ValueError("only a confirmed vessel on a picture is an observation")
    beside = document.on(finding.image, finding.frame)
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


def _depth(vessel: Finding, beside: Sequence[Finding]) -> Estimate | None:
    """The one distance label that bears the vessel's term; two of them leave it open which one is meant."""
    labels = [other for other in beside if other.kind == "distance" and other.term and other.term == vessel.term]
    return _measured(labels[0], "length") if len(labels) == 1 else None
