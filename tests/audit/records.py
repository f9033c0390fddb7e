"""Whole simulated records as an audit gets them, without files: the demonstrations with every picture, and labels on them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from annotation import Ellipse, Finding, Polyline
from audit import Label, Material, PictureFile
from procedure import Encounter, Phase
from procedure.demonstration import demonstration
from procedure.images import ImageKind, Mode
from procedure.protocol_files import built_in

COLUMNS, ROWS = 640, 480
LAYERS = ("epi", "der-u", "sfat", "smas", "musc")
RECORD, REPORT = Path("/record.dcm"), Path("/report.dcm")


def material(scenario: str = "normal") -> Material:
    """A demonstration with all its pictures there, and the layers and the artery labelled on one of before."""
    encounter = demonstration(scenario)
    pictures = {
        image.image_uid: PictureFile(
            Path(f"/{image.image_uid}.dcm"), 90 if image.kind is ImageKind.CLIP else 1, COLUMNS, ROWS
        )
        for image in encounter.images
    }
    labelled = next(i for i in encounter.images if i.phase is Phase.PRE and i.mode is Mode.B_MODE)
    findings = [
        Finding(
            kind="layer",
            term=layer,
            name=layer,
            shape=Polyline(vertices=((10.0, 50.0 + 30 * place), (600.0, 50.0 + 30 * place))),
            image=labelled.image_uid,
            by="AB",
        )
        for place, layer in enumerate(LAYERS)
    ]
    vessel = encounter.vessels[0]
    findings.append(
        Finding(
            tracking_uid=vessel.tracking_uid,
            kind="vessel",
            vessel_kind="artery",
            term="fa",
            name="facial artery",
            shape=Ellipse.around((300.0, 120.0), (12.0, 9.0)),
            image=labelled.image_uid,
            by="AB",
        )
    )
    labels = tuple(Label(finding, REPORT) for finding in findings)
    return Material(encounter, RECORD, built_in(), labels, pictures)


def with_encounter(whole: Material, **changes: object) -> Material:
    """The same material with another encounter."""
    encounter: Encounter = replace(whole.encounter, **changes)  # type: ignore[arg-type]
    return replace(whole, encounter=encounter)
