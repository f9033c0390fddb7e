"""A told record as DICOM files: pictures, labels and the record itself by the product's own writers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acquisition import Clip, SpoolWriter
from annotation import Document
from archive import Archive
from benchmarks.confusion.told import HEIGHT, WIDTH, Told
from benchmarks.spooled import spool_noise, stream_of
from dicom_io.context import Phase, derived_uid
from imaging.scale import Scale
from procedure import Encounter
from procedure.images import ImageKind
from procedure.record import Record
from workstation.demo.run import demo_visit
from workstation.probe_screen.screens import Told as Screen
from workstation.studies.encounters import store_encounter
from workstation.studies.study import StudyInHand

_SCALE = Scale(0.08, 0.08, (10, 10, 310, 230), "screen-ruler", 0.005)


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """`files` are what an audit gets."""

    files: tuple[Path, ...]


def made_record(root: Path, name: str, told: Told) -> MadeRecord:
    """Saves the record into a new archive in `root`. Raises the archive's errors."""
    told = _without_photographs(told)
    visit = demo_visit("nlf").model_copy(
        update={"started_at": told.encounter.started_at, "study_instance_uid": derived_uid("confusion", name)}
    )
    patient = told.encounter.patient
    if patient.known:
        visit = visit.model_copy(update={"patient_id": patient.patient_id, "patient_name": patient.name})
    archive = Archive(root)
    writer = SpoolWriter.create(archive.spool_root, stream_of("confusion", told.encounter.started_at, WIDTH, HEIGHT))
    keys: dict[str, str] = {}
    try:
        spool_noise(writer, sum(image.frames for image in told.encounter.images))
        study, at = StudyInHand(visit), 0
        for image in told.encounter.images:
            study.with_visit(phase=image.phase)
            clip = Clip(writer.description, writer.frames[at : at + image.frames])
            at += image.frames
            add = study.add_still if image.kind is ImageKind.STILL else study.add_clip
            keys[image.image_uid] = add(clip, Screen((_SCALE,), ())).key
        study.with_visit(phase=Phase.PRE)
        study.document = Document(
            findings=tuple(f.changed(image=keys[f.image]) for f in told.findings if f.image in keys)
        )
        study.save(archive)
        store_encounter(archive, _renamed(told.encounter, keys), study.visit.study())
        _harmed(archive, told, keys)
        files = tuple(sorted(path for path in (root / "studies").rglob("*.dcm")))
        return MadeRecord(files)
    finally:
        writer.discard()
        archive.close()


def _without_photographs(told: Told) -> Told:
    """Photographs are drawn by the demonstration and judged by nobody here."""
    images = tuple(image for image in told.encounter.images if image.kind is not ImageKind.PHOTOGRAPH)
    return replace(told, encounter=replace(told.encounter, images=images))


def _renamed(encounter: Encounter, keys: dict[str, str]) -> Encounter:
    """The encounter with each picture under the UID that its file got."""

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return keys.get(value, value)
        if isinstance(value, tuple):
            return tuple(renamed(one) for one in value)
        if isinstance(value, Record):
            changes = {name: renamed(getattr(value, name)) for name in value.__dataclass_fields__}
            return replace(value, **changes)
        return value

    found: Encounter = renamed(encounter)
    return found


def _harmed(archive: Archive, told: Told, keys: dict[str, str]) -> None:
    for name in told.gone:
        archive.path_of(keys[name]).unlink()
    for name in told.damaged:
        path = archive.path_of(keys[name])
        path.write_bytes(path.read_bytes()[:600])
