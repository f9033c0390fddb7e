"""A long encounter to measure with: the demonstration's story with its pictures taken several times, 60 stills and 10 clips.

Labels as a person draws them there: on each still three layers, two vessels and the artery's depth; on five frames of each
clip the artery and its depth: 460 labels. The pictures are one picture of noise, 800x480, in the spool: what is measured is
all but the pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from acquisition import Clip, SpoolWriter
from annotation import Document, Ellipse, Finding, ImageNote, Line, Polyline, measurements
from archive import Archive
from benchmarks.spooled import spool_noise, stream_of
from dicom_io.context import derived_uid
from imaging.scale import Scale
from procedure import Encounter
from procedure.demonstration import OPERATOR, demonstration
from procedure.images import ImageKind, KeptImage
from workstation.demo.run import demo_visit
from workstation.probe_screen.screens import Told
from workstation.studies.encounters import reported_changes, store_encounter
from workstation.studies.study import StudyInHand

STILLS, CLIPS, FRAMES, LABELLED = 60, 10, 30, 5
WIDTH, HEIGHT = 800, 480
STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_SCALE = Scale(0.08, 0.08, (60, 40, 740, 460), "screen-ruler", 0.005)
_LAYERS = (("der-u", "upper dermis", 60.0), ("sfat", "superficial fat", 110.0), ("smas", "SMAS", 190.0))


def long_encounter() -> Encounter:
    """The story with as many pictures as asked for: each of its own once more, and once more."""
    story = demonstration("normal", started_at=STARTED)
    stills = [i for i in story.images if i.kind is ImageKind.STILL]
    clips = [replace(i, frames=FRAMES) for i in story.images if i.kind is ImageKind.CLIP]
    others = [i for i in story.images if i.kind is ImageKind.PHOTOGRAPH]
    images = [*_again(stills, STILLS), *_again(clips, CLIPS)]
    return replace(story, images=(*others, *sorted(images, key=lambda image: image.at)))


def _again(images: list[KeptImage], count: int) -> Iterator[KeptImage]:
    for number in range(count):
        turn, place = divmod(number, len(images))
        image = images[place]
        yield image if turn == 0 else replace(image, image_uid=derived_uid(image.image_uid, turn))


@contextmanager
def in_hand(archive: Archive, encounter: Encounter | None = None) -> Iterator[tuple[StudyInHand, Encounter]]:
    """The encounter's study, captured and labelled and not yet saved, and its record, which names the same pictures.

    The long encounter, or another one.
    """
    encounter = encounter or long_encounter()
    visit = demo_visit("nlf").model_copy(update={"started_at": STARTED, "study_instance_uid": derived_uid("measured")})
    pictures = [image for image in encounter.images if image.kind is not ImageKind.PHOTOGRAPH]
    writer = SpoolWriter.create(archive.spool_root, stream_of("benchmark", STARTED, WIDTH, HEIGHT))
    try:
        spool_noise(writer, sum(image.frames for image in pictures))
        study = StudyInHand(visit)
        at = 0
        keys: dict[str, str] = {}
        findings: list[Finding] = []
        notes: list[ImageNote] = []
        for image in pictures:
            study.with_visit(phase=image.phase)
            clip = Clip(writer.description, writer.frames[at : at + image.frames])
            at += image.frames
            add = study.add_still if image.kind is ImageKind.STILL else study.add_clip
            key = keys[image.image_uid] = add(clip, Told((_SCALE,), ())).key
            step = max(1, image.frames // LABELLED)
            for frame in range(0, image.frames, step):
                findings += _labels(key, frame, whole=image.kind is ImageKind.STILL)
                notes.append(ImageNote(image=key, frame=frame, plane="transverse", landmark="ala"))
        study.document = Document(findings=tuple(findings), notes=tuple(notes))
        study.changes = reported_changes(encounter)
        renamed = (replace(i, image_uid=keys.get(i.image_uid, i.image_uid)) for i in encounter.images)
        yield study, replace(encounter, images=tuple(renamed))
    finally:
        writer.discard()


def save(archive: Archive, study: StudyInHand, encounter: Encounter) -> list[Path]:
    """All objects of the encounter into the archive."""
    saved = study.save(archive)
    return [*saved.files, store_encounter(archive, encounter, study.visit.study())]


def _labels(key: str, frame: int, *, whole: bool) -> Iterator[Finding]:
    across = 300.0 + 10 * frame
    artery = Ellipse.around((across, 240), (24, 18), 20)
    yield _finding(key, frame, "vessel", "fa", "facial artery", artery, "artery")
    yield _finding(key, frame, "distance", "fa", "skin to facial artery", Line(start=(across, 44), end=(across, 240)))
    if whole:
        outline = [(500 + 30 * np.cos(turn), 260 + 22 * np.sin(turn)) for turn in np.linspace(0, 6, 24)]
        vein = Polyline(vertices=tuple((float(x), float(y)) for x, y in outline), closed=True)
        yield _finding(key, frame, "vessel", "fv", "facial vein", vein, "vein")
        for term, name, row in _LAYERS:
            line = Polyline(vertices=tuple((float(x), row + 8 * np.sin(x / 90)) for x in range(70, 731, 12)))
            yield _finding(key, frame, "layer", term, name, line)


def _finding(
    key: str, frame: int, kind: str, term: str, name: str, shape: Ellipse | Line | Polyline, vessel: str | None = None
) -> Finding:
    return Finding.model_validate(
        {
            "tracking_uid": derived_uid("measured", kind, term),
            "kind": kind,
            "term": term,
            "name": name,
            "shape": shape,
            "image": key,
            "frame": frame,
            "by": OPERATOR,
            "at": STARTED + timedelta(minutes=10),
            "status": "confirmed",
            "vessel_kind": vessel,
            "measurements": measurements(shape, _SCALE),
        }
    )
