"""What a program can check, each under the name by which a rubric asks for it: presence, order of time, consistency.

A check yields one part for each thing that it looks for. It never says that something is right, only that it is there, in
time, and agrees with the rest; where the record does not tell, it is lacking or undecided, never met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from audit.checks import (
    anatomy,
    asepsis,
    complication,
    doppler,
    images,
    injections,
    picture_quality,
    planning,
    record,
    scanning,
    settings,
)
from audit.material import Material
from audit.verdict import Part

Check = Callable[[Material], Iterator[Part]]

CHECKS: Final[dict[str, Check]] = {
    "layers-labelled": anatomy.layers_labelled,
    "vessels-labelled": anatomy.vessels_labelled,
    "labels-on-picture": anatomy.labels_on_picture,
    "labels-placed": anatomy.labels_placed,
    "arteries-mapped-before": doppler.arteries_mapped_before,
    "arteries-mapped-during": doppler.arteries_mapped_during,
    "doppler-settings": doppler.doppler_settings,
    "no-signal-looked-at-again": doppler.no_signal_looked_at_again,
    "doppler-or-reason": doppler.doppler_or_reason,
    "plan-complete": planning.plan_complete,
    "plan-linked": planning.plan_linked,
    "plan-signed-before": planning.plan_signed_before,
    "plan-rests-on-anatomy": planning.plan_rests_on_anatomy,
    "artefact-pairs": scanning.artefact_pairs,
    "filler-checked": scanning.filler_checked,
    "scan-from-landmark": scanning.scan_from_landmark,
    "stations-covered": scanning.stations_covered,
    "landmark-at-stations": scanning.landmark_at_stations,
    "swept-before": scanning.swept_before,
    "pressure-answered": scanning.pressure_answered,
    "asepsis-before": asepsis.asepsis_before,
    "asepsis-after": asepsis.asepsis_after,
    "asepsis-lots": asepsis.asepsis_lots,
    "complication-signs": complication.complication_signs,
    "complication-steps": complication.complication_steps,
    "complication-doses": complication.complication_doses,
    "complication-confirmed": complication.complication_confirmed,
    "complication-rechecked": complication.complication_rechecked,
    "exposure-logged": settings.exposure_logged,
    "exposure-limits": settings.exposure_limits,
    "settings-stated": settings.settings_stated,
    "settings-adjusted": settings.settings_adjusted,
    "image-set": images.image_set,
    "plane-and-landmark": images.plane_and_landmark,
    "regions-scanned": images.regions_scanned,
    "images-whole": images.images_whole,
    "depth-set": picture_quality.depth_set,
    "focus-set": picture_quality.focus_set,
    "gain-set": picture_quality.gain_set,
    "vessels-measured": picture_quality.vessels_measured,
    "spectral-traces": picture_quality.spectral_traces,
    "angle-corrected": picture_quality.angle_corrected,
    "tip-shown": injections.tip_shown,
    "consent-before": record.consent_before,
    "residual-risk-told": record.residual_risk_told,
    "words-kept": record.words_kept,
    "record-attributed": record.record_attributed,
}

__all__ = ["CHECKS", "Check"]
