"""An encounter's DICOM files: pictures with their labels and scale, reports, the record, as the program stores them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotation import Document, Ellipse, Finding, ImageNote, Line, Polyline, measurements
from dicom_io import EncodedObject, Phase, Series, encode_clip, encode_encounter, encode_report, encode_still
from dicom_io.context import Patient, Study, derived_uid
from imaging.scale import Scale
from procedure import Encounter
from procedure.demonstration import OPERATOR
from procedure.images import ImageKind, KeptImage
from tests.dicom_io.material import EQUIPMENT, SCALE, clip, jpeg, write

COLUMNS, ROWS = 320, 240


def study_of(encounter: Encounter) -> Study:
    patient = Patient(encounter.patient.patient_id or "none", encounter.patient.name)
    return Study(patient, encounter.started_at, derived_uid(encounter.encounter_uid, "study"))


@dataclass(frozen=True)
class Files:
    """The objects of an encounter, in the order of writing."""

    objects: tuple[EncodedObject, ...]

    def written(self, folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        return [write(item, folder) for item in self.objects]


def files_of(
    encounter: Encounter, scratch: Path, *, scale: Scale | None = SCALE, labels: Document | None = None
) -> Files:
    """Every still and clip of the encounter (no photographs), labels on each, and the record."""
    study = study_of(encounter)
    images = list(_images(encounter, study, scratch, scale))
    said = labels if labels is not None else labels_of(encounter, scale)
    scales = {item.sop_instance_uid: (scale,) if scale else () for item in images}
    objects = list(images)
    if said.findings:
        series = Series(Phase.PRE, 900, derived_uid(encounter.encounter_uid, "labels"))
        uid = derived_uid(series.series_instance_uid, "object")
        objects.append(encode_report(said, study, series, images, scales=scales, sop_instance_uid=uid))
    objects.append(record_of(encounter, images))
    return Files(tuple(objects))


def record_of(encounter: Encounter, images: Iterable[EncodedObject]) -> EncodedObject:
    series = Series(Phase.PRE, 901, derived_uid(encounter.encounter_uid, "record"))
    uid = derived_uid(encounter.encounter_uid, "record", encounter.version)
    return encode_encounter(encounter, study_of(encounter), series, list(images), sop_instance_uid=uid)


def _images(encounter: Encounter, study: Study, scratch: Path, scale: Scale | None) -> Iterator[EncodedObject]:
    for number, image in enumerate(encounter.images, start=1):
        if image.kind is ImageKind.PHOTOGRAPH:
            continue
        series = Series(image.phase, number, derived_uid(image.image_uid, "series"), "L", "nlf")
        frames = min(image.frames, 3) if image.kind is ImageKind.CLIP else 1
        payloads = [jpeg(COLUMNS, ROWS, number * 10 + frame) for frame in range(frames)]
        taken = clip(scratch / str(number), payloads, COLUMNS, ROWS)
        more = {"scales": (scale,) if scale else (), "scratch": scratch}
        if frames == 1:
            yield encode_still(taken, study, series, EQUIPMENT, sop_instance_uid=image.image_uid, **more)  # type: ignore[arg-type]
        else:
            uid = image.image_uid
            yield from encode_clip(taken, study, series, EQUIPMENT, uid_of=lambda _, uid=uid: uid, **more)  # type: ignore[arg-type,misc]


def labels_of(encounter: Encounter, scale: Scale | None) -> Document:
    """The artery, a layer and a depth on each still; the artery under its own tracking UID wherever the record sees it."""
    findings: list[Finding] = []
    notes: list[ImageNote] = []
    for image in encounter.images:
        if image.kind is ImageKind.STILL:
            findings += _drawn(encounter, image, scale)
            notes.append(ImageNote(image=image.image_uid, plane="transverse", landmark="ala"))
    return Document(findings=tuple(findings), notes=tuple(notes))


def _drawn(encounter: Encounter, image: KeptImage, scale: Scale | None) -> Iterator[Finding]:
    shapes = (
        ("vessel", "fa", "facial artery", Ellipse.around((180, 110), (14, 9), 20)),
        ("layer", "musc", "muscle", Polyline(vertices=((105, 150), (200, 160), (295, 148)))),
        ("distance", "fa", "skin to facial artery", Line(start=(180, 25), end=(180, 110))),
    )
    for kind, term, name, shape in shapes:
        vessel = encounter.vessels[0].tracking_uid if kind == "vessel" and encounter.vessels else None
        yield Finding.model_validate(
            {
                "tracking_uid": vessel or derived_uid(image.image_uid, kind),
                "kind": kind,
                "term": term,
                "name": name,
                "shape": shape,
                "image": image.image_uid,
                "by": OPERATOR,
                "at": image.at,
                "vessel_kind": "artery" if kind == "vessel" else None,
                "measurements": measurements(shape, scale),
            }
        )
