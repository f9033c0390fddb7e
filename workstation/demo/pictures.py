"""What the story says of its pictures, taken from the labels on them and from what the simulated screens show."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from annotation import Document, Finding
from annotation.vocabulary import term
from procedure import Encounter
from procedure.answers import Answer, Estimate, Sight
from procedure.compression import compressions
from procedure.demonstration import ARTERY, REGION, SIDE, Pictures
from procedure.images import ImageKind, ImageRef, KeptImage, Mode, PictureHint
from procedure.injections import Injection, TipSight
from procedure.observing import observed, vessel_type, with_observation
from procedure.plan import Place, Plan, PlannedPath
from procedure.protocol_files import built_in
from procedure.settings import Settings, SettingsSource
from procedure.stations import Compression
from procedure.thickness import thicknesses
from procedure.vessels import Direction, Evidence, Observation, Vessel
from workstation.demo.drawing import corner, labelled_frames
from workstation.demo.recording import Recorded, Truth
from workstation.probe_screen.hints import hints_on

#: How well a person sets the angle cursor along a vessel, degrees.
_ANGLE_DEG: Final = 3.0


class RecordedPictures(Pictures):
    """The story's pictures as they were recorded: `recorded` by the key of its capture, `document` the labels on all."""

    def __init__(self, recorded: Mapping[str, Recorded], document: Document, uid_of: Callable[[str], str]) -> None:
        self._recorded, self._document, self._uid_of = recorded, document, uid_of
        self._order = built_in()[REGION].layers

    def kept(self, image: KeptImage) -> KeptImage:
        found = self._recorded[image.image_uid]
        clip = image.kind is ImageKind.CLIP
        return replace(
            image,
            at=found.clip.started_at,
            frames=len(found.clip.frames),
            seconds=round(found.clip.duration_s, 3) if clip else None,
            settings=settings_of(found.truths[0]),
            hints=tuple(PictureHint(name) for name in hints_on(found.clip)),
        )

    def seen(self, seen: Observation, spectral: KeptImage | None) -> Observation:
        assert seen.image is not None
        finding = self._vessel(seen.image.image_uid, self._uid_of(ARTERY))
        found = self._observed(finding, seen.image.image_uid)
        told = replace(
            seen,
            depth_mm=found.depth_mm,
            diameter_mm=found.diameter_mm,
            layer=found.layer,
            muscle_relation=found.muscle_relation,
            peak_systolic_velocity_cm_s=None,
            resistance_index=None,
        )
        if spectral is None:
            return told
        return replace(told, **_spectrum(self._recorded[spectral.image_uid].truths[0]))

    def sight(self, structure: str, images: Sequence[KeptImage]) -> Sight:
        truths = [self._recorded[image.image_uid].truths[0] for image in images]
        shown = {part["id"] for truth in truths for name in ("layers", "vessels") for part in truth[name]}
        return Sight.SEEN if structure in shown else Sight.NOT_SEEN

    def thickness(self, structure: str, images: Sequence[KeptImage]) -> Estimate | None:
        still = [image for image in images if image.mode is Mode.B_MODE][-1]
        (scale,) = self._recorded[still.image_uid].told.scales
        return thicknesses(self._document, still.image_uid, 0, self._order, scale).get(structure)

    def compressions(self, clip: KeptImage) -> tuple[Compression, ...]:
        return compressions(self._document, clip.image_uid)

    def mapped(self, encounter: Encounter, images: Sequence[KeptImage]) -> Encounter:
        """Every vessel labelled on the station's last B-mode still but the one that the story tells there itself."""
        still = [image for image in images if image.mode is Mode.B_MODE][-1]
        colour = next((image for image in images if image.mode is Mode.COLOUR and image.kind is ImageKind.STILL), None)
        for finding in self._document.on(still.image_uid, 0):
            if finding.kind != "vessel" or (still.station_id == "nlf-2" and finding.term == "fa"):
                continue
            flow = None if colour is None else self._flow(finding.term or "", colour)
            seen = replace(
                self._observed(finding, still.image_uid),
                evidence=Evidence.BOTH if flow is Sight.SEEN else Evidence.B_MODE,
                flow=flow,
            )
            new = Vessel(
                tracking_uid=finding.tracking_uid,
                vessel_type=vessel_type(finding),
                side=SIDE,
                region=REGION,
                term=finding.term or "",
                name=finding.name,
                named_by=finding.by,
            )
            encounter = with_observation(encounter, finding, seen, new)
        return encounter

    def planned(self, plan: Plan) -> Plan:
        """The way that the first deposit will be brought to its place, drawn on the mapped picture."""
        assert plan.path is not None
        mapped = self._recorded[plan.path.image.image_uid]
        clip = next(found for found in self._recorded.values() if found.view.injecting)
        last = clip.truths[-1]
        entry, target = (_same_place(last["needle"][end], last, mapped.truths[0]) for end in ("entry", "tip"))
        entry = _cut_at_side(entry, target, mapped.truths[0]["region"])
        path = PlannedPath(
            image=plan.path.image,
            entry=Place(column=entry[0], row=entry[1]),
            target=Place(column=target[0], row=target[1]),
        )
        return replace(plan, path=path, depth_mm=_depth_mm(target, mapped.truths[0]))

    def injected(self, injection: Injection, clip: KeptImage) -> Injection:
        found = self._recorded[clip.image_uid]
        seen = [truth["needle"] is not None and truth["needle"]["tip_visible"] for truth in found.truths]
        after = round((injection.at - clip.at).total_seconds() * found.clip.stream.nominal_fps)
        frame = next((number for number in labelled_frames(found) if number >= after and seen[number]), None)
        if frame is None:
            return replace(injection, tip=TipSight.NOT_SEEN, tip_image=None, tip_unseen_frames=seen.count(False))
        needle = found.truths[frame]["needle"]
        nearest = min(needle["distance_mm"], key=needle["distance_mm"].get)
        return replace(
            injection,
            depth_mm=_depth_mm(corner(needle["tip"]), found.truths[frame]),
            tip=TipSight.SEEN,
            tip_image=ImageRef(image_uid=clip.image_uid, frame=frame),
            tip_frames=len(seen),
            tip_unseen_frames=seen.count(False),
            nearest_vessel_uid=self._uid_of(f"vessel/{nearest}"),
        )

    def _vessel(self, key: str, tracking_uid: str) -> Finding:
        return next(f for f in self._document.on(key, 0) if f.tracking_uid == tracking_uid and f.kind == "vessel")

    def _observed(self, finding: Finding, key: str) -> Observation:
        image = self._recorded[key].image
        return observed(self._document, finding, image.phase, layer_order=self._order, station_id=image.station_id)

    def _flow(self, vessel_id: str, colour: KeptImage) -> Sight | None:
        """Whether the colour picture shows a signal in a vessel; None where its box leaves the vessel out."""
        truth = self._recorded[colour.image_uid].truths[0]
        if any(region["vessel"] == vessel_id for region in truth["doppler"]["regions"]):
            return Sight.SEEN
        x0, y0, x1, y1 = truth["doppler"]["box"]
        centres = [vessel["centre"] for vessel in truth["vessels"] if vessel["id"] == vessel_id]
        return Sight.NOT_SEEN if any(x0 <= x < x1 and y0 <= y < y1 for x, y in centres) else None


