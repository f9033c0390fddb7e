"""The demonstration from the first picture to the last comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from dicom_io.context import Phase, derived_uid
from mock_devices import Examination
from procedure.demonstration import MINUTES, OPERATOR, REGION, SIDE, demonstration
from procedure.images import ImageKind
from workstation.demo.drawing import labels
from workstation.demo.photographs import photographed
from workstation.demo.pictures import RecordedPictures
from workstation.demo.reading_back import read_back
from workstation.demo.recording import ProgressCallback, Recorded, recorded
from workstation.proof.opening import open_archive
from workstation.studies.encounters import reported_changes, store_encounter
from workstation.studies.reading import kind_of
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit

PATIENT_ID = "DEMO-0001"
PATIENT_NAME = "Demo^Simulated"
_LIVE_REGION: Final = "mala"  # the live simulated probe shows a cheek
_SEED: Final = 7
_STYLE: Final = 4
_SIZE: Final = (800, 480)


@dataclass(frozen=True, slots=True)
class DemoStudy:
    """What the demonstration made. `files` are absolute, in the order of writing."""

    study_instance_uid: str
    scenario: str
    files: tuple[Path, ...]
    objects: dict[str, int]
    frames: int
    labels: int

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill demo --json`."""
        return {
            "study_instance_uid": self.study_instance_uid,
            "scenario": self.scenario,
            "files": [str(path) for path in self.files],
            "objects": self.objects,
            "frames": self.frames,
            "labels": self.labels,
            "simulated": True,
            "read_back": True,
        }


def demo_visit(region: str = _LIVE_REGION) -> Visit:
    """The visit of the simulated patient, from now on."""
    return Visit.begin(
        PATIENT_ID,
        patient_name=PATIENT_NAME,
        phase=Phase.PRE,
        laterality=SIDE.value,
        region=region,
        operator=OPERATOR,
    )


def run_demo(archive_root: Path, scenario: str = "normal", progress: ProgressCallback | None = None) -> DemoStudy:
    """Record, label, save and read back the encounter of a scenario (`procedure.demonstration.SCENARIOS`).

    Its story has just ended. `progress` gets the pictures done and the pictures in all. Raises DemoFailed, KeyError for no
    scenario, and the errors of the rooms; what was recorded is let go in either case.
    """
    started = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=MINUTES)
    visit = demo_visit(REGION).model_copy(update={"started_at": started})
    keys: dict[str, str] = {}

    def uid_of(name: str) -> str:
        return keys.get(name) or derived_uid(visit.study_instance_uid, name)

    names = _Names(uid_of)
    told = demonstration(scenario, started_at=started, uid_of=names)
    probe = Examination(REGION, "fa", seed=_SEED, size=_SIZE, style=_STYLE)
    with (
        open_archive(archive_root) as archive,
        recorded(told, probe, archive.spool_root, visit.model_dump(mode="json"), progress) as pictures,
    ):
        study = StudyInHand(visit)
        by_key = _captured(study, pictures)
        keys |= {names.known[recorded.image.image_uid]: key for key, recorded in by_key.items()}
        study.document = labels(by_key.items(), uid_of)
        shown = RecordedPictures(by_key, study.document, uid_of)
        encounter = demonstration(scenario, started_at=started, uid_of=uid_of, pictures=shown)
        study.changes = reported_changes(encounter)
        saved = study.save(archive)
        faces = photographed(archive, encounter, visit.study())
        document = store_encounter(archive, encounter, visit.study())
        objects = archive.objects(visit.study_instance_uid)
        read_back(objects, study, encounter, document)
    return DemoStudy(
        study_instance_uid=visit.study_instance_uid,
        scenario=scenario,
        files=(*saved.files, *faces, document),
        objects=dict(Counter(kind_of(row) for row in objects)),
        frames=sum(len(capture.clip.frames) for capture in study.captures),
        labels=len(study.document.findings),
    )


class _Names:
    """Gives UIDs by names and remembers which name a UID was given for."""

    def __init__(self, uid_of: Callable[[str], str]) -> None:
        self._uid_of = uid_of
        self.known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        uid = self._uid_of(name)
        self.known[uid] = name
        return uid


def _captured(study: StudyInHand, pictures: list[Recorded]) -> dict[str, Recorded]:
    """The pictures as captures of the study, each in its phase; by their keys."""
    by_key: dict[str, Recorded] = {}
    for picture in pictures:
        study.with_visit(phase=picture.image.phase)
        add = study.add_clip if picture.image.kind is ImageKind.CLIP else study.add_still
        by_key[add(picture.clip, picture.told).key] = picture
    study.with_visit(phase=Phase.PRE)
    return by_key