def settings_of(truth: Truth) -> Settings:
    """The settings that the simulated probe was at."""
    told: dict[str, Any] = truth["settings"]
    limits = told.get("limits_cm_s")
    return Settings(
        source=SettingsSource.SIMULATED,
        probe=told["probe"],
        preset=told["preset"],
        eye_preset=False,
        frequency_mhz=told["frequency_mhz"],
        depth_mm=told["depth_mm"],
        focus_mm=told["focus_mm"],
        gain=float(told["gain"]),
        gain_unit="%",
        dynamic_range_db=float(told["dynamic_range_db"]),
        mechanical_index=told["mechanical_index"],
        thermal_index_soft_tissue=told["thermal_index_soft_tissue"],
        thermal_index_bone=told["thermal_index_bone"],
        prf_hz=_number(told.get("prf_hz")),
        wall_filter_hz=_number(told.get("wall_filter_hz")),
        colour_scale_cm_s=None if limits is None else float(limits[1]),
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _spectrum(truth: Truth) -> dict[str, Any]:
    """What the trace tells, with what a pixel and the angle's setting make unsure of it."""
    spectrum = truth["spectrum"]
    angle = math.radians(spectrum["angle_deg"])
    relative = math.tan(angle) * math.radians(_ANGLE_DEG)
    peak, least = spectrum["psv_cm_s"], spectrum["edv_cm_s"]

    def velocity(value: float) -> Estimate:
        unsure = math.hypot(spectrum["cm_s_per_pixel"], relative * abs(value))
        return Estimate(round(abs(value), 1), round(unsure, 1))

    index = spectrum["resistance_index"]
    # The angle cancels in the index; a pixel at either end does not.
    unsure = spectrum["cm_s_per_pixel"] / abs(peak) * math.hypot(1.0, least / peak)
    return {
        "peak_systolic_velocity_cm_s": velocity(peak),
        "end_diastolic_velocity_cm_s": velocity(least),
        "resistance_index": Estimate(round(index, 2), round(max(unsure, 0.01), 2)),
        "heart_rate_per_min": Estimate(round(spectrum["heart_rate_per_min"]), 2.0),
        "pulsatile": Answer.YES,
        "direction": Direction.TOWARDS if peak > 0 else Direction.AWAY,
        "flow": Sight.SEEN,
        "evidence": Evidence.BOTH,
        "text": f"Velocities off the spectral picture of the same station, {term('fa').name} lengthwise.",
    }


def _same_place(point: Sequence[float], seen: Truth, other: Truth) -> tuple[float, float]:
    """A place of one picture on another of the same probe: as far from the middle and from the face, in millimetres."""
    (from_x, from_y), (to_x, to_y) = seen["mm_per_pixel"], other["mm_per_pixel"]
    here, there = seen["region"], other["region"]
    x, y = corner(point)
    middle, new_middle = (here["x0"] + here["x1"]) / 2, (there["x0"] + there["x1"]) / 2
    return new_middle + (x - middle) * from_x / to_x, there["y0"] + (y - here["y0"]) * from_y / to_y


def _cut_at_side(
    entry: tuple[float, float], target: tuple[float, float], region: Mapping[str, float]
) -> tuple[float, float]:
    """Where the way to the target comes into the picture."""
    edge = min(max(entry[0], region["x0"]), region["x1"])
    if edge == entry[0] or entry[0] == target[0]:
        return entry
    part = (edge - entry[0]) / (target[0] - entry[0])
    return edge, entry[1] + part * (target[1] - entry[1])


def _depth_mm(place: tuple[float, float], truth: Truth) -> float:
    """How deep a place lies below the skin."""
    skin = min((corner(p) for p in truth["skin_line"]), key=lambda p: abs(p[0] - place[0]))
    return round((place[1] - skin[1]) * float(truth["mm_per_pixel"][1]), 1)
